//! A text cut into words, numbers and signs, once for all readers of values.

use std::borrow::Cow;
use std::ops::Range;

use num_bigint::BigInt;
use num_traits::Pow as _;

use super::Exact;

/// Digits that are read as one number; longer ones are no amounts.
const MOST_DIGITS: usize = 24;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// Letters, and digits behind them: `days`, `P0`, `p95`.
    Word,
    /// Digits with their separators: `1,234.5`.
    Number,
    /// Anything else that is not a space: one character.
    Sign(char),
}

#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) range: Range<usize>,
    /// Spaces or line breaks stand before it.
    pub(crate) spaced: bool,
}

/// The tokens of a text.
#[derive(Debug)]
pub(crate) struct Scan<'a> {
    pub(crate) text: &'a str,
    pub(crate) tokens: Vec<Token>,
}

impl<'a> Scan<'a> {
    pub(crate) fn of(text: &'a str) -> Scan<'a> {
        let mut tokens: Vec<Token> = Vec::with_capacity(text.len() / 5 + 1);
        let mut spaced = false;
        let mut letters = text.char_indices().peekable();
        while let Some((start, letter)) = letters.next() {
            if letter.is_whitespace() {
                spaced = true;
                continue;
            }
            let mut end = start + letter.len_utf8();
            let kind = if letter.is_ascii_digit() {
                end += number_length(text.get(end..).unwrap_or_default());
                TokenKind::Number
            } else if letter.is_alphabetic() {
                let rest = text.get(end..).unwrap_or_default();
                end += rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
                TokenKind::Word
            } else {
                TokenKind::Sign(letter)
            };
            while letters.peek().is_some_and(|(at, _)| *at < end) {
                letters.next();
            }
            tokens.push(Token { kind, range: start..end, spaced });
            spaced = false;
        }
        Scan { text, tokens }
    }

    pub(crate) fn kind(&self, at: usize) -> Option<TokenKind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    pub(crate) fn text_of(&self, at: usize) -> &'a str {
        self.tokens.get(at).and_then(|token| self.text.get(token.range.clone())).unwrap_or_default()
    }

    pub(crate) fn range(&self, from: usize, to: usize) -> Range<usize> {
        let start = self.tokens.get(from).map_or(0, |token| token.range.start);
        let end = self.tokens.get(to).map_or(start, |token| token.range.end);
        start..end.max(start)
    }

    pub(crate) fn is_sign(&self, at: usize, signs: &[char]) -> bool {
        matches!(self.kind(at), Some(TokenKind::Sign(sign)) if signs.contains(&sign))
    }

    /// Whether the token stands directly behind the one before it.
    pub(crate) fn is_joined(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| !token.spaced)
    }

    /// The word in small letters.
    pub(crate) fn word(&self, at: usize) -> Option<Cow<'a, str>> {
        (self.kind(at)? == TokenKind::Word).then(|| small(self.text_of(at)))
    }

    /// Whether the word at `at` is one of these, which are in small letters.
    pub(crate) fn is_word(&self, at: usize, words: &[&str]) -> bool {
        if self.kind(at) != Some(TokenKind::Word) {
            return false;
        }
        let text = self.text_of(at);
        match text.is_ascii() {
            true => words.iter().any(|word| word.eq_ignore_ascii_case(text)),
            false => words.contains(&text.to_lowercase().as_str()),
        }
    }

    /// The number at `at`. A sign before it is not part of it.
    pub(crate) fn number(&self, at: usize) -> Option<Exact> {
        (self.kind(at)? == TokenKind::Number).then(|| exact(self.text_of(at))).flatten()
    }

    /// The whole number at `at`, written with digits alone.
    pub(crate) fn whole(&self, at: usize) -> Option<u64> {
        let digits = self.text_of(at);
        let plain = self.kind(at)? == TokenKind::Number && digits.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| digits.parse().ok()).flatten()
    }
}

/// A text in small letters. Most words are in small letters already, and cost nothing.
pub(crate) fn small(text: &str) -> Cow<'_, str> {
    match text.is_ascii() {
        true if !text.bytes().any(|byte| byte.is_ascii_uppercase()) => Cow::Borrowed(text),
        true => Cow::Owned(text.to_ascii_lowercase()),
        false => Cow::Owned(text.to_lowercase()),
    }
}

/// Whether there is a digit that numbers are made of. A text without one has no number, date or id.
pub(crate) fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

/// How far a number goes on: separators count when a digit follows them.
fn number_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut length = 0;
    loop {
        match (bytes.get(length), bytes.get(length + 1)) {
            (Some(b'0'..=b'9'), _) => length += 1,
            (Some(b'.' | b',' | b'\''), Some(b'0'..=b'9')) => length += 2,
            _ => return length,
        }
    }
}

/// Digits with separators, exactly. `1,234` and `1.234.567` are grouped in thousands, `1,5` and
/// `1.5` have a decimal part; `1.234` is taken for a decimal part.
pub(crate) fn exact(text: &str) -> Option<Exact> {
    if text.len() <= MOST_DIGITS
        && let Ok(whole) = text.parse::<u64>()
    {
        return Some(Exact::from_integer(BigInt::from(whole)));
    }
    if text.len() > MOST_DIGITS * 2 || text.bytes().filter(u8::is_ascii_digit).count() > MOST_DIGITS {
        return None;
    }
    let text = text.replace('\'', "");
    let (whole, part) = match (text.rfind(','), text.rfind('.')) {
        (Some(comma), Some(dot)) if comma > dot => text.split_at(comma),
        (Some(_), Some(dot)) => text.split_at(dot),
        (Some(_), None) if is_grouped(&text, ',') => (text.as_str(), ""),
        (None, Some(_)) if text.matches('.').count() > 1 && is_grouped(&text, '.') => (text.as_str(), ""),
        (Some(at), None) | (None, Some(at)) => text.split_at(at),
        (None, None) => (text.as_str(), ""),
    };
    let (group, part) = (if part.starts_with(',') { '.' } else { ',' }, part.get(1..).unwrap_or_default());
    let grouping = whole.contains([',', '.']);
    if grouping && !is_grouped(whole, group) && !is_grouped(whole, '.') {
        // Versions and the like: 1.2.3.
        return None;
    }
    let digits: String = whole.chars().filter(char::is_ascii_digit).chain(part.chars()).collect();
    let top: BigInt = digits.parse().ok()?;
    if part.is_empty() {
        return Some(Exact::from_integer(top));
    }
    Some(Exact::new(top, BigInt::from(10).pow(u32::try_from(part.len()).ok()?)))
}

/// One to three digits, then groups of exactly three.
fn is_grouped(text: &str, separator: char) -> bool {
    let mut groups = text.split(separator);
    let first = groups.next().unwrap_or_default();
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let mut rest = 0;
    let sound = groups.all(|group| {
        rest += 1;
        group.len() == 3 && digits(group)
    });
    sound && rest > 0 && digits(first) && (1..=3).contains(&first.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_all_writings_are_exact() {
        let read = |text: &str| exact(text).map(|value| value.to_string());
        for (text, value) in [
            ("12", "12"),
            ("1,234", "1234"),
            ("1.234,5", "2469/2"),
            ("1,234.5", "2469/2"),
            ("1,234,567", "1234567"),
            ("1.234.567", "1234567"),
            ("1'234", "1234"),
            ("4.8", "24/5"),
            ("4,8", "24/5"),
            ("0.08", "2/25"),
        ] {
            assert_eq!(read(text).as_deref(), Some(value), "{text}");
        }
        assert_eq!(read("1.2.3"), None);
        assert_eq!(read(&"9".repeat(80)), None);
    }

    #[test]
    fn texts_are_cut_into_words_numbers_and_signs() {
        let scan = Scan::of("p95: 4–6h, ✅ ok");
        let all: Vec<&str> = (0..scan.tokens.len()).map(|at| scan.text_of(at)).collect();
        assert_eq!(all, ["p95", ":", "4", "–", "6", "h", ",", "✅", "ok"]);
        assert!(scan.is_joined(5) && !scan.is_joined(7));
    }
}
