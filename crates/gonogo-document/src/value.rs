//! Short texts as values: marks, numbers, durations, dates, ids. It reads a cell or a sentence and
//! does not know which document it stands in.

mod amount;
mod date;
mod id;
mod mark;
mod reference;
mod severity;
mod time;
mod token;

use std::ops::Range;

pub use amount::{Comparison, Count, Exact, Fraction, Money, Relation};
pub use date::dates;
pub use id::{Id, IdRange, id_ranges, ids};
pub use mark::{Mark, Polarity, Sign, State, mark, marks, sign_of};
pub use reference::{FileReference, files};
pub use severity::{Severity, severities, severity};
pub use time::{Duration, TimeUnit, duration, durations};
pub(crate) use token::{Scan, TokenKind, has_digit, small};

/// Something in a text, and its bytes there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<T> {
    /// What.
    pub value: T,
    /// Which bytes of the text.
    pub range: Range<usize>,
}

impl<T> Found<T> {
    pub(crate) fn new(value: T, range: Range<usize>) -> Found<T> {
        Found { value, range }
    }
}

/// Every number in a text that is not part of a word, a date or an id: `1,234`, `4.5`, `50k`.
pub fn numbers(text: &str) -> Vec<Found<Exact>> {
    if has_digit(text) { Scan::of(text).numbers() } else { Vec::new() }
}

/// The number that a short text is: `12`, `1,234 requests`, but not `2 of 3`, `5%` or `3 days`.
pub fn number(text: &str) -> Option<Exact> {
    if !has_digit(text) {
        return None;
    }
    let scan = Scan::of(text);
    let found = scan.numbers();
    let [one] = found.as_slice() else { return None };
    let alone = scan.fractions().is_empty() && scan.percents().is_empty() && time::durations(text).is_empty();
    alone.then(|| one.value.clone())
}

/// Every percentage, in percent: `85%` is 85.
pub fn percents(text: &str) -> Vec<Found<Exact>> {
    if has_digit(text) { Scan::of(text).percents() } else { Vec::new() }
}

/// The percentage that a short text has, if it has one only.
pub fn percent(text: &str) -> Option<Exact> {
    only(percents(text))
}

/// Every `3/5`, `3 of 5`, `3 von 5`.
pub fn fractions(text: &str) -> Vec<Found<Fraction>> {
    if has_digit(text) { Scan::of(text).fractions() } else { Vec::new() }
}

/// The fraction that a short text has, if it has one only.
pub fn fraction(text: &str) -> Option<Fraction> {
    only(fractions(text))
}

/// Every `< 1s`, `>= 99.9 %`.
pub fn comparisons(text: &str) -> Vec<Found<Comparison>> {
    if has_digit(text) { amount::comparisons(&Scan::of(text)) } else { Vec::new() }
}

/// Every amount of money.
pub fn money(text: &str) -> Vec<Found<Money>> {
    if has_digit(text) { amount::money(&Scan::of(text)) } else { Vec::new() }
}

/// What is in a text that is cut into words already.
impl Scan<'_> {
    pub(crate) fn numbers(&self) -> Vec<Found<Exact>> {
        amount::numbers(self)
    }

    pub(crate) fn percents(&self) -> Vec<Found<Exact>> {
        amount::percents(self)
    }

    pub(crate) fn fractions(&self) -> Vec<Found<Fraction>> {
        amount::fractions(self)
    }

    pub(crate) fn ids(&self) -> Vec<Found<Id>> {
        id::ids_in(self)
    }

    pub(crate) fn marks(&self) -> Vec<Found<Mark>> {
        mark::marks_in(self)
    }

    /// Whether it begins with a mark, without spaces before it.
    pub(crate) fn starts_with_mark(&self) -> bool {
        self.tokens.first().is_some_and(|first| first.range.start == 0) && mark::mark_at(self, 0).is_some()
    }

    pub(crate) fn severities(&self) -> Vec<Found<Severity>> {
        severity::severities_in(self)
    }
}

fn only<T>(found: Vec<Found<T>>) -> Option<T> {
    let mut found = found.into_iter();
    let first = found.next()?;
    found.next().is_none().then_some(first.value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_text_can_be_read(text in "[0-9a-zA-Zäß✅❌ .,:/%$€<>=~–-]{0,40}|\\PC{0,30}") {
            let inside = |range: &Range<usize>| text.get(range.clone()).is_some();
            prop_assert!(numbers(&text).iter().all(|found| inside(&found.range)));
            prop_assert!(percents(&text).iter().all(|found| inside(&found.range)));
            prop_assert!(fractions(&text).iter().all(|found| inside(&found.range)));
            prop_assert!(comparisons(&text).iter().all(|found| inside(&found.range)));
            prop_assert!(money(&text).iter().all(|found| inside(&found.range)));
            prop_assert!(dates(&text).iter().all(|found| inside(&found.range)));
            prop_assert!(durations(&text).iter().all(|found| inside(&found.range)));
            prop_assert!(ids(&text).iter().all(|found| inside(&found.range)));
            prop_assert!(id_ranges(&text).iter().all(|found| inside(&found.range)));
            prop_assert!(files(&text).iter().all(|found| inside(&found.range)));
            prop_assert!(marks(&text).iter().all(|found| inside(&found.range)));
            prop_assert!(severities(&text).iter().all(|found| inside(&found.range)));
            let _ = (number(&text), duration(&text), mark(&text), severity(&text));
        }
    }
}
