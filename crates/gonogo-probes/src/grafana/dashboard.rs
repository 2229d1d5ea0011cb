//! `grafana/dashboard`: each dashboard: whether what its panels rest on is there.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::board::{Board, boards};
use super::provisioned;
use super::query::{VARIABLE, filled_in};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::prometheus::Metrics;
use crate::repository::{Kind, Place, Repository, folder_of};

/// Looks at dashboards.
pub(crate) struct Dashboard;

/// `grafana/dashboard` has no parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for Dashboard {
    const ID: &'static str = "grafana/dashboard";
    const TITLE: &'static str = "Whether what the panels of each dashboard rest on is there";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, _: Params) -> Result<Looked, Unmeasured> {
        let look = |repository: &Repository| {
            repository.some_of_kind(Kind::GrafanaDashboard)?;
            Ok(Looked { items: items(repository), artefacts: Vec::new() })
        };
        Place::of(context).look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "for_development",
        FactType::Bool,
        "",
        "Whether names of files or folders say development, test or example.",
    ),
    fact("problems", FactType::List, "", "Why Grafana cannot read it, as `{line, what}`; one at most."),
    fact("panels", FactType::Int, "", "Panels in it, those in rows too."),
    fact("titled", FactType::Bool, "", "Whether it has a title; true for what cannot be read."),
    fact("identified", FactType::Bool, "", "Whether it has a `uid`; true for what cannot be read."),
    fact(
        "uid_shared",
        FactType::List,
        "",
        "Other dashboards of the same folder with the same `uid`, by path.",
    ),
    fact(
        "sources_unknown",
        FactType::List,
        "",
        "Data sources that panels ask and no file provisions, as `{source, panel}`; empty where no file provisions any, and beside Kubernetes.",
    ),
    fact(
        "metrics_unknown",
        FactType::List,
        "",
        "Metrics of panels that nobody is known to expose, as `{metric, panel, line}`.",
    ),
];

/// One item for each dashboard.
pub(super) fn items(repository: &Repository) -> Vec<Item> {
    let boards = boards(repository);
    let names = names(repository);
    let metrics = Metrics::of(repository);
    boards.iter().map(|board| item(board, &boards, &names, &metrics)).collect()
}

/// Names and uids of all data sources that files provision; nothing when others may do so too.
fn names(repository: &Repository) -> BTreeSet<String> {
    if repository.only().is_some() || !repository.of_kind(Kind::Kubernetes).is_empty() {
        return BTreeSet::new();
    }
    let files = provisioned::files(repository);
    // A name that a variable gives may be any.
    let is_open = |one: &provisioned::Source| one.name.contains('$') || one.uid.contains('$');
    let sources: Vec<_> = files.into_iter().flat_map(|file| file.sources).collect();
    match sources.iter().any(is_open) {
        true => BTreeSet::new(),
        false => sources.into_iter().flat_map(|one| [one.name, one.uid]).collect(),
    }
}

fn item(board: &Board, boards: &[Board], names: &BTreeSet<String>, metrics: &Metrics) -> Item {
    let is_read = board.problem.is_none() && board.panels > 0;
    let problems: Vec<Value> =
        board.problem.iter().map(|(line, what)| json!({"line": line, "what": what})).collect();
    let unknown = board.asked.iter().filter(|(_, source)| !names.is_empty() && !names.contains(&source.0));
    let unknown = unknown.map(|(panel, source)| json!({"source": source.0, "panel": panel}));
    let line = board.problem.as_ref().map_or(1, |(line, _)| *line);
    Item::new(&board.path)
        .read_at(Location { source: board.path.clone(), line: Some(line), column: Some(1) })
        .fact("for_development", board.is_for_development)
        .fact("problems", problems)
        .fact("panels", board.panels)
        .fact("titled", !is_read || board.title.is_some())
        .fact("identified", !is_read || board.uid.is_some())
        .fact("uid_shared", shared(board, boards))
        .fact("sources_unknown", unknown.collect::<Vec<Value>>())
        .fact("metrics_unknown", unknown_metrics(board, metrics))
}

fn shared(board: &Board, boards: &[Board]) -> Vec<Value> {
    let is_twin = |other: &&Board| {
        other.path != board.path
            && board.uid.is_some()
            && other.uid == board.uid
            && folder_of(&other.path) == folder_of(&board.path)
    };
    boards.iter().filter(is_twin).map(|other| json!(other.path)).collect()
}

/// Each metric once, with the first panel that asks for it.
fn unknown_metrics(board: &Board, metrics: &Metrics) -> Vec<Value> {
    let texts: Vec<String> = board.queries.iter().map(|query| filled_in(&query.text)).collect();
    let mut found: BTreeMap<String, Value> = BTreeMap::new();
    for (query, unknown) in board.queries.iter().zip(metrics.unknown(&texts)) {
        for metric in unknown.into_iter().filter(|metric| !metric.contains(VARIABLE)) {
            let value = json!({"metric": metric, "panel": query.panel, "line": query.line});
            found.entry(metric).or_insert(value);
        }
    }
    found.into_values().collect()
}
