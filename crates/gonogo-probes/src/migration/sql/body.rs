//! Blocks of code, `DO $$ … $$`: the statements in them that may run. It does not follow
//! conditions, loops and variables.

use super::Syntax;
use super::cursor::Cursor;
use super::split::{Piece, split_from};
use super::statement::{Operation, Statement, read};
use super::token::{Is, Token};

/// Words after which a statement of a block starts.
const OPENERS: [&str; 6] = ["begin", "then", "else", "loop", "declare", "exception"];
/// Words that start a statement which is looked at.
const STARTS: [&str; 8] = ["create", "alter", "drop", "update", "delete", "truncate", "lock", "grant"];
/// Bytes of the words of a block that are kept.
const LONGEST: usize = 20_000;

/// What comes after `DO`.
pub(super) fn block(cursor: &mut Cursor<'_>) -> Option<Operation> {
    let body = cursor.rest().iter().find(|token| matches!(token.is, Is::Body | Is::Text))?;
    let pieces = split_from(&body.text, Syntax::Standard, body.at);
    let words = body.text.chars().take(LONGEST).collect::<String>().to_lowercase();
    let statements = pieces.statements.iter().filter_map(inside).collect();
    Some(Operation::Block { statements, words })
}

/// A statement of a block without what opens the block before it.
fn inside(piece: &Piece) -> Option<Statement> {
    let tokens = &piece.tokens;
    let starts = |place: usize| {
        let token = tokens.get(place)?;
        let before = place.checked_sub(1).and_then(|before| tokens.get(before));
        let opened = before.is_none_or(|before| OPENERS.iter().any(|word| before.is_word(word)));
        let is_start = STARTS.iter().any(|word| token.is_word(word));
        (opened && is_start).then_some(place)
    };
    let start = (0..tokens.len()).find_map(starts)?;
    let rest: Vec<Token> = tokens.get(start..).unwrap_or_default().to_vec();
    // What is a block itself is not opened again.
    Some(read(Piece { tokens: rest, is_cut: piece.is_cut }))
}

#[cfg(test)]
mod tests {
    use super::super::{Syntax, read};
    use super::*;

    #[test]
    fn statements_of_a_block_are_seen_at_their_place() {
        let text = "DO $$\nBEGIN\n  IF NOT EXISTS (SELECT 1) THEN\n    ALTER TABLE a ADD COLUMN b int;\n  END IF;\n  EXECUTE 'drop table x';\nEND $$;";
        let script = read(text, Syntax::Standard);
        let Operation::Block { statements, .. } = &script.statements[0].operation else { panic!("no block") };
        assert_eq!(statements.len(), 1);
        assert_eq!((statements[0].title.as_str(), statements[0].at.line), ("ALTER TABLE a", 4));
    }
}
