//! An average in a sentence, and the column it is of: `CPU averages 63 % over the four nodes`.

use std::collections::BTreeSet;

use crate::contradiction::facts::claim::number_word;
use crate::contradiction::facts::figure::{figures, shown, whole};
use crate::contradiction::facts::word::{first, says};
use crate::contradiction::facts::{Facts, Figure, Grid, GridRow, Place, Role, RowKind, Sentence};
use crate::contradiction::kind::{Findings, Said};
use crate::name::Name;
use crate::value::{self, Exact};

/// What says that a number is an average, in several languages.
const MEAN: &[&str] = &[
    "average",
    "averages",
    "averaged",
    "on average",
    "mean",
    "durchschnitt*",
    "im mittel",
    "mittelwert",
    "moyenne",
    "en moyenne",
    "moyen",
    "promedio",
    "en promedio",
    "media",
    "de media",
    "in media",
    "em média",
    "a média",
    "média",
    "medio",
    "gemiddeld*",
    "średni*",
    "i genomsnitt",
];
/// A mean of other things: of a time before, of a part, of what moves.
const OTHER: &[&str] = &[
    "last",
    "previous*",
    "moving",
    "rolling",
    "weighted",
    "gewichtet*",
    "pondér*",
    "ponderad*",
    "gewogen",
    "median",
    "before",
    "industry",
    "target*",
    "at least",
    "at most",
    "should",
    "must",
    "worst",
    "best",
];

pub(super) fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let lines =
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    for sentence in lines {
        let lower = sentence.lower();
        let Some((at, word)) = first(&lower, MEAN).filter(|_| !says(&lower, OTHER)) else { continue };
        if let Some((stated, clause)) = stated(&lower, at, word.len()) {
            compare(facts, sentence, &stated, &clause, findings);
        }
    }
}

/// The only number of the clause around the word, behind it or directly before it.
fn stated(lower: &str, at: usize, word: usize) -> Option<(Figure, String)> {
    let is_end = |(place, letter): (usize, char)| {
        let next = lower.get(place + letter.len_utf8()..).and_then(|rest| rest.chars().next());
        (matches!(letter, ',' | ';' | '(' | ')') && !next.is_some_and(|next| next.is_ascii_digit()))
            .then_some(place)
    };
    let start = lower.get(..at)?.char_indices().filter_map(is_end).next_back().map_or(0, |start| start + 1);
    let behind = at + word;
    let end =
        lower.get(behind..)?.char_indices().find_map(|(place, letter)| is_end((behind + place, letter)));
    let clause = lower.get(start..end.unwrap_or(lower.len()))?;
    let all = figures(clause);
    let [one] = all.as_slice() else { return None };
    (!one.is_about && value::fractions(clause).is_empty()).then(|| (one.clone(), clause.to_owned()))
}

fn compare(facts: &Facts<'_>, sentence: &Sentence, stated: &Figure, clause: &str, findings: &mut Findings) {
    let said = Name::of(clause).words;
    let found = facts.grids.iter().filter_map(|grid| column(facts, grid, sentence, stated, clause, &said));
    let all: Vec<(&Grid<'_>, Vec<(&GridRow<'_>, Figure)>)> = found.collect();
    let mean = |parts: &[(&GridRow<'_>, Figure)]| -> Exact {
        let sum: Exact = parts.iter().map(|(_, part)| part.value.clone()).sum();
        sum / whole(parts.len() as u64)
    };
    let [(_, parts)] = all.as_slice() else { return };
    let exact = mean(parts);
    let (least, most) =
        (parts.iter().map(|(_, part)| &part.value).min(), parts.iter().map(|(_, part)| &part.value).max());
    let (Some(least), Some(most)) = (least, most) else { return };
    if stated.could_be(&exact) {
        return;
    }
    // Between the least and the most a mean may be weighted by what the table does not show.
    let is_outside = &stated.value < least || &stated.value > most;
    let message = format!(
        "an average of {} is given, and the mean of the {} rows is {}",
        stated.shown(),
        parts.len(),
        shown(&exact)
    );
    let rows = parts.iter().map(|(row, _)| row.said());
    let places: Vec<Said> = std::iter::once(sentence.said()).chain(rows).collect();
    findings.say(is_outside, message, places);
}

/// The column of a table that the sentence is about: it has a word of its header, and says how many
/// rows there are or that the header is a mean too.
fn column<'g, 'a>(
    facts: &Facts<'_>,
    grid: &'g Grid<'a>,
    sentence: &Sentence,
    stated: &Figure,
    clause: &str,
    said: &BTreeSet<String>,
) -> Option<(&'g Grid<'a>, Vec<(&'g GridRow<'a>, Figure)>)> {
    let rows = grid.body().count();
    if !(3..=60).contains(&rows) || grid.rows.iter().any(|row| row.kind == RowKind::Average) {
        return None;
    }
    let numbers: Vec<u64> = clause
        .split(|c: char| !c.is_alphanumeric())
        .filter_map(|word| number_word(word).or_else(|| word.parse().ok()))
        .collect();
    let is_sized = numbers.contains(&(rows as u64));
    let is_near = facts.chapter(grid.section) == facts.chapter(sentence.section);
    let others = (0..grid.roles.len()).filter(|at| *at != grid.label);
    let mut fitting = others.filter(|at| {
        let header = grid.header(*at);
        let named =
            Name::of(&header).words.iter().any(|word| word.chars().count() >= 3 && said.contains(word));
        named
            && !matches!(grid.roles[*at], Role::Id)
            && (is_sized || says(&header, MEAN) || is_near && rows >= 4)
    });
    let (column, None) = (fitting.next()?, fitting.next()) else { return None };
    let parts: Vec<(&GridRow<'a>, Figure)> =
        grid.body().filter_map(|row| Some((row, figures(row.cell(column)).into_iter().next()?))).collect();
    let same_unit = parts.iter().all(|(_, part)| part.is_percent == stated.is_percent);
    (parts.len() == rows && same_unit).then_some((grid, parts))
}

#[cfg(test)]
mod tests {
    use super::super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_mean_of_a_column_lies_inside_it() {
        let table = "| Node | CPU mean | Memory |\n|---|---|---|\n| n1 | 58 % | 3 |\n| n2 | 61 % | 4 |\n| n3 | 55 % | 4 |\n| n4 | 62 % | 3 |\n";
        let text = |said: &str| {
            format!("Memory is stable, CPU {said} over the four nodes, and the lag is small.\n\n{table}")
        };
        assert_eq!(found(&RULE, &text("averages 63 %")), ["certain 1,5,6,7,8"]);
        assert_eq!(found(&RULE, &text("averages 56 %")), ["likely 1,5,6,7,8"]);
        assert!(found(&RULE, &text("averages 59 %")).is_empty());
        assert!(found(&RULE, &text("peaks at 63 %")).is_empty());
        let other =
            "The average wait is 90 s.\n\n| Node | CPU |\n|---|---|\n| a | 1 |\n| b | 2 |\n| c | 3 |\n";
        assert!(found(&RULE, other).is_empty());
    }
}
