//! `There are 1,198 records; of these 1,204 were matched`: more of them than there are.

use crate::contradiction::facts::figure::figures;
use crate::contradiction::facts::word::first;
use crate::contradiction::facts::{Facts, Figure, Place, Sentence};
use crate::contradiction::kind::Findings;
use crate::value;

/// What says that the numbers behind it are parts of the number before it.
const OF_THEM: &[&str] = &[
    "of them",
    "of these",
    "of those",
    "of which",
    "of whom",
    "among them",
    "davon",
    "von diesen",
    "darunter",
    "von denen",
    "dont",
    "parmi eux",
    "parmi elles",
    "d'entre eux",
    "d'entre elles",
    "de ellos",
    "de ellas",
    "de los cuales",
    "de las cuales",
    "de estos",
    "de estas",
    "entre ellos",
    "di cui",
    "di questi",
    "di queste",
    "tra questi",
    "dei quali",
    "delle quali",
    "waarvan",
    "daarvan",
    "hiervan",
    "dos quais",
    "das quais",
    "destes",
    "destas",
    "deles",
    "delas",
    "w tym",
    "z tego",
    "z czego",
    "spośród nich",
    "därav",
    "varav",
];
/// Parts that are no such parts.
const MORE: &[&str] =
    &["more", "further", "additional", "weitere", "zusätzlich", "another", "autres", "otros", "times"];

pub(super) fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for (at, sentence) in facts.sentences.iter().enumerate() {
        if !matches!(sentence.place, Place::Prose | Place::Item) || !value::has_digit(&sentence.text.plain) {
            continue;
        }
        let lower = sentence.lower();
        let Some((place, word)) = first(&lower, OF_THEM) else { continue };
        let head = lower.get(..place).unwrap_or_default();
        let tail = lower.get(place + word.len()..).unwrap_or_default();
        let before = at.checked_sub(1).and_then(|before| facts.sentences.get(before));
        let before =
            before.filter(|before| before.section == sentence.section && before.place == sentence.place);
        let own = counts(head).last().cloned().map(|whole| (whole, sentence));
        let whole = own.or_else(|| Some((counts(&before?.lower()).last()?.clone(), before?)));
        let (Some((whole, place)), Some(part)) = (whole, counts(tail).first().cloned()) else { continue };
        report(&whole, place, &part, sentence, tail, findings);
    }
}

fn report(
    whole: &Figure,
    place: &Sentence,
    part: &Figure,
    sentence: &Sentence,
    tail: &str,
    findings: &mut Findings,
) {
    let between = tail.get(..part.range.start).unwrap_or_default();
    let is_near = !between.contains(['.', ';', ':']) && between.split_whitespace().count() <= 8;
    let is_more = crate::contradiction::facts::word::says(tail, MORE);
    if part.value > whole.value && is_near && !is_more && !whole.is_about && !part.is_about {
        let message = format!("{} of {} is more than all there are", part.shown(), whole.shown());
        findings.certain(message, vec![sentence.said(), place.said()]);
    }
}

/// The plain numbers of a text: no percentages, times, money or numbers behind a point.
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
    figures(text)
        .into_iter()
        .filter(|figure| {
            figure.count().is_some() && is_free(figure) && !is_year(figure) && is_counted(text, figure)
        })
        .collect()
}

fn is_year(figure: &Figure) -> bool {
    figure.count().is_some_and(|count| (1990..2100).contains(&count))
}

/// A word that is no unit stands behind it or before it.
fn is_counted(text: &str, figure: &Figure) -> bool {
    let behind = text.get(figure.range.end..).unwrap_or_default().trim_start();
    let word: String = behind.chars().take_while(|c| c.is_alphanumeric() || *c == '%').collect();
    !["gb", "mb", "tb", "kb", "gib", "mib", "ms", "°", "km", "m", "x", "per", "percent"]
        .contains(&word.as_str())
        && !behind.starts_with(['%', '/', '°', '×'])
}

#[cfg(test)]
mod tests {
    use super::super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_part_is_no_larger_than_its_whole() {
        for (text, expected) in [
            ("The copy has 1,198,440 records; of these 1,204,118 were matched.\n", 1),
            (
                "La copia contiene 1.198.440 movimientos; de ellos se conciliaron sin diferencias 1.204.118.\n",
                1,
            ),
            ("Es gibt 40 Fälle, davon wurden 45 geprüft.\n", 1),
            ("Il y a 12 essais, dont 14 réussis.\n", 1),
            ("Es gibt 40 Fälle, davon wurden 35 geprüft.\n", 0),
            ("There are 5 hosts with 64 GB each, of which 48 GB are free.\n", 0),
            ("On 3 May we found 12 faults. Of these 9 are closed.\n", 0),
            ("There are 12 tests. Of these, the load test took 40 minutes.\n", 0),
        ] {
            assert_eq!(found(&RULE, text).len(), expected, "{text}");
        }
    }
}
