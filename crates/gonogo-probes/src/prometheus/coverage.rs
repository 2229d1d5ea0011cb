//! `prometheus/coverage`: what is deployed and no alert watches: the system as a whole, each failure
//! that the code counts, each component with a duty of its own. An alert is known by the metrics it
//! asks and what it does with them, not by its name.

use std::collections::BTreeSet;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed};
use gonogo_model::fact::{Item, Location};
use schemars::JsonSchema;
use serde::Deserialize;

use super::rules::RuleFile;
use super::world::{World, base};
use crate::code::Said;
use crate::compose::Brief;
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::purpose::is_for_development;
use crate::repository::{Place, Repository};

mod watched;

use watched::Watched;

/// Looks at what alerts watch.
pub(crate) struct Coverage;

/// `prometheus/coverage` has no parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for Coverage {
    const ID: &'static str = "prometheus/coverage";
    const TITLE: &'static str = "What runs or is counted, and no alert watches";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, _: Params) -> Result<Looked, Unmeasured> {
        let look = |repository: &Repository| {
            let items = items(&World::of(repository));
            match items.is_empty() {
                true => Err(Unmeasured::because(
                    "there is no alert of Prometheus in this folder that is not for development; name the folder or file with `target`",
                )),
                false => Ok(Looked { items, artefacts: Vec::new() }),
            }
        };
        Place::of(context).look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "kind",
        FactType::Text,
        "`system`, `metric` for a failure that the code counts, or `component` for a service of a compose file.",
    ),
    fact(
        "duty",
        FactType::Text,
        "What has to be watched: of a metric `breaker`, `degraded`, `timeout` or `failure`; of a component `backup` or `certificate`; otherwise empty.",
    ),
    fact(
        "watched",
        FactType::Bool,
        "Whether an alert watches the metric or the duty of the component; true for the system.",
    ),
    fact(
        "deployed",
        FactType::Bool,
        "Whether compose files or a configuration of Prometheus say that something is run.",
    ),
    fact("serves_http", FactType::Bool, "Whether rules or code have metrics of requests."),
    fact("down", FactType::Bool, "Whether an alert fires when something that is scraped is gone."),
    fact("error_rate", FactType::Bool, "Whether an alert watches failing requests."),
    fact("latency", FactType::Bool, "Whether an alert watches how long requests take."),
    fact(
        "saturation",
        FactType::Bool,
        "Whether an alert watches memory, processor, disk, connections or a queue.",
    ),
];

const fn fact(name: &'static str, kind: FactType, about: &'static str) -> FactInfo {
    FactInfo { name, kind, unit: "", about }
}

/// One item for the system, each failure that is counted and each duty; nothing without an alert.
pub(super) fn items(world: &World) -> Vec<Item> {
    let files: Vec<&RuleFile> = world.files.iter().filter(|file| !file.is_for_development).collect();
    let Some(first) = files.iter().find(|file| file.rules.iter().any(|rule| rule.is_alert)) else {
        return Vec::new();
    };
    let watched = Watched::by(&files);
    let mut found = vec![of_system(world, first, &watched)];
    found.extend(of_metrics(world, &watched));
    found.extend(of_components(world, &watched));
    found
}

/// An item where every fact says that nothing is missing.
fn sound(key: String, kind: &str, duty: &str) -> Item {
    Item::new(key)
        .fact("kind", kind)
        .fact("duty", duty)
        .fact("watched", true)
        .fact("deployed", true)
        .fact("serves_http", true)
        .fact("down", true)
        .fact("error_rate", true)
        .fact("latency", true)
        .fact("saturation", true)
}

fn of_system(world: &World, first: &RuleFile, watched: &Watched) -> Item {
    let scrapes = world.configs.iter().any(|config| !config.is_for_development && !config.jobs.is_empty());
    let counted = world.metrics.iter().any(|said| watched::is_request(&said.name));
    sound(format!("{}:system", first.path), "system", "")
        .read_at(Location { source: first.path.clone(), line: Some(1), column: Some(1) })
        .fact("deployed", scrapes || world.deployed().next().is_some())
        .fact("serves_http", counted || watched.requests)
        .fact("down", watched.down)
        .fact("error_rate", watched.errors)
        .fact("latency", watched.latency)
        .fact("saturation", watched.saturation)
}

/// Failures that the code counts.
fn of_metrics(world: &World, watched: &Watched) -> Vec<Item> {
    let mut seen = BTreeSet::new();
    let own = world.metrics.iter().filter(|said| !is_for_development(&said.path));
    let mut found = Vec::new();
    for said in own {
        let Some(duty) = duty_of(&said.name) else { continue };
        if seen.insert(base(&said.name)) {
            found.push(of_metric(said, duty, watched.reads(&said.name)));
        }
    }
    found
}

fn of_metric(said: &Said, duty: &str, is_watched: bool) -> Item {
    let place = Location { source: said.path.clone(), line: Some(said.line), column: Some(said.column) };
    sound(format!("{}:{}", said.path, said.name), "metric", duty).read_at(place).fact("watched", is_watched)
}

/// What a metric counts, when that is something somebody has to come for.
fn duty_of(name: &str) -> Option<&'static str> {
    let words: Vec<&str> = name.split('_').collect();
    let has = |word: &str| words.contains(&word);
    if has("breaker") || has("circuitbreaker") {
        return Some("breaker");
    }
    if has("degraded") {
        return Some("degraded");
    }
    if has("timeout") || has("timeouts") || words.windows(2).any(|pair| pair == ["timed", "out"]) {
        // `timeout_seconds` is a setting.
        return (!has("seconds") && !has("config")).then_some("timeout");
    }
    let is_lost = has("dlq") || has("deadletter") || words.windows(2).any(|pair| pair == ["dead", "letter"]);
    (is_lost || has("panics")).then_some("failure")
}

/// Components with a duty that only an alert can tell of.
fn of_components(world: &World, watched: &Watched) -> Vec<Item> {
    let mut found = Vec::new();
    for service in world.deployed() {
        for (duty, is_watched) in [("backup", watched.backup), ("certificate", watched.certificate)] {
            let has_duty = if duty == "backup" { makes_backups(service) } else { ends_tls(service) };
            if has_duty {
                let place = Location {
                    source: service.path.clone(),
                    line: Some(service.line),
                    column: Some(service.column),
                };
                let key = format!("{}:{}:{duty}", service.path, service.name);
                found.push(sound(key, "component", duty).read_at(place).fact("watched", is_watched));
            }
        }
    }
    let mut seen = BTreeSet::new();
    found.retain(|item| seen.insert(item.key.clone()));
    found
}

fn makes_backups(service: &Brief) -> bool {
    let image = service.image.as_deref().unwrap_or_default();
    let names = [service.name.as_str(), image.rsplit('/').next().unwrap_or(image)];
    names.iter().any(|name| {
        name.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| matches!(word, "backup" | "backups"))
    })
}

/// Whether it answers on 443 with a certificate of its own.
fn ends_tls(service: &Brief) -> bool {
    let image = service.image.as_deref().unwrap_or_default();
    let name = image.rsplit('/').next().unwrap_or(image);
    let renews = name.contains("caddy") || name.contains("traefik");
    service.ports.contains(&443)
        && !renews
        && (name.contains("nginx") || name.contains("haproxy") || name.contains("envoy"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Detail;

    #[test]
    fn failures_are_known_by_their_names() {
        for (name, duty) in [
            ("minio_circuit_breaker_open", Some("breaker")),
            ("redis_degraded_mode", Some("degraded")),
            ("request_timeout_total", Some("timeout")),
            ("request_timeout_seconds", None),
            ("orders_dead_letter_total", Some("failure")),
            ("http_requests_total", None),
        ] {
            assert_eq!(duty_of(name), duty, "{name}");
        }
    }

    #[test]
    fn what_the_code_counts_and_no_alert_reads_is_found() {
        let rule = |expr: &str| format!("groups:\n- name: a\n  rules:\n  - {{ alert: A, expr: '{expr}' }}\n");
        let look = |expr: &str| {
            let text = rule(expr);
            let said = Said {
                name: "x_breaker_open".into(),
                path: "m.go".into(),
                line: 7,
                column: 2,
                detail: Detail::None,
            };
            let repository = Repository::of(&[("r.yml", text.as_str())]);
            let world = World { metrics: vec![said], ..World::of(&repository) };
            items(&world).pop().unwrap().facts["watched"] == true
        };
        assert!(!look("up == 0"));
        assert!(look("x_breaker_open == 1"));
    }
}
