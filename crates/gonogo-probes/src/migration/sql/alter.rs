//! `ALTER`, above all of tables: each change for itself.

use super::column::{Column, column, default_of, kind};
use super::create::{constraint, rights_of_function};
use super::cursor::Cursor;
use super::rights;
use super::statement::{Action, Constraint, Operation, Rule};
use super::token::Is;

/// What comes after `ALTER`; `None` when it is not known.
pub(super) fn alter(cursor: &mut Cursor<'_>) -> Option<Operation> {
    cursor.eat_any(&["foreign", "ignore", "online"]);
    let kind = cursor.next().filter(|token| token.is == Is::Word)?;
    match kind.text.as_str() {
        "table" => table(cursor),
        "type" => value(cursor),
        "function" | "procedure" | "routine" => function(cursor),
        "role" | "user" | "login" => Some(rights::role(cursor)),
        "system" => Some(Operation::Outside),
        word => OTHERS.contains(&word).then_some(Operation::Nothing),
    }
}

const OTHERS: [&str; 26] = [
    "view",
    "materialized",
    "index",
    "sequence",
    "schema",
    "extension",
    "domain",
    "trigger",
    "policy",
    "default",
    "database",
    "publication",
    "subscription",
    "server",
    "event",
    "statistics",
    "aggregate",
    "operator",
    "collation",
    "text",
    "language",
    "rule",
    "group",
    "large",
    "cast",
    "conversion",
];

fn table(cursor: &mut Cursor<'_>) -> Option<Operation> {
    if cursor.sees(&["all"]) {
        return Some(Operation::Nothing);
    }
    cursor.eat_if_exists();
    cursor.eat(&["only"]);
    let table = cursor.name()?;
    cursor.eat_sign('*');
    let parts = cursor.parts();
    if parts.is_empty() {
        return None;
    }
    let actions = parts.into_iter().flat_map(actions).collect();
    Some(Operation::AlterTable { table, actions })
}

/// One change, or the several columns of `ADD COLUMN (a int, b int)`.
fn actions(mut part: Cursor<'_>) -> Vec<Action> {
    let mut ahead = part;
    if ahead.eat(&["add"]) {
        ahead.eat(&["column"]);
        if let Some(inside) = ahead.brackets() {
            let columns = inside.parts().into_iter().filter_map(column);
            return columns.map(|column| Action::AddColumn { column, if_not_exists: false }).collect();
        }
    }
    vec![action(&mut part).unwrap_or_else(|| Action::NotUnderstood(first_words(part)))]
}

fn first_words(part: Cursor<'_>) -> String {
    let words = part.rest().iter().take_while(|token| token.is == Is::Word).take(2);
    let words: Vec<String> = words.map(|token| token.text.to_uppercase()).collect();
    words.join(" ")
}

fn action(cursor: &mut Cursor<'_>) -> Option<Action> {
    let before = *cursor;
    let first = cursor.next().filter(|token| token.is == Is::Word)?;
    let read = match first.text.as_str() {
        "add" => add(cursor),
        "drop" => drop_of(cursor),
        "alter" => {
            cursor.eat(&["column"]);
            of_column(cursor)
        }
        "validate" if cursor.eat(&["constraint"]) => cursor.part().map(Action::Validate),
        "rename" => rename_of(cursor),
        "set" => Some(set(cursor)),
        "enable" | "disable" if cursor.eat(&["row", "level", "security"]) => {
            Some(Action::RowSecurity { enabled: Some(first.text == "enable"), forced: None })
        }
        "force" | "no" if cursor.says(&["row", "level", "security"]) => {
            Some(Action::RowSecurity { enabled: None, forced: Some(first.text == "force") })
        }
        "modify" => {
            cursor.eat(&["column"]);
            modified(None, column(*cursor)?)
        }
        "change" => {
            cursor.eat(&["column"]);
            modified(Some(cursor.part()?), column(*cursor)?)
        }
        "algorithm" | "lock" => Some(Action::Algorithm),
        "detach" if cursor.says(&["concurrently"]) => Some(Action::DetachConcurrently),
        word => OTHER_ACTIONS.contains(&word).then_some(Action::Nothing),
    };
    if read.is_none() {
        *cursor = before;
    }
    read
}

const OTHER_ACTIONS: [&str; 25] = [
    "enable",
    "disable",
    "owner",
    "attach",
    "detach",
    "reset",
    "inherit",
    "no",
    "replica",
    "cluster",
    "of",
    "not",
    "engine",
    "auto_increment",
    "comment",
    "convert",
    "default",
    "character",
    "charset",
    "collate",
    "order",
    "force",
    "row_format",
    "partition",
    "options",
];

fn modified(from: Option<String>, column: Column) -> Option<Action> {
    Some(Action::Modify { from: from.unwrap_or_else(|| column.name.clone()), column })
}

fn add(cursor: &mut Cursor<'_>) -> Option<Action> {
    if let Some(constraint) = constraint(cursor) {
        return Some(Action::Add(constraint));
    }
    if cursor.eat(&["constraint"]) {
        return not_null_constraint(cursor);
    }
    if cursor.sees(&["partition"]) {
        return Some(Action::Nothing);
    }
    cursor.eat(&["column"]);
    let if_not_exists = cursor.eat_if_exists();
    column(*cursor).map(|column| Action::AddColumn { column, if_not_exists })
}

/// `ADD CONSTRAINT name NOT NULL column NOT VALID`.
fn not_null_constraint(cursor: &mut Cursor<'_>) -> Option<Action> {
    let name = cursor.part();
    if !cursor.eat(&["not", "null"]) {
        return None;
    }
    let column = cursor.part()?;
    let not_valid = cursor.says(&["not", "valid"]);
    let rule = Rule::Check { not_null: vec![column] };
    Some(Action::Add(Constraint { name, rule, not_valid, using_index: false }))
}

fn drop_of(cursor: &mut Cursor<'_>) -> Option<Action> {
    if cursor.eat(&["constraint"]) || cursor.eat(&["foreign", "key"]) || cursor.eat(&["check"]) {
        cursor.eat_if_exists();
        return cursor.part().map(Action::DropConstraint);
    }
    if cursor.eat(&["primary", "key"]) {
        return Some(Action::DropPrimaryKey);
    }
    let is_index = (cursor.sees(&["index"]) || cursor.sees(&["key"])) && cursor.rest().len() > 1;
    if is_index || cursor.sees(&["partition"]) {
        return Some(Action::Nothing);
    }
    cursor.eat(&["column"]);
    cursor.eat_if_exists();
    cursor.part().map(Action::DropColumn)
}

/// What comes after `ALTER COLUMN`.
fn of_column(cursor: &mut Cursor<'_>) -> Option<Action> {
    if cursor.sees(&["constraint"]) || cursor.sees(&["index"]) {
        return Some(Action::Nothing);
    }
    let column = cursor.part()?;
    if cursor.eat(&["set", "not", "null"]) {
        return Some(Action::SetNotNull(column));
    }
    if cursor.eat(&["drop", "not", "null"]) {
        return Some(Action::DropNotNull(column));
    }
    if cursor.eat(&["set", "default"]) {
        return Some(Action::Default { column, to: Some(default_of(*cursor)) });
    }
    if cursor.eat(&["drop", "default"]) {
        return Some(Action::Default { column, to: None });
    }
    if cursor.eat(&["type"]) || cursor.eat(&["set", "data", "type"]) {
        let kind = kind(cursor.until(&["using", "collate"]));
        return Some(Action::Type { column, kind, using: cursor.says(&["using"]) });
    }
    let others = ["set", "reset", "drop", "add", "restart"];
    others.iter().any(|word| cursor.sees(&[word])).then_some(Action::Nothing)
}

fn rename_of(cursor: &mut Cursor<'_>) -> Option<Action> {
    if cursor.eat(&["constraint"]) || cursor.eat(&["index"]) || cursor.eat(&["key"]) {
        return Some(Action::Nothing);
    }
    if cursor.eat(&["to"]) || cursor.eat(&["as"]) {
        return cursor.name().map(Action::RenameTo);
    }
    cursor.eat(&["column"]);
    let from = cursor.part()?;
    match cursor.eat(&["to"]) {
        true => cursor.part().map(|to| Action::RenameColumn { from, to }),
        // MySQL lets `TO` out.
        false => cursor.is_over().then_some(Action::RenameTo(from)),
    }
}

fn set(cursor: &mut Cursor<'_>) -> Action {
    match () {
        () if cursor.eat(&["schema"]) => cursor.part().map_or(Action::Nothing, Action::SetSchema),
        () if cursor.eat_any(&["tablespace", "logged", "unlogged"]) => Action::Rewrite,
        () if cursor.eat(&["access", "method"]) => Action::Rewrite,
        () => Action::Nothing,
    }
}

/// `ALTER TYPE name ADD VALUE 'x'`.
fn value(cursor: &mut Cursor<'_>) -> Option<Operation> {
    let name = cursor.name()?;
    if !cursor.eat(&["add", "value"]) {
        return Some(Operation::Nothing);
    }
    cursor.eat_if_exists();
    let value = cursor.next().filter(|token| token.is == Is::Text)?;
    Some(Operation::AddValue { kind: name, value: value.text.clone() })
}

fn function(cursor: &mut Cursor<'_>) -> Option<Operation> {
    let name = cursor.name()?;
    let (definer, search_path) = rights_of_function(cursor);
    Some(Operation::SetFunction { name, definer, search_path })
}

/// `RENAME TABLE a TO b`, of MySQL.
pub(super) fn rename(cursor: &mut Cursor<'_>) -> Option<Operation> {
    if !cursor.eat(&["table"]) {
        return None;
    }
    let from = cursor.name()?;
    cursor.eat(&["to"]).then(|| cursor.name()).flatten().map(|to| Operation::RenameTable { from, to })
}
