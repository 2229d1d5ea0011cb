//! `dockerfile/file`: each Dockerfile for itself: whether it can be read, and how the image runs
//! that comes of it. Single lines are for `dockerfile/instruction`.

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::read::{File, files};
use super::stages::{Base, Stages};
use super::user::runs_as;
use crate::compose::{Brief, services};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Place, Repository};

/// Looks at Dockerfiles.
pub(crate) struct FileProbe;

/// `dockerfile/file` has no parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for FileProbe {
    const ID: &'static str = "dockerfile/file";
    const TITLE: &'static str = "Whether Dockerfiles can be read, and how their images run";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, _: Params) -> Result<Looked, Unmeasured> {
        let look = |repository: &Repository| Ok(Looked { items: items(repository)?, artefacts: Vec::new() });
        Place::of(context).look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact("readable", FactType::Bool, "", "Whether Docker could read it; true for what is skipped."),
    fact("problems", FactType::List, "", "What is wrong with it, as `{line, what}`."),
    fact(
        "skipped",
        FactType::Text,
        "",
        "Why it was not read: a template, too large. Absent for what was read.",
    ),
    fact(
        "for_development",
        FactType::Bool,
        "",
        "Whether names of files or folders say development, test or example.",
    ),
    fact("stages", FactType::Int, "", "Stages in it."),
    fact(
        "base",
        FactType::Text,
        "",
        "The image that the last stage goes back to; absent when an argument decides.",
    ),
    fact(
        "runs_as",
        FactType::Text,
        "",
        "Who the last stage runs as: `root`, `user`; `drops` when something in it gives up being root; `nothing` when it starts nothing; `unknown` when a base image decides that is not known here.",
    ),
    fact(
        "healthcheck",
        FactType::Text,
        "",
        "Whether the last stage has a health check: `set`, `disabled` or `none`.",
    ),
    fact(
        "unwatched_services",
        FactType::List,
        "",
        "Compose services that are built from it, stay up, and have a health check neither here nor there.",
    ),
];

/// One item for each Dockerfile.
pub(super) fn items(repository: &Repository) -> Result<Vec<Item>, Unmeasured> {
    let files = files(repository)?;
    let services = services(repository);
    Ok(files.iter().map(|file| item(file, &services)).collect())
}

fn item(file: &File, services: &[Brief]) -> Item {
    let stages = Stages::of(&file.instructions);
    let (runs, said) = runs_as(&stages);
    let problem = file.problems.first().map(|(line, _)| *line);
    let last = stages.all.last().map(|stage| stage.from.line);
    let problems: Vec<Value> =
        file.problems.iter().map(|(line, what)| json!({"line": line, "what": what})).collect();
    Item::new(&file.path)
        .read_at(Location {
            source: file.path.clone(),
            line: problem.or(said).or(last).or(Some(1)),
            column: Some(1),
        })
        .fact("readable", problems.is_empty())
        .fact("problems", problems)
        .fact_if_known("skipped", file.skipped.clone())
        .fact("for_development", file.is_for_development)
        .fact("stages", stages.all.len())
        .fact_if_known("base", base(&stages))
        .fact("runs_as", runs.name())
        .fact("healthcheck", healthcheck(&stages))
        .fact("unwatched_services", unwatched(file, services))
}

fn base(stages: &Stages<'_>) -> Option<String> {
    match stages.root(stages.all.len().checked_sub(1)?) {
        Base::Image { reference, .. } => Some(reference.clone()),
        Base::Scratch => Some("scratch".to_owned()),
        Base::Stage(_) | Base::Unknown => None,
    }
}

fn healthcheck(stages: &Stages<'_>) -> &'static str {
    let last = stages.all.len().saturating_sub(1);
    let said = stages.backwards(last).into_iter().find(|one| one.word == "HEALTHCHECK");
    match said.map(|one| one.rest.trim().eq_ignore_ascii_case("none")) {
        Some(true) => "disabled",
        Some(false) => "set",
        None => "none",
    }
}

fn unwatched(file: &File, services: &[Brief]) -> Vec<String> {
    let built = services.iter().filter(|service| {
        service.is_unwatched
            && !service.is_for_development
            && service.dockerfile.as_deref() == Some(file.path.as_str())
    });
    let mut names: Vec<String> = built.map(|service| format!("{}:{}", service.path, service.name)).collect();
    names.sort();
    names.dedup();
    names
}
