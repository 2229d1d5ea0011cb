//! `load/ramp`: raises load level by level, and sees up to which one a system keeps to an objective.

use gonogo_load::measure::Window;
use gonogo_load::plan::{Plan, Segment};
use gonogo_model::amount::{Percent, Wait};
use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use gonogo_model::fact::{Item, Value};
use schemars::JsonSchema;
use serde::Deserialize;

use super::chart::tally;
use super::facts::{FIGURES, WHOLE, joined};
use super::figures::number;
use super::level::{Level, Model};
use super::limits::{WrittenCap, half, none, seconds};
use super::objective::Objective;
use super::rate::Rate;
use super::setup::{Run, Setup};
use super::written::{OTHERS, written};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};

const LEVELS: std::ops::RangeInclusive<usize> = 2..=100;

/// Raises load level by level.
pub(crate) struct Ramp;

impl Probe for Ramp {
    const ID: &'static str = "load/ramp";
    const TITLE: &'static str = "Up to which level of rising load a system keeps to an objective";
    const CLASS: Class = Class::Destructive;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] = OTHERS;
    const FACTS: &'static [FactInfo] = &joined::<{ OF_RAMP.len() + SHARED.len() }>(OF_RAMP, SHARED);
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let Params { setup, plan, level, warm_up_s, .. } = &params;
        let run = setup.run(context, plan, *level, *warm_up_s).await?;
        let steps = params.seen(&run);
        let mut items = vec![params.all(&run, &steps)];
        items.extend(steps.iter().map(|step| params.item(&run, step)));
        items.iter_mut().for_each(|item| item.location = run.place(context));
        Ok(Looked { items, ..Looked::default() })
    }
}

const SHARED: &[FactInfo] = &joined::<{ FIGURES.len() + WHOLE.len() }>(FIGURES, WHOLE);

const OF_RAMP: &[FactInfo] = &[
    fact("level", FactType::Int, "", "The number of the level, from 1. Of levels."),
    fact(
        "held",
        FactType::Bool,
        "",
        "Whether the level kept to the objective; absent where too few answers came to tell. Of levels.",
    ),
    fact("levels", FactType::Int, "", "How many levels were planned. Of `all`."),
    fact("levels_reached", FactType::Int, "", "How many were reached before load ended."),
    fact("levels_held", FactType::Int, "", "How many kept to the objective, from the first on in a row."),
    fact("held_per_s", FactType::Number, "/s", "The rate of the last of these; absent when there is none."),
    fact("held_users", FactType::Int, "", "Its users, of closed load."),
    fact(
        "broken_level",
        FactType::Int,
        "",
        "The first level that did not keep to the objective; absent when there is none.",
    ),
    fact("broken_per_s", FactType::Number, "/s", "Its rate."),
    fact("broken_users", FactType::Int, "", "Its users, of closed load."),
];

/// Checked parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub(crate) struct Params {
    setup: Setup,
    plan: Plan,
    /// The highest level, and what makes it.
    level: Level,
    /// All levels, in thousandths.
    levels: Vec<u64>,
    warm_up_s: u32,
    settle_s: u32,
    each_s: u32,
    objective: Objective,
}

written!("LoadRamp" {
    /// Walks that start on each level, such as `[50/s, 100/s, 200/s]`: open load. They rise.
    #[serde(default)]
    rates: Vec<Rate>,
    /// Users on each level, such as `[10, 20, 40]`, instead of rates: closed load.
    #[serde(default)]
    users: Vec<u64>,
    /// How many walks can be under way at once with `rates`; as many as the cap allows.
    connections: Option<u64>,
    /// How long each level is measured, in whole seconds.
    each: Wait,
    /// How long each level goes on before it is measured, in whole seconds.
    #[serde(default = "none")]
    settle: Wait,
    /// How long the first level goes on before all that, in whole seconds.
    #[serde(default = "none")]
    warm_up: Wait,
    /// What each level is to keep to, in CEL, such as `p95_ms <= 300 && error_share <= 0.01`.
    objective: Objective,
    /// What must never be exceeded, also by the highest level: `{ rate: 600/s, for: 2m, users: 1000 }`.
    cap: WrittenCap,
    /// Load ends when more than this share of the walks of two seconds fail. No higher level is reached
    /// then.
    #[serde(default = "half")]
    abort_above: Percent,
});

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(mut written: Written) -> Result<Params, String> {
        let setup = written.setup()?;
        let (rates, users) = (&written.rates, &written.users);
        let levels: Vec<u64> = match rates.is_empty() {
            false => rates.iter().map(|rate| rate.milli).collect(),
            true => users.iter().map(|users| users.saturating_mul(1_000)).collect(),
        };
        if !LEVELS.contains(&levels.len()) || !levels.is_sorted_by(|a, b| a < b) {
            return Err(
                "write 2 to 100 levels that rise: `rates: [50/s, 100/s]` or `users: [10, 20]`".to_owned()
            );
        }
        let connections = match rates.is_empty() {
            true => written.connections,
            false => written.connections.or(Some(setup.cap.users)),
        };
        let level = Level::read(rates.last().copied(), users.last().copied(), connections, &setup.tiers)?;
        let (each_s, settle_s) = (seconds("each", written.each, 1)?, seconds("settle", written.settle, 0)?);
        let warm_up_s = seconds("warm_up", written.warm_up, 0)?;
        let segment = |(at, milli): (usize, &u64)| {
            let lasts_s = each_s + settle_s + if at == 0 { warm_up_s } else { 0 };
            Segment::steady(u64::from(lasts_s) * 1_000, *milli)
        };
        let load = level.load(levels.iter().enumerate().map(segment).collect());
        let plan = setup.plan(load.map_err(|refused| refused.to_string())?)?;
        let objective = written.objective;
        Ok(Params { setup, plan, level, levels, warm_up_s, settle_s, each_s, objective })
    }
}

/// A level that was reached.
struct Step {
    /// Which one, from 0.
    at: usize,
    milli: u64,
    window: Window,
    held: Option<bool>,
}

impl Params {
    /// The levels that were reached. What broke load off was not kept to, whatever else there is of it.
    fn seen(&self, run: &Run) -> Vec<Step> {
        let grain_s = run.recording().layout().grain_s;
        let window = |at: usize| {
            let lasts_s = u64::from(self.each_s + self.settle_s);
            let ends_s = u64::from(self.warm_up_s) + lasts_s * (at as u64 + 1);
            let to_s = u32::try_from(ends_s).unwrap_or(u32::MAX);
            let from_s = (to_s - self.each_s).next_multiple_of(grain_s);
            Window { from_s, to_s: to_s.next_multiple_of(grain_s).min(run.window.to_s) }
        };
        let windows = self.levels.iter().enumerate().map(|(at, milli)| (at, *milli, window(at)));
        let reached: Vec<_> = windows.filter(|(_, _, window)| window.from_s < window.to_s).collect();
        let last = reached.len().saturating_sub(1);
        let step = |(at, milli, window): (usize, u64, Window)| {
            let shown = || self.objective.is_shown(&tally(run.recording(), window), lasts_s(window));
            let held = if run.was_aborted() && at == last { Some(false) } else { shown() };
            Step { at, milli, window, held }
        };
        reached.into_iter().map(step).collect()
    }

    fn all(&self, run: &Run, steps: &[Step]) -> Item {
        let held: Vec<&Step> = steps.iter().take_while(|step| step.held == Some(true)).collect();
        let broken = steps.iter().find(|step| step.held == Some(false));
        let of = |step: Option<&Step>| step.map(|step| self.shown(step.milli)).unwrap_or_default();
        let (held_per_s, held_users) = of(held.last().copied());
        let (broken_per_s, broken_users) = of(broken);
        run.all()
            .fact("levels", self.levels.len())
            .fact("levels_reached", steps.len())
            .fact("levels_held", held.len())
            .fact_if_known("held_per_s", held_per_s)
            .fact_if_known("held_users", held_users)
            .fact_if_known("broken_level", broken.map(|step| step.at + 1))
            .fact_if_known("broken_per_s", broken_per_s)
            .fact_if_known("broken_users", broken_users)
    }

    fn item(&self, run: &Run, step: &Step) -> Item {
        let (per_s, users) = self.shown(step.milli);
        let name = match self.level.model {
            Model::Open { .. } => Rate { milli: step.milli }.to_string(),
            Model::Closed => format!("{} users", step.milli / 1_000),
        };
        run.phase("level", &name, step.window)
            .fact("level", step.at + 1)
            .fact_if_known("held", step.held)
            .fact_if_known("planned_per_s", per_s)
            .fact_if_known("users", users)
    }

    /// A level as a rate, or as users.
    fn shown(&self, milli: u64) -> (Option<Value>, Option<u64>) {
        match self.level.model {
            Model::Open { .. } => (number(milli as f64 / 1_000.0), None),
            Model::Closed => (None, Some(milli / 1_000)),
        }
    }
}

fn lasts_s(window: Window) -> f64 {
    f64::from(window.to_s - window.from_s)
}
