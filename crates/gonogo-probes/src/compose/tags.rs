//! The tags of compose, `!reset` and `!override`. The YAML reader drops tags, so they are looked up
//! in the text, behind the key they belong to.

use super::tree::Spot;

/// What a tag asks of the value behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    /// The key is as if nobody had written it, also where it is laid over another.
    Reset,
    /// The value takes the place of what it is laid over.
    Override,
}

/// The lines of a text that has tags; none of a text without.
pub(super) struct Tagged<'t> {
    lines: Vec<&'t str>,
}

impl<'t> Tagged<'t> {
    pub(super) fn of(text: &'t str) -> Tagged<'t> {
        let has_tags = text.contains("!reset") || text.contains("!override");
        Tagged { lines: if has_tags { text.lines().collect() } else { Vec::new() } }
    }

    /// The tag of the value whose key starts here.
    pub(super) fn tag(&self, key: Spot) -> Option<Tag> {
        let line = self.lines.get((key.line as usize).checked_sub(1)?)?;
        let (start, _) = line.char_indices().nth((key.column as usize).checked_sub(1)?)?;
        let mut rest = behind_key(line.get(start..)?)?.trim_start();
        if rest.starts_with('&') {
            rest = rest.split_once(char::is_whitespace)?.1.trim_start();
        }
        let word = rest.split([' ', '\t', '[', '{', ',', '}', '"', '\'']).next()?;
        match word {
            "!reset" => Some(Tag::Reset),
            "!override" => Some(Tag::Override),
            _ => None,
        }
    }
}

/// What stands behind the colon of the key with which `text` starts.
fn behind_key(text: &str) -> Option<&str> {
    let after = match text.chars().next()? {
        quote @ ('"' | '\'') => text.get(1..)?.split_once(quote)?.1,
        _ => text.get(text.find(": ")?..)?,
    };
    after.trim_start().strip_prefix(':')
}
