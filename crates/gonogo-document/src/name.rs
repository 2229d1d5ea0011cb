//! Names of things, so that what is named in several places can be found to be one thing:
//! `Typing indicator missing` and `3. **Add Typing Indicator to Chat** (MEDIUM)`.
//! It compares words; it knows no document.

use std::collections::BTreeSet;

use crate::value::{ids, severities};
use crate::words::name::{DEEDS, STOP_WORDS};

/// A name, reduced to what can be compared.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Name {
    /// All words in order, in small letters, without marks, ids and severities.
    pub plain: String,
    /// The stems of the words that name the thing: without words that only say that something is
    /// missing or is to be done, and without articles and the like.
    pub words: BTreeSet<String>,
    /// The stems of the words that were left out of `words` because they say what is wrong or to
    /// be done.
    pub deeds: BTreeSet<String>,
}

/// How alike two names are, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// No word, or too few words, in common.
    Different,
    /// At least half of all their words are in both; the figure is how many percent.
    Overlap(u8),
    /// All words of the shorter are in the longer, and there are at least two of them.
    Contained,
    /// The same words.
    SameWords,
    /// The same text.
    Exact,
}

impl Name {
    /// The name in a text.
    pub fn of(text: &str) -> Name {
        let text = without_labels(text);
        let all: Vec<String> = text
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        let (mut words, mut deeds) = (BTreeSet::new(), BTreeSet::new());
        for word in &all {
            let stem = stem(word);
            if STOP_WORDS.contains(&word.as_str()) {
                continue;
            }
            match DEEDS.contains(&stem.as_str()) || DEEDS.contains(&word.as_str()) {
                true => deeds.insert(stem),
                false => words.insert(stem),
            };
        }
        if words.is_empty() {
            // There is nothing else to go by: `Implementation`.
            words = std::mem::take(&mut deeds);
        }
        Name { plain: all.join(" "), words, deeds }
    }

    /// Whether nothing is left to compare.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// How alike they are.
    pub fn likeness(&self, other: &Name) -> Likeness {
        if self.is_empty() || other.is_empty() {
            return Likeness::Different;
        }
        if self.plain == other.plain {
            return Likeness::Exact;
        }
        if self.words == other.words {
            return Likeness::SameWords;
        }
        let shared = self.words.intersection(&other.words).count();
        let (least, all) = (self.words.len().min(other.words.len()), self.words.union(&other.words).count());
        if shared == least && least >= 2 {
            return Likeness::Contained;
        }
        let percent = u8::try_from(shared * 100 / all.max(1)).unwrap_or(100);
        if percent >= 50 { Likeness::Overlap(percent) } else { Likeness::Different }
    }

    /// Whether they most likely name one thing: at least [`Likeness::Contained`], or three of four
    /// words in common.
    pub fn is_like(&self, other: &Name) -> bool {
        self.likeness(other) >= Likeness::Overlap(75)
    }
}

/// A text without what is no part of a name: leading ids and marks, `(HIGH)` at the end.
fn without_labels(text: &str) -> String {
    let mut kept = text.to_owned();
    if let Some(found) = ids(text).into_iter().next() {
        let before = text.get(..found.range.start).unwrap_or_default();
        if !before.chars().any(char::is_alphanumeric)
            || before.trim().bytes().all(|b| b.is_ascii_digit() || b == b'.')
        {
            kept = text.get(found.range.end..).unwrap_or_default().to_owned();
        }
    }
    if kept.trim_matches(|c: char| !c.is_alphanumeric()).is_empty() {
        kept = text.to_owned();
    }
    let trimmed = kept.trim_end();
    if let Some(open) = trimmed.strip_suffix(')').and_then(|inner| inner.rfind('(')) {
        let inside = trimmed.get(open + 1..trimmed.len() - 1).unwrap_or_default();
        if crate::value::severity(inside).is_some() && !severities(inside).is_empty() && open > 0 {
            kept.truncate(open);
        }
    }
    // `3. Title`
    let start = kept.trim_start();
    let digits = start.bytes().take_while(u8::is_ascii_digit).count();
    match start.get(digits..).and_then(|rest| rest.strip_prefix(['.', ')'])) {
        Some(rest) if digits > 0 && rest.starts_with(' ') => rest.to_owned(),
        _ => kept,
    }
}

/// The stem of a word, lightly: endings of plurals and of verbs are cut, the rest stays.
fn stem(word: &str) -> String {
    let length = word.chars().count();
    if length < 4 || !word.chars().all(char::is_alphabetic) {
        return word.to_owned();
    }
    for (ending, instead) in [
        ("ations", ""),
        ("ation", ""),
        ("ings", ""),
        ("ing", ""),
        ("ies", "y"),
        ("ied", "y"),
        ("sses", "ss"),
        ("ed", ""),
        ("es", ""),
        ("en", ""),
        ("er", ""),
        ("s", ""),
        ("e", ""),
    ] {
        if let Some(start) = word.strip_suffix(ending) {
            let keeps =
                ending == "s" && (start.ends_with('s') || start.ends_with('u') || start.ends_with('i'));
            if start.chars().count() >= 3 && !keeps {
                return undoubled(&format!("{start}{instead}"));
            }
        }
    }
    word.to_owned()
}

/// `stopp` of `stopping` is `stop`.
fn undoubled(stem: &str) -> String {
    let mut letters = stem.chars().rev();
    match (letters.next(), letters.next()) {
        (Some(last), Some(before)) if last == before && !"aeiouls".contains(last) => {
            stem.strip_suffix(last).unwrap_or(stem).to_owned()
        }
        _ => stem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(one: &str, other: &str) -> Likeness {
        Name::of(one).likeness(&Name::of(other))
    }

    #[test]
    fn one_thing_is_found_under_several_names() {
        assert_eq!(like("Payment API", "payment api"), Likeness::Exact);
        for (one, other) in [
            ("HIGH-2: Chat service no typing indicator", "Typing Indicator Not Implemented"),
            ("Typing indicator missing", "Priority 6: Add Typing Indicator to Chat (MEDIUM)"),
            ("BLOCKER-1: CockroachDB Running in Insecure Mode", "CockroachDB Insecure Mode"),
            ("Vote/Poll feature is not implemented", "1. Implement Vote/Poll Feature (CRITICAL)"),
            ("Backups were never restored", "No backup restore"),
            ("Missing query timeouts", "Query timeout"),
        ] {
            assert!(like(one, other) >= Likeness::Contained, "{one} / {other}: {:?}", like(one, other));
        }
        for (one, other) in [
            ("MinIO missing start period", "Prometheus missing start period"),
            ("Redis alert", "Redis backup"),
            ("", "x"),
            ("Cassandra query timeout", "CockroachDB pool limits"),
        ] {
            assert!(!Name::of(one).is_like(&Name::of(other)), "{one} / {other}");
        }
    }

    #[test]
    fn names_of_ids_and_figures_alone_stay_names() {
        assert!(!Name::of("BLOCKER-1").is_empty());
        assert!(!Name::of("Implementation").is_empty());
        assert!(Name::of("✅ — !").is_empty());
    }
}
