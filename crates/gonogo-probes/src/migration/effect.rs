//! What a statement does to a database that is in use: what it locks, writes again, breaks or
//! loses. Facts of the database systems; how bad they are is for others to say.

mod change;

use super::dialect::Dialect;
use super::history::Migration;
use super::schema::Schema;
use super::sql::{Action, At, Operation, Statement};
use super::tool::Sent;

/// One thing a statement does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Effect {
    /// What happens, as the page of the probe lists it.
    pub(super) word: &'static str,
    pub(super) at: At,
    /// A sentence about it, without values.
    pub(super) what: String,
}

/// Every word, with what it says.
#[cfg(test)]
const WORDS: [(&str, &str); 24] = [
    (
        "index-blocks-writes",
        "an index is made without CONCURRENTLY; nobody writes to the table until it is done",
    ),
    ("drop-index-blocks", "an index is dropped without CONCURRENTLY, behind everybody who uses the table"),
    ("reindex-blocks", "an index is made again without CONCURRENTLY"),
    ("column-rewrites-table", "a column is added whose value is another in each row, so each row is written"),
    (
        "column-without-default",
        "a column is added that may not be null and has no default; it fails as soon as there is a row",
    ),
    ("type-rewrites-table", "a column gets a type for which each row is written again"),
    ("not-null-scans", "every row is read for a NULL while nobody may use the table"),
    ("constraint-scans", "every row is tried by a new constraint while nobody may write"),
    ("unique-blocks", "the index of a new key is made while nobody may use the table"),
    ("rewrites-under-lock", "the table is written again while nobody may use it"),
    ("renames", "a name is gone that the version which runs still uses"),
    ("drops-column", "a column is gone, with what is in it"),
    ("drops-table", "a table is gone, with what is in it"),
    ("empties-table", "every row is gone"),
    ("changes-every-row", "every row is written, and locked until the end of the transaction"),
    ("locks-table", "a table is locked on purpose"),
    ("drops-database", "a whole database or schema is gone"),
    ("grants-all-to-public", "everybody who can log in may do everything"),
    ("password-literal", "a password stands in the file"),
    (
        "definer-without-search-path",
        "a function with the rights of its owner looks names up where its caller says",
    ),
    ("fails-in-transaction", "it cannot run inside a transaction, and is sent in one"),
    ("enum-value-used", "a new value of an enum is used before the transaction that adds it has ended"),
    (
        "waits-for-lock",
        "a short change that waits for everybody who uses the table, and makes the others wait behind it",
    ),
    ("algorithm-left-open", "MySQL chooses how to change the table, and may copy it"),
];

/// What is known around a statement.
pub(super) struct Around<'a> {
    pub(super) dialect: Dialect,
    pub(super) schema: &'a Schema,
    pub(super) migration: &'a Migration,
    /// The number of the file in its history.
    pub(super) file: usize,
    /// The place of the statement in its file.
    pub(super) number: usize,
    /// Whether the file has opened a transaction by itself.
    pub(super) opened: bool,
}

impl Around<'_> {
    fn is(&self, dialect: Dialect) -> bool {
        self.dialect == dialect
    }

    /// Whether somebody may use the table while the file runs.
    fn is_used(&self, table: &str) -> bool {
        self.schema.was_there(table, self.file)
    }
}

/// What the statement does, given what was before it.
pub(super) fn effects(statement: &Statement, around: &Around<'_>) -> Vec<Effect> {
    if around.is(Dialect::Sqlite) || around.is(Dialect::Other) {
        return of_rights(statement);
    }
    let mut found = of_operation(statement, around);
    found.extend(of_rights(statement));
    found.extend(of_transaction(statement, around));
    if let Operation::Block { statements, .. } = &statement.operation {
        found.extend(statements.iter().flat_map(|inner| effects(inner, around)));
    }
    found
}

fn effect(word: &'static str, at: At, what: impl Into<String>) -> Effect {
    Effect { word, at, what: what.into() }
}

fn of_operation(statement: &Statement, around: &Around<'_>) -> Vec<Effect> {
    if let Operation::AlterTable { table, actions } = &statement.operation {
        return if around.is_used(table) {
            of_changes(table, actions, statement.at, around)
        } else {
            Vec::new()
        };
    }
    let postgres = || of_postgres(statement, around);
    let found = of_names(&statement.operation, around)
        .or_else(|| of_rows(&statement.operation, around))
        .or_else(|| around.is(Dialect::Postgres).then(postgres).flatten());
    found.into_iter().map(|(word, what)| effect(word, statement.at, what)).collect()
}

type Said = Option<(&'static str, String)>;

/// The changes of one table.
fn of_changes(table: &str, actions: &[Action], at: At, around: &Around<'_>) -> Vec<Effect> {
    let mut found: Vec<Effect> =
        actions.iter().filter_map(|action| change::effect(table, action, at, around)).collect();
    if around.is(Dialect::Postgres) && found.is_empty() {
        let what = format!("it waits for everybody who uses {table}, and others wait behind it");
        found.push(effect("waits-for-lock", at, what));
    }
    if around.is(Dialect::MySql) && change::leaves_algorithm_open(actions) {
        let what = format!("MySQL may copy {table} while nobody may write to it");
        found.push(effect("algorithm-left-open", at, what));
    }
    found
}

/// What is gone by its name afterwards.
fn of_names(operation: &Operation, around: &Around<'_>) -> Said {
    match operation {
        Operation::Drop { what: "TABLE", names, .. } => {
            let name = names.iter().find(|name| around.schema.made_before(name, around.file))?;
            Some(("drops-table", format!("{name} and its rows are gone")))
        }
        Operation::RenameTable { from, .. } if around.is_used(from) => {
            Some(("renames", format!("{from} has another name; the version that runs still uses this one")))
        }
        Operation::DropDatabase => Some(("drops-database", "a database is dropped".to_owned())),
        Operation::DropSchema { names, cascade: true } => {
            let name = names.iter().find(|name| holds_tables(name, around))?;
            Some(("drops-database", format!("the schema {name} is dropped with all tables in it")))
        }
        _ => None,
    }
}

/// What happens to all rows of a table.
fn of_rows(operation: &Operation, around: &Around<'_>) -> Said {
    let used = |names: &[String]| names.iter().find(|name| around.is_used(name)).cloned();
    match operation {
        Operation::Truncate(names) => {
            used(names).map(|name| ("empties-table", format!("every row of {name} is gone")))
        }
        Operation::Delete { table, all: true } if around.is_used(table) => {
            Some(("empties-table", format!("there is no WHERE, so every row of {table} is gone")))
        }
        Operation::Update { table, all: true } if around.is_used(table) => {
            let what = format!("there is no WHERE, so every row of {table} is written in one transaction");
            Some(("changes-every-row", what))
        }
        Operation::Lock(names) => {
            used(names).map(|name| ("locks-table", format!("{name} is locked until the transaction ends")))
        }
        _ => None,
    }
}

/// What Postgres locks for indexes and for writing a table again.
fn of_postgres(statement: &Statement, around: &Around<'_>) -> Said {
    let blocks = !statement.concurrently;
    match &statement.operation {
        Operation::CreateIndex(index) if blocks && !index.only && around.is_used(&index.table) => {
            let what = format!("{} cannot be written to while the index is made", index.table);
            Some(("index-blocks-writes", what))
        }
        Operation::DropIndex { names, .. } if blocks => {
            let table = names.iter().find_map(|name| around.schema.indexes.get(name));
            let table = table.filter(|table| around.is_used(table))?;
            let what = format!("the drop waits for and then blocks everybody who uses {table}");
            Some(("drop-index-blocks", what))
        }
        Operation::Reindex if blocks => {
            Some(("reindex-blocks", "REINDEX without CONCURRENTLY blocks writes until it is done".to_owned()))
        }
        Operation::Vacuum { full: true } => {
            let what = "VACUUM FULL writes tables again while nobody may use them";
            Some(("rewrites-under-lock", what.to_owned()))
        }
        Operation::Cluster(_) => {
            let what = "CLUSTER writes the table again while nobody may use it";
            Some(("rewrites-under-lock", what.to_owned()))
        }
        _ => None,
    }
}

/// Whether an earlier file made a table in the schema.
fn holds_tables(schema: &str, around: &Around<'_>) -> bool {
    let inside = format!("{schema}.");
    let is_in = |name: &str| name.starts_with(&inside) || schema == "public" && !name.contains('.');
    around.schema.tables.iter().any(|(name, table)| is_in(name) && table.made.file < around.file)
}

/// What holds for every database.
fn of_rights(statement: &Statement) -> Vec<Effect> {
    let one = |word, what: &str| vec![effect(word, statement.at, what)];
    match &statement.operation {
        Operation::GrantAllToPublic => {
            one("grants-all-to-public", "ALL is granted to PUBLIC, which is every role")
        }
        Operation::RolePassword => {
            one("password-literal", "a role gets a password that everybody with the repository can read")
        }
        _ => Vec::new(),
    }
}

/// What cannot be sent as its tool sends it.
fn of_transaction(statement: &Statement, around: &Around<'_>) -> Vec<Effect> {
    if !around.is(Dialect::Postgres) {
        return Vec::new();
    }
    let inside = around.opened || around.migration.sent == Sent::InTransaction;
    let together = around.migration.sent == Sent::InOneGo && around.migration.acting > 1;
    if !inside && !together {
        return Vec::new();
    }
    let how = match (inside, around.opened) {
        (_, true) => "the file has opened a transaction",
        (true, _) => "the tool runs the file in a transaction",
        _ => "the tool sends the file in one go, which is a transaction as soon as it has two statements",
    };
    let outside = match &statement.operation {
        Operation::CreateIndex(_) | Operation::DropIndex { .. } | Operation::Reindex => {
            statement.concurrently
        }
        Operation::Vacuum { .. } | Operation::Outside | Operation::DropDatabase => true,
        Operation::AlterTable { actions, .. } => actions.contains(&Action::DetachConcurrently),
        _ => false,
    };
    if outside {
        let what = format!("it cannot run inside a transaction, and {how}");
        return vec![effect("fails-in-transaction", statement.at, what)];
    }
    value_used(statement, around)
}

/// A new value of an enum that a later statement of the file uses.
fn value_used(statement: &Statement, around: &Around<'_>) -> Vec<Effect> {
    let Operation::AddValue { kind, value } = &statement.operation else { return Vec::new() };
    let is_used = around.migration.last_uses.get(value).is_some_and(|last| *last > around.number);
    if !is_used || !around.schema.type_was_there(kind, around.file) {
        return Vec::new();
    }
    let what = format!("a value that is added to {kind} is used before the transaction that adds it ends");
    vec![effect("enum-value-used", statement.at, what)]
}

#[cfg(test)]
mod tests {
    use super::WORDS;

    #[test]
    fn the_page_lists_every_effect_and_the_pack_asks_for_no_other() {
        let page = include_str!("../../../../docs/probes/migration/statement.md");
        let listed = page.lines().filter(|line| line.starts_with("| `") && line.matches('|').count() == 3);
        assert_eq!(listed.count(), WORDS.len());
        for (word, about) in WORDS {
            assert!(page.contains(&format!("| `{word}` |")), "{word}: {about}");
        }
        let pack = include_str!("../../../../packs/migration/migration.yaml");
        let asked: Vec<&str> = pack.split("!(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        assert!(asked.len() > 20);
        for word in asked {
            assert!(WORDS.iter().any(|(known, _)| *known == word), "{word}");
        }
    }
}
