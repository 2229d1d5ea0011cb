//! `migration/folder`: each folder of migrations for itself: which tool runs it, and whether its
//! files are whole, in order and can be taken back.

use std::collections::BTreeSet;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Value};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::checksum;
use super::elsewhere;
use super::history::{History, histories};
use super::order;
use super::sql::{Action, At, Operation, Statement};
use super::statement::{is_understood, location, walk};
use super::table::{is_tenant_of, schema_of, tenants};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::{Kind, Place, Repository};

/// Looks at folders of migrations.
pub(crate) struct Folder;

/// Parameters of `migration/folder`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// Of each folder, so many of the newest migrations may not have run everywhere yet.
    #[serde(default = "super::statement::last")]
    last: usize,
    /// Columns that say whose a row is.
    #[serde(default = "tenants")]
    tenant_columns: Vec<String>,
}

impl Probe for Folder {
    const ID: &'static str = "migration/folder";
    const TITLE: &'static str = "Whether folders of migrations are whole, in order and can be taken back";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Path]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let look = move |repository: &Repository| {
            Ok(Looked {
                items: items(repository, params.last, &params.tenant_columns)?,
                artefacts: Vec::new(),
            })
        };
        Place::of(context).look(look).await
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "looked_at",
        FactType::Bool,
        "",
        "Whether it was looked at. When it is false every other fact but `skipped` is absent.",
    ),
    fact(
        "tool",
        FactType::Text,
        "",
        "The tool that runs it, as far as its files show: `sqlx`, `flyway`, `pairs`, `plain` and so on.",
    ),
    fact(
        "dialect",
        FactType::Text,
        "",
        "The database it is for: `postgres`, `mysql`, `sqlite`, `other` or `unknown`.",
    ),
    fact("for_development", FactType::Bool, "", "Whether names of folders say development, test or example."),
    fact("migrations", FactType::Int, "", "Files that go up."),
    fact("unreadable", FactType::List, "", "Files that were not read whole, as `{path, why}`."),
    fact(
        "not_understood",
        FactType::List,
        "",
        "Statements that were not understood and so not judged, as `{path, line, what}`; at most 50.",
    ),
    fact("goes_by_version", FactType::Bool, "", "Whether the tool tells migrations apart by version alone."),
    fact("duplicate_versions", FactType::List, "", "Versions of several files, as `{version, paths}`."),
    fact(
        "missing_versions",
        FactType::List,
        "",
        "Numbers between the first and the last that no file has, where files are numbered one by one.",
    ),
    fact(
        "wrong_order",
        FactType::List,
        "",
        "Files that stand elsewhere by name than by number, where the tool goes by name.",
    ),
    fact(
        "mixed_versions",
        FactType::Bool,
        "",
        "Whether some versions are numbers in a row and some are dates.",
    ),
    fact(
        "missing_down",
        FactType::List,
        "",
        "Migrations without a way back, where most others of the folder have one.",
    ),
    fact("empty", FactType::List, "", "Files without a statement and without a comment."),
    fact("checksum_wrong", FactType::List, "", "Files that are not as `atlas.sum` says, or are not in it."),
    fact("lock_timeout", FactType::Bool, "", "Whether any migration limits how long it waits for a lock."),
    fact(
        "locking",
        FactType::Int,
        "",
        "Statements of recent migrations that take a lock which blocks others on a table that was there.",
    ),
    fact("tenant_tables", FactType::List, "", "Tables with a column that says whose a row is."),
    fact("secured_tables", FactType::Int, "", "Tables with row-level security."),
    fact("skipped", FactType::Text, "", "Why this was not looked at."),
];

pub(super) fn items(
    repository: &Repository,
    last: usize,
    tenants: &[String],
) -> Result<Vec<Item>, Unmeasured> {
    let elsewhere = elsewhere::folders(repository);
    let histories = histories(repository);
    let histories = match &*histories {
        Ok(histories) => histories.as_slice(),
        Err(why) if elsewhere.is_empty() => return Err(why.clone()),
        Err(_) => &[],
    };
    let mut items: Vec<Item> =
        histories.iter().map(|history| of_history(repository, history, last, tenants)).collect();
    let mut keys: BTreeSet<String> = items.iter().map(|item| item.key.clone()).collect();
    let passed = repository.passed_of_kind(Kind::Migration).map(|(path, why)| (path.clone(), why.clone()));
    for (path, why) in elsewhere.into_iter().chain(passed) {
        // A folder may hold SQL and programs.
        let key = if keys.contains(&path) { format!("{path}#2") } else { path.clone() };
        if keys.insert(key.clone()) {
            let place = location(&path, At { line: 1, column: 1 });
            items.push(Item::new(key).read_at(place).fact("looked_at", false).fact("skipped", why));
        }
    }
    Ok(items)
}

fn of_history(repository: &Repository, history: &History, last: usize, tenants: &[String]) -> Item {
    let first = history.ups.first().or(history.downs.first()).map(|migration| migration.path.clone());
    let path = first.or_else(|| history.unreadable.first().map(|(path, _)| path.clone())).unwrap_or_default();
    let schema = schema_of(history);
    let tenant_tables: Vec<&str> = schema
        .tables
        .iter()
        .filter(|(_, table)| is_tenant_of(table, tenants).is_some())
        .map(|(name, _)| name.as_str())
        .collect();
    let timeout = all_statements(history).any(|(_, statement)| statement.operation == Operation::LockTimeout);
    Item::new(history.key())
        .read_at(location(&path, At { line: 1, column: 1 }))
        .fact("looked_at", true)
        .fact("tool", history.tool.name())
        .fact("dialect", history.dialect.name())
        .fact("for_development", history.for_development)
        .fact("migrations", history.ups.len())
        .fact("unreadable", unreadable(history))
        .fact("not_understood", not_understood(history))
        .fact("goes_by_version", history.tool.goes_by_version())
        .fact("duplicate_versions", order::duplicates(history))
        .fact("missing_versions", order::gaps(history))
        .fact("wrong_order", order::misplaced(history))
        .fact("mixed_versions", order::is_mixed(history))
        .fact("missing_down", order::without_down(history))
        .fact("empty", empty(history))
        .fact("checksum_wrong", checksum::wrong(repository.source(), &history.folder))
        .fact("lock_timeout", timeout)
        .fact("locking", locking(history, last))
        .fact("tenant_tables", tenant_tables)
        .fact("secured_tables", schema.tables.values().filter(|table| table.row_security).count())
}

fn all_statements(history: &History) -> impl Iterator<Item = (&str, &Statement)> {
    history.ups.iter().flat_map(|migration| {
        migration.statements.iter().map(|statement| (migration.path.as_str(), statement))
    })
}

fn unreadable(history: &History) -> Vec<Value> {
    let whole = history.unreadable.iter().map(|(path, why)| json!({"path": path, "why": why}));
    let all = history.ups.iter().chain(&history.downs);
    let cut =
        all.filter_map(|migration| Some(json!({"path": migration.path, "why": migration.cut.as_ref()?})));
    whole.chain(cut).collect()
}

/// Statements that are listed.
const MOST_LISTED: usize = 50;

fn not_understood(history: &History) -> Vec<Value> {
    let found = all_statements(history).filter(|(_, statement)| !is_understood(statement));
    let said = found
        .map(|(path, statement)| json!({"path": path, "line": statement.at.line, "what": why(statement)}));
    said.take(MOST_LISTED).collect()
}

fn why(statement: &Statement) -> String {
    let title = &statement.title;
    match &statement.operation {
        Operation::NotUnderstood(why) => format!("{title} {why}"),
        Operation::AlterTable { actions, .. } => {
            let unknown = actions.iter().find_map(|action| match action {
                Action::NotUnderstood(words) => Some(words.as_str()),
                _ => None,
            });
            format!("{title} has a change that is not known: {}", unknown.unwrap_or_default())
        }
        _ => format!("{title} has a statement that is not known"),
    }
}

fn empty(history: &History) -> Vec<&str> {
    let files = history.ups.iter().chain(&history.downs).filter(|migration| migration.is_empty);
    files.map(|migration| migration.path.as_str()).collect()
}

/// Effects that come with a lock which others wait behind.
const LOCKS: [&str; 13] = [
    "index-blocks-writes",
    "drop-index-blocks",
    "column-rewrites-table",
    "type-rewrites-table",
    "not-null-scans",
    "constraint-scans",
    "unique-blocks",
    "rewrites-under-lock",
    "renames",
    "drops-column",
    "drops-table",
    "locks-table",
    "waits-for-lock",
];

fn locking(history: &History, last: usize) -> usize {
    let seen = walk(history);
    let recent = seen.iter().filter(|((file, _), _)| history.is_recent(*file, last));
    recent.filter(|(_, effects)| effects.iter().any(|effect| LOCKS.contains(&effect.word))).count()
}
