//! The migrations of a repository, folder by folder, in the order in which they run. It knows
//! what the files are, not whether they are good.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::dialect::{self, Dialect};
use super::layout::{self, Direction, Naming, Place};
use super::sql::{self, Operation, Script, Statement, Syntax};
use super::tool::{self, Depends, Sent, Signs, Tool};
use crate::probe::Unmeasured;
use crate::repository::purpose::is_for_development;
use crate::repository::{Kind, Repository, folder_of, name_of, names};

/// Bytes of a migration that is read.
pub(super) const LARGEST: u64 = 2 << 20;
/// Migrations that are read.
const MOST: usize = 10_000;
/// Bytes of a manifest.
const MANIFEST: u64 = 1 << 20;
/// Manifests that are asked for the tool.
const MOST_MANIFESTS: usize = 200;

/// The migrations of one folder.
#[derive(Debug)]
pub(super) struct History {
    pub(super) folder: String,
    pub(super) tool: Tool,
    pub(super) dialect: Dialect,
    pub(super) for_development: bool,
    /// In the order in which they run; those that go down stand apart.
    pub(super) ups: Vec<Migration>,
    pub(super) downs: Vec<Migration>,
    /// Files that were not read, with the reason.
    pub(super) unreadable: Vec<(String, String)>,
}

/// One file.
#[derive(Debug)]
pub(super) struct Migration {
    pub(super) path: String,
    pub(super) place: Place,
    /// Without those of the way down.
    pub(super) statements: Vec<Statement>,
    /// Whether the file has a part for the way down with a statement or a comment in it.
    pub(super) has_down: bool,
    /// Whether there is no statement and no comment in it.
    pub(super) is_empty: bool,
    pub(super) sent: Sent,
    /// Statements that do something when they are sent.
    pub(super) acting: usize,
    /// Where values that it adds to enums are used last.
    pub(super) last_uses: BTreeMap<String, usize>,
    pub(super) cut: Option<String>,
}

impl History {
    /// What a person calls it; the folder, or `.` for the top.
    pub(super) fn key(&self) -> String {
        if self.folder.is_empty() { ".".to_owned() } else { self.folder.clone() }
    }

    /// Whether few enough migrations come after this one that it may not have run everywhere.
    pub(super) fn is_recent(&self, number: usize, last: usize) -> bool {
        number.saturating_add(last) >= self.ups.len()
    }
}

/// Every folder of migrations, by path; read once.
pub(super) fn histories(repository: &Repository) -> Arc<Result<Vec<History>, Unmeasured>> {
    repository.once(read_all)
}

fn read_all(repository: &Repository) -> Result<Vec<History>, Unmeasured> {
    let paths = repository.some_of_kind(Kind::Migration)?;
    let mut folders: BTreeMap<String, Vec<(&str, Place)>> = BTreeMap::new();
    for path in paths.into_iter().filter(|path| path.ends_with(".sql")).take(MOST) {
        let place = layout::place(path);
        folders.entry(place.folder.clone()).or_default().push((path, place));
    }
    let depends = depends(repository);
    let running = std::cell::OnceCell::new();
    let services = || *running.get_or_init(|| dialect::by_services(repository));
    Ok(folders
        .into_iter()
        .map(|(folder, files)| history(repository, folder, files, &depends, &services))
        .collect())
}

/// A file as text, before it is known how to read it.
struct Text<'p> {
    path: &'p str,
    place: Place,
    text: String,
}

fn history(
    repository: &Repository,
    folder: String,
    files: Vec<(&str, Place)>,
    depends: &Depends,
    services: &dyn Fn() -> Option<Dialect>,
) -> History {
    let mut unreadable = Vec::new();
    let mut texts = Vec::new();
    for (path, place) in files {
        match repository.text(path, LARGEST) {
            Ok(text) => texts.push(Text { path, place, text }),
            Err(why) => unreadable.push((path.to_owned(), why)),
        }
    }
    let dialect = dialect_of(repository, &folder, &texts, services);
    let syntax = if dialect == Dialect::MySql { Syntax::MySql } else { Syntax::Standard };
    let read: Vec<(Text<'_>, Script)> = texts
        .into_iter()
        .map(|mut text| {
            let script = sql::read(&std::mem::take(&mut text.text), syntax);
            (text, script)
        })
        .collect();
    let tool = tool_of(repository, &folder, &read, depends);
    let mut ups = Vec::new();
    let mut downs = Vec::new();
    for (text, script) in read {
        let migration = migration(repository, tool, text, script);
        match migration.place.direction {
            Direction::Down => downs.push(migration),
            Direction::Up | Direction::Repeat => ups.push(migration),
        }
    }
    let order = |one: &Migration, other: &Migration| key(one).cmp(&key(other));
    ups.sort_by(order);
    downs.sort_by(order);
    let for_development = is_for_development(&format!("{folder}/x.sql"));
    History { folder, tool, dialect, for_development, ups, downs, unreadable }
}

/// What is run again runs last; what has no version keeps the order of the names.
fn key(migration: &Migration) -> (bool, &[u64], &str) {
    let place = &migration.place;
    (place.direction == Direction::Repeat, &place.version, &place.name)
}

fn dialect_of(
    repository: &Repository,
    folder: &str,
    texts: &[Text<'_>],
    services: &dyn Fn() -> Option<Dialect>,
) -> Dialect {
    let by_path = || dialect::by_path(folder);
    let by_lock = || {
        let lock = repository.source().read(&format!("{folder}/migration_lock.toml"), MANIFEST).ok()?;
        let text = String::from_utf8_lossy(&lock).into_owned();
        let provider = text.lines().find_map(|line| line.trim().strip_prefix("provider"))?.to_owned();
        dialect::by_path(&provider)
    };
    let by_text = || match dialect::by_text(texts.iter().map(|text| text.text.as_str())) {
        Dialect::Unknown => None,
        dialect => Some(dialect),
    };
    by_lock().or_else(by_path).or_else(by_text).or_else(services).unwrap_or(Dialect::Unknown)
}

fn tool_of(repository: &Repository, folder: &str, read: &[(Text<'_>, Script)], depends: &Depends) -> Tool {
    let namings: BTreeSet<u8> = read.iter().map(|(text, _)| text.place.naming as u8).collect();
    let versions = read.iter().filter_map(|(text, _)| text.place.version.first());
    let milliseconds = versions.clone().filter(|version| version.to_string().len() == 13).count();
    tool::tool(&Signs {
        folder,
        namings,
        scripts: read.iter().map(|(_, script)| script).collect(),
        others: names(repository.source(), folder),
        has_journal: names(repository.source(), &format!("{folder}/meta")).contains(&"_journal.json"),
        depends,
        in_milliseconds: milliseconds > 0 && milliseconds.saturating_mul(2) > versions.count(),
    })
}

fn migration(repository: &Repository, tool: Tool, text: Text<'_>, script: Script) -> Migration {
    let sections = tool.sections(&script);
    let section = |at: sql::At| {
        let place = sections.partition_point(|(start, _)| *start <= at).checked_sub(1)?;
        sections.get(place).copied()
    };
    let is_down = |at: sql::At| section(at).is_some_and(|(_, up)| !up);
    let is_mark = |at: sql::At| section(at).is_some_and(|(start, _)| start == at);
    let has_down = script.statements.iter().any(|statement| is_down(statement.at))
        || script.comments.iter().any(|(at, _)| is_down(*at) && !is_mark(*at));
    let says_no_transaction = tool == Tool::Diesel && is_outside(repository, text.path);
    let sent = tool.sends(&script, says_no_transaction);
    let is_empty = script.statements.is_empty() && script.comments.is_empty();
    let statements: Vec<Statement> =
        script.statements.into_iter().filter(|statement| !is_down(statement.at)).collect();
    Migration {
        path: text.path.to_owned(),
        place: text.place,
        acting: statements.iter().filter(|statement| acts(statement)).count(),
        last_uses: last_uses(&statements),
        statements,
        has_down,
        is_empty,
        sent,
        cut: script.cut,
    }
}

/// Whether the `metadata.toml` of diesel says that a migration runs in no transaction.
fn is_outside(repository: &Repository, path: &str) -> bool {
    let about = repository.source().read(&format!("{}/metadata.toml", folder_of(path)), MANIFEST);
    about.is_ok_and(|bytes| {
        let text: String = String::from_utf8_lossy(&bytes).split_whitespace().collect();
        text.contains("run_in_transaction=false")
    })
}

/// What the manifests of the repository depend on.
fn depends(repository: &Repository) -> Depends {
    if repository.only().is_some() {
        return Depends::default();
    }
    let mut depends = Depends::default();
    for path in repository.of_kind(Kind::Manifest).into_iter().take(MOST_MANIFESTS) {
        let says = |word: &str| {
            let bytes = repository.source().read(path, MANIFEST).unwrap_or_default();
            String::from_utf8_lossy(&bytes).contains(word)
        };
        match name_of(path) {
            "Cargo.toml" => depends.sqlx |= says("sqlx"),
            "go.mod" => depends.go = true,
            _ => {}
        }
    }
    depends
}

/// Whether it does something when it is sent; the brackets of a transaction do not.
fn acts(statement: &Statement) -> bool {
    !matches!(statement.operation, Operation::Begin | Operation::Commit)
}

/// For each value that is added to an enum, the last other statement that has the same text.
fn last_uses(statements: &[Statement]) -> BTreeMap<String, usize> {
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for statement in statements {
        if let Operation::AddValue { value, .. } = &statement.operation {
            uses.insert(value.clone(), 0);
        }
    }
    let is_other = |statement: &Statement| !matches!(statement.operation, Operation::AddValue { .. });
    let others = statements.iter().enumerate().filter(|(_, other)| is_other(other));
    for (number, other) in others.filter(|_| !uses.is_empty()).collect::<Vec<_>>() {
        for text in &other.texts {
            if let Some(last) = uses.get_mut(text) {
                *last = number;
            }
        }
    }
    uses
}

impl Migration {
    pub(super) fn has_naming(&self, naming: Naming) -> bool {
        self.place.naming == naming
    }
}
