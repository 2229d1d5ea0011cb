//! The words of readiness documents in several languages, each with its meaning. Tables, and how a
//! phrase is found in a text.

pub(crate) mod call;
pub(crate) mod claim;
pub(crate) mod metadata;
pub(crate) mod name;
pub(crate) mod role;
pub(crate) mod state;
pub(crate) mod topic;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use crate::value::small;

/// Words in small letters, each with something. Most words of a text are in none of these lists, and
/// most of those begin with a byte that no word of the list begins with.
#[derive(Debug)]
pub(crate) struct ByWord<T> {
    /// By their first byte, in order.
    words: Vec<Vec<(&'static str, T)>>,
    /// By their first byte, a bit for each length that there is; 63 and more are one.
    lengths: Vec<u64>,
}

impl<T> ByWord<T> {
    pub(crate) fn of(all: impl IntoIterator<Item = (&'static str, T)>) -> ByWord<T> {
        let mut words: Vec<Vec<(&'static str, T)>> = (0..=u8::MAX).map(|_| Vec::new()).collect();
        let mut lengths = vec![0; words.len()];
        for (word, value) in all {
            let first = word.bytes().next().unwrap_or_default();
            if let Some(lengths) = lengths.get_mut(usize::from(first)) {
                *lengths |= length_bit(word);
            }
            if let Some(known) = words.get_mut(usize::from(first)) {
                let at = known.partition_point(|(other, _)| *other < word);
                known.insert(at, (word, value));
            }
        }
        ByWord { words, lengths }
    }

    pub(crate) fn get(&self, word: &str) -> Option<&T> {
        let first = usize::from(word.bytes().next()?);
        if self.lengths.get(first)? & length_bit(word) == 0 {
            return None;
        }
        let known = self.words.get(first)?;
        let at = known.binary_search_by(|(other, _)| (*other).cmp(word)).ok()?;
        known.get(at).map(|(_, value)| value)
    }
}

fn length_bit(word: &str) -> u64 {
    1 << word.len().min(63)
}

/// Phrases and what they mean, found by their first word.
#[derive(Debug)]
pub(crate) struct Lexicon<M> {
    by_first: ByWord<Vec<(Vec<&'static str>, M)>>,
}

/// A word of a text, in small letters, and its bytes there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) range: Range<usize>,
}

impl Word<'_> {
    /// Whether it is one of these, which are in small letters.
    pub(crate) fn is_one_of(&self, words: &[&str]) -> bool {
        words.contains(&&*self.text)
    }
}

/// The words of a text: letters and digits.
pub(crate) fn words(text: &str) -> Vec<Word<'_>> {
    let mut found = Vec::with_capacity(text.len() / 6 + 1);
    let mut start = None;
    for (at, letter) in text.char_indices().chain(std::iter::once((text.len(), ' '))) {
        match (letter.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let word = text.get(from..at).unwrap_or_default();
                found.push(Word { text: small(word), range: from..at });
                start = None;
            }
            _ => {}
        }
    }
    found
}

/// A phrase that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hit<M> {
    pub(crate) meaning: M,
    /// Which words of the text.
    pub(crate) words: Range<usize>,
}

impl<M: Copy> Lexicon<M> {
    /// Phrases stand behind each other, with `|` between.
    pub(crate) fn of(table: &[(M, &'static str)]) -> Lexicon<M> {
        let mut by_first: BTreeMap<&'static str, Vec<(Vec<&'static str>, M)>> = BTreeMap::new();
        for (meaning, phrases) in table {
            for phrase in phrases.split('|') {
                let words: Vec<&'static str> = phrase.split(' ').collect();
                if let Some(first) = words.first() {
                    by_first.entry(first).or_default().push((words.clone(), *meaning));
                }
            }
        }
        Lexicon { by_first: ByWord::of(by_first) }
    }

    /// The longest phrase that begins at a word, and how many words it has.
    pub(crate) fn at(&self, words: &[Word<'_>], at: usize) -> Option<(M, usize)> {
        let first = words.get(at)?;
        let fitting = self.by_first.get(&first.text)?.iter().filter(|(phrase, _)| {
            let rest = words.get(at..at + phrase.len());
            rest.is_some_and(|rest| phrase.iter().zip(rest).all(|(one, other)| *one == other.text))
        });
        fitting.max_by_key(|(phrase, _)| phrase.len()).map(|(phrase, meaning)| (*meaning, phrase.len()))
    }

    /// Every phrase in a text, the longest at each place, from left to right.
    pub(crate) fn all(&self, words: &[Word<'_>]) -> Vec<Hit<M>> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            match self.at(words, at) {
                Some((meaning, length)) => {
                    found.push(Hit { meaning, words: at..at + length });
                    at += length;
                }
                None => at += 1,
            }
        }
        found
    }

    /// The meaning of a text that is one phrase and nothing else.
    pub(crate) fn exact(&self, words: &[Word<'_>]) -> Option<M> {
        self.at(words, 0).filter(|(_, length)| *length == words.len()).map(|(meaning, _)| meaning)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_counts() {
        let lexicon = Lexicon::of(&[(1, "root|no go"), (2, "root cause|conditional no go")]);
        let text = words("The Root-Cause of a «conditional NO-GO»: root");
        let found: Vec<(i32, usize)> =
            lexicon.all(&text).into_iter().map(|hit| (hit.meaning, hit.words.start)).collect();
        assert_eq!(found, [(2, 1), (2, 5), (1, 8)]);
        assert_eq!(lexicon.exact(&words("Root cause:")), Some(2));
        assert_eq!(lexicon.exact(&words("Root cause here")), None);
        assert_eq!(text[1].range, 4..8);
    }
}
