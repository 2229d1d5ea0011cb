//! Which tool runs a folder of migrations, and how: in a transaction or not, by version or by
//! name. It knows the habits of tools, not SQL.

use std::collections::BTreeSet;

use super::layout::Naming;
use super::sql::{At, Script};

/// A tool that runs migrations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tool {
    Atlas,
    Dbmate,
    Diesel,
    Drizzle,
    Flyway,
    GolangMigrate,
    Goose,
    Hasura,
    Liquibase,
    NodePgMigrate,
    Prisma,
    SqlMigrate,
    Sqlx,
    Supabase,
    /// Files in pairs, up and down; several tools run such.
    Pairs,
    /// SQL files in a row.
    Plain,
}

/// How statements of a file reach the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// Inside a transaction.
    InTransaction,
    /// In one go, which is a transaction as soon as there are two statements.
    InOneGo,
    /// One after the other.
    OneByOne,
    Unknown,
}

impl Tool {
    pub(super) fn name(self) -> &'static str {
        match self {
            Tool::Atlas => "atlas",
            Tool::Dbmate => "dbmate",
            Tool::Diesel => "diesel",
            Tool::Drizzle => "drizzle",
            Tool::Flyway => "flyway",
            Tool::GolangMigrate => "golang-migrate",
            Tool::Goose => "goose",
            Tool::Hasura => "hasura",
            Tool::Liquibase => "liquibase",
            Tool::NodePgMigrate => "node-pg-migrate",
            Tool::Prisma => "prisma",
            Tool::SqlMigrate => "sql-migrate",
            Tool::Sqlx => "sqlx",
            Tool::Supabase => "supabase",
            Tool::Pairs => "pairs",
            Tool::Plain => "plain",
        }
    }

    /// Whether two files of one version are one too many.
    pub(super) fn goes_by_version(self) -> bool {
        !matches!(
            self,
            Tool::Prisma
                | Tool::Plain
                | Tool::Drizzle
                | Tool::Liquibase
                | Tool::SqlMigrate
                | Tool::NodePgMigrate
        )
    }

    /// Whether the order is that of the names as text.
    pub(super) fn sorts_by_name(self) -> bool {
        matches!(self, Tool::Plain | Tool::Prisma | Tool::Atlas | Tool::SqlMigrate | Tool::Supabase)
    }

    /// Whether up and down stand in one file, apart by comments.
    fn has_sections(self) -> bool {
        matches!(self, Tool::Goose | Tool::Dbmate | Tool::SqlMigrate | Tool::NodePgMigrate)
    }

    /// Which part of a file a comment starts: up is true, down is false.
    fn starts(self, comment: &str) -> Option<bool> {
        let comment = comment.to_lowercase();
        let (up, down) = match self {
            Tool::Goose => ("+goose up", "+goose down"),
            Tool::Dbmate => ("migrate:up", "migrate:down"),
            Tool::SqlMigrate => ("+migrate up", "+migrate down"),
            Tool::NodePgMigrate => ("up migration", "down migration"),
            _ => return None,
        };
        match comment {
            comment if comment.starts_with(up) => Some(true),
            comment if comment.starts_with(down) => Some(false),
            _ => None,
        }
    }

    /// The parts of a file: where its way down starts and ends. `None` when it has none.
    pub(super) fn sections(self, script: &Script) -> Vec<(At, bool)> {
        let marks = script.comments.iter().filter_map(|(at, text)| Some((*at, self.starts(text)?)));
        if self.has_sections() { marks.collect() } else { Vec::new() }
    }

    /// How a file is sent.
    pub(super) fn sends(self, script: &Script, says_no_transaction: bool) -> Sent {
        let says = |words: &str| script.comments.iter().any(|(_, text)| text.to_lowercase().contains(words));
        match self {
            Tool::Sqlx if says("no-transaction") => Sent::InOneGo,
            Tool::Diesel if says_no_transaction => Sent::InOneGo,
            Tool::Dbmate if says("transaction:false") => Sent::InOneGo,
            Tool::Goose if says("+goose no transaction") => Sent::OneByOne,
            Tool::SqlMigrate if says("notransaction") => Sent::OneByOne,
            Tool::Atlas if says("atlas:txmode none") => Sent::OneByOne,
            Tool::Sqlx | Tool::Diesel | Tool::Dbmate | Tool::Goose | Tool::SqlMigrate => Sent::InTransaction,
            Tool::Drizzle | Tool::Atlas => Sent::InTransaction,
            Tool::GolangMigrate | Tool::Prisma | Tool::Flyway | Tool::Hasura | Tool::Pairs => Sent::InOneGo,
            Tool::Supabase => Sent::InOneGo,
            Tool::Liquibase | Tool::NodePgMigrate | Tool::Plain => Sent::Unknown,
        }
    }
}

/// What is known about a folder before its tool is.
#[derive(Debug)]
pub(super) struct Signs<'s> {
    pub(super) folder: &'s str,
    pub(super) namings: BTreeSet<u8>,
    pub(super) scripts: Vec<&'s Script>,
    /// Names of other files in the folder.
    pub(super) others: Vec<&'s str>,
    pub(super) has_journal: bool,
    /// Words of the manifests of the repository.
    pub(super) depends: &'s Depends,
    /// Whether versions have thirteen digits, as milliseconds have.
    pub(super) in_milliseconds: bool,
}

/// Which tools the manifests name.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Depends {
    pub(super) sqlx: bool,
    pub(super) go: bool,
}

impl Signs<'_> {
    fn has(&self, naming: Naming) -> bool {
        self.namings.contains(&(naming as u8))
    }

    fn says(&self, tool: Tool) -> bool {
        self.scripts
            .iter()
            .any(|script| script.comments.iter().any(|(_, text)| tool.starts(text) == Some(true)))
    }

    fn is_liquibase(&self) -> bool {
        let starts = |text: &str| text.to_lowercase().starts_with("liquibase formatted sql");
        self.scripts.iter().any(|script| script.comments.iter().any(|(_, text)| starts(text)))
    }
}

/// The tool of a folder.
pub(super) fn tool(signs: &Signs<'_>) -> Tool {
    let by_comment = [Tool::Goose, Tool::Dbmate, Tool::SqlMigrate, Tool::NodePgMigrate];
    if let Some(tool) = by_comment.into_iter().find(|tool| signs.says(*tool)) {
        return tool;
    }
    let in_supabase = signs.folder.ends_with("supabase/migrations");
    match () {
        () if signs.is_liquibase() => Tool::Liquibase,
        () if signs.has(Naming::FolderOne) => Tool::Prisma,
        () if signs.has(Naming::FolderUpDown) && signs.in_milliseconds => Tool::Hasura,
        () if signs.has(Naming::FolderUpDown) => Tool::Diesel,
        () if signs.has(Naming::Flyway) => Tool::Flyway,
        () if signs.has_journal => Tool::Drizzle,
        () if in_supabase => Tool::Supabase,
        () if signs.has(Naming::UpDown) => match (signs.depends.sqlx, signs.depends.go) {
            (true, false) => Tool::Sqlx,
            (false, true) => Tool::GolangMigrate,
            _ => Tool::Pairs,
        },
        () if signs.others.contains(&"atlas.sum") => Tool::Atlas,
        () if signs.has(Naming::Numbered) && signs.depends.sqlx => Tool::Sqlx,
        () => Tool::Plain,
    }
}
