//! `alerts/truth`: makes up series for each alert and lets Prometheus' own engine evaluate it, to see
//! whether anything makes it fire, and whether it is silent when nothing is wrong.

use std::collections::BTreeMap;
use std::time::Duration;

use gonogo_model::amount::Wait;
use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location};
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::time::Instant;

use self::engine::{Engine, Fires};
use self::scenario::Scenarios;
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::prometheus::{Written, written};
use crate::repository::{Place, Repository};

mod behaviour;
mod engine;
mod labels;
mod scenario;

/// So many scenarios are given to the engine at once.
const BATCH: usize = 24;
const MOST_RULES: usize = 1_000;

/// Tries alerts.
pub(crate) struct Truth;

/// Checked parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Parameters")]
#[schemars(with = "Parameters")]
pub(crate) struct Params(Parameters);

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AlertsTruth")]
struct Parameters {
    /// Where `promtool` is, when it is not on the `PATH`.
    #[serde(default = "promtool")]
    promtool: String,
    /// Only alerts of these names.
    #[serde(default)]
    only: Vec<String>,
    /// At most so many alerts, 1 to 1,000; the others are items that were not tried.
    #[serde(default = "two_hundred")]
    #[schemars(range(min = 1, max = 1_000))]
    most: usize,
    /// How long all of it may take; at most 10m. What is not tried by then is said.
    #[serde(default = "one_minute")]
    within: Wait,
}

fn promtool() -> String {
    "promtool".to_owned()
}

fn two_hundred() -> usize {
    200
}

fn one_minute() -> Wait {
    Wait::seconds(60)
}

impl TryFrom<Parameters> for Params {
    type Error = String;

    fn try_from(written: Parameters) -> Result<Params, String> {
        if !(1..=MOST_RULES).contains(&written.most) {
            return Err(format!("`most` is {}; write 1 to {MOST_RULES}", written.most));
        }
        if written.within.0.is_zero() || written.within.0 > Duration::from_secs(600) {
            return Err("`within` is a time span over 0 and at most 10m".to_owned());
        }
        Ok(Params(written))
    }
}

impl Probe for Truth {
    const ID: &'static str = "alerts/truth";
    const TITLE: &'static str = "Whether alerts fire when they must, and are silent when they must not";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, Params(params): Params) -> Result<Looked, Unmeasured> {
        let read = |repository: &Repository| Ok(written(repository));
        let mut alerts = Place::of(context).look(read).await?;
        alerts.retain(|alert| params.only.is_empty() || params.only.contains(&alert.name));
        if alerts.is_empty() {
            return Err(Unmeasured::because(
                "there is no alert in the rule files of the target; name their folder",
            ));
        }
        let engine = Engine::new(context, &params.promtool).await?;
        let until = Instant::now() + params.within.0;
        let mut looked = Looked::default();
        let mut names = BTreeMap::new();
        for (at, alert) in alerts.iter().enumerate() {
            let item = item(alert, &mut names);
            let tried = match at < params.most && Instant::now() < until {
                true => tried(&engine, alert, until).await?,
                false => Err("there was no time left, or `most` was reached".to_owned()),
            };
            looked.items.push(facts(item, tried));
        }
        Ok(looked)
    }
}

/// What came of trying.
#[derive(Debug, Clone, Copy, Default)]
struct Tried {
    fires: bool,
    silent: bool,
    scenarios: usize,
}

/// Tries scenario after scenario until one fires and one does not.
async fn tried(
    engine: &Engine,
    alert: &Written,
    until: Instant,
) -> Result<Result<Tried, String>, Unmeasured> {
    let tree = match &alert.tree {
        Ok(tree) => tree,
        Err(why) => return Ok(Err(format!("the expression was not read: {why}"))),
    };
    let scenarios = match Scenarios::of(tree, alert.hold) {
        Ok(scenarios) => scenarios,
        Err(why) => return Ok(Err(why)),
    };
    let mut tried = Tried::default();
    for batch in scenarios.all.chunks(BATCH) {
        if Instant::now() >= until {
            return Ok(Err("there was no time left to try enough".to_owned()));
        }
        let fires = match engine.evaluate(alert, tree, &scenarios, batch).await? {
            Fires::Said(fires) => fires,
            Fires::Refused(why) => return Ok(Err(format!("promtool refuses it: {why}"))),
        };
        tried.scenarios = tried.scenarios.saturating_add(batch.len());
        tried.fires |= fires.contains(&true);
        // That nothing fires where nothing is says nothing.
        tried.silent |= fires.iter().zip(batch).any(|(fires, scenario)| !fires && scenario.is_whole());
        if tried.fires && tried.silent {
            break;
        }
    }
    match (tried.fires && tried.silent, scenarios.unsure) {
        // What was not made up well proves nothing.
        (false, Some(why)) => Ok(Err(why)),
        _ => Ok(Ok(tried)),
    }
}

fn item(alert: &Written, names: &mut BTreeMap<String, usize>) -> Item {
    let key = format!("{}:{}", alert.path, alert.name);
    let count = names.entry(key.clone()).or_default();
    *count = count.saturating_add(1);
    let key = if *count == 1 { key } else { format!("{key}#{count}") };
    let place = Location { source: alert.path.clone(), line: Some(alert.line), column: None };
    Item::new(key).read_at(place).fact("for_seconds", alert.hold.as_secs())
}

fn facts(item: Item, tried: Result<Tried, String>) -> Item {
    match tried {
        Err(why) => item.fact("tried", false).fact("why", why),
        Ok(tried) => {
            let why = match (tried.fires, tried.silent) {
                (true, true) => None,
                (false, _) => Some("nothing that was made up makes it fire"),
                (true, false) => Some("it fires whatever was made up"),
            };
            item.fact("tried", true)
                .fact("scenarios", tried.scenarios)
                .fact("fires_on_bad", tried.fires)
                .fact("silent_on_good", tried.silent)
                .fact_if_known("why", why)
        }
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "tried",
        FactType::Bool,
        "",
        "Whether series could be made up and the engine said what comes of them.",
    ),
    fact(
        "fires_on_bad",
        FactType::Bool,
        "",
        "Whether some of them make it fire, `for` included; absent when it was not tried.",
    ),
    fact(
        "silent_on_good",
        FactType::Bool,
        "",
        "Whether it stays silent with others, although all series are there; absent when it was not tried.",
    ),
    fact(
        "scenarios",
        FactType::Int,
        "",
        "How many sets of series were tried; no more once one fired and one did not.",
    ),
    fact("for_seconds", FactType::Int, "s", "How long the condition must hold."),
    fact(
        "why",
        FactType::Text,
        "",
        "Why it was not tried, does not fire, or is never silent; absent otherwise.",
    ),
];
