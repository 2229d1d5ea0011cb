//! `load/capacity`: searches for the highest rate at which a system keeps to an objective, and for the
//! load at which latency bends. Each level is a run of its own, in which the generator watches itself.

use gonogo_load::plan::{Plan, Segment};
use gonogo_model::amount::{Percent, Wait};
use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use schemars::JsonSchema;
use serde::Deserialize;

use self::tried::{Tried, after, all};
use super::chart::tally;
use super::facts::{FIGURES, WHOLE, joined};
use super::level::Level;
use super::limits::{WrittenCap, half, seconds};
use super::objective::Objective;
use super::rate::Rate;
use super::search::{Search, Seen};
use super::setup::{Run, Setup};
use super::written::{OTHERS, written};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};

mod tried;

/// Searches.
pub(crate) struct Capacity;

impl Probe for Capacity {
    const ID: &'static str = "load/capacity";
    const TITLE: &'static str = "The highest rate at which a system keeps to an objective";
    const CLASS: Class = Class::Destructive;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] = OTHERS;
    const FACTS: &'static [FactInfo] = &joined::<{ OF_CAPACITY.len() + SHARED.len() }>(OF_CAPACITY, SHARED);
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let mut search = params.search.clone();
        let mut tried: Vec<Tried> = Vec::new();
        while let Some(milli) = search.next() {
            if !tried.is_empty() {
                // What the level before left behind is worked off.
                tokio::time::sleep(params.rest.0).await;
            }
            let level = params.tries(context, milli).await.map_err(|why| after(&tried, why))?;
            search.saw(milli, level.seen);
            tried.push(level);
        }
        tried.sort_by_key(|level| level.milli);
        let mut items = vec![all(&search, &tried)?];
        items.extend(tried.iter().map(Tried::item));
        let place = tried.first().and_then(|level| level.run.place(context));
        items.iter_mut().for_each(|item| item.location.clone_from(&place));
        Ok(Looked { items, ..Looked::default() })
    }
}

const SHARED: &[FactInfo] = &joined::<{ FIGURES.len() + WHOLE.len() }>(FIGURES, WHOLE);

const OF_CAPACITY: &[FactInfo] = &[
    fact(
        "capacity_per_s",
        FactType::Number,
        "/s",
        "The highest rate that was kept to: the capacity is no lower. Absent when none was. Of `all`.",
    ),
    fact(
        "upper_per_s",
        FactType::Number,
        "/s",
        "The lowest rate above it that was not kept to: the capacity is lower. Absent when none was seen.",
    ),
    fact(
        "limited_by",
        FactType::Text,
        "",
        "What ended the search: the `objective`, the `generator`, the `cap` on the rate, or `time`, the cap on that.",
    ),
    fact(
        "knee_per_s",
        FactType::Number,
        "/s",
        "The rate at which good answers a second over their mean time are most; absent when no higher one was measured.",
    ),
    fact("levels", FactType::Int, "", "How many levels were tried. Of `all`."),
    fact("held", FactType::Bool, "", "Whether the objective was kept to. Of levels that could be measured."),
    fact(
        "measured_itself",
        FactType::Bool,
        "",
        "Whether the generator was too busy to measure the target, so that there are no figures. Of levels.",
    ),
];

/// Checked parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub(crate) struct Params {
    setup: Setup,
    /// The first level, and what makes all of them.
    level: Level,
    search: Search,
    warm_up_s: u32,
    each_s: u32,
    rest: Wait,
    objective: Objective,
}

written!("LoadCapacity" {
    /// Walks that start on the first level, such as `50/s`. It is doubled until the objective is not kept
    /// to any more.
    from: Rate,
    /// How many walks can be under way at once; as many as the cap allows.
    connections: Option<u64>,
    /// How long each level is measured, in whole seconds.
    each: Wait,
    /// How long each level goes on before it is measured, in whole seconds.
    #[serde(default = "two_seconds")]
    warm_up: Wait,
    /// How long nothing is sent between two levels, at most 5m.
    #[serde(default = "two_seconds")]
    rest: Wait,
    /// What each level is to keep to, in CEL, such as `p95_ms <= 300 && error_share <= 0.01`.
    objective: Objective,
    /// How far apart the bounds of the capacity may be at the end, 1% to 50% of the upper one.
    #[serde(default = "five_percent")]
    within: Percent,
    /// What must never be exceeded: `{ rate: 5000/s, for: 10m, users: 1000 }`. The search goes no higher
    /// than `rate`, and all levels together last no longer than `for`.
    cap: WrittenCap,
    /// A level ends when more than this share of the walks of two seconds fail. It was not kept to then.
    #[serde(default = "half")]
    abort_above: Percent,
});

fn two_seconds() -> Wait {
    Wait::seconds(2)
}

fn five_percent() -> Percent {
    Percent::from_hundredths(500).unwrap_or(Percent::WHOLE)
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(mut written: Written) -> Result<Params, String> {
        let setup = written.setup()?;
        let within = u64::from(written.within.hundredths());
        if !(100..=5_000).contains(&within) {
            return Err(format!("`within` is {}; write 1% to 50%", written.within));
        }
        if written.rest.0 > Wait::seconds(300).0 {
            return Err(format!("`rest` is {}; write at most 5m", written.rest));
        }
        let connections = Some(written.connections.unwrap_or(setup.cap.users));
        let level = Level::read(Some(written.from), None, connections, &setup.tiers)?;
        let (each_s, warm_up_s) =
            (seconds("each", written.each, 1)?, seconds("warm_up", written.warm_up, 0)?);
        let lasts_ms = u64::from(each_s + warm_up_s) * 1_000;
        let most = setup.cap.starts_per_s.saturating_mul(1_000);
        let search = Search::new(level.milli, most, within, setup.cap.lasts_ms / lasts_ms);
        let params = Params {
            setup,
            level,
            search,
            warm_up_s,
            each_s,
            rest: written.rest,
            objective: written.objective,
        };
        params.plan(level.milli)?;
        Ok(params)
    }
}

impl Params {
    fn plan(&self, milli: u64) -> Result<Plan, String> {
        let lasts_ms = u64::from(self.each_s + self.warm_up_s) * 1_000;
        let load = self.level.load(vec![Segment::steady(lasts_ms, milli)]);
        self.setup.plan(load.map_err(|refused| refused.to_string())?)
    }

    async fn tries(&self, context: &Context, milli: u64) -> Result<Tried, Unmeasured> {
        let plan = self.plan(milli).map_err(Unmeasured::because)?;
        let level = Level { milli, ..self.level };
        let run = self.setup.run_anyhow(context, &plan, level, self.warm_up_s).await?;
        let blurred = run.busy.must_be_idle(self.setup.generator).err();
        let seen = match blurred {
            Some(_) => Seen::Blurred,
            None if run.was_aborted() => Seen::Broken,
            None => self.seen(&run, milli)?,
        };
        Ok(Tried { milli, run, seen, blurred })
    }

    fn seen(&self, run: &Run, milli: u64) -> Result<Seen, Unmeasured> {
        let tally = tally(run.recording(), run.window);
        let lasts_s = f64::from(run.window.to_s - run.window.from_s);
        match self.objective.is_shown(&tally, lasts_s) {
            Some(true) => Ok(Seen::Kept),
            Some(false) => Ok(Seen::Broken),
            None => Err(Unmeasured::because(format!(
                "{} good answers at {} are too few to tell what the objective names; make `each` longer, or \
                 begin with a higher rate",
                tally.good.count(),
                Rate { milli }
            ))),
        }
    }
}
