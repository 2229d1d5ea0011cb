//! `supply/lockfile`: each lockfile for itself: whether it can be read and says what its manifests
//! ask for, where its packages come from, and whether they can be recognised.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::agreement::disagreements;
use super::document::Problem;
use super::inventory::{Lock, Origin, Package};
use super::read;
use super::survey::{Survey, is_asked, some, survey, upward};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::purpose::is_for_development;
use crate::repository::{Place, Repository, folder_of, joined, name_of};

/// Entries of one list of facts; the counts beside it are whole.
const MOST: usize = 100;

/// Looks at lockfiles.
pub(crate) struct Lockfile;

/// Parameters of `supply/lockfile`: none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for Lockfile {
    const ID: &'static str = "supply/lockfile";
    const TITLE: &'static str = "What lockfiles build in, from where, and whether they fit their manifests";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, _: Params) -> Result<Looked, Unmeasured> {
        let look = |repository: &Repository| {
            Ok(Looked { items: some(items(repository), "lockfile")?, artefacts: Vec::new() })
        };
        Place::of(context).look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "readable",
        FactType::Bool,
        "",
        "Whether the file is a lockfile that its tool could take. Every fact about its packages is absent when it is not.",
    ),
    fact(
        "problems",
        FactType::List,
        "",
        "What is wrong with it, as `{line, what}`: conflict markers, broken syntax, packages without a name.",
    ),
    fact(
        "skipped",
        FactType::Text,
        "",
        "Why this was not looked at at all; then every other fact is absent but `readable` and `format_known`.",
    ),
    fact("format_known", FactType::Bool, "", "Whether its name is that of a lockfile whose form is read."),
    fact(
        "format",
        FactType::Text,
        "",
        "The tool and the version of its format: `cargo 4`, `npm 3`, `pnpm 9.0`, `yarn berry 8`, `requirements`.",
    ),
    fact(
        "ecosystem",
        FactType::Text,
        "",
        "Where its packages come from: `crates.io`, `npm`, `PyPI`, `Go`, `RubyGems` or `Packagist`.",
    ),
    fact(
        "for_development",
        FactType::Bool,
        "",
        "Whether names of files or folders say development, test or example.",
    ),
    fact("packages", FactType::Int, "", "Packages it builds in, without those of the repository itself."),
    fact("git_dependencies", FactType::List, "", "Packages from git, as `{name, line}`; the first 100."),
    fact(
        "url_dependencies",
        FactType::List,
        "",
        "Packages from an archive at an address, as `{name, line}`; the first 100.",
    ),
    fact(
        "insecure_dependencies",
        FactType::List,
        "",
        "Packages that are fetched over `http:` or `git:`, as `{name, line}`; the first 100. Loopback does not count.",
    ),
    fact(
        "without_checksum",
        FactType::List,
        "",
        "Packages of a registry without the checksum that this format has for them, as `{name, line}`; the first 100.",
    ),
    fact(
        "unpinned",
        FactType::List,
        "",
        "Requirements of a `requirements*.txt` that no `==` and no constraints file pins, as `{name, line}`; the first 100. Empty for other formats.",
    ),
    fact(
        "duplicated",
        FactType::List,
        "",
        "Packages in several versions, as `name 1.0.0, 2.0.0`; the first 100.",
    ),
    fact("duplicates", FactType::Int, "", "How many packages are there in several versions."),
    fact(
        "mismatched",
        FactType::List,
        "",
        "What a manifest asks for and the lockfile lacks or has in another version, as `{manifest, line, name, asked, locked}`; the first 100.",
    ),
    fact(
        "rivals",
        FactType::List,
        "",
        "Lockfiles of other tools for the same packages in this folder that come after it by name.",
    ),
];

/// One item for each lockfile, read or not.
pub(super) fn items(repository: &Repository) -> Vec<Item> {
    let survey = survey(repository);
    let mut found: BTreeMap<&str, Item> = BTreeMap::new();
    for (path, read) in &survey.locks {
        found.insert(path, of_lock(repository, &survey, path, read));
    }
    for (path, why) in &survey.skipped {
        if read::ecosystem(path).is_some() || read::unknown(path).is_some() {
            let item = Item::new(path).read_at(Location::of(path)).fact("readable", false);
            let item =
                item.fact("skipped", why.as_str()).fact("format_known", read::ecosystem(path).is_some());
            found.entry(path).or_insert(item);
        }
    }
    found.into_iter().filter(|(path, _)| is_asked(repository, path)).map(|(_, item)| item).collect()
}

fn of_lock(repository: &Repository, survey: &Survey, path: &str, read: &Result<Lock, Problem>) -> Item {
    let item = Item::new(path)
        .read_at(Location { source: path.to_owned(), line: Some(1), column: Some(1) })
        .fact("format_known", true)
        .fact("for_development", is_for_development(path));
    let problems = match read {
        Ok(lock) => lock.problems.clone(),
        Err(problem) => vec![problem.clone()],
    };
    let item = item.fact("readable", problems.is_empty()).fact("problems", said(&problems));
    match read {
        Ok(lock) => of_packages(item, repository, survey, path, lock),
        Err(_) => item,
    }
}

/// Problems as a fact.
pub(super) fn said(problems: &[Problem]) -> Vec<Value> {
    problems.iter().take(MOST).map(|problem| json!({"line": problem.line, "what": problem.what})).collect()
}

fn of_packages(item: Item, repository: &Repository, survey: &Survey, path: &str, lock: &Lock) -> Item {
    let listed = |belongs: &dyn Fn(&Package) -> bool| -> Vec<Value> {
        let found = lock.packages.iter().filter(|package| belongs(package)).take(MOST);
        found.map(|package| json!({"name": package.name, "line": package.place.line})).collect()
    };
    let duplicated = duplicated(lock);
    let mismatched = disagreements(repository, survey, path, lock);
    let mismatched = mismatched.iter().take(MOST).map(|one| {
        json!({"manifest": one.manifest, "line": one.line, "name": one.name, "asked": one.asked, "locked": one.locked})
    });
    let in_go_workspace = upward(folder_of(path)).any(|folder| has(repository, folder, "go.work"));
    let is_open = lock.format == "requirements" && !lock.asked.has_overrides;
    item.fact("format", lock.format.as_str())
        .fact("ecosystem", lock.ecosystem.name())
        .fact("packages", lock.packages.iter().filter(|one| one.origin != Origin::Path).count())
        .fact("git_dependencies", listed(&|one| one.origin == Origin::Git))
        .fact("url_dependencies", listed(&|one| one.origin == Origin::Url))
        .fact("insecure_dependencies", listed(&|one| one.insecure))
        .fact(
            "without_checksum",
            listed(&|one| one.owes_checksum && one.checksum.is_none() && !in_go_workspace),
        )
        .fact("unpinned", listed(&|one| is_open && one.origin == Origin::Registry && one.version.is_empty()))
        .fact("duplicates", duplicated.len())
        .fact("duplicated", duplicated.into_iter().take(MOST).collect::<Vec<_>>())
        .fact("mismatched", mismatched.collect::<Vec<Value>>())
        .fact("rivals", rivals(survey, path, lock))
}

fn has(repository: &Repository, folder: &str, name: &str) -> bool {
    joined(folder, name)
        .is_some_and(|path| repository.files().binary_search_by(|file| (*file.path).cmp(&path)).is_ok())
}

/// `name 1.0.0, 2.0.0` for each package in several versions.
fn duplicated(lock: &Lock) -> Vec<String> {
    if lock.format == "go.sum" {
        // It lists what was considered, not what is built in.
        return Vec::new();
    }
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in lock.packages.iter().filter(|one| one.origin != Origin::Path && !one.version.is_empty()) {
        versions.entry(&package.name).or_default().insert(&package.version);
    }
    let several = versions.into_iter().filter(|(_, versions)| versions.len() > 1);
    several
        .map(|(name, versions)| format!("{name} {}", versions.into_iter().collect::<Vec<_>>().join(", ")))
        .collect()
}

/// Lockfiles of other tools beside this one, further in the alphabet: one finding for each pair.
fn rivals(survey: &Survey, path: &str, lock: &Lock) -> Vec<String> {
    let tool = |path: &str| match name_of(path) {
        "package-lock.json" => Some("npm"),
        "npm-shrinkwrap.json" => Some("npm shrinkwrap"),
        "pnpm-lock.yaml" => Some("pnpm"),
        "yarn.lock" => Some("yarn"),
        "poetry.lock" => Some("poetry"),
        "uv.lock" => Some("uv"),
        "Pipfile.lock" => Some("pipenv"),
        "pdm.lock" => Some("pdm"),
        _ => None,
    };
    let Some(own) = tool(path) else { return Vec::new() };
    let beside = survey.locks_in(folder_of(path), lock.ecosystem);
    let others =
        beside.into_iter().filter(|other| *other > path && tool(other).is_some_and(|other| other != own));
    others.map(str::to_owned).collect()
}
