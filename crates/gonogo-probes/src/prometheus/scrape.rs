//! `prometheus/scrape`: each scrape job, each configuration and each service that exposes metrics:
//! what is scraped that does not exist, and what exists and is not scraped.

use std::collections::BTreeMap;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed};
use gonogo_model::fact::{Item, Location, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::config::{Config, Job};
use super::document::Spot;
use super::exporters;
use super::world::World;
use crate::compose::Brief;
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Kind, Place, Repository, name_of};

mod reach;

use reach::{Reached, reached};

/// Looks at configurations of Prometheus.
pub(crate) struct Scrape;

/// `prometheus/scrape` has no parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for Scrape {
    const ID: &'static str = "prometheus/scrape";
    const TITLE: &'static str = "What Prometheus scrapes, loads and tells, and whether it is there";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, _: Params) -> Result<Looked, Unmeasured> {
        let look = |repository: &Repository| {
            repository.some_of_kind(Kind::PrometheusConfig)?;
            let world = World::of(repository);
            Ok(Looked { items: items(repository, &world), artefacts: Vec::new() })
        };
        Place::of(context).look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "kind",
        FactType::Text,
        "`configuration`, `job`, or `service` for a compose service that exposes metrics.",
    ),
    fact(
        "for_development",
        FactType::Bool,
        "Whether names of files or folders say development, test or example.",
    ),
    fact(
        "problems",
        FactType::List,
        "What Prometheus refuses about a configuration, as `{line, what}`; empty for the others.",
    ),
    fact(
        "duplicate_jobs",
        FactType::List,
        "Names that two jobs of a configuration have; empty for the others.",
    ),
    fact(
        "rule_files_missing",
        FactType::List,
        "Patterns of `rule_files` that fit no file of the repository, as `{pattern, line}`; empty for the others.",
    ),
    fact(
        "alerts_to_nobody",
        FactType::Bool,
        "Whether a configuration loads rule files and names no Alertmanager; false for the others.",
    ),
    fact(
        "hosts_unknown",
        FactType::List,
        "Targets and Alertmanagers whose host is no service of a compose file, as `{target, line}`; empty without compose files.",
    ),
    fact(
        "ports_unknown",
        FactType::List,
        "Targets and Alertmanagers whose port their service does not listen on as far as its ports are known, as `{target, line}`.",
    ),
    fact(
        "no_targets",
        FactType::Bool,
        "Whether a job has neither targets nor service discovery; false for the others.",
    ),
    fact(
        "path_odd",
        FactType::Bool,
        "Whether `metrics_path` of a job does not start with `/` or holds a query; false for the others.",
    ),
    fact("interval_seconds", FactType::Int, "How often a job is scraped; 0 for the others."),
    fact(
        "timeout_over_interval",
        FactType::Bool,
        "Whether the timeout of a job is longer than its interval, which Prometheus refuses; false for the others.",
    ),
    fact("scraped", FactType::Bool, "Whether a job reaches the service; true for the others."),
    fact(
        "exposes_surely",
        FactType::Bool,
        "Whether the service does nothing but expose metrics; false for the others.",
    ),
];

const fn fact(name: &'static str, kind: FactType, about: &'static str) -> FactInfo {
    FactInfo { name, kind, unit: "", about }
}

/// Every item, with keys that are unique.
pub(super) fn items(repository: &Repository, world: &World) -> Vec<Item> {
    let mut found = Vec::new();
    for config in &world.configs {
        found.push(of_config(repository, world, config));
        let jobs = config.jobs.iter();
        found.extend(jobs.map(|job| of_job(world, config, job)));
    }
    found.extend(of_services(world));
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for item in &mut found {
        let count = seen.entry(item.key.clone()).or_default();
        *count = count.saturating_add(1);
        if *count > 1 {
            item.key = format!("{}#{count}", item.key);
        }
    }
    found
}

/// An item where every fact says that nothing is wrong.
fn sound(key: String, kind: &str, path: &str, at: Spot) -> Item {
    let none = Vec::<Value>::new;
    let place = Location { source: path.to_owned(), line: Some(at.line), column: Some(at.column) };
    Item::new(key)
        .read_at(place)
        .fact("kind", kind)
        .fact("problems", none())
        .fact("duplicate_jobs", none())
        .fact("rule_files_missing", none())
        .fact("alerts_to_nobody", false)
        .fact("hosts_unknown", none())
        .fact("ports_unknown", none())
        .fact("no_targets", false)
        .fact("path_odd", false)
        .fact("interval_seconds", 0)
        .fact("timeout_over_interval", false)
        .fact("scraped", true)
        .fact("exposes_surely", false)
}

fn of_config(repository: &Repository, world: &World, config: &Config) -> Item {
    let problems = config.problems.iter().map(|one| json!({"line": one.at.line, "what": one.what}));
    let is_lost = |pattern: &str| !pattern.contains(['$', '{']) && !fits_any(repository, pattern);
    let lost = config.rule_files.iter().filter(|(pattern, _)| is_lost(pattern));
    let lost = lost.map(|(pattern, at)| json!({"pattern": pattern, "line": at.line}));
    let tells = config.discovers_alertmanagers || !config.alertmanagers.is_empty();
    let item = sound(config.path.clone(), "configuration", &config.path, super::document::START)
        .fact("for_development", config.is_for_development)
        .fact("problems", problems.collect::<Vec<Value>>())
        .fact("duplicate_jobs", config.duplicate_jobs.clone())
        .fact("rule_files_missing", lost.collect::<Vec<Value>>())
        .fact("alerts_to_nobody", !config.rule_files.is_empty() && !tells);
    with_targets(item, world, config, &config.alertmanagers)
}

fn of_job(world: &World, config: &Config, job: &Job) -> Item {
    let path = job.path.as_str();
    let is_odd = !path.starts_with(['/', '$', '{']) || path.contains('?');
    let has_targets = job.discovers || !job.targets.is_empty();
    let item = sound(format!("{}:{}", config.path, job.name), "job", &config.path, job.at)
        .fact("for_development", config.is_for_development)
        .fact("no_targets", !has_targets)
        .fact("path_odd", is_odd)
        .fact("interval_seconds", job.interval.as_secs())
        .fact("timeout_over_interval", job.timeout > job.interval);
    // What is probed through an exporter need not be a service of ours, the exporter must be.
    let asked = if job.replaces_address { &job.replacements } else { &job.targets };
    with_targets(item, world, config, asked)
}

fn with_targets(item: Item, world: &World, config: &Config, targets: &[(String, Spot)]) -> Item {
    let of = |asked: Reached| -> Vec<Value> {
        let wrong = targets.iter().filter(|(target, _)| reached(world, config, target) == asked);
        wrong.map(|(target, at)| json!({"target": target, "line": at.line})).collect()
    };
    item.fact("hosts_unknown", of(Reached::NoHost)).fact("ports_unknown", of(Reached::NoPort))
}

/// Whether a file of the repository has a name that the last part of a pattern allows.
fn fits_any(repository: &Repository, pattern: &str) -> bool {
    let pattern = name_of(pattern);
    // What brackets allow is not looked at.
    let pattern = match (pattern.split_once('['), pattern.rsplit_once(']')) {
        (Some((start, _)), Some((_, end))) => format!("{start}*{end}"),
        _ => pattern.to_owned(),
    };
    repository.files().iter().any(|file| fits(pattern.as_bytes(), name_of(&file.path).as_bytes()))
}

/// `*` stands for anything, `?` for one character.
fn fits(pattern: &[u8], name: &[u8]) -> bool {
    let (mut at, mut place, mut star) = (0_usize, 0_usize, None::<(usize, usize)>);
    while place < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, place));
                at = at.saturating_add(1);
            }
            Some(one) if *one == b'?' || name.get(place) == Some(one) => {
                at = at.saturating_add(1);
                place = place.saturating_add(1);
            }
            _ => match star {
                Some((back, from)) => {
                    star = Some((back, from.saturating_add(1)));
                    at = back.saturating_add(1);
                    place = from.saturating_add(1);
                }
                None => return false,
            },
        }
    }
    pattern.get(at..).unwrap_or_default().iter().all(|rest| *rest == b'*')
}

/// Services that expose metrics in projects where Prometheus is deployed or configured.
fn of_services(world: &World) -> Vec<Item> {
    let configs: Vec<&Config> = world.configs.iter().filter(|config| !config.is_for_development).collect();
    let jobs = || configs.iter().flat_map(|config| &config.jobs);
    // What is found by discovery is not in the file.
    let is_open = configs.is_empty()
        || configs.iter().any(|config| config.has_job_files)
        || jobs()
            .any(|job| job.discovers || job.targets.iter().any(|(target, _)| target.contains(['$', '{'])));
    if is_open {
        return Vec::new();
    }
    let mut found = Vec::new();
    for service in world.deployed() {
        let Some(is_sure) = exposes(world, service) else { continue };
        let mut targets = jobs().flat_map(|job| job.targets.iter().chain(&job.replacements));
        let is_scraped = targets.any(|(target, _)| reach::is_service(service, target));
        let at = Spot { line: service.line, column: service.column };
        let item = sound(format!("{}:{}", service.path, service.name), "service", &service.path, at);
        found.push(
            item.fact("for_development", false).fact("scraped", is_scraped).fact("exposes_surely", is_sure),
        );
    }
    found
}

/// Whether a service exposes metrics: surely, when it does nothing else; `None` when it does not.
fn exposes(world: &World, service: &Brief) -> Option<bool> {
    let exporter = service.image.as_deref().and_then(exporters::of_image);
    if let Some(exporter) = exporter.filter(|one| one.is_only_exporter) {
        return Some(exporter.is_only_exporter);
    }
    let folder = service.build.as_deref()?;
    let below = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    // A folder that several services are built from does not say which of them has the metrics.
    let is_alone = world.deployed().filter(|other| other.build.as_deref() == Some(folder)).count() == 1;
    (is_alone && world.metrics.iter().any(|said| said.path.starts_with(&below))).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_names() {
        for (pattern, name, expected) in [
            ("alerts.yml", "alerts.yml", true),
            ("*.yml", "a.yml", true),
            ("*.rules.y*ml", "a.rules.yaml", true),
            ("alert?.yml", "alerts.yml", true),
            ("*.rules", "a.yml", false),
            ("alerts.yml", "alert.yml", false),
            ("*", "", true),
        ] {
            assert_eq!(fits(pattern.as_bytes(), name.as_bytes()), expected, "{pattern} {name}");
        }
        let repository = Repository::of(&[("rules/q.yml", "")]);
        assert!(fits_any(&repository, "/etc/prometheus/[a-z].yml"));
        assert!(!fits_any(&repository, "/etc/prometheus/[a-z].rules"));
    }
}
