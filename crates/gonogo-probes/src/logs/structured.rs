//! `logs/structured`: reads the end of log files and what comes to them after a stimulus: whether the
//! lines are JSON with the fields there must be, whether a marker arrives, and whether what must not be
//! in a log is. No line ever leaves this room.

use std::time::Duration;

use gonogo_model::catalog::{Class, FactInfo, TargetKind, TargetNeed, TargetParameter};
use gonogo_model::fact::{Item, Location};
use gonogo_model::flow::Text;
use tokio::time::Instant;

use self::canary::Canary;
use self::folder::{Folder, Line};
use self::params::Params;
use crate::context::Context;
use crate::flow::errand::Stirred;
use crate::probe::{Looked, Probe, Unmeasured};

mod canary;
mod facts;
mod folder;
mod line;
mod measured;
mod params;

/// Between two looks at what was written.
const PAUSE: Duration = Duration::from_millis(50);

/// Looks at logs.
pub(crate) struct Structured;

impl Probe for Structured {
    const ID: &'static str = "logs/structured";
    const TITLE: &'static str = "What log lines are made of, and what must not be in them";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Path]);
    const ALSO: &'static [TargetParameter] = &[
        TargetParameter { name: "to", kinds: &[TargetKind::Http] },
        TargetParameter { name: "others", kinds: &[TargetKind::Http, TargetKind::Sink] },
    ];
    const FACTS: &'static [FactInfo] = facts::FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let mut canaries = canary::of_environment(context, &params.secrets)?;
        let mut folder = Folder::of(context)?;
        let mut lines = folder.end().await?;
        let Some(stimulus) = &params.stimulus else {
            return Ok(looked(&params, &folder, &lines, &canaries, None));
        };
        let stirred = stimulus.at(context, params.to(context)?).await?;
        let marker =
            params.marker.as_ref().map_or_else(|| Ok(stirred.marker()), |text| stirred.filled(text))?;
        for (name, text) in &params.canaries {
            canaries.push(made(context, &stirred, name, text)?);
        }
        let written = wait(&mut folder, stirred.began, params.within.0, &marker).await?;
        let arrival = Arrival { stirred, found: written.found, written: written.lines.len() };
        lines.extend(written.lines);
        Ok(looked(&params, &folder, &lines, &canaries, Some(&arrival)))
    }
}

/// A value that the stimulus made up.
fn made(context: &Context, stirred: &Stirred, name: &str, text: &Text) -> Result<Canary, Unmeasured> {
    let value = stirred.filled(text)?;
    context.secrets.learn(name, &value);
    Canary::new(name, &value)
}

/// What came to the log after the stimulus.
struct Written {
    lines: Vec<Line>,
    found: Option<Found>,
}

/// Where and when the marker came.
struct Found {
    after: Duration,
    place: Location,
    lines: usize,
    json: bool,
}

impl Written {
    /// Notes where the marker is.
    fn note(&mut self, marker: &str, began: Instant) {
        let with: Vec<&Line> = self.lines.iter().filter(|line| line.text.contains(marker)).collect();
        let Some(first) = with.first() else { return };
        let after = self.found.as_ref().map_or_else(|| began.elapsed(), |found| found.after);
        let json = line::object(&first.text).is_some();
        self.found = Some(Found { after, place: first.place.clone(), lines: with.len(), json });
    }
}

/// A stimulus and what came of it.
struct Arrival {
    stirred: Stirred,
    found: Option<Found>,
    written: usize,
}

/// Reads until the marker is there and nothing more comes, or the time is over.
async fn wait(
    folder: &mut Folder,
    began: Instant,
    within: Duration,
    marker: &str,
) -> Result<Written, Unmeasured> {
    let until = began + within;
    let mut written = Written { lines: Vec::new(), found: None };
    loop {
        let new = folder.new_lines().await?;
        let quiet = new.is_empty();
        written.lines.extend(new);
        written.note(marker, began);
        if (written.found.is_some() && quiet) || Instant::now() >= until {
            return Ok(written);
        }
        // A log is written when its writer comes round to it.
        tokio::time::sleep(PAUSE).await;
    }
}

fn looked(
    params: &Params,
    folder: &Folder,
    lines: &[Line],
    canaries: &[Canary],
    arrival: Option<&Arrival>,
) -> Looked {
    // What is said of the form is said of what was just written, where that is known.
    let fresh = arrival.filter(|arrival| arrival.written > 0).map(|arrival| arrival.written);
    let judged = lines.get(lines.len().saturating_sub(fresh.unwrap_or(lines.len()))..).unwrap_or_default();
    let mut items = vec![measured::log(folder, judged, params)];
    items.extend(params.fields.iter().map(|(name, kind)| measured::field(name, *kind, judged)));
    items.extend(arrival.map(marker));
    items.extend(canaries.iter().map(|canary| measured::canary(canary, lines)));
    Looked { items, artefacts: Vec::new() }
}

fn marker(arrival: &Arrival) -> Item {
    let item = Item::new("marker")
        .fact("role", "marker")
        .fact("stimulus_done", arrival.stirred.stumble.is_none())
        .fact_if_known("stimulus_status", arrival.stirred.status())
        .fact_if_known("stimulus_error", arrival.stirred.trouble())
        .fact("new_lines", arrival.written)
        .fact("found", arrival.found.is_some());
    match &arrival.found {
        None => item,
        Some(found) => item
            .read_at(found.place.clone())
            .fact("found_ms", u64::try_from(found.after.as_millis()).unwrap_or(u64::MAX))
            .fact("found_lines", found.lines)
            .fact("found_in_json", found.json),
    }
}
