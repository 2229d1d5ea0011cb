//! A sum that a sentence gives right beside a table that has no row of totals: `Together that is
//! 4,200 €`.

use crate::contradiction::facts::figure::{figure, figures, shown};
use crate::contradiction::facts::word::says;
use crate::contradiction::facts::{Facts, Figure, Grid, GridRow, Place, Role, RowKind, Sentence};
use crate::contradiction::kind::{Findings, Said};
use crate::name::Name;
use crate::value::{self, Exact};

/// What says that a number is the sum of what stands beside it.
const SUMS: &[&str] = &[
    "sum",
    "sum of",
    "add up to",
    "adds up to",
    "in total",
    "in all",
    "altogether",
    "together",
    "total of",
    "insgesamt",
    "summe",
    "zusammen",
    "in summe",
    "au total",
    "en tout",
    "la somme",
    "en total",
    "en conjunto",
    "suman",
    "in totale",
    "in tutto",
    "sommano",
    "in totaal",
    "samen",
    "no total",
    "ao todo",
    "somam",
    "razem",
    "łącznie",
    "sammanlagt",
];
/// Lines between the table and the sentence.
const NEAR: u32 = 3;

pub(super) fn check(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in facts.grids.iter().filter(|grid| grid.rows.iter().all(|row| row.kind == RowKind::Body)) {
        let span = grid.table.span;
        let near = facts.between(span.line.saturating_sub(NEAR + 1), span.end_line + NEAR + 1);
        for sentence in near.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item)) {
            if says(&sentence.lower(), SUMS) {
                compare(grid, sentence, findings);
            }
        }
    }
}

fn compare(grid: &Grid<'_>, sentence: &Sentence, findings: &mut Findings) {
    let text = &sentence.text.plain;
    let all: Vec<Figure> = figures(text);
    let ([stated], true) = (all.as_slice(), value::durations(text).is_empty()) else { return };
    if stated.is_percent || stated.is_about || !value::fractions(text).is_empty() {
        return;
    }
    let columns: Vec<(usize, Vec<(&GridRow<'_>, Figure)>)> = (0..grid.roles.len())
        .filter(|at| *at != grid.label && !matches!(grid.roles[*at], Role::Id | Role::Score))
        .filter_map(|at| Some((at, grid.figures(at)?)))
        .filter(|(_, parts)| parts.iter().all(|(_, part)| !part.is_percent && !part.is_about))
        .collect();
    let sum = |parts: &[(&GridRow<'_>, Figure)]| -> Exact {
        parts.iter().map(|(_, part)| part.value.clone()).sum()
    };
    let fits = |parts: &[(&GridRow<'_>, Figure)]| {
        let each: Vec<&Figure> = parts.iter().map(|(_, part)| part).collect();
        stated.could_be_sum(&sum(parts), &each) || stated.may_be(&sum(parts))
    };
    if columns.iter().any(|(_, parts)| fits(parts)) || stated.count() == Some(grid.rows.len() as u64) {
        return;
    }
    let mut named = columns
        .iter()
        .filter(|(at, parts)| parts.len() == grid.rows.len() && is_named(grid, *at, sentence, stated));
    let (Some((at, parts)), None) = (named.next(), named.next()) else { return };
    let message = format!(
        "“{}” are said to be {} together, but the {} rows add up to {}",
        grid.header(*at).trim(),
        stated.shown(),
        parts.len(),
        shown(&sum(parts))
    );
    let rows = parts.iter().map(|(row, _)| row.said());
    findings.certain(message, std::iter::once(sentence.said()).chain(rows).collect::<Vec<Said>>());
}

/// Whether the sentence is about a column: both are money of one currency, or the word behind the
/// number is in the header.
fn is_named(grid: &Grid<'_>, at: usize, sentence: &Sentence, stated: &Figure) -> bool {
    let header = grid.header(at);
    let money = value::money(&sentence.text.plain);
    if let Some(money) = money.first() {
        let sign = money.value.currency.to_lowercase();
        let cells = grid.body().all(|row| row.cell(at).to_lowercase().contains(&sign));
        return cells || header.contains(&sign);
    }
    let behind = sentence.text.plain.get(stated.range.end..).unwrap_or_default();
    let noun: Vec<&str> = behind.split_whitespace().take(2).collect();
    let noun = Name::of(&noun.join(" "));
    let header = Name::of(&header);
    let long = |word: &&String| word.chars().count() >= 4;
    let figures_only = grid.body().all(|row| figure(row.cell(at)).is_some());
    figures_only && noun.words.iter().filter(long).any(|word| header.words.contains(word))
}

#[cfg(test)]
mod tests {
    use super::super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn sums_in_sentences_are_compared() {
        let table = "| What | Cost |\n|---|---|\n| Desk | 1,200 € |\n| Lamp | 300 € |\n| Line | 450 € |\n\n";
        assert_eq!(found(&RULE, &format!("{table}Together that is 2,050 €.\n")), ["certain 7,3,4,5"]);
        assert!(found(&RULE, &format!("{table}Together that is 1,950 €.\n")).is_empty());
        assert!(
            found(&RULE, &format!("{table}Together with the rent of May it is about 9,000 €.\n")).is_empty()
        );
        let counts = "| Ort | Geräte |\n|---|---|\n| Nord | 12 |\n| Süd | 30 |\n\n";
        assert_eq!(found(&RULE, &format!("{counts}Insgesamt sind das 45 Geräte.\n")), ["certain 6,3,4"]);
        assert!(found(&RULE, &format!("{counts}Insgesamt 2 Standorte.\n")).is_empty());
    }
}
