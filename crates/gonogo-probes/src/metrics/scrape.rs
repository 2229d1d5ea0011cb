//! `metrics/scrape`: asks a service for its metrics as Prometheus does, reads all of the text, and
//! where a stimulus is given asks again, to see what moved. Which families there must be is the
//! spec's opinion.

use std::collections::BTreeSet;

use gonogo_model::catalog::{Class, FactInfo, TargetKind, TargetNeed, TargetParameter};
use gonogo_model::fact::{Item, Location};
use tokio::time::Instant;

use self::params::Params;
use super::asked::Asked;
use super::exposition::Exposition;
use super::service::{Scraped, Service};
use crate::context::Context;
use crate::flow::errand::Stirred;
use crate::http::address::{base, joined};
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::http::shown;

mod facts;
mod measured;
mod params;

/// Between two tries to see what a stimulus moved.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(50);
/// More families are not listed when none is asked for by name.
const MOST_LISTED: usize = 1_000;

/// Asks for metrics.
pub(crate) struct Scrape;

impl Probe for Scrape {
    const ID: &'static str = "metrics/scrape";
    const TITLE: &'static str = "What metrics a service exposes, and whether they move";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] =
        &[TargetParameter { name: "others", kinds: &[TargetKind::Http, TargetKind::Sink] }];
    const FACTS: &'static [FactInfo] = facts::FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let url = joined(&base(context)?, &params.path)?;
        let service = Service::new(context, url, params.headers.clone(), params.timeout.0)?;
        let before = service.scrape().await?;
        let Some(stimulus) = params.stimulus.as_ref().filter(|_| before.status == 200) else {
            return Ok(looked(&service, &params, None, &before));
        };
        let stirred = stimulus.at_target(context).await?;
        let until = Instant::now() + params.within.0;
        loop {
            let after = service.scrape().await?;
            let still =
                params.moves.iter().any(|asked| asked.moved(Some(&before.found), &after.found) != Some(true));
            if !still || Instant::now() >= until {
                return Ok(looked(&service, &params, Some((&before, &stirred)), &after));
            }
            // A count may be made after the answer that it counts.
            tokio::time::sleep(PAUSE).await;
        }
    }
}

fn looked(service: &Service, params: &Params, before: Option<(&Scraped, &Stirred)>, now: &Scraped) -> Looked {
    let place = Location::of(shown(service.url()));
    let mut scrape = measured::scrape(Item::new("scrape").fact("role", "scrape").read_at(place.clone()), now);
    if let Some((_, stirred)) = before {
        scrape = scrape
            .fact("stimulus_done", stirred.stumble.is_none())
            .fact("stimulus_rounds", stirred.rounds)
            .fact_if_known("stimulus_status", stirred.status())
            .fact_if_known("stimulus_error", stirred.trouble());
    }
    let first = before.map(|(before, _)| &before.found);
    let mut items = vec![scrape];
    for asked in asked(params, &now.found) {
        let item = Item::new(asked.key()).fact("role", "family").read_at(place.clone());
        items.push(measured::family(&asked, item, first, now));
    }
    Looked { items, artefacts: Vec::new() }
}

/// What is asked for by name; without names, every family.
fn asked(params: &Params, found: &Exposition) -> Vec<Asked> {
    let named: Vec<&Asked> = params.families.iter().chain(&params.moves).collect();
    if named.is_empty() {
        return found.families.keys().take(MOST_LISTED).map(|name| Asked::family(name)).collect();
    }
    let mut seen = BTreeSet::new();
    named.into_iter().filter(|asked| seen.insert(asked.key().to_owned())).cloned().collect()
}
