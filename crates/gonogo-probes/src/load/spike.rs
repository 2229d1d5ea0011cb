//! `load/spike`: raises load at once to many times what it was, lowers it again, and sees what becomes
//! of a system meanwhile and afterwards: who was refused and how, and when it was itself again.

use gonogo_load::measure::{Failure, Part, Window};
use gonogo_load::plan::{Plan, Segment};
use gonogo_model::amount::{Percent, Wait};
use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use gonogo_model::fact::{Item, Value};
use schemars::JsonSchema;
use serde::Deserialize;

use super::chart::tally;
use super::facts::{FIGURES, WHOLE, joined};
use super::figures::{number, share};
use super::level::{Level, Model};
use super::limits::{WrittenCap, none, seconds};
use super::objective::{Objective, Samples};
use super::rate::Rate;
use super::recovery::{held_share, recovery};
use super::setup::{Run, Setup};
use super::written::{OTHERS, written};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};

const MOST_TIMES: u64 = 1_000;

/// Raises load.
pub(crate) struct Spike;

impl Probe for Spike {
    const ID: &'static str = "load/spike";
    const TITLE: &'static str = "What becomes of a system when load rises at once, and how it recovers";
    const CLASS: Class = Class::Destructive;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] = OTHERS;
    const FACTS: &'static [FactInfo] = &joined::<{ OF_SPIKE.len() + SHARED.len() }>(OF_SPIKE, SHARED);
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let Params { setup, plan, level, .. } = &params;
        let run = setup.run(context, plan, *level, params.phases.before.from_s).await?;
        let mut items = vec![params.all(&run)];
        items.extend(params.phases.named().map(|(name, window)| run.phase("phase", name, window)));
        items.iter_mut().for_each(|item| item.location = run.place(context));
        Ok(Looked { items, ..Looked::default() })
    }
}

const SHARED: &[FactInfo] = &joined::<{ FIGURES.len() + WHOLE.len() }>(FIGURES, WHOLE);

const OF_SPIKE: &[FactInfo] = &[
    fact("times", FactType::Int, "", "How many times the load of before the spike has. Of `all`."),
    fact(
        "held_before",
        FactType::Number,
        "",
        "In which share of the seconds before the objective was kept to. Of `all`.",
    ),
    fact("held_in_spike", FactType::Number, "", "The same during the spike."),
    fact("held_after", FactType::Number, "", "The same after it."),
    fact(
        "recovered",
        FactType::Bool,
        "",
        "Whether after the spike the objective was kept to for `in_a_row`. Of `all`.",
    ),
    fact(
        "recovery_s",
        FactType::Int,
        "s",
        "From the end of the spike to the first second of that row; absent when there was none.",
    ),
    fact("relapsed_s", FactType::Int, "s", "Seconds after that in which it was not kept to."),
    fact(
        "accepted_share",
        FactType::Number,
        "",
        "The share of journeys of the spike that went well. Of `all`.",
    ),
    fact(
        "shed",
        FactType::Int,
        "",
        "Journeys of the spike that were refused properly: with 429 or 503, and Retry-After. Of `all`.",
    ),
    fact(
        "shed_properly",
        FactType::Number,
        "",
        "`shed` of all journeys of the spike that did not go well; absent when all did.",
    ),
];

/// Windows of whole seconds, one after the other.
#[derive(Debug, Clone, Copy)]
struct Phases {
    before: Window,
    spike: Window,
    after: Window,
}

impl Phases {
    fn new(warm_up_s: u32, before_s: u32, spike_s: u32, after_s: u32) -> Phases {
        let window = |from_s: u32, lasts_s: u32| Window { from_s, to_s: from_s + lasts_s };
        let before = window(warm_up_s, before_s);
        let spike = window(before.to_s, spike_s);
        Phases { before, spike, after: window(spike.to_s, after_s) }
    }

    fn named(self) -> impl Iterator<Item = (&'static str, Window)> {
        [("before", self.before), ("spike", self.spike), ("after", self.after)].into_iter()
    }
}

/// Checked parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub(crate) struct Params {
    setup: Setup,
    plan: Plan,
    level: Level,
    phases: Phases,
    times: u64,
    objective: Objective,
    in_a_row_s: u32,
}

written!("LoadSpike" {
    /// Walks that start before and after the spike, such as `50/s`: open load.
    rate: Option<Rate>,
    /// Users before and after the spike, instead of a rate: closed load.
    users: Option<u64>,
    /// How many walks can be under way at once with a `rate`; `times` 100, as far as the cap allows.
    connections: Option<u64>,
    /// How many times as much there is during the spike, 2 to 1,000.
    #[serde(default = "tenfold")]
    #[schemars(range(min = 2, max = 1_000))]
    times: u64,
    /// How long load goes on before anything is measured, in whole seconds.
    #[serde(default = "none")]
    warm_up: Wait,
    /// How long load is measured before the spike, in whole seconds.
    before: Wait,
    /// How long the spike is, in whole seconds.
    spike: Wait,
    /// How long load is measured after it, in whole seconds: as long as recovery may take at most.
    after: Wait,
    /// What is to be kept to second by second, in CEL, such as `p95_ms <= 300 && error_share <= 0.01`.
    objective: Objective,
    /// How long it must be kept to, without a second in which it is not, before the system counts as
    /// recovered.
    #[serde(default = "three_seconds")]
    in_a_row: Wait,
    /// What must never be exceeded, also by the spike: `{ rate: 600/s, for: 2m, users: 1000 }`.
    cap: WrittenCap,
    /// Load ends when more than this share of the walks of two seconds fail. Many may be refused in a
    /// spike, so it never does without this.
    #[serde(default = "never")]
    abort_above: Percent,
});

fn tenfold() -> u64 {
    10
}

fn three_seconds() -> Wait {
    Wait::seconds(3)
}

fn never() -> Percent {
    Percent::WHOLE
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(mut written: Written) -> Result<Params, String> {
        let times = written.times;
        if !(2..=MOST_TIMES).contains(&times) {
            return Err(format!("`times` is {times}; write a whole number from 2 to {MOST_TIMES}"));
        }
        let setup = written.setup()?;
        let mut level = Level::read(written.rate, written.users, written.connections, &setup.tiers)?;
        if let (Model::Open { connections }, None) = (&mut level.model, written.connections) {
            *connections = connections.saturating_mul(times).min(setup.cap.users);
        }
        let lasts = |name, wait| seconds(name, wait, 1);
        let (before, spike) = (lasts("before", written.before)?, lasts("spike", written.spike)?);
        let (after, in_a_row_s) = (lasts("after", written.after)?, lasts("in_a_row", written.in_a_row)?);
        let phases = Phases::new(seconds("warm_up", written.warm_up, 0)?, before, spike, after);
        let segment = |lasts_s: u32, milli: u64| Segment::steady(u64::from(lasts_s) * 1_000, milli);
        let load = level.load(vec![
            segment(phases.before.to_s, level.milli),
            segment(spike, level.milli.saturating_mul(times)),
            segment(after, level.milli),
        ]);
        let plan = setup.plan(load.map_err(|refused| refused.to_string())?)?;
        Ok(Params { setup, plan, level, phases, times, objective: written.objective, in_a_row_s })
    }
}

impl Params {
    fn all(&self, run: &Run) -> Item {
        let grain_s = run.recording().layout().grain_s;
        let held = |window: Window| -> Vec<Option<bool>> {
            let seconds = (window.from_s..window.to_s.min(run.window.to_s)).step_by(grain_s as usize);
            let held = |second| {
                let tally = run.recording().second(Part::All, second);
                self.objective.is_held(&tally, f64::from(grain_s), Samples::Any)
            };
            seconds.map(held).collect()
        };
        let after = held(self.phases.after);
        let recovery = recovery(&after, self.in_a_row_s, grain_s);
        let share_of = |held: &[Option<bool>]| held_share(held).and_then(number);
        let item = run
            .all()
            .fact("times", self.times)
            .fact_if_known("held_before", share_of(&held(self.phases.before)))
            .fact_if_known("held_in_spike", share_of(&held(self.phases.spike)))
            .fact_if_known("held_after", share_of(&after))
            .fact("recovered", recovery.after_s.is_some())
            .fact_if_known("recovery_s", recovery.after_s)
            .fact_if_known("relapsed_s", recovery.after_s.map(|_| recovery.relapsed_s));
        self.refusals(item, run)
    }

    /// How those were refused who could not be served.
    fn refusals(&self, item: Item, run: &Run) -> Item {
        let tally = tally(run.recording(), self.phases.spike);
        let shed = tally.failures.get(&Failure::Shed).copied().unwrap_or(0);
        let good = tally.good.count();
        let properly: Option<Value> = share(shed, tally.started - good.min(tally.started));
        item.fact_if_known("accepted_share", share(good, tally.started))
            .fact("shed", shed)
            .fact_if_known("shed_properly", properly)
    }
}
