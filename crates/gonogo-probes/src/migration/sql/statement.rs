//! One statement: which operation it is, and on what. What is not known is said to be so.

use super::body;
use super::column::{Column, Initial};
use super::cursor::Cursor;
use super::split::Piece;
use super::token::{At, Is};
use super::{alter, create, data, rights};

/// A statement of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Statement {
    pub(in super::super) at: At,
    /// What a person calls it: `ALTER TABLE users`. Never a value.
    pub(in super::super) title: String,
    pub(in super::super) operation: Operation,
    /// Whether these words are in it: `CONCURRENTLY`.
    pub(in super::super) concurrently: bool,
    /// Short strings in it, for comparing; they are never shown.
    pub(in super::super) texts: Vec<String>,
}

/// What a statement does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Operation {
    CreateTable(Table),
    AlterTable {
        table: String,
        actions: Vec<Action>,
    },
    /// Tables, views or materialised views.
    Drop {
        what: &'static str,
        names: Vec<String>,
        cascade: bool,
    },
    CreateIndex(Index),
    DropIndex {
        names: Vec<String>,
        table: Option<String>,
    },
    /// A view that keeps its rows.
    CreateMaterialised(String),
    CreateFunction {
        name: String,
        definer: bool,
        search_path: bool,
    },
    SetFunction {
        name: String,
        definer: Option<bool>,
        search_path: bool,
    },
    CreatePolicy {
        table: String,
        name: String,
    },
    DropPolicy {
        table: String,
        name: String,
    },
    CreateType(String),
    AddValue {
        kind: String,
        value: String,
    },
    RenameTable {
        from: String,
        to: String,
    },
    Update {
        table: String,
        all: bool,
    },
    Delete {
        table: String,
        all: bool,
    },
    Truncate(Vec<String>),
    Lock(Vec<String>),
    /// `VACUUM`, which is `full` or not.
    Vacuum {
        full: bool,
    },
    Cluster(Option<String>),
    Reindex,
    DropDatabase,
    DropSchema {
        names: Vec<String>,
        cascade: bool,
    },
    /// All rights on something to everybody.
    GrantAllToPublic,
    /// A role with a password that can be read.
    RolePassword,
    LockTimeout,
    Begin,
    Commit,
    /// A block of code: the statements in it that may run, and whether it makes others.
    Block {
        statements: Vec<Statement>,
        words: String,
    },
    /// Not allowed in a transaction: `ALTER SYSTEM`, `CREATE DATABASE`.
    Outside,
    /// Understood, and nothing that is judged.
    Nothing,
    NotUnderstood(String),
}

/// A table as it is created.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in super::super) struct Table {
    pub(in super::super) name: String,
    pub(in super::super) columns: Vec<Column>,
    pub(in super::super) rules: Vec<Constraint>,
    pub(in super::super) temporary: bool,
    pub(in super::super) if_not_exists: bool,
    /// `CREATE TABLE … AS`, `LIKE`, `INHERITS`, `PARTITION OF`: more is in it than is written.
    pub(in super::super) is_partial: bool,
}

/// A constraint of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Constraint {
    pub(in super::super) name: Option<String>,
    pub(in super::super) rule: Rule,
    pub(in super::super) not_valid: bool,
    /// An index that is there already.
    pub(in super::super) using_index: bool,
}

/// What a constraint demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Rule {
    PrimaryKey {
        columns: Vec<String>,
    },
    Unique {
        columns: Vec<String>,
    },
    ForeignKey {
        columns: Vec<String>,
        table: String,
    },
    /// Columns that the check says are not null.
    Check {
        not_null: Vec<String>,
    },
    Exclude,
    /// An index inside a table, as MySQL has it.
    Index {
        columns: Vec<String>,
    },
}

/// An index as it is created.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in super::super) struct Index {
    pub(in super::super) name: Option<String>,
    pub(in super::super) table: String,
    pub(in super::super) columns: Vec<String>,
    pub(in super::super) unique: bool,
    pub(in super::super) only: bool,
    /// Whether it holds some rows only.
    pub(in super::super) is_partial: bool,
}

/// One change of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Action {
    AddColumn {
        column: Column,
        if_not_exists: bool,
    },
    DropColumn(String),
    Type {
        column: String,
        kind: String,
        using: bool,
    },
    SetNotNull(String),
    DropNotNull(String),
    Default {
        column: String,
        to: Option<Initial>,
    },
    Add(Constraint),
    Validate(String),
    DropConstraint(String),
    DropPrimaryKey,
    RenameColumn {
        from: String,
        to: String,
    },
    RenameTo(String),
    SetSchema(String),
    RowSecurity {
        enabled: Option<bool>,
        forced: Option<bool>,
    },
    /// `SET TABLESPACE`, `SET LOGGED`: every row is written again.
    Rewrite,
    /// `MODIFY` and `CHANGE` of MySQL.
    Modify {
        from: String,
        column: Column,
    },
    /// `ALGORITHM=` or `LOCK=` of MySQL.
    Algorithm,
    DetachConcurrently,
    Nothing,
    NotUnderstood(String),
}

/// Strings of a statement that are kept for comparing.
const MOST_TEXTS: usize = 100;
/// Bytes of such a string.
const LONGEST_TEXT: usize = 100;

/// Reads a statement.
pub(super) fn read(piece: Piece) -> Statement {
    let mut cursor = Cursor::new(&piece.tokens);
    let at = cursor.at();
    let concurrently = cursor.says(&["concurrently"]);
    let texts = piece.tokens.iter().filter(|token| token.is == Is::Text && token.text.len() <= LONGEST_TEXT);
    let texts = texts.take(MOST_TEXTS).map(|token| token.text.clone()).collect();
    let operation = match operation(&mut cursor) {
        Operation::Nothing if piece.is_cut => {
            Operation::NotUnderstood("is too long to be read whole".to_owned())
        }
        operation => operation,
    };
    let title = title(&piece, &operation);
    Statement { at, title, operation, concurrently, texts }
}

fn operation(cursor: &mut Cursor<'_>) -> Operation {
    let Some(first) = cursor.next() else { return Operation::Nothing };
    let read = match first.text.as_str() {
        _ if first.is == Is::Sign && first.text == "(" => Some(Operation::Nothing),
        _ if first.is != Is::Word => None,
        "create" => create::create(cursor),
        "alter" => alter::alter(cursor),
        "drop" => create::drop(cursor),
        "do" => body::block(cursor),
        "begin" | "start" => Some(Operation::Begin),
        "commit" | "end" | "rollback" => Some(Operation::Commit),
        "grant" => rights::grant(cursor),
        "rename" => alter::rename(cursor),
        "set" | "select" => Some(data::setting(cursor)),
        word => data::data(word, cursor),
    };
    let known = HARMLESS.contains(&first.text.as_str()) && first.is == Is::Word;
    match read {
        Some(operation) => operation,
        None if known => Operation::Nothing,
        None if first.is == Is::Word && FIRST.contains(&first.text.as_str()) => {
            Operation::NotUnderstood("has a form that is not known".to_owned())
        }
        None => Operation::NotUnderstood("starts like no statement that is known".to_owned()),
    }
}

/// Statements that are read in parts.
const FIRST: [&str; 14] = [
    "create", "alter", "drop", "do", "grant", "rename", "update", "delete", "truncate", "lock", "vacuum",
    "cluster", "reindex", "with",
];
/// Statements that change nothing which is judged here.
const HARMLESS: [&str; 37] = [
    "insert",
    "comment",
    "analyze",
    "copy",
    "revoke",
    "notify",
    "listen",
    "unlisten",
    "explain",
    "call",
    "execute",
    "prepare",
    "deallocate",
    "pragma",
    "use",
    "show",
    "savepoint",
    "release",
    "reset",
    "discard",
    "values",
    "replace",
    "load",
    "optimize",
    "unlock",
    "handler",
    "declare",
    "refresh",
    "security",
    "reassign",
    "checkpoint",
    "import",
    "merge",
    "flush",
    "table",
    "attach",
    "perform",
];

/// How a person calls a statement: its key words and the name of what it is about.
fn title(piece: &Piece, operation: &Operation) -> String {
    let about = |what: &str, name: &str| format!("{what} {name}");
    let list = |what: &str, names: &[String]| format!("{what} {}", names.join(", "));
    let shown = match operation {
        Operation::CreateTable(table) => about("CREATE TABLE", &table.name),
        Operation::AlterTable { table, .. } => about("ALTER TABLE", table),
        Operation::Drop { what, names, .. } => list(&format!("DROP {what}"), names),
        Operation::CreateIndex(index) => match &index.name {
            Some(name) => format!("CREATE INDEX {name} ON {}", index.table),
            None => about("CREATE INDEX ON", &index.table),
        },
        Operation::DropIndex { names, .. } => list("DROP INDEX", names),
        Operation::CreateMaterialised(name) => about("CREATE MATERIALIZED VIEW", name),
        Operation::CreateFunction { name, .. } => about("CREATE FUNCTION", name),
        Operation::SetFunction { name, .. } => about("ALTER FUNCTION", name),
        Operation::CreatePolicy { table, name } => format!("CREATE POLICY {name} ON {table}"),
        Operation::DropPolicy { table, name } => format!("DROP POLICY {name} ON {table}"),
        Operation::CreateType(name) => about("CREATE TYPE", name),
        Operation::AddValue { kind, .. } => about("ALTER TYPE", kind),
        Operation::RenameTable { from, .. } => about("RENAME TABLE", from),
        Operation::Update { table, .. } => about("UPDATE", table),
        Operation::Delete { table, .. } => about("DELETE FROM", table),
        Operation::Truncate(tables) => list("TRUNCATE", tables),
        Operation::Lock(tables) => list("LOCK TABLE", tables),
        Operation::Cluster(Some(table)) => about("CLUSTER", table),
        Operation::DropSchema { names, .. } => list("DROP SCHEMA", names),
        _ => first_words(piece),
    };
    shown.chars().take(120).filter(|c| !c.is_control()).collect()
}

/// The first words, up to three.
fn first_words(piece: &Piece) -> String {
    let words = piece.tokens.iter().take_while(|token| token.is == Is::Word).take(3);
    let words: Vec<String> = words.map(|token| token.text.to_uppercase()).collect();
    if words.is_empty() { "a statement".to_owned() } else { words.join(" ") }
}
