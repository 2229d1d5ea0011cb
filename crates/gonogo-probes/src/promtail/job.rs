//! `promtail/job`: each configuration and each job: whether the files are there, and whether lines
//! arrive.

use std::collections::BTreeMap;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location, Value};
use gonogo_model::place::Place as Spot;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::config::{Config, Job as Written, configs};
use super::mounted::{self, Standing, is_promtail};
use crate::compose::{self, Brief, Reached};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Kind, Place, Repository};

/// Looks at configurations of Promtail.
pub(crate) struct Job;

/// `promtail/job` has no parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for Job {
    const ID: &'static str = "promtail/job";
    const TITLE: &'static str = "Which log files Promtail reads, and whether they are there";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, _: Params) -> Result<Looked, Unmeasured> {
        let look = |repository: &Repository| {
            repository.some_of_kind(Kind::Promtail)?;
            Ok(Looked { items: items(repository), artefacts: Vec::new() })
        };
        Place::of(context).look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact("kind", FactType::Text, "", "`configuration` or `job`."),
    fact(
        "for_development",
        FactType::Bool,
        "",
        "Whether names of files or folders say development, test or example.",
    ),
    fact(
        "problems",
        FactType::List,
        "",
        "What Promtail refuses about a configuration, as `{line, what}`; empty for jobs.",
    ),
    fact(
        "hosts_unknown",
        FactType::List,
        "",
        "Clients whose host is no service, where a compose file runs Promtail, as `{host, line}`; empty for jobs.",
    ),
    fact(
        "ports_unknown",
        FactType::List,
        "",
        "Clients whose port their service does not listen on as far as its ports are known, as `{host, line}`; empty for jobs.",
    ),
    fact(
        "positions_lost",
        FactType::Bool,
        "",
        "Whether the file of positions goes with the container, where a compose file runs Promtail; false for jobs.",
    ),
    fact(
        "no_source",
        FactType::Bool,
        "",
        "Whether a job has neither `__path__` nor discovery, so that it reads nothing; false for configurations.",
    ),
    fact(
        "paths_unmounted",
        FactType::List,
        "",
        "Files that a job reads where compose mounts nothing into Promtail, as `{path, line}`.",
    ),
    fact(
        "paths_unwritten",
        FactType::List,
        "",
        "Files that a job reads in a volume or folder of the project that no other service is given, as `{path, line}`.",
    ),
];

/// One item for each configuration and each of its jobs, with keys that are unique.
pub(super) fn items(repository: &Repository) -> Vec<Item> {
    let services = compose::services(repository);
    let mut found = Vec::new();
    for config in &configs(repository) {
        found.push(of_config(config, &services));
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for job in &config.jobs {
            let count = seen.entry(&job.name).or_default();
            *count = count.saturating_add(1);
            let key = match *count {
                1 => format!("{}:{}", config.path, job.name),
                nth => format!("{}:{}#{nth}", config.path, job.name),
            };
            found.push(of_job(key, config, job, &services));
        }
    }
    found
}

/// An item where every fact says that nothing is wrong.
fn sound(key: String, kind: &str, config: &Config, at: Spot) -> Item {
    let none = Vec::<Value>::new;
    Item::new(key)
        .read_at(Location { source: config.path.clone(), line: Some(at.line), column: Some(at.column) })
        .fact("kind", kind)
        .fact("for_development", config.is_for_development)
        .fact("problems", none())
        .fact("hosts_unknown", none())
        .fact("ports_unknown", none())
        .fact("positions_lost", false)
        .fact("no_source", false)
        .fact("paths_unmounted", none())
        .fact("paths_unwritten", none())
}

fn of_config(config: &Config, services: &[Brief]) -> Item {
    let problems = config.problems.iter().map(|(line, what)| json!({"line": line, "what": what}));
    let is_run = services.iter().any(is_promtail);
    let led = |wanted: Reached| -> Vec<Value> {
        let wrong =
            config.clients.iter().filter(|(url, _)| compose::reached(services, is_run, url) == wanted);
        wrong.map(|(url, at)| json!({"host": host(url), "line": at.line})).collect()
    };
    let mut promtails = services.iter().filter(|service| is_promtail(service)).peekable();
    let is_open = config.positions.contains('$') || promtails.peek().is_none();
    let is_kept = promtails.any(|service| {
        mounted::is_kept(service, &config.positions)
            || service.command.iter().any(|word| word.contains("positions"))
    });
    let at = Spot { line: config.problems.first().map_or(1, |(line, _)| *line), ..Spot::START };
    sound(config.path.clone(), "configuration", config, at)
        .fact("problems", problems.collect::<Vec<Value>>())
        .fact("hosts_unknown", led(Reached::NoService))
        .fact("ports_unknown", led(Reached::NoPort))
        .fact("positions_lost", !is_open && !is_kept)
}

/// Host and port without scheme, user and path: what is in front of them may be a password.
fn host(url: &str) -> &str {
    let bare = url.split_once("://").map_or(url, |(_, rest)| rest);
    let bare = bare.split(['/', '?', '#']).next().unwrap_or_default();
    bare.rsplit_once('@').map_or(bare, |(_, host)| host)
}

fn of_job(key: String, config: &Config, job: &Written, services: &[Brief]) -> Item {
    let led = |wanted: Standing| -> Vec<Value> {
        let wrong = job.paths.iter().filter(|(path, _)| mounted::standing(services, path) == wanted);
        wrong.map(|(path, at)| json!({"path": path, "line": at.line})).collect()
    };
    sound(key, "job", config, job.at)
        .fact("no_source", job.paths.is_empty() && !job.discovers)
        .fact("paths_unmounted", led(Standing::Unmounted))
        .fact("paths_unwritten", led(Standing::Unwritten))
}
