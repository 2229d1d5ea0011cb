//! What of a text is said in words: code says nothing, and what is struck out is said no more.

use std::borrow::Cow;
use std::ops::Range;

use super::Text;
use crate::value::{self, Mark, State};

impl Text {
    /// Whether all its words are struck out: it was said once and is said no more.
    pub fn is_struck(&self) -> bool {
        let has_words = |text: Option<&str>| text.unwrap_or_default().chars().any(char::is_alphanumeric);
        let mut from = 0;
        for stretch in &self.struck {
            if has_words(self.plain.get(from..stretch.start)) {
                return false;
            }
            from = stretch.end;
        }
        from > 0 && !has_words(self.plain.get(from..))
    }

    /// Whether it opens with a name that is struck out: whatever it is about is over. An id alone
    /// that is struck out was renamed.
    pub fn is_closed(&self) -> bool {
        let Some(first) = self.struck.first() else { return false };
        let part = |range: Range<usize>| self.plain.get(range).unwrap_or_default();
        let opens = !part(0..first.start).chars().any(char::is_alphanumeric);
        let ids: Vec<_> = value::ids(part(first.clone())).into_iter().map(|found| found.range).collect();
        let is_in_id = |at: usize| ids.iter().any(|id| id.start <= at && at < id.end);
        let names = part(first.clone()).char_indices().any(|(at, c)| c.is_alphabetic() && !is_in_id(at));
        self.is_struck() || opens && names
    }

    /// The name that it opens with and that is struck out, without what is said behind it.
    pub(crate) fn closed_name(&self) -> Option<Text> {
        let first = self.struck.first().filter(|_| self.is_closed() && !self.is_struck())?;
        Some(self.slice(0..first.end))
    }

    /// The state that it says of itself now: of what is struck out only that it is over.
    pub fn state(&self) -> Option<Mark> {
        let rest = self.unstruck();
        let said = value::mark(&rest);
        if !self.is_closed() {
            return said;
        }
        // A sentence behind it tells why; `still open` takes it back.
        let words = rest.split_whitespace().filter(|word| word.contains(char::is_alphanumeric));
        let over = Mark { sign: None, state: Some(State::Resolved) };
        said.filter(|_| words.count() <= MOST_WORDS).or(Some(over))
    }

    /// What it says still: all that is not struck out.
    pub fn unstruck(&self) -> Cow<'_, str> {
        self.blotted(&self.struck, |_| true)
    }

    /// What it says in words: code is blotted out, byte by byte, but where it is a value such as
    /// `PASS` or `72 %`. Nobody says `todo = false` of anything.
    pub(crate) fn prose(&self) -> Cow<'_, str> {
        self.blotted(&self.code, |code| !is_value(code))
    }

    /// What it says in words alone, without any code.
    pub(crate) fn words(&self) -> Cow<'_, str> {
        self.blotted(&self.code, |_| true)
    }

    /// Its text with some stretches blotted out, so that all others keep their bytes.
    fn blotted(&self, stretches: &[Range<usize>], is_out: impl Fn(&str) -> bool) -> Cow<'_, str> {
        let of = |range: &Range<usize>| self.plain.get(range.clone()).unwrap_or_default();
        let out = || stretches.iter().filter(|range| is_out(of(range)));
        if out().next().is_none() {
            return Cow::Borrowed(&self.plain);
        }
        let mut said = String::with_capacity(self.plain.len());
        for range in out() {
            said.push_str(self.plain.get(said.len()..range.start).unwrap_or_default());
            said.extend(std::iter::repeat_n(BLOT, range.len()));
        }
        said.push_str(self.plain.get(said.len()..).unwrap_or_default());
        Cow::Owned(said)
    }
}

/// Words behind a name that is struck out that are a state.
const MOST_WORDS: usize = 3;

/// Stands for each byte of what is left out; one byte that is no part of a word.
const BLOT: char = '`';

/// Whether code is a value that a document states: figures, ids, words in capital letters.
fn is_value(code: &str) -> bool {
    let is_shouted = |word: &str| word.chars().all(|letter| letter != '_' && !letter.is_lowercase());
    let is_figure = |word: &str| word.starts_with(|first: char| first.is_ascii_digit());
    let is_state = !code.contains(char::is_whitespace) && value::mark(code).is_some();
    is_state || is_figure(code) || code.split_whitespace().all(is_shouted)
}

#[cfg(test)]
mod tests {
    use super::{State, Text};

    /// The first paragraph of a document.
    fn paragraph(text: &str) -> Text {
        match crate::read(text.as_bytes()).outline.sections[0].blocks.first() {
            Some(crate::outline::Block::Paragraph(text)) => text.clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn code_is_no_prose_and_values_in_it_are() {
        let text = paragraph("é `todo = false` and `PASS`, `72 %`, `open`, `not_run`, ``a`b``");
        assert_eq!(text.prose(), "é ```````````` and PASS, 72 %, open, ```````, ```");
        assert_eq!(text.words(), "é ```````````` and ````, ````, ````, ```````, ```");
        assert_eq!(text.slice(8..23).prose(), "``````` and PAS");
        assert_eq!(paragraph("no code").prose(), "no code");
    }

    #[test]
    fn what_is_struck_out_is_over_unless_the_rest_says_otherwise() {
        let state = |text: &str| paragraph(text).state().and_then(|mark| mark.state);
        for text in [
            "~~TLS is missing~~",
            "~~TLS is missing~~ since the new proxy",
            "~~F-1 TLS~~ fixed",
            "<s>TLS is open</s>",
        ] {
            assert_eq!(state(text), Some(State::Resolved), "{text}");
        }
        assert_eq!(state("~~TLS~~ open again"), Some(State::Open));
        assert_eq!(state("~~open~~ failed"), Some(State::Fail));
        for text in ["~~F-1~~ F-9: TLS", "TLS ~~by Ana~~ by Bo", "~~1.~~ TLS"] {
            assert_eq!(state(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_struck_out_is_known() {
        for text in ["~~F-1 is open~~", "**~~F-1~~**: ~~open~~", "<del>F-1</del>", "~~`F-1`~~ ."] {
            assert!(paragraph(text).is_struck(), "{text}");
        }
        for text in ["~~F-1~~ open", "F-1", "a ~~b~~", "~~ ~~"] {
            assert!(!paragraph(text).is_struck(), "{text}");
        }
    }
}
