//! The definition of a column: its type, its default, and what it demands of the rows.

use super::cursor::Cursor;
use super::statement::Rule;
use super::token::{At, Is};

/// A column as it is defined.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(in super::super) struct Column {
    pub(in super::super) name: String,
    pub(in super::super) at: At,
    /// In lower case, with one name for each type: `int4`, `varchar(20)`, `timestamptz`, `text[]`.
    pub(in super::super) kind: String,
    pub(in super::super) not_null: bool,
    pub(in super::super) default: Option<Initial>,
    pub(in super::super) primary_key: bool,
    pub(in super::super) unique: bool,
    /// The table it points at.
    pub(in super::super) references: Option<String>,
    /// A check in its definition.
    pub(in super::super) check: bool,
}

/// What a new row has where nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Initial {
    Null,
    /// The same for all rows of a statement.
    Constant,
    /// Known to be another for each row, so each row is written.
    Volatile,
    /// A function that is not known.
    Unknown,
}

const ENDS: [&str; 21] = [
    "not",
    "null",
    "default",
    "primary",
    "unique",
    "references",
    "check",
    "constraint",
    "collate",
    "generated",
    "auto_increment",
    "autoincrement",
    "comment",
    "on",
    "as",
    "storage",
    "compression",
    "after",
    "first",
    "key",
    "using",
];

/// Functions that give each row another value.
const VOLATILE: [&str; 14] = [
    "random",
    "gen_random_uuid",
    "uuid_generate_v1",
    "uuid_generate_v1mc",
    "uuid_generate_v4",
    "uuid_generate_v7",
    "uuidv4",
    "uuidv7",
    "uuid",
    "gen_random_bytes",
    "clock_timestamp",
    "timeofday",
    "nextval",
    "newid",
];
/// Functions that give every row of a statement the same value.
const STABLE: [&str; 22] = [
    "now",
    "current_timestamp",
    "current_date",
    "current_time",
    "current_user",
    "current_setting",
    "localtimestamp",
    "transaction_timestamp",
    "statement_timestamp",
    "date_trunc",
    "timezone",
    "extract",
    "to_timestamp",
    "coalesce",
    "cast",
    "jsonb_build_object",
    "json_build_object",
    "jsonb_build_array",
    "md5",
    "lower",
    "upper",
    "unix_timestamp",
];

/// Reads `name type [constraints]`.
pub(super) fn column(mut cursor: Cursor<'_>) -> Option<Column> {
    let at = cursor.at();
    let name = cursor.part()?;
    let mut column = Column { name, at, kind: kind(cursor.until(&ENDS)), ..Column::default() };
    if matches!(column.kind.as_str(), "serial2" | "serial4" | "serial8") {
        column.not_null = true;
        column.default = Some(Initial::Volatile);
    }
    while let Some(token) = cursor.next() {
        if token.is == Is::Word {
            demand(&mut column, &token.text, &mut cursor);
        }
    }
    Some(column)
}

/// One constraint, or a word of one.
fn demand(column: &mut Column, word: &str, cursor: &mut Cursor<'_>) {
    match word {
        "not" if cursor.eat(&["null"]) => column.not_null = true,
        "primary" if cursor.eat(&["key"]) => (column.primary_key, column.not_null) = (true, true),
        "unique" => column.unique = true,
        "default" => column.default = Some(default_of(cursor.until(&ENDS))),
        "references" => column.references = cursor.name(),
        "check" => column.check = true,
        "auto_increment" => column.default = Some(Initial::Constant),
        "generated" => generated(column, cursor),
        "as" if cursor.brackets().is_some() => stored(column, cursor),
        "constraint" | "collate" => drop(cursor.next()),
        "on" => {
            cursor.next();
            if cursor.eat(&["set"]) {
                cursor.next();
            }
        }
        _ => {}
    }
}

/// `GENERATED ALWAYS AS IDENTITY` and `GENERATED ALWAYS AS (a + b) STORED`.
fn generated(column: &mut Column, cursor: &mut Cursor<'_>) {
    cursor.until(&["as"]);
    if cursor.eat(&["as", "identity"]) {
        column.not_null = true;
        column.default = Some(Initial::Volatile);
    } else if cursor.eat(&["as"]) && cursor.brackets().is_some() {
        stored(column, cursor);
    }
}

/// A computed column that is kept in each row has to be written there.
fn stored(column: &mut Column, cursor: &mut Cursor<'_>) {
    let is_kept = cursor.eat(&["stored"]);
    column.default = Some(if is_kept { Initial::Volatile } else { Initial::Constant });
}

/// What a default is, without its cast.
pub(super) fn default_of(cursor: Cursor<'_>) -> Initial {
    if cursor.peek().is_some_and(|token| token.is_word("null")) || cursor.is_over() {
        return Initial::Null;
    }
    let calls: Vec<&str> = cursor
        .rest()
        .windows(2)
        .filter(|pair| matches!(pair, [name, bracket] if name.is == Is::Word && bracket.is_sign('(')))
        .filter_map(|pair| pair.first().map(|name| name.text.as_str()))
        .collect();
    let is_type = |name: &str| !simple(name).is_empty() || matches!(name, "varying" | "bit" | "time");
    match calls {
        calls if calls.iter().any(|name| VOLATILE.contains(name)) => Initial::Volatile,
        calls if calls.iter().all(|name| STABLE.contains(name) || is_type(name)) => Initial::Constant,
        _ => Initial::Unknown,
    }
}

/// A type with one name for what has several.
pub(super) fn kind(cursor: Cursor<'_>) -> String {
    let mut words: Vec<&str> = Vec::new();
    let mut arguments = String::new();
    let mut is_list = false;
    let mut rest = cursor;
    while let Some(token) = rest.peek() {
        if let Some(inside) = rest.brackets() {
            let numbers: Vec<&str> = inside.rest().iter().map(|token| token.text.as_str()).collect();
            arguments = numbers.concat();
            // The names of an enum of MySQL are not shown.
            if inside.rest().iter().any(|token| token.is == Is::Text) {
                arguments.clear();
            }
            continue;
        }
        is_list |= token.is_sign('[') || token.is_word("array");
        if matches!(token.is, Is::Word | Is::Name) && token.text != "array" {
            words.push(&token.text);
        }
        rest.next();
    }
    words.retain(|word| !matches!(*word, "unsigned" | "zerofill" | "signed" | "pg_catalog"));
    let words = words.join(" ");
    let name = if simple(&words).is_empty() { words.as_str() } else { simple(&words) };
    let arguments = if arguments.is_empty() { arguments } else { format!("({arguments})") };
    format!("{name}{arguments}{}", if is_list { "[]" } else { "" })
}

/// The one name of a type that is known; empty for others.
fn simple(words: &str) -> &'static str {
    match words {
        "int2" | "smallint" => "int2",
        "int" | "integer" | "int4" | "mediumint" => "int4",
        "bigint" | "int8" => "int8",
        "smallserial" | "serial2" => "serial2",
        "serial" | "serial4" => "serial4",
        "bigserial" | "serial8" => "serial8",
        "real" | "float4" => "float4",
        "float" | "double" | "double precision" | "float8" => "float8",
        "decimal" | "numeric" | "dec" => "numeric",
        "varchar" | "character varying" | "nvarchar" | "char varying" => "varchar",
        "char" | "character" | "bpchar" | "nchar" => "char",
        "text" => "text",
        "timestamp" | "timestamp without time zone" => "timestamp",
        "timestamptz" | "timestamp with time zone" => "timestamptz",
        "datetime" => "datetime",
        "bool" | "boolean" => "bool",
        "uuid" => "uuid",
        "json" => "json",
        "jsonb" => "jsonb",
        "date" => "date",
        "bytea" => "bytea",
        "interval" => "interval",
        "money" => "money",
        _ => "",
    }
}

/// What a column demands, as rules of its table.
pub(in super::super) fn rules(column: &Column) -> Vec<Rule> {
    let own = || vec![column.name.clone()];
    let mut rules = Vec::new();
    if column.primary_key {
        rules.push(Rule::PrimaryKey { columns: own() });
    }
    if column.unique {
        rules.push(Rule::Unique { columns: own() });
    }
    if let Some(table) = &column.references {
        rules.push(Rule::ForeignKey { columns: own(), table: table.clone() });
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::super::Syntax;
    use super::super::split::split;
    use super::*;

    fn of(text: &str) -> Column {
        let pieces = split(text, Syntax::Standard);
        column(Cursor::new(&pieces.statements[0].tokens)).unwrap()
    }

    #[test]
    fn types_have_one_name() {
        for (text, kind) in [
            ("a INTEGER NOT NULL", "int4"),
            ("a character varying(20) COLLATE \"C\"", "varchar(20)"),
            ("a numeric(10, 2) DEFAULT 0", "numeric(10,2)"),
            ("a timestamp(3) with time zone", "timestamptz(3)"),
            ("a text[] NOT NULL DEFAULT '{}'", "text[]"),
            ("a my.kind", "my kind"),
            ("a enum('x','y') NOT NULL", "enum"),
            ("a bigint unsigned", "int8"),
            ("a", ""),
        ] {
            assert_eq!(of(text).kind, kind, "{text}");
        }
    }

    #[test]
    fn defaults_are_told_apart() {
        for (text, default) in [
            ("a text DEFAULT ''::text NOT NULL", Initial::Constant),
            ("a timestamptz NOT NULL DEFAULT now()", Initial::Constant),
            ("a timestamptz DEFAULT (CURRENT_TIMESTAMP AT TIME ZONE 'UTC')", Initial::Constant),
            ("a uuid DEFAULT gen_random_uuid() NOT NULL", Initial::Volatile),
            ("a text DEFAULT my_function(1)", Initial::Unknown),
            ("a int DEFAULT NULL", Initial::Null),
            ("a bigserial", Initial::Volatile),
            ("a bigint GENERATED BY DEFAULT AS IDENTITY", Initial::Volatile),
            ("a tsvector GENERATED ALWAYS AS (to_tsvector('a')) STORED", Initial::Volatile),
            ("a int GENERATED ALWAYS AS (b) VIRTUAL", Initial::Constant),
            ("a varchar(3) DEFAULT 'x'::character varying(3)", Initial::Constant),
        ] {
            assert_eq!(of(text).default, Some(default), "{text}");
        }
        assert_eq!(of("a int").default, None);
    }

    #[test]
    fn demands_are_read() {
        let column = of("a int PRIMARY KEY REFERENCES public.b (id) ON DELETE SET NULL UNIQUE CHECK (a > 0)");
        assert!(column.primary_key && column.unique && column.check && column.not_null);
        assert_eq!(column.references.as_deref(), Some("b"));
        assert!(!of("a int REFERENCES b ON DELETE SET DEFAULT").not_null);
        assert_eq!(of("a int REFERENCES b ON DELETE SET DEFAULT").default, None);
    }
}
