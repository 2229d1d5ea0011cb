//! `compose/file`: each compose file for itself: whether it can be read, what it declares and
//! nobody uses, what must exist before it starts, and what of it was not looked at.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed};
use gonogo_model::fact::{Item, Location, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::declared;
use super::mounts;
use super::ports;
use super::project::Project;
use super::read::FILE;
use super::survey::{Survey, Surveyed, survey};
use super::tree::{Entry, Part};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Place, Repository, Source, joined};

/// Looks at compose files.
pub(crate) struct File;

/// Parameters of `compose/file`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// These files, in order, as one project. Without this, every compose file below the target.
    #[serde(default)]
    files: Vec<String>,
}

impl Probe for File {
    const ID: &'static str = "compose/file";
    const TITLE: &'static str = "Whether compose files can be read, and what they leave open";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let look = move |repository: &Repository| {
            let survey = survey(repository, &params.files);
            let survey = (*survey).as_ref().map_err(Clone::clone)?;
            Ok(Looked { items: items(repository.source(), survey), artefacts: Vec::new() })
        };
        Place::of(context).look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "readable",
        FactType::Bool,
        "Whether the file is YAML that compose could take. The facts about what it declares are empty lists when it is not.",
    ),
    fact(
        "problems",
        FactType::List,
        "What is wrong with it, as `{line, what}`: no YAML, no services, a circle of includes, a `$` that starts no variable.",
    ),
    fact("services", FactType::Int, "Services it writes about."),
    fact(
        "for_development",
        FactType::Bool,
        "Whether names of files or folders say development, test or example, or a production file stands beside this one.",
    ),
    fact("version_key", FactType::Bool, "Whether it has the key `version`, which compose ignores."),
    fact(
        "unset_variables",
        FactType::List,
        "Variables without a default that the `.env` beside the project does not set, as `{name, line}`; empty without a `.env`.",
    ),
    fact(
        "needed_variables",
        FactType::List,
        "Variables without a default that no `.env` beside the project sets. Who deploys must set them.",
    ),
    fact("unused_secrets", FactType::List, "Secrets it declares that no service of its projects uses."),
    fact("unused_configs", FactType::List, "Configs it declares that no service of its projects uses."),
    fact("unused_volumes", FactType::List, "Volumes it declares that no service of its projects uses."),
    fact("unused_networks", FactType::List, "Networks it declares that no service of its projects uses."),
    fact("external_networks", FactType::List, "Networks that must exist before it can start."),
    fact("external_volumes", FactType::List, "Volumes that must exist before it can start."),
    fact(
        "config_files_missing",
        FactType::List,
        "Files of configs that are not in the folder, as `{name, line}`.",
    ),
    fact(
        "port_conflicts",
        FactType::List,
        "Ports of the machine that two of its services without profiles publish on the same interface.",
    ),
    fact(
        "skipped",
        FactType::Text,
        "Why this was not looked at at all; then every other fact is absent but `readable`.",
    ),
];

const fn fact(name: &'static str, kind: FactType, about: &'static str) -> FactInfo {
    FactInfo { name, kind, unit: "", about }
}

/// One item for each file of each project, and one for each thing that was skipped.
pub(super) fn items(source: &dyn Source, survey: &Survey) -> Vec<Item> {
    let mut found: BTreeMap<String, Item> = BTreeMap::new();
    for surveyed in &survey.projects {
        for number in 0..surveyed.project.files.len() {
            let path = &surveyed.project.files[number];
            // A file of two projects is judged by the one that adds nothing to it.
            if !found.contains_key(path) {
                found.insert(path.clone(), of_file(source, surveyed, &survey.projects, number));
            }
        }
    }
    for (path, why) in &survey.skipped {
        let item =
            Item::new(path).read_at(Location::of(path)).fact("skipped", why.as_str()).fact("readable", false);
        found.entry(path.clone()).or_insert(item);
    }
    found.into_values().collect()
}

fn of_file(source: &dyn Source, surveyed: &Surveyed, all: &[Surveyed], number: usize) -> Item {
    let project = &surveyed.project;
    let path = project.files[number].as_str();
    let problems: Vec<Value> = project
        .notes
        .problems
        .iter()
        .filter(|problem| problem.at.file == number)
        .map(|problem| json!({"line": problem.at.line, "what": problem.what}))
        .collect();
    let own = |entries: &[Entry]| entries.iter().filter(|entry| entry.at.file == number).count();
    let services = own(project.services());
    let unset: Vec<Value> = project
        .notes
        .unset
        .iter()
        .filter(|(_, at)| at.file == number)
        .map(|(name, at)| json!({"name": name, "line": at.line}))
        .collect();
    let (unset, needed) = if project.has_dotenv { (unset, Vec::new()) } else { (Vec::new(), unset) };
    let needed: Vec<Value> = needed.into_iter().map(|one| one["name"].clone()).collect();
    let version = project.tree.entry("version").filter(|entry| entry.at.file == number);
    let used = |kind: &str| unused(all, path, kind);
    Item::new(path)
        .read_at(Location { source: path.to_owned(), line: Some(1), column: Some(1) })
        .fact("readable", problems.is_empty())
        .fact("problems", problems)
        .fact("services", services)
        .fact("for_development", surveyed.is_for_development)
        .fact("version_key", version.is_some())
        .fact("unset_variables", unset)
        .fact("needed_variables", needed)
        .fact("unused_secrets", used("secrets"))
        .fact("unused_configs", used("configs"))
        .fact("unused_volumes", used("volumes"))
        .fact("unused_networks", used("networks"))
        .fact("external_networks", external(project, "networks", number))
        .fact("external_volumes", external(project, "volumes", number))
        .fact("config_files_missing", missing_files(source, project, number))
        .fact("port_conflicts", conflicts(project, number))
}

/// What the file declares and no service of any project with this file uses.
fn unused(all: &[Surveyed], path: &str, kind: &str) -> Vec<String> {
    let mut declared: Vec<String> = Vec::new();
    let mut used: BTreeSet<String> = BTreeSet::new();
    for project in all.iter().map(|surveyed| &surveyed.project) {
        let Some(number) = project.files.iter().position(|file| file == path) else { continue };
        declared.extend(
            project
                .declared(kind)
                .iter()
                .filter(|entry| entry.at.file == number)
                .map(|entry| entry.name.clone()),
        );
        for service in project.services().iter().map(|entry| &entry.part) {
            match kind {
                "volumes" => used.extend(mounts::of(service).into_iter().map(|mount| mount.source)),
                kind => used.extend(declared::uses(service, kind)),
            }
        }
        if kind == "secrets" {
            used.extend(build_secrets(project));
        }
    }
    declared.sort();
    declared.dedup();
    // Every service is on the default network.
    declared.retain(|name| !used.contains(name) && (kind != "networks" || name != "default"));
    // A variable may name any of them.
    if used.iter().any(|name| name.contains("${")) { Vec::new() } else { declared }
}

/// Secrets that builds use.
fn build_secrets(project: &Project) -> Vec<String> {
    let builds = project.services().iter().filter_map(|entry| entry.part.get("build")?.get("secrets"));
    builds.flat_map(Part::each).filter_map(|one| one.get("source").unwrap_or(one).value()).collect()
}

fn external(project: &Project, kind: &str, number: usize) -> Vec<String> {
    let own = project.declared(kind).iter().filter(|entry| entry.at.file == number);
    let outside = own.filter(|entry| {
        entry
            .part
            .get("external")
            .is_some_and(|external| external.is_true() || !external.entries().is_empty())
    });
    outside.map(|entry| entry.name.clone()).collect()
}

fn missing_files(source: &dyn Source, project: &Project, number: usize) -> Vec<Value> {
    let declared = project.declared("configs").iter();
    let own = declared.filter(|entry| entry.at.file == number);
    let lost = own.filter_map(|entry| {
        let file = entry.part.get("file")?;
        let path = joined(project.folder(), &file.known()?)?;
        let is_lost = source.read(&path, FILE).is_err_and(|why| why == "does not exist");
        is_lost.then(|| json!({"name": entry.name, "line": file.at.line}))
    });
    lost.collect()
}

fn conflicts(project: &Project, number: usize) -> Vec<String> {
    let mut taken: BTreeMap<(u16, String, String), &str> = BTreeMap::new();
    let mut found = Vec::new();
    for entry in project.services().iter().filter(|entry| entry.at.file == number) {
        let is_always_on = declared::profiles(&entry.part).is_empty();
        for port in ports::of(&entry.part).iter().filter(|_| is_always_on) {
            let Some((first, last)) = port.published.filter(|(first, last)| first == last) else { continue };
            let key = (first.min(last), format!("{:?}", port.host), port.protocol.clone());
            match taken.get(&key) {
                Some(other) if *other != entry.name => {
                    found.push(format!("{first}: {other} and {}", entry.name));
                }
                Some(_) => {}
                None => drop(taken.insert(key, &entry.name)),
            }
        }
    }
    found
}
