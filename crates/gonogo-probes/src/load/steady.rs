//! `load/steady`: puts a system under load that stays the same, and measures how it answers. Latency
//! counts from when a walk was to start, so that a system that stalls cannot hide it.

use gonogo_load::plan::{Plan, Segment};
use gonogo_model::amount::{Percent, Wait};
use gonogo_model::catalog::{Class, FactInfo, TargetKind, TargetNeed, TargetParameter};
use schemars::JsonSchema;
use serde::Deserialize;

use super::facts::{FIGURES, WHOLE, joined};
use super::level::Level;
use super::limits::{WrittenCap, half, none, seconds};
use super::rate::Rate;
use super::setup::Setup;
use super::written::{OTHERS, written};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};

/// Puts under load.
pub(crate) struct Steady;

impl Probe for Steady {
    const ID: &'static str = "load/steady";
    const TITLE: &'static str = "How a system answers under load that stays the same";
    const CLASS: Class = Class::Destructive;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] = OTHERS;
    const FACTS: &'static [FactInfo] = &joined::<{ FIGURES.len() + WHOLE.len() }>(FIGURES, WHOLE);
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let Params { setup, plan, level, warm_up_s } = params;
        let run = setup.run(context, &plan, level, warm_up_s).await?;
        Ok(Looked { items: run.items(context), ..Looked::default() })
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
    warm_up_s: u32,
}

written!("LoadSteady" {
    /// Walks that start, such as `500/s`: open load. They start whatever becomes of those before.
    rate: Option<Rate>,
    /// Users, instead of a rate: closed load. Each starts a walk when its last one is over. Tiers may
    /// say `users` themselves.
    users: Option<u64>,
    /// How many walks can be under way at once with a `rate`, each over a connection of its own; 100.
    connections: Option<u64>,
    /// How long load is measured, in whole seconds.
    #[serde(rename = "for")]
    lasts: Wait,
    /// How long load goes on before that, in whole seconds. It is told apart.
    #[serde(default = "none")]
    warm_up: Wait,
    /// What must never be exceeded: `{ rate: 600/s, for: 2m, users: 1000 }`.
    cap: WrittenCap,
    /// Load ends when more than this share of the walks of two seconds fail.
    #[serde(default = "half")]
    abort_above: Percent,
});

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(mut written: Written) -> Result<Params, String> {
        let setup = written.setup()?;
        let Written { rate, users, connections, lasts, warm_up, .. } = written;
        let level = Level::read(rate, users, connections, &setup.tiers)?;
        let (lasts_s, warm_up_s) = (seconds("for", lasts, 1)?, seconds("warm_up", warm_up, 0)?);
        let all_ms = (u64::from(lasts_s) + u64::from(warm_up_s)) * 1_000;
        let load = level.load(vec![Segment::steady(all_ms, level.milli)]);
        let plan = setup.plan(load.map_err(|refused| refused.to_string())?)?;
        Ok(Params { setup, plan, level, warm_up_s })
    }
}
