//! The tables of a database as its migrations leave them, one statement after the other. What is
//! made elsewhere is not in it. It judges nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::sql::{Action, At, Column, Constraint, Index, Initial, Operation, Rule, Statement, Table};

/// Where something was made: the number of the file in its history, and the place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Made {
    pub(super) file: usize,
    pub(super) at: At,
}

/// All that is known of a database.
#[derive(Debug, Default)]
pub(super) struct Schema {
    pub(super) tables: BTreeMap<String, Known>,
    /// Views that keep their rows.
    materialised: BTreeMap<String, Made>,
    pub(super) functions: BTreeMap<String, Function>,
    types: BTreeMap<String, Made>,
    /// Table of each index that has a name.
    pub(super) indexes: BTreeMap<String, String>,
    /// Words of blocks of code that switch on row-level security for tables they compute.
    words_of_security: BTreeSet<String>,
    /// The file that added a column to a table that was there.
    added: BTreeMap<(String, String), usize>,
}

/// A table.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub(super) made: Made,
    pub(super) columns: Vec<Column>,
    pub(super) rules: Vec<Constraint>,
    pub(super) indexes: Vec<Index>,
    pub(super) is_partial: bool,
    pub(super) temporary: bool,
    pub(super) row_security: bool,
    pub(super) forced: bool,
    pub(super) policies: BTreeSet<String>,
}

/// A function.
#[derive(Debug, Clone, Copy)]
pub(super) struct Function {
    pub(super) made: Made,
    pub(super) definer: bool,
    pub(super) search_path: bool,
}

impl Known {
    pub(super) fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    fn column_mut(&mut self, name: &str) -> Option<&mut Column> {
        self.columns.iter_mut().find(|column| column.name == name)
    }

    pub(super) fn has_primary_key(&self) -> bool {
        self.rules.iter().any(|one| matches!(one.rule, Rule::PrimaryKey { .. }))
    }

    /// Columns that a lookup by index may start with.
    pub(super) fn leads(&self) -> impl Iterator<Item = &str> {
        let of_rules = self.rules.iter().filter_map(|one| match &one.rule {
            Rule::PrimaryKey { columns } | Rule::Unique { columns } | Rule::Index { columns } => {
                columns.first()
            }
            _ => None,
        });
        let of_indexes =
            self.indexes.iter().filter(|index| !index.is_partial).filter_map(|index| index.columns.first());
        of_rules.chain(of_indexes).map(String::as_str)
    }

    /// Whether a check that was tried on every row says that the column is not null.
    pub(super) fn is_checked_not_null(&self, column: &str) -> bool {
        self.rules.iter().any(|one| match &one.rule {
            Rule::Check { not_null } => !one.not_valid && not_null.iter().any(|name| name == column),
            Rule::PrimaryKey { columns } => columns.iter().any(|name| name == column),
            _ => false,
        })
    }
}

impl Schema {
    /// Whether the table, or view with rows, was there before the file.
    pub(super) fn was_there(&self, name: &str, file: usize) -> bool {
        let made = self.tables.get(name).map(|table| table.made).or(self.materialised.get(name).copied());
        // What no file makes was made elsewhere.
        made.is_none_or(|made| made.file != file)
    }

    /// Whether an earlier file made the table.
    pub(super) fn made_before(&self, name: &str, file: usize) -> bool {
        self.tables.get(name).is_some_and(|table| table.made.file < file && !table.temporary)
    }

    pub(super) fn type_was_there(&self, name: &str, file: usize) -> bool {
        self.types.get(name).is_none_or(|made| made.file != file)
    }

    /// Whether a block of code may have switched on row-level security for the table.
    pub(super) fn may_be_secured(&self, name: &str) -> bool {
        let bare = name.rsplit_once('.').map_or(name, |(_, bare)| bare);
        [bare, "pg_tables", "information_schema", "pg_class"]
            .iter()
            .any(|word| self.words_of_security.contains(*word))
    }

    /// Whether the file itself added the column.
    pub(super) fn is_new(&self, table: &str, column: &str, file: usize) -> bool {
        self.added.get(&(table.to_owned(), column.to_owned())) == Some(&file)
    }

    /// What the database is after the statement.
    pub(super) fn apply(&mut self, statement: &Statement, file: usize) {
        let made = Made { file, at: statement.at };
        match &statement.operation {
            Operation::CreateTable(table) => self.create(table, made),
            Operation::AlterTable { table, actions } => {
                actions.iter().for_each(|action| self.alter(table, action, made));
            }
            Operation::Drop { what, names, .. } => names.iter().for_each(|name| self.drop(what, name)),
            Operation::CreateIndex(index) => self.index(index),
            Operation::DropIndex { names, .. } => names.iter().for_each(|name| self.drop_index(name)),
            Operation::CreateMaterialised(name) => drop(self.materialised.insert(name.clone(), made)),
            Operation::CreateType(name) => drop(self.types.insert(name.clone(), made)),
            Operation::RenameTable { from, to } => self.rename(from, to),
            Operation::CreatePolicy { table, name } => self.change(table, |table| {
                table.policies.insert(name.clone());
            }),
            Operation::DropPolicy { table, name } => self.change(table, |table| {
                table.policies.remove(name);
            }),
            Operation::CreateFunction { name, definer, search_path } => {
                let function = Function { made, definer: *definer, search_path: *search_path };
                self.functions.insert(name.clone(), function);
            }
            Operation::SetFunction { name, definer, search_path } => {
                self.set_function(name, *definer, *search_path)
            }
            Operation::DropSchema { names, cascade: true } => {
                names.iter().for_each(|name| self.drop_schema(name))
            }
            Operation::Block { statements, words } => {
                statements.iter().for_each(|statement| self.apply(statement, file));
                if words.contains("row level security") {
                    let words = words.split(|c: char| !(c.is_alphanumeric() || c == '_'));
                    self.words_of_security.extend(words.filter(|word| !word.is_empty()).map(str::to_owned));
                }
            }
            _ => {}
        }
    }

    fn create(&mut self, table: &Table, made: Made) {
        if table.if_not_exists && self.tables.contains_key(&table.name) {
            return;
        }
        let known = Known {
            made,
            columns: table.columns.clone(),
            rules: table.rules.clone(),
            is_partial: table.is_partial,
            temporary: table.temporary,
            ..Known::default()
        };
        self.tables.insert(table.name.clone(), known);
    }

    fn change(&mut self, name: &str, change: impl FnOnce(&mut Known)) {
        if let Some(table) = self.tables.get_mut(name) {
            change(table);
        }
    }

    fn drop(&mut self, what: &str, name: &str) {
        match what {
            "TABLE" => drop(self.tables.remove(name)),
            "MATERIALIZED VIEW" => drop(self.materialised.remove(name)),
            "FUNCTION" => drop(self.functions.remove(name)),
            "TYPE" => drop(self.types.remove(name)),
            _ => {}
        }
    }

    fn drop_schema(&mut self, name: &str) {
        let inside = format!("{name}.");
        let stays = |key: &str| !(key.starts_with(&inside) || name == "public" && !key.contains('.'));
        self.tables.retain(|key, _| stays(key));
        self.functions.retain(|key, _| stays(key));
    }

    fn index(&mut self, index: &Index) {
        if let Some(name) = &index.name {
            self.indexes.insert(name.clone(), index.table.clone());
        }
        self.change(&index.table, |table| table.indexes.push(index.clone()));
    }

    fn drop_index(&mut self, name: &str) {
        if let Some(table) = self.indexes.remove(name) {
            self.change(&table, |table| table.indexes.retain(|index| index.name.as_deref() != Some(name)));
        }
    }

    fn rename(&mut self, from: &str, to: &str) {
        if let Some(mut table) = self.tables.remove(from) {
            // `ALTER TABLE app.a RENAME TO b` stays in its schema.
            let schema = from.rsplit_once('.').filter(|_| !to.contains('.'));
            let to = schema.map_or(to.to_owned(), |(schema, _)| format!("{schema}.{to}"));
            table.indexes.iter_mut().for_each(|index| index.table.clone_from(&to));
            self.indexes.values_mut().filter(|table| *table == from).for_each(|table| table.clone_from(&to));
            self.tables.insert(to, table);
        }
    }

    fn set_function(&mut self, name: &str, definer: Option<bool>, search_path: bool) {
        if let Some(function) = self.functions.get_mut(name) {
            function.definer = definer.unwrap_or(function.definer);
            function.search_path |= search_path;
        }
    }

    fn alter(&mut self, name: &str, action: &Action, made: Made) {
        match action {
            Action::AddColumn { column, .. } => {
                self.added.insert((name.to_owned(), column.name.clone()), made.file);
            }
            Action::RenameColumn { to, .. } => {
                self.added.insert((name.to_owned(), to.clone()), made.file);
            }
            Action::RenameTo(to) => return self.rename(name, to),
            Action::SetSchema(schema) => {
                let bare = name.rsplit_once('.').map_or(name, |(_, bare)| bare);
                let to = if schema == "public" { bare.to_owned() } else { format!("{schema}.{bare}") };
                if let Some(table) = self.tables.remove(name) {
                    self.tables.insert(to, table);
                }
                return;
            }
            Action::Add(Constraint { using_index: true, rule, .. }) => {
                // The index stays; its columns are not told here.
                return self.change(name, |table| {
                    table.rules.push(Constraint {
                        name: None,
                        rule: rule.clone(),
                        not_valid: false,
                        using_index: true,
                    })
                });
            }
            _ => {}
        }
        self.change(name, |table| change(table, action, made));
    }
}

/// What a table is after one change.
fn change(table: &mut Known, action: &Action, made: Made) {
    match action {
        Action::AddColumn { column, if_not_exists } => {
            add_column(table, column, *if_not_exists, made);
        }
        Action::DropColumn(name) => drop_column(table, name),
        Action::Type { column, kind, .. } => with(table, column, |column| column.kind.clone_from(kind)),
        Action::SetNotNull(name) => with(table, name, |column| column.not_null = true),
        Action::DropNotNull(name) => with(table, name, |column| column.not_null = false),
        Action::Default { column, to } => {
            with(table, column, |column| column.default = to.filter(|to| *to != Initial::Null))
        }
        Action::Add(constraint) => table.rules.push(constraint.clone()),
        Action::Validate(name) => {
            let named = table.rules.iter_mut().filter(|one| one.name.as_ref() == Some(name));
            named.for_each(|one| one.not_valid = false);
        }
        Action::DropConstraint(name) => drop_constraint(table, name),
        Action::DropPrimaryKey => table.rules.retain(|one| !matches!(one.rule, Rule::PrimaryKey { .. })),
        Action::RenameColumn { from, to } => rename_column(table, from, to),
        Action::Modify { from, column } => {
            rename_column(table, from, &column.name);
            with(table, &column.name, |known| known.kind.clone_from(&column.kind));
        }
        Action::RowSecurity { enabled, forced } => {
            table.row_security = enabled.unwrap_or(table.row_security);
            table.forced = forced.unwrap_or(table.forced);
        }
        _ => {}
    }
}

fn add_column(table: &mut Known, column: &Column, if_not_exists: bool, made: Made) {
    if if_not_exists && table.column(&column.name).is_some() {
        return;
    }
    let rules = super::sql::rules(column).into_iter();
    table.rules.extend(rules.map(|rule| Constraint {
        name: None,
        rule,
        not_valid: false,
        using_index: false,
    }));
    let at = if table.made.file == made.file { column.at } else { At::default() };
    table.columns.push(Column { at, ..column.clone() });
}

fn with(table: &mut Known, name: &str, change: impl FnOnce(&mut Column)) {
    if let Some(column) = table.column_mut(name) {
        change(column);
    }
}

/// A dropped column takes its indexes and rules with it.
fn drop_column(table: &mut Known, name: &str) {
    table.columns.retain(|column| column.name != name);
    table.indexes.retain(|index| !index.columns.iter().any(|column| column == name));
    table.rules.retain(|one| !columns_of(&one.rule).iter().any(|column| column == name));
}

/// A constraint without a name of its own has the one Postgres gives it; those are not computed,
/// so a dropped name that is not known may be any of them and drops none but the primary key's.
fn drop_constraint(table: &mut Known, name: &str) {
    let known = table.rules.iter().any(|one| one.name.as_deref() == Some(name));
    match known {
        true => table.rules.retain(|one| one.name.as_deref() != Some(name)),
        false if name.ends_with("_pkey") => {
            table.rules.retain(|one| !matches!(one.rule, Rule::PrimaryKey { .. }))
        }
        false if name.ends_with("_fkey") => table.rules.retain(|one| match &one.rule {
            Rule::ForeignKey { columns, .. } => !name.ends_with(&format!("_{}_fkey", columns.join("_"))),
            _ => true,
        }),
        false => {}
    }
}

fn rename_column(table: &mut Known, from: &str, to: &str) {
    with(table, from, |column| to.clone_into(&mut column.name));
    let of_rules = table.rules.iter_mut().flat_map(|one| columns_mut(&mut one.rule));
    let of_indexes = table.indexes.iter_mut().flat_map(|index| &mut index.columns);
    of_rules.chain(of_indexes).filter(|name| *name == from).for_each(|name| to.clone_into(name));
}

fn columns_of(rule: &Rule) -> &[String] {
    match rule {
        Rule::PrimaryKey { columns }
        | Rule::Unique { columns }
        | Rule::ForeignKey { columns, .. }
        | Rule::Index { columns } => columns,
        Rule::Check { not_null } => not_null,
        Rule::Exclude => &[],
    }
}

fn columns_mut(rule: &mut Rule) -> &mut [String] {
    match rule {
        Rule::PrimaryKey { columns }
        | Rule::Unique { columns }
        | Rule::ForeignKey { columns, .. }
        | Rule::Index { columns } => columns,
        Rule::Check { not_null } => not_null,
        Rule::Exclude => &mut [],
    }
}
