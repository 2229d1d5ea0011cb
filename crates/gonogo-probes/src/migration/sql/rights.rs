//! Rights and roles. A password is read only to tell whether it is one, and never kept.

use super::cursor::Cursor;
use super::statement::Operation;
use super::token::{Is, Token};

/// What comes after `GRANT`.
pub(super) fn grant(cursor: &Cursor<'_>) -> Option<Operation> {
    let mut ahead = *cursor;
    let all = ahead.eat(&["all"]);
    ahead.eat(&["privileges"]);
    if ahead.brackets().is_some() {
        return Some(Operation::Nothing);
    }
    // Everybody may run a function and use a type already.
    let is_small = ["function", "functions", "type", "language"];
    let on =
        ahead.eat(&["on"]) && !is_small.iter().any(|word| ahead.sees(&[word]) || ahead.sees(&["all", word]));
    let mut to = ahead;
    to.until(&["to"]);
    let public = to.eat(&["to"]) && to.rest().iter().any(|token| token.is_word("public"));
    Some(if all && on && public { Operation::GrantAllToPublic } else { Operation::Nothing })
}

/// What comes after `CREATE ROLE`, `ALTER USER` and the like.
pub(super) fn role(cursor: &Cursor<'_>) -> Operation {
    let literal = cursor.rest().windows(2).any(|pair| match pair {
        [word, value] => {
            (word.is_word("password") || word.is_word("by")) && value.is == Is::Text && is_password(value)
        }
        _ => false,
    });
    if literal { Operation::RolePassword } else { Operation::Nothing }
}

/// Whether it is a password and not a place for one. What is hashed with salt is none.
fn is_password(value: &Token) -> bool {
    let text = value.text.trim();
    let is_place = text.contains("${")
        || text.contains("{{")
        || text.starts_with([':', '$', '%', '@', '<'])
        || text.starts_with("__");
    !text.is_empty() && !is_place && !text.starts_with("SCRAM-SHA-256$")
}
