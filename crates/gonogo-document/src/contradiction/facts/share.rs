//! `n of m`, also in words and with the noun between: `four of the six`, `18 cas de test sur 24`.

use std::ops::Range;

use super::claim::number_word;
use super::figure::whole;
use crate::value::{self, Exact, Scan};

/// A part and its whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) part: Exact,
    pub(crate) whole: Exact,
    pub(crate) range: Range<usize>,
}

const OF: &[&str] = &[
    "of", "von", "sur", "de", "van", "der", "su", "dos", "das", "des", "dei", "delle", "degli", "z", "ze",
    "av",
];
const ARTICLES: &[&str] =
    &["the", "de", "den", "der", "les", "los", "las", "all", "our", "die", "het", "os", "as", "i", "le"];

/// Every share of a text.
pub(crate) fn shares(text: &str) -> Vec<Share> {
    let mut found: Vec<Share> = value::fractions(text)
        .into_iter()
        .map(|found| Share { part: found.value.part, whole: found.value.whole, range: found.range })
        .collect();
    // `Version 1.2 of 10 August`: a date is no whole.
    let dates: Vec<Range<usize>> =
        value::dates(text).into_iter().map(|found| found.range).chain(super::calendar::days(text)).collect();
    found
        .retain(|share| !dates.iter().any(|date| date.start < share.range.end && date.end > share.range.end));
    let scan = Scan::of(text);
    for at in 0..scan.tokens.len() {
        let taken = |range: &Range<usize>| {
            found.iter().any(|share| share.range.start <= range.start && range.start < share.range.end)
        };
        let Some(range) = scan.tokens.get(at).map(|token| token.range.clone()) else { continue };
        let Some(part) = number(&scan, at).filter(|_| !taken(&range)) else { continue };
        if let Some((whole_number, end)) = whole_of(&scan, at) {
            let end = scan.tokens.get(end).map_or(range.end, |token| token.range.end);
            found.push(Share { part: whole(part), whole: whole(whole_number), range: range.start..end });
        }
    }
    found.sort_by_key(|share| share.range.start);
    found
}

/// `of the six` behind a number, with up to three words between.
fn whole_of(scan: &Scan<'_>, at: usize) -> Option<(u64, usize)> {
    for of in at + 1..=at + 4 {
        if scan.is_word(of, &["out"]) && scan.is_word(of + 1, &["of"]) {
            continue;
        }
        if scan.is_word(of, OF) {
            let from = if scan.is_word(of + 1, ARTICLES) { of + 2 } else { of + 1 };
            if let Some(all) = number(scan, from) {
                let ends = !scan.is_sign(from + 1, &['%', '/', ':', '.']);
                return ends.then_some((all, from));
            }
        }
        // Only words may stand between.
        scan.word(of)?;
    }
    None
}

fn number(scan: &Scan<'_>, at: usize) -> Option<u64> {
    scan.whole(at)
        .or_else(|| scan.word(at).and_then(|word| number_word(&word)))
        .filter(|number| *number < 100_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_in_words_too() {
        let read = |text: &str| {
            shares(text).iter().map(|share| format!("{}/{}", share.part, share.whole)).collect::<Vec<_>>()
        };
        for (text, expected) in [
            ("Four of the six are fixed", "4/6"),
            ("18 cas de test sur 24", "18/24"),
            ("27 van de 30 testgevallen", "27/30"),
            ("9/12 done", "9/12"),
            ("3 out of 10", "3/10"),
        ] {
            assert_eq!(read(text), [expected], "{text}");
        }
        assert!(read("2 days of work, 5 of them").is_empty());
    }
}
