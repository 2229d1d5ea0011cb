//! `96 are of former suppliers. 91 of them were switched off; 15 remain`: what is left, a sentence later.

use crate::contradiction::facts::figure::{figures, shown};
use crate::contradiction::facts::word::{find, says};
use crate::contradiction::facts::{Facts, Figure, Place, Sentence};
use crate::contradiction::kind::Findings;
use crate::value;

/// What says that a number directly behind or before it is what is left.
const LEFT: &[&str] = &[
    "remain",
    "remains",
    "remaining",
    "are left",
    "bleiben",
    "verbleiben",
    "restent",
    "reste",
    "quedan",
    "restano",
    "rimangono",
    "resten",
    "blijven over",
    "restam",
    "ficam",
    "pozostało",
    "zostało",
];
/// What says that a number is a part of the one before it.
const OF_THEM: &[&str] = &[
    "of them",
    "of these",
    "of those",
    "davon",
    "dont",
    "d'entre eux",
    "d'entre elles",
    "de ellos",
    "de ellas",
    "di cui",
    "di questi",
    "di queste",
    "ne sono",
    "ne è",
    "daarvan",
    "hiervan",
    "deles",
    "delas",
    "z nich",
    "z tego",
];
/// Sentences before that are looked at.
const BACK: usize = 2;

pub(super) fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (at, sentence) in facts.sentences.iter().enumerate() {
        let is_text = matches!(sentence.place, Place::Prose | Place::Item);
        if !is_text || !value::has_digit(&sentence.text.plain) {
            continue;
        }
        let lower = sentence.lower();
        let Some(place) = LEFT.iter().filter_map(|word| find(&lower, word)).min() else { continue };
        let own = counts(&lower);
        let Some(rest) = own.iter().min_by_key(|figure| figure.range.start.abs_diff(place)).cloned() else {
            continue;
        };
        let from = at.saturating_sub(BACK);
        let before: Vec<&Sentence> = facts.sentences.get(from..at).unwrap_or_default().iter().collect();
        let same =
            before.iter().all(|other| other.section == sentence.section && other.place == sentence.place);
        let parts: Vec<&Figure> = own.iter().filter(|figure| figure.range.start < rest.range.start).collect();
        if !same || parts.len() > 1 {
            continue;
        }
        let mut told: Vec<Figure> = before.iter().flat_map(|other| counts(&other.lower())).collect();
        told.extend(parts.into_iter().cloned());
        let (Some(done), Some(all)) = (told.pop(), told.pop()) else { continue };
        let is_of_them = before.iter().chain([&sentence]).any(|other| says(&other.lower(), OF_THEM));
        let sound = all.value > done.value && is_of_them;
        if sound && &all.value - &done.value != rest.value && all.value != rest.value {
            let message = format!(
                "{} of {} leave {}, but {} are said to remain",
                done.shown(),
                all.shown(),
                shown(&(&all.value - &done.value)),
                rest.shown()
            );
            let places = before.iter().map(|other| other.said());
            findings.certain(message, std::iter::once(sentence.said()).chain(places).collect());
        }
    }
}

/// The plain numbers of a text.
fn counts(text: &str) -> Vec<Figure> {
    let other: Vec<std::ops::Range<usize>> = value::durations(text)
        .into_iter()
        .map(|found| found.range)
        .chain(value::money(text).into_iter().map(|found| found.range))
        .chain(value::ids(text).into_iter().map(|found| found.range))
        .chain(value::fractions(text).into_iter().map(|found| found.range))
        .chain(crate::contradiction::facts::calendar::days(text))
        .collect();
    let is_free = |figure: &Figure| !other.iter().any(|range| range.contains(&figure.range.start));
    let all = figures(text).into_iter();
    all.filter(|figure| figure.count().is_some() && !figure.is_about && is_free(figure)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn what_is_left_is_all_but_the_part() {
        let text = |rest: u64| {
            format!(
                "Le utenze sono 1.284, di cui 96 di fornitori cessati. Ne sono state disattivate 91; restano {rest} utenze in attesa.\n"
            )
        };
        assert_eq!(found(&RULE, &text(15)), ["certain 1"]);
        assert!(found(&RULE, &text(5)).is_empty());
        assert!(found(&RULE, "There were 40 tests. Then 12 hosts came; 3 rooms remain.\n").is_empty());
    }
}
