//! What all probes of this family are told beside how much load there is, and how an order is made of
//! it. This is the only room that orders load.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use gonogo_load::engine::{Ended, Live, Measured, Order};
use gonogo_load::measure::{Recording, Window};
use gonogo_load::plan::{Cap, Load, Plan};
use gonogo_model::fact::{Item, Location, Sampled, Value};

use super::chart;
use super::figures::{figures, ms, number};
use super::fleet::Wanted;
use super::ground;
use super::level::{Level, Model};
use super::limits::Generator;
use super::saturation::Busy;
use super::scope::{Scope, scopes};
use super::shown::Shown;
use super::tiers::Tiers;
use crate::context::Context;
use crate::flow::memory::random_text;
use crate::http::address::base;
use crate::probe::Unmeasured;
use crate::tools::http::shown;
use crate::tools::load::{Over, carry_out};

/// Pauses are made from it; the same for all looks, so that two of them can be compared.
const SEED: u64 = 1;
/// More seconds of a recording are counted together.
const MOST_CELLS: u32 = 3_600;

/// Who walks where, and within which limits.
#[derive(Debug, Clone)]
pub(super) struct Setup {
    pub(super) others: Vec<String>,
    pub(super) tiers: Tiers,
    pub(super) cap: Cap,
    pub(super) abort_above: f64,
    pub(super) grace: Duration,
    pub(super) connection_per_request: bool,
    pub(super) http2: bool,
    pub(super) ca: Option<PathBuf>,
    pub(super) generator: Generator,
    pub(super) fleet: Option<Wanted>,
}

/// A run, and what it was to be.
pub(super) struct Run {
    pub(super) measured: Measured,
    pub(super) busy: Busy,
    /// What is measured, without the warm-up.
    pub(super) window: Window,
    plan: Plan,
    level: Level,
    under_way: BTreeMap<u32, u64>,
    over: Over,
    clocks_apart: Option<Duration>,
    /// All, then each tier with its steps.
    scopes: Vec<Scope>,
}

impl Setup {
    /// A plan within the cap.
    pub(super) fn plan(&self, load: Load) -> Result<Plan, String> {
        Plan::new(load, self.tiers.planned(), self.cap, SEED).map_err(|refused| refused.to_string())
    }

    /// Carries a plan out whose first `warm_up_s` seconds are not measured.
    ///
    /// # Errors
    /// When nobody answers, or the generator was the bottleneck.
    pub(super) async fn run(
        &self,
        context: &Context,
        plan: &Plan,
        level: Level,
        warm_up_s: u32,
    ) -> Result<Run, Unmeasured> {
        let run = self.run_anyhow(context, plan, level, warm_up_s).await?;
        run.busy.must_be_idle(self.generator)?;
        Ok(run)
    }

    /// The same, whatever the generator was.
    pub(super) async fn run_anyhow(
        &self,
        context: &Context,
        plan: &Plan,
        level: Level,
        warm_up_s: u32,
    ) -> Result<Run, Unmeasured> {
        let planned_s = u32::try_from(plan.lasts_ns().div_ceil(1_000_000_000)).unwrap_or(u32::MAX);
        let grain_s = planned_s.div_ceil(MOST_CELLS).max(1);
        let (speaker, mut shown) = (context.live.speak(), Shown::default());
        let order = self.order(context, plan, grain_s).await?;
        let fleet = match &self.fleet {
            Some(wanted) => Some(wanted.fleet(context, self.ca.as_deref()).await?),
            None => None,
        };
        let show = |second: &Live| speaker.say(shown.after(second));
        let carried = carry_out(order, fleet, &context.afterwards, show).await?;
        let measured = carried.measured;
        let lasted_s = u32::try_from(measured.took.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX);
        let to_s = match measured.ended {
            Ended::Planned => planned_s,
            Ended::Aborted { .. } => lasted_s.clamp(1, planned_s),
            Ended::Stopped => return Err(Unmeasured::because("the load was stopped")),
        };
        let from_s = warm_up_s.next_multiple_of(grain_s).min(to_s);
        Ok(Run {
            busy: Busy::of(&measured),
            scopes: scopes(measured.recording.layout(), &self.tiers.told()),
            measured,
            window: Window { from_s, to_s },
            plan: plan.clone(),
            level,
            under_way: carried.under_way,
            over: carried.over,
            clocks_apart: carried.clocks_apart,
        })
    }

    async fn order(&self, context: &Context, plan: &Plan, grain_s: u32) -> Result<Order, Unmeasured> {
        let flows = self.tiers.flows(|data| data.read(context))?;
        let mark = random_text(4).map_err(|error| Unmeasured::because(format!("no randomness: {error}")))?;
        let mut targets = ground::targets(context, &self.others, self.ca.as_deref()).await?;
        targets.iter_mut().for_each(|target| target.http2 = self.http2);
        Ok(Order {
            threads: self.generator.threads(),
            connection_per_request: self.connection_per_request,
            grace: self.grace,
            abort_above: Some(self.abort_above),
            grain_s,
            ..Order::new(plan.clone(), targets, flows, mark)
        })
    }
}

impl Run {
    /// An item for all, for each tier and for each step.
    pub(super) fn items(&self, context: &Context) -> Vec<Item> {
        let recording = self.recording();
        let parts = self.scopes.iter().skip(1).map(|scope| (scope, figures(recording, scope, self.window)));
        // What each does once was mostly done during the warm-up.
        let parts =
            parts.filter(|(scope, item)| !scope.once || item.facts.get("requests") != Some(&0.into()));
        let mut items = vec![self.all()];
        items.extend(parts.map(|(_, item)| item));
        let place = self.place(context);
        items.iter_mut().for_each(|item| item.location.clone_from(&place));
        items
    }

    /// The item of all, with what is said of the load as a whole.
    pub(super) fn all(&self) -> Item {
        let all = self.scopes.first().map(|scope| figures(self.recording(), scope, self.window));
        self.whole(all.unwrap_or_else(|| Item::new("all")))
    }

    /// The figures of all over a part of the run that has a name; `role` is what such a part is.
    pub(super) fn phase(&self, role: &'static str, name: &str, window: Window) -> Item {
        let Some(all) = self.scopes.first() else { return Item::new(name) };
        let window = Window { to_s: window.to_s.min(self.window.to_s), ..window };
        figures(self.recording(), &Scope::phase(role, name, all), window)
    }

    /// Where it was measured.
    pub(super) fn place(&self, context: &Context) -> Option<Location> {
        base(context).ok().map(|url| Location::of(shown(&url)))
    }

    pub(super) fn recording(&self) -> &Recording {
        &self.measured.recording
    }

    /// Whether it ended early because too much failed.
    pub(super) fn was_aborted(&self) -> bool {
        matches!(self.measured.ended, Ended::Aborted { .. })
    }

    /// What is said of the load as a whole.
    fn whole(&self, item: Item) -> Item {
        let Window { from_s, to_s } = self.window;
        let over_time = chart::over_time(self.recording(), to_s, &self.users());
        let good = chart::tally(self.recording(), self.window).good;
        let item = item
            .fact("model", self.level.word())
            .fact_if_known("planned_per_s", self.planned_per_s())
            .fact("users", self.plan.most_users())
            .fact("for_s", to_s - from_s)
            .fact("warm_up_s", from_s)
            .fact("grain_s", self.recording().layout().grain_s)
            .fact("aborted", self.was_aborted())
            .fact_if_known("processes", self.over.processes())
            .fact_if_known("workers", self.over.workers())
            .fact_if_known("clocks_apart_ms", self.clocks_apart.and_then(|apart| ms(micros(apart))))
            .fact("over_time_grain_s", over_time.grain_s)
            .fact("over_time", over_time.points)
            .fact("distribution", chart::distribution(&good));
        self.busy.facts(sampled(item))
    }

    fn planned_per_s(&self) -> Option<Value> {
        matches!(self.level.model, Model::Open { .. }).then(|| number(self.level.milli as f64 / 1_000.0))?
    }

    /// Users by second: of closed load those who were there, of open load those under way.
    fn users(&self) -> BTreeMap<u32, u64> {
        match self.plan.load() {
            Load::Open { .. } => self.under_way.clone(),
            Load::Closed { users } => {
                let at = |second: u32| users.milli_at(u64::from(second) * 1_000_000_000).div_ceil(1_000);
                (0..self.window.to_s).map(|second| (second, at(second))).collect()
            }
        }
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// How many journeys stand behind the figures; told once, for tiers and steps are parts of them.
fn sampled(mut item: Item) -> Item {
    let count = |name: &str| item.facts.get(name).and_then(Value::as_u64).unwrap_or(0);
    let failures = count("failed") + count("unmeasured");
    item.sampled = Some(Sampled { samples: count("journeys"), failures });
    item
}
