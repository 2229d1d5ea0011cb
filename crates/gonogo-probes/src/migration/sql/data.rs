//! Statements about rows and about whole tables, and settings of the session.

use super::cursor::Cursor;
use super::statement::Operation;
use super::token::Is;

/// What comes after `word`; `None` when it is nothing of this room.
pub(super) fn data(word: &str, cursor: &mut Cursor<'_>) -> Option<Operation> {
    match word {
        "update" => update(cursor),
        "delete" => delete(cursor),
        "with" => Some(with(cursor)),
        "truncate" => {
            cursor.eat(&["table"]);
            Some(Operation::Truncate(tables(cursor)))
        }
        "lock" => {
            let is_table = cursor.eat_any(&["table", "tables"]) || !cursor.is_over();
            let is_mild =
                cursor.says(&["share"]) && !cursor.says(&["row", "exclusive"]) || cursor.says(&["read"]);
            match is_table && !is_mild {
                true => Some(Operation::Lock(tables(cursor))),
                false => Some(Operation::Nothing),
            }
        }
        "vacuum" => Some(Operation::Vacuum { full: cursor.says(&["full"]) }),
        "cluster" => Some(Operation::Cluster(cursor.name())),
        "reindex" => Some(Operation::Reindex),
        _ => None,
    }
}

/// `UPDATE [ONLY] table [AS x] SET … [WHERE …]`.
fn update(cursor: &mut Cursor<'_>) -> Option<Operation> {
    cursor.eat_any(&["only", "ignore", "low_priority"]);
    let table = cursor.name()?;
    // A join or a limit names the rows as well.
    let narrowed = ["where", "from", "join", "limit"].iter().any(|word| is_outside(cursor, word));
    Some(Operation::Update { table, all: !narrowed })
}

/// `DELETE FROM [ONLY] table [USING …] [WHERE …]`.
fn delete(cursor: &mut Cursor<'_>) -> Option<Operation> {
    cursor.eat(&["from"]);
    cursor.eat(&["only"]);
    let table = cursor.name()?;
    let narrowed = ["where", "using", "join", "limit"].iter().any(|word| is_outside(cursor, word));
    Some(Operation::Delete { table, all: !narrowed })
}

/// Whether the word stands in no brackets.
fn is_outside(cursor: &Cursor<'_>, word: &str) -> bool {
    let mut ahead = *cursor;
    ahead.until(&[word]);
    !ahead.is_over()
}

/// `WITH x AS (…) UPDATE …`.
fn with(cursor: &mut Cursor<'_>) -> Operation {
    cursor.until(&["update", "delete", "insert", "select", "merge"]);
    let read = match cursor.next().map(|token| token.text.as_str()) {
        Some("update") => update(cursor),
        Some("delete") => delete(cursor),
        _ => None,
    };
    // Rows that a query names are not all rows.
    match read {
        Some(Operation::Update { table, .. }) => Operation::Update { table, all: false },
        Some(Operation::Delete { table, .. }) => Operation::Delete { table, all: false },
        _ => Operation::Nothing,
    }
}

fn tables(cursor: &mut Cursor<'_>) -> Vec<String> {
    let mut names = Vec::new();
    loop {
        cursor.eat(&["only"]);
        let Some(name) = cursor.name() else { break };
        names.push(name);
        if !cursor.eat_sign(',') {
            break;
        }
    }
    names
}

/// `SET lock_timeout`, `SELECT set_config('lock_timeout', …)`, `SELECT … INTO table`.
pub(super) fn setting(cursor: &Cursor<'_>) -> Operation {
    let names = |token: &super::token::Token| {
        let is_name = matches!(token.is, Is::Word | Is::Text);
        is_name
            && matches!(
                token.text.as_str(),
                "lock_timeout" | "statement_timeout" | "lock_wait_timeout" | "innodb_lock_wait_timeout"
            )
    };
    match cursor.rest().iter().take(8).any(names) {
        true => Operation::LockTimeout,
        false => Operation::Nothing,
    }
}
