//! `migration/statement`: what each statement of the migrations does to a database that is in use.

use std::collections::BTreeMap;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::effect::{Around, Effect, effects};
use super::history::{History, histories};
use super::schema::{Made, Schema};
use super::sql::{Action, At, Operation, Statement as Parsed};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Place, Repository};

/// Looks at the statements of migrations.
pub(crate) struct Statement;

/// Parameters of `migration/statement`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// Of each folder, so many of the newest migrations may not have run everywhere yet. What
    /// older ones lock or break has happened; of them only what still stands is told.
    #[serde(default = "last")]
    last: usize,
}

pub(super) fn last() -> usize {
    10
}

impl Probe for Statement {
    const ID: &'static str = "migration/statement";
    const TITLE: &'static str = "What the statements of migrations lock, write again, break or lose";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let look = move |repository: &Repository| {
            let histories = histories(repository);
            let histories = (*histories).as_ref().map_err(Clone::clone)?;
            let items = items(histories, params.last);
            match items.is_empty() {
                true => Err(Unmeasured::because(
                    "no migration in SQL can be read in this folder; `migration/folder` says why",
                )),
                false => Ok(Looked { items, artefacts: Vec::new() }),
            }
        };
        Place::of(context).look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "statement",
        FactType::Text,
        "",
        "The statement in short, as `ALTER TABLE users`; empty for a migration that changes nothing.",
    ),
    fact(
        "effects",
        FactType::List,
        "",
        "What it does to tables that were there before its file, as words; the page of this probe lists them.",
    ),
    fact("details", FactType::List, "", "The same as `{line, effect, what}`."),
    fact("understood", FactType::Bool, "", "Whether every part of the statement was understood."),
    fact("recent", FactType::Bool, "", "Whether its file is one of the `last` ones of its folder."),
    fact(
        "dialect",
        FactType::Text,
        "",
        "The database it is for: `postgres`, `mysql`, `sqlite`, `other` or `unknown`.",
    ),
    fact("tool", FactType::Text, "", "The tool that runs it: `sqlx`, `diesel`, `flyway`, `plain` and so on."),
    fact("for_development", FactType::Bool, "", "Whether names of folders say development, test or example."),
];

/// One item for each statement of a recent file that changes something, or for the file; of older
/// files one for each statement with an effect that stands.
pub(super) fn items(histories: &[History], last: usize) -> Vec<Item> {
    histories.iter().flat_map(|history| of_history(history, last)).collect()
}

/// Effects that do not end when the migration has run.
const STANDING: [&str; 3] = ["password-literal", "grants-all-to-public", "definer-without-search-path"];

fn of_history(history: &History, last: usize) -> Vec<Item> {
    let seen = walk(history);
    let mut items = Vec::new();
    for (file, migration) in history.ups.iter().enumerate() {
        let recent = history.is_recent(file, last);
        let mut keys: BTreeMap<&str, usize> = BTreeMap::new();
        let of_file = |item: Item| {
            item.fact("recent", recent)
                .fact("dialect", history.dialect.name())
                .fact("tool", history.tool.name())
                .fact("for_development", history.for_development)
        };
        let before = items.len();
        for (number, statement) in migration.statements.iter().enumerate() {
            let mut effects = seen.get(&(file, number)).cloned().unwrap_or_default();
            effects.retain(|effect| recent || STANDING.contains(&effect.word));
            let repeats = keys.entry(statement.title.as_str()).or_default();
            *repeats = repeats.saturating_add(1);
            if effects.is_empty() && !(recent && changes(statement)) {
                continue;
            }
            let key = match *repeats {
                1 => format!("{}:{}", migration.path, statement.title),
                repeats => format!("{}:{}#{repeats}", migration.path, statement.title),
            };
            items.push(of_file(item(&key, &migration.path, statement, &effects)));
        }
        if items.len() == before && recent {
            items.push(of_file(of_nothing(&migration.path)));
        }
    }
    items
}

/// The effects of every statement, by file and number in it.
pub(super) fn walk(history: &History) -> BTreeMap<(usize, usize), Vec<Effect>> {
    let mut schema = Schema::default();
    let mut seen = BTreeMap::new();
    for (file, migration) in history.ups.iter().enumerate() {
        let mut opened = false;
        for (number, statement) in migration.statements.iter().enumerate() {
            match statement.operation {
                Operation::Begin => opened = true,
                Operation::Commit => opened = false,
                _ => {}
            }
            let around =
                Around { dialect: history.dialect, schema: &schema, migration, file, number, opened };
            let effects = effects(statement, &around);
            if !effects.is_empty() {
                seen.insert((file, number), effects);
            }
            schema.apply(statement, file);
        }
    }
    for (place, effect) in functions_that_trust(history, &schema) {
        seen.entry(place).or_default().push(effect);
    }
    seen
}

/// Functions that are left with the rights of their owner and the search path of their caller.
fn functions_that_trust(history: &History, schema: &Schema) -> Vec<((usize, usize), Effect)> {
    let mut left: BTreeMap<Made, &str> = BTreeMap::new();
    for (name, function) in schema.functions.iter().filter(|(_, it)| it.definer && !it.search_path) {
        left.insert(function.made, name);
    }
    let files = history.ups.iter().enumerate().filter(|_| !left.is_empty());
    let places = files.flat_map(|(file, migration)| {
        migration.statements.iter().enumerate().map(move |(number, statement)| (file, number, statement.at))
    });
    let found = places.filter_map(|(file, number, at)| {
        let name = left.get(&Made { file, at })?;
        let what = format!("{name} runs with the rights of its owner and takes search_path from its caller");
        Some(((file, number), Effect { word: "definer-without-search-path", at, what }))
    });
    found.collect()
}

/// Whether the statement changes what is in the database, rows that it brings not counted.
fn changes(statement: &Parsed) -> bool {
    !matches!(
        statement.operation,
        Operation::Nothing | Operation::Begin | Operation::Commit | Operation::LockTimeout
    )
}

/// Whether every part was understood.
pub(super) fn is_understood(statement: &Parsed) -> bool {
    match &statement.operation {
        Operation::NotUnderstood(_) => false,
        Operation::AlterTable { actions, .. } => {
            !actions.iter().any(|action| matches!(action, Action::NotUnderstood(_)))
        }
        Operation::Block { statements, .. } => statements.iter().all(is_understood),
        _ => true,
    }
}

pub(super) fn location(path: &str, at: At) -> Location {
    Location { source: path.to_owned(), line: Some(at.line.max(1)), column: Some(at.column.max(1)) }
}

fn item(key: &str, path: &str, statement: &Parsed, effects: &[Effect]) -> Item {
    let mut words: Vec<&str> = effects.iter().map(|effect| effect.word).collect();
    words.dedup();
    let details: Vec<serde_json::Value> = effects
        .iter()
        .map(|effect| json!({"line": effect.at.line, "effect": effect.word, "what": effect.what}))
        .collect();
    Item::new(key)
        .read_at(location(path, statement.at))
        .fact("statement", statement.title.as_str())
        .fact("effects", words)
        .fact("details", details)
        .fact("understood", is_understood(statement))
}

/// A file that changes nothing.
fn of_nothing(path: &str) -> Item {
    Item::new(path)
        .read_at(location(path, At { line: 1, column: 1 }))
        .fact("statement", "")
        .fact("effects", Vec::<String>::new())
        .fact("details", Vec::<String>::new())
        .fact("understood", true)
}
