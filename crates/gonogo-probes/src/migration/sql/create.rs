//! `CREATE` and `DROP`.

use super::column::{column, rules};
use super::cursor::Cursor;
use super::rights;
use super::statement::{Constraint, Index, Operation, Rule, Table};
use super::token::Is;

/// What comes after `CREATE`; `None` when it is not known.
pub(super) fn create(cursor: &mut Cursor<'_>) -> Option<Operation> {
    cursor.eat(&["or", "replace"]);
    cursor.eat(&["or", "alter"]);
    definer_of_mysql(cursor);
    let mut temporary = false;
    while cursor.peek().is_some_and(|token| SORTS.contains(&token.text.as_str())) {
        temporary |= cursor.sees(&["temp"]) || cursor.sees(&["temporary"]);
        cursor.next();
    }
    let kind = cursor.next().filter(|token| token.is == Is::Word)?;
    match kind.text.as_str() {
        "table" => table(cursor, temporary).map(Operation::CreateTable),
        "unique" if cursor.eat(&["index"]) => index(cursor, true).map(Operation::CreateIndex),
        "unique" | "clustered" | "nonclustered" | "fulltext" | "spatial" | "columnstore" => {
            cursor.until(&["index"]);
            cursor
                .eat(&["index"])
                .then(|| index(cursor, kind.text == "unique").map(Operation::CreateIndex))?
        }
        "index" => index(cursor, false).map(Operation::CreateIndex),
        "materialized" => {
            cursor.eat(&["view"]);
            cursor.eat_if_exists();
            cursor.name().map(Operation::CreateMaterialised)
        }
        "function" | "procedure" => function(cursor),
        "policy" => policy(cursor, |table, name| Operation::CreatePolicy { table, name }),
        "type" => cursor.name().map(Operation::CreateType),
        "role" | "user" | "login" => Some(rights::role(cursor)),
        "database" | "tablespace" => Some(Operation::Outside),
        word => OTHERS.contains(&word).then_some(Operation::Nothing),
    }
}

const SORTS: [&str; 9] =
    ["temp", "temporary", "unlogged", "global", "local", "foreign", "recursive", "virtual", "external"];
const OTHERS: [&str; 34] = [
    "view",
    "schema",
    "extension",
    "sequence",
    "trigger",
    "domain",
    "rule",
    "cast",
    "operator",
    "aggregate",
    "collation",
    "text",
    "publication",
    "subscription",
    "server",
    "event",
    "statistics",
    "constraint",
    "language",
    "trusted",
    "conversion",
    "access",
    "transform",
    "group",
    "keyspace",
    "dictionary",
    "stream",
    "warehouse",
    "data",
    "wrapper",
    "synonym",
    "package",
    "default",
    "live",
];

/// `DEFINER=root@localhost` and the like before the kind.
fn definer_of_mysql(cursor: &mut Cursor<'_>) {
    let words = ["function", "procedure", "trigger", "view", "event"];
    if cursor.sees(&["definer"]) || cursor.sees(&["algorithm"]) || cursor.sees(&["sql"]) {
        cursor.until(&words);
    }
}

fn table(cursor: &mut Cursor<'_>, temporary: bool) -> Option<Table> {
    let if_not_exists = cursor.eat_if_exists();
    let mut table = Table { name: cursor.name()?, temporary, if_not_exists, ..Table::default() };
    table.is_partial = cursor.sees(&["partition"]) || cursor.sees(&["using"]);
    if let Some(inside) = cursor.brackets() {
        inside.parts().into_iter().for_each(|part| member(&mut table, part));
    }
    table.is_partial |= cursor.says(&["inherits"])
        || cursor.sees(&["as"])
        || cursor.sees(&["like"])
        || cursor.says(&["as", "select"])
        || table.columns.is_empty();
    Some(table)
}

/// A column, a constraint, or `LIKE other`.
fn member(table: &mut Table, mut part: Cursor<'_>) {
    if part.sees(&["like"]) {
        table.is_partial = true;
    } else if let Some(constraint) = constraint(&mut part) {
        table.rules.push(constraint);
    } else if let Some(column) = column(part) {
        table.rules.extend(rules(&column).into_iter().map(|rule| Constraint::of(rule, None)));
        table.columns.push(column);
    }
}

impl Constraint {
    fn of(rule: Rule, name: Option<String>) -> Constraint {
        Constraint { name, rule, not_valid: false, using_index: false }
    }
}

/// A constraint of a table; `None` when it is something else.
pub(super) fn constraint(cursor: &mut Cursor<'_>) -> Option<Constraint> {
    let before = *cursor;
    let named = cursor.eat(&["constraint"]);
    let is_rule = |cursor: &Cursor<'_>| {
        ["primary", "unique", "foreign", "check", "exclude"].iter().any(|word| cursor.sees(&[word]))
    };
    // MySQL lets the name out.
    let name = (named && !is_rule(cursor)).then(|| cursor.part()).flatten();
    let Some(rule) = rule(cursor, named) else {
        *cursor = before;
        return None;
    };
    let using_index = cursor.says(&["using", "index"])
        && !cursor.says(&["using", "index", "tablespace"])
        && matches!(rule, Rule::PrimaryKey { .. } | Rule::Unique { .. });
    let not_valid = cursor.says(&["not", "valid"]);
    Some(Constraint { not_valid, using_index, ..Constraint::of(rule, name) })
}

fn rule(cursor: &mut Cursor<'_>, named: bool) -> Option<Rule> {
    let columns = |cursor: &mut Cursor<'_>| {
        // `NULLS NOT DISTINCT`, the name and the kind of an index of MySQL.
        let mut ahead = *cursor;
        while !ahead.is_over() && !ahead.sees_sign('(') && !ahead.sees(&["using"]) {
            ahead.next();
        }
        if ahead.sees_sign('(') {
            *cursor = ahead;
        }
        cursor.columns()
    };
    let first = cursor.peek().filter(|token| token.is == Is::Word)?.text.as_str();
    let second = cursor.rest().get(1);
    let opens = second.is_some_and(|token| token.is_sign('('));
    let ends = |word: &str| second.is_some_and(|token| token.is_word(word));
    match first {
        "primary" if ends("key") => {
            cursor.next();
            cursor.next();
            Some(Rule::PrimaryKey { columns: columns(cursor) })
        }
        "unique"
            if named
                || opens
                || ends("key")
                || ends("index")
                || ends("using")
                || ends("nulls")
                || second.is_some() =>
        {
            cursor.next();
            Some(Rule::Unique { columns: columns(cursor) })
        }
        "foreign" if ends("key") => {
            cursor.next();
            cursor.next();
            let columns = columns(cursor);
            cursor
                .eat(&["references"])
                .then(|| cursor.name())
                .flatten()
                .map(|table| Rule::ForeignKey { columns, table })
        }
        "check" if opens => {
            cursor.next();
            Some(Rule::Check { not_null: not_null(cursor.brackets()?) })
        }
        "exclude" if named || opens || ends("using") => Some(Rule::Exclude),
        "key" | "index" | "fulltext" | "spatial" if is_index(cursor) => {
            cursor.next();
            Some(Rule::Index { columns: columns(cursor) })
        }
        _ => None,
    }
}

/// Whether `KEY name (columns)` comes, and not a column that is called `key`.
fn is_index(cursor: &Cursor<'_>) -> bool {
    let mut ahead = *cursor;
    ahead.next();
    ahead.eat(&["key"]);
    ahead.eat(&["index"]);
    if ahead.sees_sign('(') {
        return true;
    }
    let name = ahead.part();
    ahead.eat(&["using"]).then(|| ahead.next());
    // `key varchar(20)` is a column: its bracket holds a number.
    let is_list = ahead.brackets().is_some_and(|inside| {
        inside.peek().is_some_and(|token| matches!(token.is, Is::Word | Is::Name) || token.is_sign('('))
    });
    name.is_some() && is_list
}

/// The columns of which a check says only that they are not null.
fn not_null(inside: Cursor<'_>) -> Vec<String> {
    if inside.says(&["or"]) {
        return Vec::new();
    }
    let windows = inside.rest().windows(4);
    let found = windows.filter_map(|window| {
        let (name, rest) = window.split_first()?;
        let is_name = matches!(name.is, Is::Word | Is::Name);
        (is_name && Cursor::new(rest).sees(&["is", "not", "null"])).then(|| name.text.clone())
    });
    found.collect()
}

fn index(cursor: &mut Cursor<'_>, unique: bool) -> Option<Index> {
    cursor.eat(&["concurrently"]);
    cursor.eat_if_exists();
    let mut name = None;
    if !cursor.sees(&["on"]) {
        name = cursor.name();
    }
    if cursor.eat(&["using"]) {
        cursor.next();
    }
    if !cursor.eat(&["on"]) {
        return None;
    }
    let only = cursor.eat(&["only"]);
    let table = cursor.name()?;
    if cursor.eat(&["using"]) {
        cursor.next();
    }
    let columns = cursor.columns();
    Some(Index { name, table, columns, unique, only, is_partial: cursor.says(&["where"]) })
}

fn function(cursor: &mut Cursor<'_>) -> Option<Operation> {
    cursor.eat_if_exists();
    let name = cursor.name()?;
    let (definer, search_path) = rights_of_function(cursor);
    Some(Operation::CreateFunction { name, definer: definer == Some(true), search_path })
}

/// Whether it runs with the rights of its owner, and whether it says where names are looked up.
pub(super) fn rights_of_function(cursor: &Cursor<'_>) -> (Option<bool>, bool) {
    let definer = match () {
        () if cursor.says(&["security", "definer"]) => Some(true),
        () if cursor.says(&["security", "invoker"]) => Some(false),
        () => None,
    };
    (definer, cursor.says(&["set", "search_path"]))
}

fn policy(cursor: &mut Cursor<'_>, of: impl Fn(String, String) -> Operation) -> Option<Operation> {
    cursor.eat_if_exists();
    let name = cursor.part()?;
    cursor.eat(&["on"]).then(|| cursor.name()).flatten().map(|table| of(table, name))
}

/// What comes after `DROP`; `None` when it is not known.
pub(super) fn drop(cursor: &mut Cursor<'_>) -> Option<Operation> {
    cursor.eat_any(&["temporary", "foreign"]);
    let kind = cursor.next().filter(|token| token.is == Is::Word)?;
    let cascade = cursor.says(&["cascade"]);
    match kind.text.as_str() {
        "table" => Some(Operation::Drop { what: "TABLE", names: names(cursor), cascade }),
        "view" => Some(Operation::Drop { what: "VIEW", names: names(cursor), cascade }),
        "materialized" if cursor.eat(&["view"]) => {
            Some(Operation::Drop { what: "MATERIALIZED VIEW", names: names(cursor), cascade })
        }
        "function" | "procedure" | "routine" => {
            Some(Operation::Drop { what: "FUNCTION", names: names(cursor), cascade })
        }
        "type" => Some(Operation::Drop { what: "TYPE", names: names(cursor), cascade }),
        "index" => {
            cursor.eat(&["concurrently"]);
            let names = names(cursor);
            let table = cursor.eat(&["on"]).then(|| cursor.name()).flatten();
            Some(Operation::DropIndex { names, table })
        }
        "policy" => policy(cursor, |table, name| Operation::DropPolicy { table, name }),
        "database" => Some(Operation::DropDatabase),
        "schema" => Some(Operation::DropSchema { names: names(cursor), cascade }),
        "tablespace" => Some(Operation::Outside),
        "role" | "user" | "owned" | "login" => Some(Operation::Nothing),
        word => OTHERS.contains(&word).then_some(Operation::Nothing),
    }
}

/// `[IF EXISTS] a, b(int), c`.
fn names(cursor: &mut Cursor<'_>) -> Vec<String> {
    cursor.eat_if_exists();
    let mut names = Vec::new();
    while let Some(name) = cursor.name() {
        names.push(name);
        cursor.brackets();
        if !cursor.eat_sign(',') {
            break;
        }
    }
    names
}
