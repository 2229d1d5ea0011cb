//! SQL as migrations write it: words, statements, and what each statement does to which table.
//! Written for reading what is there, not for refusing what is wrong: whatever cannot be
//! understood is said so, statement by statement. It knows no folder and no tool.

mod alter;
mod body;
mod column;
mod create;
mod cursor;
mod data;
mod rights;
mod split;
mod statement;
mod token;

pub(super) use column::{Column, Initial, rules};
pub(super) use statement::{Action, Constraint, Index, Operation, Rule, Statement, Table};
pub(super) use token::At;

use split::split;

/// How strings, comments and statement ends are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    /// `'\'` is a whole string, `#` is an operator.
    Standard,
    /// `'\''` is a whole string, `#` starts a comment.
    MySql,
}

/// A text in its parts.
#[derive(Debug, Default)]
pub(super) struct Script {
    pub(super) statements: Vec<Statement>,
    /// Comments that stand for themselves, without their marks.
    pub(super) comments: Vec<(At, String)>,
    /// Why its end was not read.
    pub(super) cut: Option<String>,
}

/// Whether two texts have the same statements, whatever their comments and blanks are.
pub(super) fn same(one: &str, other: &str, syntax: Syntax) -> bool {
    let (one, other) = (split(one, syntax), split(other, syntax));
    let pairs = one.statements.iter().zip(&other.statements);
    one.statements.len() == other.statements.len() && pairs.into_iter().all(|(one, other)| one.says_as(other))
}

/// Reads a text. It answers for any text, in time that grows with its length.
pub(super) fn read(text: &str, syntax: Syntax) -> Script {
    let pieces = split(text, syntax);
    let statements = pieces.statements.into_iter().map(statement::read).collect();
    Script { statements, comments: pieces.comments, cut: pieces.cut }
}
