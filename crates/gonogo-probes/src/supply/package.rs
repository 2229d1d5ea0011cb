//! `supply/package`: the packages that are built in and that an advisory is about, and what the
//! advisories were: none from an old or empty folder is no good news.

use std::collections::BTreeSet;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location, Value};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::advisory::{Advisory, Database, Said, Severity};
use super::inventory::{Ecosystem, Lock, Origin, Package as Locked};
use super::survey::{Survey, is_asked, survey};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::purpose::is_for_development;
use crate::repository::{Place, Repository};

/// Entries of one list of facts.
const MOST: usize = 100;

/// Looks at packages.
pub(crate) struct Package;

/// Parameters of `supply/package`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// A folder with advisories, relative to the target: OSV files (`*.json`, `*.yaml`), or RustSec's `advisory-db` (`*.md`).
    advisories: String,
}

impl Probe for Package {
    const ID: &'static str = "supply/package";
    const TITLE: &'static str = "Which packages that are built in have known vulnerabilities";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let place = Place::of(context);
        let named = place.clone();
        let look = move |repository: &Repository| {
            let advisories = named.named(&params.advisories).open()?;
            let now = Timestamp::now();
            Ok(Looked { items: items(repository, &advisories, now)?, artefacts: Vec::new() })
        };
        place.look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "summary",
        FactType::Bool,
        "",
        "Whether this is the one item about the advisories as a whole, and not about a package.",
    ),
    fact(
        "severity",
        FactType::Text,
        "",
        "The worst of its advisories: `critical`, `high`, `medium`, `low`, `unknown` or `informational`; `none` for the summary. From the CVSS 3 vector, else what the database says.",
    ),
    fact("score", FactType::Number, "", "The highest CVSS 3 base score, where an advisory has a vector."),
    fact("malicious", FactType::Bool, "", "Whether an advisory says that the package was made to do harm."),
    fact(
        "for_development",
        FactType::Bool,
        "",
        "Whether only development needs the package, as far as the lockfile says, or the path of the lockfile says development, test or example.",
    ),
    fact("name", FactType::Text, "", "Name of the package."),
    fact("version", FactType::Text, "", "The version that is built in."),
    fact("ecosystem", FactType::Text, "", "`crates.io`, `npm`, `PyPI`, `Go`, `RubyGems` or `Packagist`."),
    fact("direct", FactType::Bool, "", "Whether the repository asks for it itself, where the lockfile says."),
    fact(
        "advisories",
        FactType::List,
        "",
        "The advisories, as `{id, aliases, severity, summary}` and, where known, `score` and `fixed`.",
    ),
    fact(
        "fixed",
        FactType::Text,
        "",
        "The first version without any of these faults, when every advisory names one.",
    ),
    fact("known", FactType::Int, "", "Of the summary: advisories in the folder that were not withdrawn."),
    fact("checked", FactType::Int, "", "Of the summary: packages that were compared with them."),
    fact(
        "vulnerable",
        FactType::Int,
        "",
        "Of the summary: packages with an advisory, informational ones left out.",
    ),
    fact("newest", FactType::Text, "", "Of the summary: when the newest advisory was changed."),
    fact("newest_days", FactType::Int, "days", "Of the summary: whole days since then."),
    fact(
        "uncovered",
        FactType::List,
        "",
        "Of the summary: ecosystems of packages that no advisory in the folder is about.",
    ),
    fact(
        "unjudged",
        FactType::List,
        "",
        "Of the summary: packages whose version cannot be compared with an advisory about them, as `name version`; the first 100.",
    ),
    fact(
        "unreadable",
        FactType::List,
        "",
        "Of the summary: lockfiles and advisories that cannot be read, as `{file, why}`; the first 100.",
    ),
];

/// One item for each package with an advisory, and the summary.
pub(super) fn items(
    repository: &Repository,
    folder: &Repository,
    now: Timestamp,
) -> Result<Vec<Item>, Unmeasured> {
    let survey = survey(repository);
    let locks: Vec<(&str, &Lock)> = survey
        .locks
        .iter()
        .filter(|(path, _)| is_asked(repository, path))
        .filter_map(|(path, read)| Some((path.as_str(), read.as_ref().ok()?)))
        // What it lists was considered; what is built in is in `go.mod`.
        .filter(|(_, lock)| lock.format != "go.sum")
        .collect();
    if survey.locks.is_empty() {
        let why = "there is no lockfile in this folder; name the folder or file with `target`";
        return Err(Unmeasured::because(why));
    }
    let database = Database::read(folder, &wanted(&locks));
    if database.count == 0 {
        let why = "there is no advisory in the folder `advisories`; give an OSV folder with a `*.json` for each, or RustSec's `advisory-db`";
        return Err(Unmeasured::because(why));
    }
    let mut tally = Tally::default();
    let mut items: Vec<Item> = Vec::new();
    for (path, lock) in &locks {
        let mut seen = BTreeSet::new();
        for package in lock.packages.iter().filter(|package| is_checked(package)) {
            if seen.insert((&package.name, &package.version)) {
                items.extend(of_package(path, lock.ecosystem, package, &database, &mut tally));
            }
        }
    }
    items.push(summary(&survey, &locks, &database, &tally, now));
    Ok(items)
}

/// What was learned on the way.
#[derive(Default)]
struct Tally {
    checked: usize,
    vulnerable: usize,
    unjudged: BTreeSet<String>,
}

fn is_checked(package: &Locked) -> bool {
    package.origin != Origin::Path && !package.version.is_empty()
}

fn wanted(locks: &[(&str, &Lock)]) -> BTreeSet<(Ecosystem, String)> {
    let all =
        locks.iter().flat_map(|(_, lock)| lock.packages.iter().map(|package| (lock.ecosystem, package)));
    all.map(|(ecosystem, package)| (ecosystem, ecosystem.normal(&package.name))).collect()
}

/// An advisory that is about the package, with what it says.
struct Hit<'d> {
    ids: BTreeSet<&'d str>,
    advisory: &'d Advisory,
    severity: Severity,
    fixed: Option<String>,
}

fn of_package(
    path: &str,
    ecosystem: Ecosystem,
    package: &Locked,
    database: &Database,
    tally: &mut Tally,
) -> Option<Item> {
    tally.checked = tally.checked.saturating_add(1);
    let name = ecosystem.normal(&package.name);
    let mut hits: Vec<Hit<'_>> = Vec::new();
    for advisory in database.about(ecosystem, &name) {
        match advisory.says(ecosystem, &name, &package.version) {
            Said::NotAffected => {}
            Said::Unknown => drop(tally.unjudged.insert(format!("{} {}", package.name, package.version))),
            Said::Affected { fixed } => join(&mut hits, advisory, fixed),
        }
    }
    let worst = hits.iter().map(|hit| hit.severity).max()?;
    if worst > Severity::Informational {
        tally.vulnerable = tally.vulnerable.saturating_add(1);
    }
    let score = hits
        .iter()
        .filter_map(|hit| hit.advisory.score)
        .fold(None, |worst: Option<f64>, score| Some(worst.map_or(score, |worst| worst.max(score))));
    let place = package.place;
    let location = Location { source: path.to_owned(), line: Some(place.line), column: Some(place.column) };
    let item = Item::new(format!("{path}:{}@{}", package.name, package.version))
        .read_at(location)
        .fact("summary", false)
        .fact("severity", worst.name())
        .fact("malicious", hits.iter().any(|hit| hit.advisory.malicious))
        .fact("for_development", package.dev == Some(true) || is_for_development(path))
        .fact("name", package.name.as_str())
        .fact("version", package.version.as_str())
        .fact("ecosystem", ecosystem.name())
        .fact("advisories", hits.iter().map(said).collect::<Vec<_>>());
    let item = item.fact_if_known("score", score).fact_if_known("direct", package.direct);
    Some(item.fact_if_known("fixed", fixed(ecosystem, &hits)))
}

/// Databases name the same fault differently; it counts once.
fn join<'d>(hits: &mut Vec<Hit<'d>>, advisory: &'d Advisory, fixed: Option<String>) {
    let ids: BTreeSet<&str> =
        advisory.aliases.iter().map(String::as_str).chain([advisory.id.as_str()]).collect();
    match hits.iter_mut().find(|hit| !hit.ids.is_disjoint(&ids)) {
        Some(same) => {
            same.ids.extend(ids);
            same.severity = same.severity.max(advisory.severity);
            same.fixed = same.fixed.take().or(fixed);
        }
        None => hits.push(Hit { ids, advisory, severity: advisory.severity, fixed }),
    }
}

fn said(hit: &Hit<'_>) -> Value {
    let id = hit.advisory.id.as_str();
    let aliases: Vec<&str> = hit.ids.iter().copied().filter(|other| *other != id).collect();
    let mut value = json!({
        "id": id,
        "aliases": aliases,
        "severity": hit.severity.name(),
        "summary": hit.advisory.summary,
    });
    if let Some(score) = hit.advisory.score {
        value["score"] = json!(score);
    }
    if let Some(fixed) = &hit.fixed {
        value["fixed"] = json!(fixed);
    }
    value
}

/// The highest of the first fixed versions.
fn fixed(ecosystem: Ecosystem, hits: &[Hit<'_>]) -> Option<String> {
    let all: Option<Vec<&String>> = hits.iter().map(|hit| hit.fixed.as_ref()).collect();
    let order = |left: &&String, right: &&String| {
        super::order::compare(ecosystem, left, right).unwrap_or(std::cmp::Ordering::Equal)
    };
    all?.into_iter().max_by(order).cloned()
}

fn summary(
    survey: &Survey,
    locks: &[(&str, &Lock)],
    database: &Database,
    tally: &Tally,
    now: Timestamp,
) -> Item {
    let used =
        locks.iter().filter(|(_, lock)| lock.packages.iter().any(is_checked)).map(|(_, lock)| lock.ecosystem);
    let uncovered: BTreeSet<&str> =
        used.filter(|one| !database.ecosystems.contains(one)).map(Ecosystem::name).collect();
    let locks = survey
        .locks
        .iter()
        .filter_map(|(path, read)| Some(json!({"file": path, "why": read.as_ref().err()?.what})));
    let skipped = survey.skipped.iter().map(|(path, why)| json!({"file": path, "why": why}));
    let broken = database.unreadable.iter().map(|(file, why)| json!({"file": file, "why": why}));
    let days = database.newest.map(|newest| now.duration_since(newest).as_hours().max(0) / 24);
    Item::new("advisories")
        .fact("summary", true)
        .fact("severity", "none")
        .fact("malicious", false)
        .fact("for_development", false)
        .fact("known", database.count)
        .fact("checked", tally.checked)
        .fact("vulnerable", tally.vulnerable)
        .fact_if_known("newest", database.newest.map(|newest| newest.to_string()))
        .fact_if_known("newest_days", days)
        .fact("uncovered", uncovered.into_iter().collect::<Vec<_>>())
        .fact("unjudged", tally.unjudged.iter().take(MOST).cloned().collect::<Vec<_>>())
        .fact("unreadable", locks.chain(skipped).chain(broken).take(MOST).collect::<Vec<Value>>())
}
