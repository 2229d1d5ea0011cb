//! `load/soak`: puts a system under load that stays the same for long, and watches meanwhile what its
//! process holds and what its metrics tell: what goes on rising to the end leaks.

use std::collections::BTreeMap;

use gonogo_load::plan::{Plan, Segment};
use gonogo_model::amount::{Percent, Wait};
use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use gonogo_model::fact::Item;
use reqwest::header::HeaderMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::facts::{FIGURES, WHOLE, joined};
use super::figures::number;
use super::gauges::{Gauge, OF_GAUGE, WrittenGauge, gauges};
use super::level::Level;
use super::limits::{WrittenCap, half, none, seconds};
use super::rate::Rate;
use super::series::OF_SERIES;
use super::setup::Setup;
use super::watch::{Watch, Watched};
use super::written::{OTHERS, written};
use crate::context::Context;
use crate::http::address::{base_of, joined as url_of};
use crate::metrics::service::{Service, headers};
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::process::Running;

mod gathered;

/// How long one scrape may take.
const SCRAPE: std::time::Duration = std::time::Duration::from_secs(5);

/// Puts under load for long.
pub(crate) struct Soak;

impl Probe for Soak {
    const ID: &'static str = "load/soak";
    const TITLE: &'static str = "What a system gathers under load that goes on for long";
    const CLASS: Class = Class::Destructive;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] = &[
        OTHERS[0],
        OTHERS[1],
        TargetParameter { name: "process", kinds: &[TargetKind::Process] },
        TargetParameter { name: "metrics", kinds: &[TargetKind::Http] },
    ];
    const FACTS: &'static [FactInfo] = &joined::<{ OWN.len() + SHARED.len() }>(OWN, SHARED);
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let watch = params.watch(context)?;
        watch.first().await?;
        let mut watched = Watched::default();
        let Params { setup, plan, level, warm_up_s, .. } = &params;
        let run = tokio::select! {
            run = setup.run(context, plan, *level, *warm_up_s) => run?,
            never = watch.go(&mut watched) => match never {},
        };
        let mut items = run.items(context);
        if let Some(all) = items.first_mut() {
            *all = told(all.clone(), &watch, &watched);
        }
        items.extend(gathered::gathered(&run, &watch, &watched, &params.gauges));
        Ok(Looked { items, ..Looked::default() })
    }
}

const SHARED: &[FactInfo] = &joined::<{ FIGURES.len() + WHOLE.len() }>(FIGURES, WHOLE);
const OWN: &[FactInfo] = &joined::<{ OF_SOAK.len() + SERIES.len() }>(OF_SOAK, SERIES);
const SERIES: &[FactInfo] = &joined::<{ OF_SERIES.len() + OF_GAUGE.len() }>(OF_SERIES, OF_GAUGE);

const OF_SOAK: &[FactInfo] = &[
    fact(
        "leaks",
        FactType::Bool,
        "",
        "Whether `course` is `rises`; absent where that is. Of `rss`, `fds`, `threads` and `connections`.",
    ),
    fact(
        "process_gone_s",
        FactType::Number,
        "s",
        "When the process was no longer there, from the start; absent when it was to the end. Of `all`.",
    ),
    fact("scrapes", FactType::Int, "", "How often the metrics were asked for. Of `all`, with `metrics`."),
    fact("scrapes_failed", FactType::Int, "", "How often they were not told. Of `all`, with `metrics`."),
];

/// Checked parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub(crate) struct Params {
    setup: Setup,
    plan: Plan,
    level: Level,
    warm_up_s: u32,
    process: Option<String>,
    metrics: Option<String>,
    metrics_path: String,
    metrics_headers: HeaderMap,
    gauges: Vec<Gauge>,
    every: Wait,
}

written!("LoadSoak" {
    /// Walks that start, such as `500/s`: open load. They start whatever becomes of those before.
    rate: Option<Rate>,
    /// Users, instead of a rate: closed load. Tiers may say `users` themselves.
    users: Option<u64>,
    /// How many walks can be under way at once with a `rate`, each over a connection of its own; 100.
    connections: Option<u64>,
    /// How long load is measured and the system watched, in whole seconds.
    #[serde(rename = "for")]
    lasts: Wait,
    /// How long load goes on before that, in whole seconds.
    #[serde(default = "none")]
    warm_up: Wait,
    /// The process that is watched: a target of kind process.
    process: Option<String>,
    /// Where its metrics are: a target of kind http. Without `process`, they say what it holds.
    metrics: Option<String>,
    /// Where they are below its address.
    #[serde(default = "metrics")]
    metrics_path: String,
    /// Headers to ask for them with. Secrets come from the environment: `Authorization: "Bearer ${TOKEN}"`.
    #[serde(default)]
    metrics_headers: BTreeMap<String, String>,
    /// Pools and queues among the metrics: `{ gauge: pool_in_use, of: pool_size }`,
    /// `{ gauge: queue_length, size: 100 }`.
    #[serde(default)]
    gauges: Vec<WrittenGauge>,
    /// How often it is looked, from 20ms to 10m.
    #[serde(default = "one_second")]
    every: Wait,
    /// What must never be exceeded: `{ rate: 600/s, for: 73h, users: 1000 }`.
    cap: WrittenCap,
    /// Load ends when more than this share of the walks of two seconds fail.
    #[serde(default = "half")]
    abort_above: Percent,
});

fn metrics() -> String {
    "/metrics".to_owned()
}

fn one_second() -> Wait {
    Wait::seconds(1)
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(mut written: Written) -> Result<Params, String> {
        let setup = written.setup()?;
        let every_ms = written.every.0.as_millis();
        if !(20..=600_000).contains(&every_ms) {
            return Err(format!("`every` is {}; write 20ms to 10m", written.every));
        }
        if written.process.is_none() && written.metrics.is_none() {
            return Err("nothing is watched; name its `process`, its `metrics`, or both".to_owned());
        }
        if written.metrics.is_none() && !written.gauges.is_empty() {
            return Err("gauges are read from metrics; name the target with `metrics`".to_owned());
        }
        if !written.metrics_path.starts_with('/') {
            return Err(format!("`metrics_path` is `{}`; begin it with a slash", written.metrics_path));
        }
        let level = Level::read(written.rate, written.users, written.connections, &setup.tiers)?;
        let (lasts_s, warm_up_s) =
            (seconds("for", written.lasts, 1)?, seconds("warm_up", written.warm_up, 0)?);
        let all_ms = (u64::from(lasts_s) + u64::from(warm_up_s)) * 1_000;
        let load = level.load(vec![Segment::steady(all_ms, level.milli)]);
        let plan = setup.plan(load.map_err(|refused| refused.to_string())?)?;
        Ok(Params {
            setup,
            plan,
            level,
            warm_up_s,
            gauges: gauges(&written.gauges)?,
            metrics_headers: headers(&written.metrics_headers)?,
            process: written.process,
            metrics: written.metrics,
            metrics_path: written.metrics_path,
            every: written.every,
        })
    }
}

impl Params {
    fn watch(&self, context: &Context) -> Result<Watch, Unmeasured> {
        let target = |name: &String| {
            let found = context.others.get(name);
            found.ok_or_else(|| Unmeasured::because(format!("there is no target `{name}`; declare it")))
        };
        let process = self.process.as_ref().map(|name| {
            let process = target(name)?;
            Running::of(&process.address, &context.folder)
        });
        let service = self.metrics.as_ref().map(|name| {
            let url = url_of(&base_of(context, target(name)?)?, &self.metrics_path)?;
            Service::new(context, url, self.metrics_headers.clone(), SCRAPE)
        });
        Ok(Watch {
            process: process.transpose()?,
            service: service.transpose()?,
            asked: self.gauges.iter().flat_map(Gauge::asked).cloned().collect(),
            every: self.every.0,
        })
    }
}

fn told(item: Item, watch: &Watch, watched: &Watched) -> Item {
    let item = item.fact_if_known("process_gone_s", watched.gone_s.and_then(number));
    match watch.service {
        Some(_) => item.fact("scrapes", watched.scrapes).fact("scrapes_failed", watched.scrapes_failed),
        None => item,
    }
}
