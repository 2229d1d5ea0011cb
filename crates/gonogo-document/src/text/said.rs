//! What of a text is said in words: code says nothing, and what is struck out is said no more.

use std::borrow::Cow;
use std::ops::Range;

use super::Text;

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

    /// What it says in words: code is blotted out, byte by byte, but where it is a value such as
    /// `PASS` or `72 %`. Nobody says `todo = false` of anything.
    pub(crate) fn prose(&self) -> Cow<'_, str> {
        self.without(|code| !is_value(code))
    }

    /// What it says in words alone, without any code.
    pub(crate) fn words(&self) -> Cow<'_, str> {
        self.without(|_| true)
    }

    fn without(&self, is_code: impl Fn(&str) -> bool) -> Cow<'_, str> {
        let of = |range: &Range<usize>| self.plain.get(range.clone()).unwrap_or_default();
        let code = || self.code.iter().filter(|range| is_code(of(range)));
        if code().next().is_none() {
            return Cow::Borrowed(&self.plain);
        }
        let mut said = String::with_capacity(self.plain.len());
        for range in code() {
            said.push_str(self.plain.get(said.len()..range.start).unwrap_or_default());
            said.extend(std::iter::repeat_n(BLOT, range.len()));
        }
        said.push_str(self.plain.get(said.len()..).unwrap_or_default());
        Cow::Owned(said)
    }
}

/// Stands for each byte of code; one byte that is no part of a word.
const BLOT: char = '`';

/// Whether code is a value that a document states: figures, ids, words in capital letters.
fn is_value(code: &str) -> bool {
    let is_shouted = |word: &str| word.chars().all(|letter| letter != '_' && !letter.is_lowercase());
    let is_figure = |word: &str| word.starts_with(|first: char| first.is_ascii_digit());
    let is_state = !code.contains(char::is_whitespace) && crate::value::mark(code).is_some();
    is_state || is_figure(code) || code.split_whitespace().all(is_shouted)
}

#[cfg(test)]
mod tests {
    use super::Text;

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
    fn what_is_struck_out_is_known() {
        for text in ["~~F-1 is open~~", "**~~F-1~~**: ~~open~~", "<del>F-1</del>", "~~`F-1`~~ ."] {
            assert!(paragraph(text).is_struck(), "{text}");
        }
        for text in ["~~F-1~~ open", "F-1", "a ~~b~~", "~~ ~~"] {
            assert!(!paragraph(text).is_struck(), "{text}");
        }
    }
}
