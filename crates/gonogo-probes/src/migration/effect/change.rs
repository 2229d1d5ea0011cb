//! What one change of a table does while others use the table.

use super::{Around, Effect};
use crate::migration::dialect::Dialect;
use crate::migration::sql::{Action, At, Column, Constraint, Initial, Rule};

/// What the change does, when it does anything that is known.
pub(super) fn effect(table: &str, action: &Action, at: At, around: &Around<'_>) -> Option<Effect> {
    let (word, what) = of_everywhere(table, action, around).or_else(|| match around.dialect {
        Dialect::Postgres => of_postgres(table, action, around),
        _ => None,
    })?;
    Some(super::effect(word, at, what))
}

type Said = Option<(&'static str, String)>;

/// What holds for Postgres and MySQL, and for a dialect that is not known.
fn of_everywhere(table: &str, action: &Action, around: &Around<'_>) -> Said {
    match action {
        Action::RenameColumn { from, .. } if !around.schema.is_new(table, from, around.file) => Some((
            "renames",
            format!("{table}.{from} has another name; the version that runs still uses this one"),
        )),
        Action::RenameTo(_) => {
            Some(("renames", format!("{table} has another name; the version that runs still uses this one")))
        }
        Action::Modify { from, column }
            if *from != column.name && !around.schema.is_new(table, from, around.file) =>
        {
            Some((
                "renames",
                format!("{table}.{from} has another name; the version that runs still uses this one"),
            ))
        }
        Action::DropColumn(name) if !around.schema.is_new(table, name, around.file) => {
            Some(("drops-column", format!("{table}.{name} and what is in it are gone")))
        }
        Action::AddColumn { column, .. } => added(table, column, around),
        _ => None,
    }
}

fn added(table: &str, column: &Column, around: &Around<'_>) -> Said {
    let name = &column.name;
    let fails = column.not_null && matches!(column.default, None | Some(Initial::Null));
    match column.default {
        // MySQL fills in a zero or an empty text.
        _ if fails && around.dialect == Dialect::Postgres => Some((
            "column-without-default",
            format!(
                "{table}.{name} may not be null and has no default; it fails as soon as {table} has a row"
            ),
        )),
        Some(Initial::Volatile) if around.dialect == Dialect::Postgres => Some((
            "column-rewrites-table",
            format!(
                "each row of {table} gets its own value of {name}, so {table} is written again while nobody may use it"
            ),
        )),
        _ => None,
    }
}

fn of_postgres(table: &str, action: &Action, around: &Around<'_>) -> Said {
    match action {
        Action::Type { column, kind, using } if rewrites(table, column, kind, *using, around) => Some((
            "type-rewrites-table",
            format!("{table} is written again for the new type of {column} while nobody may use it"),
        )),
        Action::SetNotNull(column) if !is_known_not_null(table, column, around) => Some((
            "not-null-scans",
            format!("every row of {table} is read for a NULL in {column} while nobody may use it"),
        )),
        Action::Add(constraint) => constrained(table, constraint),
        Action::Rewrite => {
            Some(("rewrites-under-lock", format!("{table} is written again while nobody may use it")))
        }
        _ => None,
    }
}

fn constrained(table: &str, constraint: &Constraint) -> Said {
    match &constraint.rule {
        Rule::Check { .. } if !constraint.not_valid => {
            Some(("constraint-scans", format!("every row of {table} is tried while nobody may use it")))
        }
        Rule::ForeignKey { table: other, .. } if !constraint.not_valid => Some((
            "constraint-scans",
            format!("every row of {table} is tried while nobody may write to {table} or {other}"),
        )),
        Rule::PrimaryKey { .. } | Rule::Unique { .. } if !constraint.using_index => {
            Some(("unique-blocks", format!("the index of the key is made while nobody may use {table}")))
        }
        Rule::Exclude => Some((
            "unique-blocks",
            format!("the index of the constraint is made while nobody may use {table}"),
        )),
        _ => None,
    }
}

/// Whether a change that may copy the table does not say how it is to be made.
pub(super) fn leaves_algorithm_open(actions: &[Action]) -> bool {
    let may_copy = |action: &Action| {
        matches!(
            action,
            Action::Modify { .. } | Action::Add(_) | Action::DropPrimaryKey | Action::DropColumn(_)
        )
    };
    actions.iter().any(may_copy) && !actions.contains(&Action::Algorithm)
}

/// Whether Postgres need not look, since 12: a check that was tried says the same.
fn is_known_not_null(table: &str, column: &str, around: &Around<'_>) -> bool {
    around.schema.tables.get(table).is_some_and(|table| {
        table.is_checked_not_null(column) || table.column(column).is_some_and(|column| column.not_null)
    })
}

/// Types whose values are kept in another way than those of any other type.
const OWN_FORM: [&str; 11] =
    ["int2", "int4", "int8", "uuid", "json", "jsonb", "bool", "date", "float4", "float8", "bytea"];

/// Whether each row is written for the new type. What is not known does not.
fn rewrites(table: &str, column: &str, to: &str, using: bool, around: &Around<'_>) -> bool {
    let known = around.schema.tables.get(table).and_then(|table| table.column(column));
    let Some(from) = known.map(|column| plain(&column.kind)).filter(|kind| !kind.is_empty()) else {
        // Without the old type, only a conversion to a form of its own is sure to write.
        return using && OWN_FORM.contains(&to);
    };
    let to = plain(to);
    if from == to {
        return false;
    }
    let ((old, old_size), (new, new_size)) = (sized(from), sized(to));
    match (old, new) {
        ("varchar", "text") | ("text", "varchar") if new_size.is_none() => false,
        ("varchar", "varchar") => !is_wider(old_size, new_size),
        ("numeric", "numeric") => !is_wider_number(old_size, new_size),
        // Depends on the time zone, or is another name for the same bytes.
        ("timestamp" | "timestamptz", "timestamp" | "timestamptz") => false,
        ("citext", "text" | "varchar") | ("text" | "varchar", "citext") => false,
        ("cidr", "inet") | ("xml", "text") => false,
        _ => {
            let known = |name: &str| {
                OWN_FORM.contains(&name)
                    || matches!(name, "text" | "varchar" | "char" | "numeric" | "timestamp" | "timestamptz")
            };
            // Domains are not known; a list is not its element.
            known(old) && known(new) || using && known(old) && !known(new)
        }
    }
}

/// A serial is a number with a default.
fn plain(kind: &str) -> &str {
    match kind {
        "serial2" => "int2",
        "serial4" => "int4",
        "serial8" => "int8",
        kind => kind,
    }
}

/// `varchar(20)` is `varchar` and `20`.
fn sized(kind: &str) -> (&str, Option<&str>) {
    match kind.split_once('(') {
        Some((name, size)) if size.ends_with(')') => (name, size.strip_suffix(')')),
        _ => (kind, None),
    }
}

fn is_wider(from: Option<&str>, to: Option<&str>) -> bool {
    let number = |size: &str| size.parse::<u64>().ok();
    match (from, to) {
        (_, None) => true,
        (Some(from), Some(to)) => number(from).zip(number(to)).is_some_and(|(from, to)| to >= from),
        (None, Some(_)) => false,
    }
}

/// More digits and as many behind the point.
fn is_wider_number(from: Option<&str>, to: Option<&str>) -> bool {
    let parts = |size: &str| {
        let (digits, scale) = size.split_once(',').unwrap_or((size, "0"));
        Some((digits.parse::<u64>().ok()?, scale.parse::<i64>().ok()?))
    };
    match (from, to) {
        (_, None) => true,
        (Some(from), Some(to)) => {
            parts(from).zip(parts(to)).is_some_and(|(from, to)| from.1 == to.1 && to.0 >= from.0)
        }
        (None, Some(_)) => false,
    }
}
