//! `process/resources`: watches a running process for a while and reports what it takes of memory,
//! processor, threads and files, and the limits that the kernel holds it to. Nothing is sent to it.

use std::collections::BTreeMap;
use std::time::Duration;

use gonogo_model::amount::Wait;
use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::time::Instant;

use self::group::Group;
use super::usage::{self, Limits, Usage};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::process::Running;
use crate::tools::procfs;

mod group;

/// Watches a process.
pub(crate) struct Resources;

/// Checked parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub(crate) struct Params(Written);

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ProcessResources")]
struct Written {
    /// How long it is watched, at most 10m.
    #[serde(default = "two_seconds")]
    over: Wait,
    /// How often it is looked at in that time, 2 to 1,000.
    #[serde(default = "twenty")]
    #[schemars(range(min = 2, max = 1_000))]
    samples: u32,
}

fn two_seconds() -> Wait {
    Wait::seconds(2)
}

fn twenty() -> u32 {
    20
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(written: Written) -> Result<Params, String> {
        if !(2..=1_000).contains(&written.samples) {
            return Err(format!("`samples` is {}; write 2 to 1000", written.samples));
        }
        if written.over.0.is_zero() || written.over.0 > Duration::from_secs(600) {
            return Err("`over` is a time span over 0 and at most 10m".to_owned());
        }
        Ok(Params(written))
    }
}

impl Probe for Resources {
    const ID: &'static str = "process/resources";
    const TITLE: &'static str = "What a process takes, and what bounds it";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Process]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, Params(params): Params) -> Result<Looked, Unmeasured> {
        let target = context.target.as_ref().ok_or_else(|| Unmeasured::because("no target is given"))?;
        let process = Running::of(&target.address, &context.folder)?;
        let began = Instant::now();
        let first = Group::of(process);
        let mut seen = vec![sample(process)?];
        let pause = params.over.0 / (params.samples.saturating_sub(1)).max(1);
        for _ in 1..params.samples {
            // Watching for a while is what was asked for.
            tokio::time::sleep(pause).await;
            seen.push(sample(process)?);
        }
        let window = Window { seen, took: began.elapsed() };
        let limits = procfs::text(process, "limits").map(|text| Limits::read(&text)).unwrap_or_default();
        let last = Group::of(process);
        let item = window.facts(Item::new("process").fact("pid", process.id()));
        let item = limits_of(item, &limits, &window);
        Ok(Looked::item(groups(item, &first, &last)))
    }
}

fn sample(process: Running) -> Result<Usage, Unmeasured> {
    let gone = || {
        Unmeasured::because(format!("process {} ended while it was watched; look into its log", process.id()))
    };
    let (status, stat) = (procfs::text(process, "status"), procfs::text(process, "stat"));
    let (status, stat) = (status.ok_or_else(gone)?, stat.ok_or_else(gone)?);
    Usage::read(&status, &stat, procfs::open_files(process)).ok_or_else(gone)
}

/// What was seen over a while.
struct Window {
    seen: Vec<Usage>,
    took: Duration,
}

impl Window {
    fn most<T: Ord + Copy>(&self, of: impl Fn(&Usage) -> Option<T>) -> Option<T> {
        self.seen.iter().filter_map(of).max()
    }

    fn facts(&self, item: Item) -> Item {
        let (ticks, up) = (procfs::TICKS, procfs::uptime());
        let (first, last) = (self.seen.first(), self.seen.last());
        let cpu = first.zip(last).map(|(first, last)| {
            let ticked = usage::as_number(last.cpu_ticks.saturating_sub(first.cpu_ticks));
            ticked / ticks / self.took.as_secs_f64().max(0.001) * 100.0
        });
        let growth = first.zip(last).and_then(|(first, last)| {
            i64::try_from(last.rss).ok()?.checked_sub(i64::try_from(first.rss).ok()?)
        });
        let age = up.zip(last).map(|(up, last)| (up - usage::as_number(last.started_ticks) / ticks).max(0.0));
        item.fact("samples", self.seen.len())
            .fact("over_ms", u64::try_from(self.took.as_millis()).unwrap_or(u64::MAX))
            .fact_if_known("rss_bytes", last.map(|last| last.rss))
            .fact_if_known("rss_max_bytes", self.most(|one| Some(one.rss)))
            .fact_if_known("rss_peak_bytes", last.and_then(|last| last.rss_peak))
            .fact_if_known("rss_growth_bytes", growth)
            .fact_if_known("cpu_percent", cpu.and_then(number))
            .fact_if_known("threads", self.most(|one| one.threads))
            .fact_if_known("fds", self.most(|one| one.fds))
            .fact_if_known("age_seconds", age.and_then(number))
    }
}

fn number(value: f64) -> Option<Value> {
    serde_json::Number::from_f64((value * 100.0).round() / 100.0).map(Value::Number)
}

fn share(part: Option<u64>, whole: Option<u64>) -> Option<Value> {
    let (part, whole) = part.zip(whole.filter(|whole| *whole > 0))?;
    serde_json::Number::from_f64(usage::as_number(part) / usage::as_number(whole)).map(Value::Number)
}

fn limits_of(item: Item, limits: &Limits, window: &Window) -> Item {
    let fds = window.most(|one| one.fds);
    item.fact_if_known("fd_limit", limits.open_files)
        .fact_if_known("fd_share", share(fds, limits.open_files))
        .fact_if_known("processes_limit", limits.processes)
        .fact_if_known("address_space_limit_bytes", limits.address_space)
        .fact_if_known("core_limit_bytes", limits.core)
}

fn groups(item: Item, first: &Group, last: &Group) -> Item {
    let since =
        |of: fn(&Group) -> Option<u64>| of(last).zip(of(first)).map(|(now, then)| now.saturating_sub(then));
    item.fact_if_known("cgroup", last.version)
        .fact("memory_limited", last.memory_limit.is_some())
        .fact_if_known("memory_limit_bytes", last.memory_limit)
        .fact_if_known("memory_used_bytes", last.memory_used)
        .fact_if_known("memory_peak_bytes", last.memory_peak)
        .fact_if_known("memory_share", share(last.memory_used, last.memory_limit))
        .fact_if_known("memory_peak_share", share(last.memory_peak, last.memory_limit))
        .fact("cpu_limited", last.cpu_cores.is_some())
        .fact_if_known("cpu_limit_cores", last.cpu_cores.and_then(number))
        .fact_if_known("throttled", since(|group| group.throttled))
        .fact_if_known("pids_limit", last.pids_limit)
        .fact_if_known("pids", last.pids)
        .fact_if_known("oom_kills", last.oom_kills)
}

/// The values of a file with a name and a number on each line.
fn numbers(text: &str) -> BTreeMap<&str, u64> {
    text.lines()
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(k, v)| Some((k, v.trim().parse().ok()?)))
        .collect()
}

const FACTS: &[FactInfo] = &[
    fact("pid", FactType::Int, "", "Its process id."),
    fact("samples", FactType::Int, "", "How often it was looked at."),
    fact("over_ms", FactType::Int, "ms", "How long it was watched."),
    fact("age_seconds", FactType::Number, "s", "How long it has been running."),
    fact("rss_bytes", FactType::Int, "bytes", "Memory that it has in use, at the end."),
    fact("rss_max_bytes", FactType::Int, "bytes", "The most of it that was seen."),
    fact("rss_peak_bytes", FactType::Int, "bytes", "The most that it ever had, as the kernel knows."),
    fact(
        "rss_growth_bytes",
        FactType::Int,
        "bytes",
        "How much more it had at the end than at the begin; below 0 when less.",
    ),
    fact("cpu_percent", FactType::Number, "%", "Processor time that it took, of one processor."),
    fact("threads", FactType::Int, "", "The most threads that were seen."),
    fact(
        "fds",
        FactType::Int,
        "",
        "The most open files and connections that were seen; absent when they may not be counted.",
    ),
    fact("fd_limit", FactType::Int, "", "How many it may have; absent when there is no limit."),
    fact("fd_share", FactType::Number, "", "`fds` of `fd_limit`, 0 to 1."),
    fact(
        "processes_limit",
        FactType::Int,
        "",
        "How many processes its user may have; absent when there is no limit.",
    ),
    fact(
        "address_space_limit_bytes",
        FactType::Int,
        "bytes",
        "How much memory it may map; absent when there is no limit.",
    ),
    fact(
        "core_limit_bytes",
        FactType::Int,
        "bytes",
        "How large a core file may be, which holds all its secrets; 0 is none, absent is without limit.",
    ),
    fact(
        "cgroup",
        FactType::Text,
        "",
        "Version of its control group, `v1` or `v2`; absent when none is seen from here.",
    ),
    fact("memory_limited", FactType::Bool, "", "Whether its control group or one above bounds its memory."),
    fact("memory_limit_bytes", FactType::Int, "bytes", "The tightest of these bounds; absent without one."),
    fact(
        "memory_used_bytes",
        FactType::Int,
        "bytes",
        "What the group with that bound has in use, or its own without one.",
    ),
    fact(
        "memory_peak_bytes",
        FactType::Int,
        "bytes",
        "The most that it ever had; absent where the kernel does not know.",
    ),
    fact("memory_share", FactType::Number, "", "`memory_used_bytes` of `memory_limit_bytes`, 0 to 1."),
    fact("memory_peak_share", FactType::Number, "", "`memory_peak_bytes` of `memory_limit_bytes`, 0 to 1."),
    fact(
        "cpu_limited",
        FactType::Bool,
        "",
        "Whether its control group or one above bounds its processor time.",
    ),
    fact(
        "cpu_limit_cores",
        FactType::Number,
        "",
        "The tightest of these bounds, in processors; absent without one.",
    ),
    fact("throttled", FactType::Int, "", "How often the group was held back while it was watched."),
    fact("pids_limit", FactType::Int, "", "How many tasks the group may have; absent without a limit."),
    fact("pids", FactType::Int, "", "How many it has."),
    fact(
        "oom_kills",
        FactType::Int,
        "",
        "How often the kernel has killed something in the group for want of memory.",
    ),
];
