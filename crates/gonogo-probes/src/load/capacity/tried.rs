//! The levels that were tried in a search for capacity, as items.

use gonogo_load::measure::Part;
use gonogo_model::fact::{Item, Value};

use crate::load::figures::number;
use crate::load::knee::{self, knee};
use crate::load::rate::Rate;
use crate::load::search::{Search, Seen};
use crate::load::setup::Run;
use crate::probe::Unmeasured;

/// A level that was tried.
pub(super) struct Tried {
    pub(super) milli: u64,
    pub(super) run: Run,
    pub(super) seen: Seen,
    /// Why the generator measured itself, when it did.
    pub(super) blurred: Option<Unmeasured>,
}

/// What made the search end, with what was tried before: a system may not survive it.
pub(super) fn after(tried: &[Tried], Unmeasured { why }: Unmeasured) -> Unmeasured {
    match tried.last() {
        Some(level) => Unmeasured::because(format!("after {} was tried: {why}", Rate { milli: level.milli })),
        None => Unmeasured { why },
    }
}

/// What came of the search. Its figures are those of the highest level that was kept to; where none was,
/// of the lowest that was measured.
pub(super) fn all(search: &Search, tried: &[Tried]) -> Result<Item, Unmeasured> {
    let measured = || tried.iter().filter(|level| level.blurred.is_none());
    let Some(told) = measured().rfind(|level| level.seen == Seen::Kept).or_else(|| measured().next()) else {
        let why = tried.iter().find_map(|level| level.blurred.clone());
        return Err(why.unwrap_or_else(|| Unmeasured::because("no level fits into `cap.for`; raise it")));
    };
    let bends: Vec<knee::Level> = measured().map(Tried::on_the_curve).collect();
    let per_s = |milli: Option<u64>| milli.and_then(per_s);
    Ok(told
        .run
        .all()
        .fact_if_known("capacity_per_s", per_s(search.lower()))
        .fact_if_known("upper_per_s", per_s(search.upper()))
        .fact("limited_by", search.limited_by().word())
        .fact_if_known("knee_per_s", per_s(knee(&bends)))
        .fact("levels", tried.len()))
}

fn per_s(milli: u64) -> Option<Value> {
    number(milli as f64 / 1_000.0)
}

impl Tried {
    pub(super) fn item(&self) -> Item {
        let name = Rate { milli: self.milli }.to_string();
        let item = match self.blurred {
            Some(_) => self.run.busy.facts(Item::new(name).fact("role", "level")),
            None => {
                let item = self.run.phase("level", &name, self.run.window);
                item.fact("held", self.seen == Seen::Kept)
            }
        };
        item.fact("measured_itself", self.blurred.is_some()).fact_if_known("planned_per_s", per_s(self.milli))
    }

    fn on_the_curve(&self) -> knee::Level {
        let seen = self.run.recording().summary(Part::All, self.run.window);
        let mean = seen.latency.map_or(f64::INFINITY, |points| points.mean_us);
        knee::Level { milli: self.milli, achieved_per_s: seen.achieved_per_s, mean }
    }
}
