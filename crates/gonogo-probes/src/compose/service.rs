//! `compose/service`: what compose files declare for each service, and what follows from it for
//! certain. What cannot be known from the files is an absent fact or an empty list.

use gonogo_model::catalog::{Class, FactInfo, TargetKind, TargetNeed};
use gonogo_model::fact::{Item, Location};
use schemars::JsonSchema;
use serde::Deserialize;

use super::crossing::{Outside, crossed};
use super::declared;
use super::dependencies::Relations;
use super::survey::{Surveyed, survey};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::redact::Redactor;
use crate::repository::{Place, Repository};

mod facts;
mod measured;

/// Looks at the services of compose files.
pub(crate) struct Service;

/// Parameters of `compose/service`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// These files, in order, as one project: `[compose.yaml, compose.prod.yaml]`. Without this,
    /// every compose file below the target, each with what compose lays over it by itself.
    #[serde(default)]
    files: Vec<String>,
    /// Only services without a profile and those of these profiles. Without this, all services.
    #[serde(default)]
    profiles: Vec<String>,
}

impl Probe for Service {
    const ID: &'static str = "compose/service";
    const TITLE: &'static str = "What compose files declare for each service";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = facts::FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let secrets = context.secrets.clone();
        let look = move |repository: &Repository| {
            let survey = survey(repository, &params.files);
            let survey = (*survey).as_ref().map_err(Clone::clone)?;
            let items = items(repository, &survey.projects, &params.profiles, &secrets);
            if items.is_empty() {
                return Err(Unmeasured::because(nothing(&survey.projects)));
            }
            Ok(Looked { items, artefacts: Vec::new() })
        };
        Place::of(context).look(look).await
    }
}

/// One item for each service of each project.
pub(super) fn items(
    repository: &Repository,
    projects: &[Surveyed],
    profiles: &[String],
    secrets: &Redactor,
) -> Vec<Item> {
    let several = projects.len() > 1;
    let outside = Outside::of(repository, projects);
    projects.iter().flat_map(|surveyed| of_project(&outside, surveyed, several, profiles, secrets)).collect()
}

fn of_project(
    outside: &Outside<'_>,
    surveyed: &Surveyed,
    several: bool,
    profiles: &[String],
    secrets: &Redactor,
) -> Vec<Item> {
    let project = &surveyed.project;
    let source = outside.repository.source();
    let all = project.services().iter().map(|entry| declared::service(source, project, entry));
    let chosen = all.filter(|service| {
        let own = service.profiles();
        profiles.is_empty() || own.is_empty() || own.iter().any(|profile| profiles.contains(profile))
    });
    let relations = Relations::new(chosen.collect());
    let made = (0..relations.services.len()).map(|place| {
        let service = &relations.services[place];
        let key = match several {
            true => format!("{}:{}", surveyed.name, service.name),
            false => service.name.to_owned(),
        };
        let file = project.files.get(service.at.file).cloned().unwrap_or_default();
        let location =
            Location { source: file, line: Some(service.at.line), column: Some(service.at.column) };
        let item = Item::new(key).read_at(location);
        let item = measured::measured(item, surveyed, &relations, place, secrets);
        crossed(item, outside, project, &relations, place)
    });
    made.collect()
}

/// Why there is no service.
fn nothing(projects: &[Surveyed]) -> String {
    for project in projects.iter().map(|surveyed| &surveyed.project) {
        if let Some(problem) = project.notes.problems.first() {
            let file = project.files.get(problem.at.file).map_or("", String::as_str);
            return format!("{file}:{}: {}; no service can be read", problem.at.line, problem.what);
        }
    }
    let name = projects.first().map_or("", |surveyed| surveyed.name.as_str());
    format!("{name} has no service; add one under `services`, or name another file with `files`")
}
