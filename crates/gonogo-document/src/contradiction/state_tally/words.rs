//! Numbers of things by the very words of a column: `8 correct, 1 with remarks and 1 failed` beside a
//! table that has those words in its cells. It need not know what they mean, nor in which language.

use std::collections::BTreeMap;

use super::number;
use crate::contradiction::facts::share::shares;
use crate::contradiction::facts::word::{denies, says};
use crate::contradiction::facts::{Facts, Grid, GridRow, Place, Role, Sentence};
use crate::contradiction::kind::{Findings, Said};
use crate::value;

/// Columns of more values are no states.
const MOST_VALUES: usize = 8;
/// Rows of a table that people count in a sentence.
const MOST_ROWS: usize = 200;
/// How far the table may be, in lines.
const NEAR: u32 = 40;
/// What was, and not what is.
const EARLIER: &[&str] = &[
    "previous*",
    "earlier",
    "yesterday",
    "vorher*",
    "zuvor",
    "letzte*",
    "dernier*",
    "précédent*",
    "anterior*",
    "pasad*",
    "precedent*",
    "vorige*",
    "poprzedni*",
    "scors*",
    "version*",
    "versión",
    "versão",
    "were",
    "waren",
    "étaient",
    "eran",
    "erano",
    "eram",
];

/// A column with few words in its cells, and how often each stands there.
pub(super) struct Column<'f, 'a> {
    grid: &'f Grid<'a>,
    counts: BTreeMap<String, u64>,
    rows: u64,
}

/// Every such column of the document.
pub(super) fn columns<'f, 'a>(facts: &'f Facts<'a>) -> Vec<Column<'f, 'a>> {
    let grids = facts.grids.iter().filter(|grid| (3..=MOST_ROWS).contains(&grid.body().count()));
    grids.flat_map(|grid| (0..grid.roles.len()).filter_map(|at| Column::of(grid, at))).collect()
}

impl<'f, 'a> Column<'f, 'a> {
    fn of(grid: &'f Grid<'a>, at: usize) -> Option<Column<'f, 'a>> {
        if matches!(grid.roles[at], Role::Id | Role::Owner | Role::Approver) {
            return None;
        }
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for row in grid.body() {
            let word = bare(row.cell(at));
            let is_word = word.chars().any(char::is_alphabetic) && word.split_whitespace().count() <= 4;
            if !is_word || counts.len() > MOST_VALUES {
                return None;
            }
            *counts.entry(word).or_default() += 1;
        }
        let rows: u64 = counts.values().sum();
        ((2..=MOST_VALUES).contains(&counts.len()) && rows > counts.len() as u64).then_some(Column {
            grid,
            counts,
            rows,
        })
    }

    fn distance(&self, line: u32) -> u32 {
        let span = self.grid.table.span;
        if line < span.line { span.line - line } else { line.saturating_sub(span.end_line) }
    }
}

/// A cell without what explains it.
fn bare(cell: &str) -> String {
    let head = cell.split(['(', ',', ';', '–', '—', ':']).next().unwrap_or(cell);
    head.to_lowercase().trim_matches(|c: char| !c.is_alphanumeric()).to_owned()
}

/// Says what is wrong with a sentence, if anything, and whether it did.
pub(super) fn check(
    facts: &Facts<'_>,
    columns: &[Column<'_, '_>],
    sentence: &Sentence,
    lower: &str,
    findings: &mut Findings,
) -> bool {
    let line = sentence.text.span.line;
    let from = columns.partition_point(|column| column.grid.table.span.end_line + NEAR < line);
    let near = columns.get(from..).unwrap_or_default().iter();
    let mut near = near.take_while(|column| column.grid.table.span.line <= line + NEAR).peekable();
    // A line that introduces the table counts it too.
    let is_label = sentence.place == Place::Heading && sentence.text.plain.trim_end().ends_with(':');
    let is_asked = is_label || matches!(sentence.place, Place::Prose | Place::Item);
    if !is_asked || near.peek().is_none() || number(lower).is_none() || says(lower, EARLIER) {
        return false;
    }
    let lower = &without_names(&sentence.text.plain, lower);
    let mut told: Vec<(&Column<'_, '_>, Vec<(String, u64)>)> = near
        .map(|column| (column, tally(lower, column)))
        .filter(|(column, told)| is_about(facts, column, told, sentence, lower))
        .collect();
    told.sort_by_key(|(column, _)| column.distance(line));
    let wrong = |(column, told): &(&Column<'_, '_>, Vec<(String, u64)>)| {
        told.iter().find(|(word, count)| column.counts.get(word) != Some(count)).cloned()
    };
    if told.iter().any(|each| wrong(each).is_none()) {
        return false;
    }
    let Some((first, word, count)) = told.first().and_then(|each| {
        let (word, count) = wrong(each)?;
        Some((each.0, word, count))
    }) else {
        return false;
    };
    let own = first.counts.get(&word).copied().unwrap_or_default();
    let message = format!(
        "«{}», and {own} of the {} rows are «{word}», not {count}",
        sentence.text.plain.trim(),
        first.rows
    );
    let rows = first.grid.body().take(20).map(GridRow::said);
    findings.certain(message, std::iter::once(sentence.said()).chain(rows).collect::<Vec<Said>>());
    true
}

/// Whether a sentence counts all the rows of a column: its numbers are all of them together, one of
/// its numbers is how many rows there are, or it has every word of the column in the same chapter.
fn is_about(
    facts: &Facts<'_>,
    column: &Column<'_, '_>,
    told: &[(String, u64)],
    sentence: &Sentence,
    lower: &str,
) -> bool {
    let sum: u64 = told.iter().map(|(_, count)| count).sum();
    let whole = shares(lower)
        .iter()
        .any(|share| share.whole == crate::contradiction::facts::figure::whole(column.rows));
    let is_near = facts.chapter(sentence.section) == facts.chapter(column.grid.section);
    let is_sized = numbers(lower).contains(&column.rows);
    match told.len() {
        0 => false,
        // Shares of what is known to be good or bad are another rule's.
        1 if whole => is_near && told.iter().all(|(word, _)| value::mark(word).is_none()),
        1 => is_sized && sum != column.rows && is_near,
        count => {
            sum == column.rows || is_sized && is_near || count == column.counts.len() && count >= 3 && is_near
        }
    }
}

/// The sentence with blanks for ids and dates, whose numbers count nothing.
fn without_names(plain: &str, lower: &str) -> String {
    if plain.len() != lower.len() {
        return lower.to_owned();
    }
    let ids = value::ids(plain).into_iter().map(|found| found.range);
    let dates = value::dates(plain).into_iter().map(|found| found.range);
    let names: Vec<_> = ids.chain(dates).chain(crate::contradiction::facts::calendar::days(plain)).collect();
    let kept = lower.char_indices().map(|(at, letter)| match names.iter().any(|name| name.contains(&at)) {
        true => ' ',
        false => letter,
    });
    kept.collect()
}

fn numbers(lower: &str) -> Vec<u64> {
    words(lower).filter_map(number).collect()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Each word of the column that has a number in its clause.
fn tally(lower: &str, column: &Column<'_, '_>) -> Vec<(String, u64)> {
    let mut found: Vec<(String, u64)> = Vec::new();
    for clause in clauses(lower) {
        let Some((word, at)) = told_word(clause, column) else { continue };
        let head = clause.get(..at).unwrap_or_default();
        let behind = clause.get(at..).unwrap_or_default();
        let share =
            shares(head).last().and_then(|share| share.part.is_integer().then(|| share.part.to_integer()));
        let share = share.and_then(|part| u64::try_from(part).ok());
        let before = words(head).filter_map(number).last();
        let is_beside = words(head).last().is_some_and(|word| number(word).is_some());
        let next = words(behind).skip(word.split_whitespace().count()).take(1).filter_map(number).next();
        let near = if is_beside { before.or(next) } else { next.or(before) };
        let Some(count) = share.or(near).filter(|_| !clause.contains('%')) else { continue };
        match found.iter_mut().find(|(known, _)| *known == word) {
            // Said twice in one sentence: it is about several groups.
            Some(_) => return Vec::new(),
            None => found.push((word, count)),
        }
    }
    found
}

/// The clauses of a sentence: between commas, and between words that join.
fn clauses(lower: &str) -> impl Iterator<Item = &str> {
    const JOINS: [&str; 12] = [
        " and ",
        " und ",
        " et ",
        " y ",
        " e ",
        " i ",
        " en ",
        " och ",
        " plus ",
        " while ",
        " while the ",
        " sowie ",
    ];
    let cut = |text: &'_ str| -> Vec<(usize, usize)> {
        let mut ends: Vec<(usize, usize)> = JOINS
            .iter()
            .flat_map(|join| text.match_indices(join).map(|(at, join)| (at, at + join.len())))
            .collect();
        ends.sort_unstable();
        ends
    };
    lower.split([',', ';', '(', ')', ':', '·', '/']).flat_map(move |part| {
        let mut from = 0;
        let mut parts = Vec::new();
        for (start, end) in cut(part) {
            if start >= from {
                parts.push(part.get(from..start).unwrap_or_default());
                from = end;
            }
        }
        parts.push(part.get(from..).unwrap_or_default());
        parts
    })
}

/// The word of the column that a clause has, the longest, then the first, and where it begins.
fn told_word(clause: &str, column: &Column<'_, '_>) -> Option<(String, usize)> {
    let own: Vec<&str> = words(clause).collect();
    if own.len() > 12 {
        return None;
    }
    let place = |word: &str| (word.as_ptr() as usize).saturating_sub(clause.as_ptr() as usize);
    let at = |value: &str| {
        let value: Vec<&str> = words(value).collect();
        (0..own.len()).find(|from| {
            own.get(*from..from + value.len())
                .is_some_and(|part| part.iter().zip(&value).all(|(one, other)| is_alike(one, other)))
        })
    };
    let found = column.counts.keys().filter_map(|value| Some((value, at(value)?)));
    let (value, at) = found.max_by_key(|(value, at)| (words(value).count(), own.len() - at))?;
    // `not met` is no number of those that are met.
    let head = clause.get(..own.get(at).map_or(0, |word| place(word))).unwrap_or_default();
    (!denies(head) || denies(value)).then(|| (value.clone(), head.len()))
}

/// Whether two words are forms of one: `failed` and `fail`, `parcial` and `parcialmente`.
fn is_alike(one: &str, other: &str) -> bool {
    let common = one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count();
    let (one, other) = (one.chars().count(), other.chars().count());
    let (least, most) = (one.min(other), one.max(other));
    let enough = if least <= 4 { least } else { least - 1 };
    common >= enough && common >= 2 && most - common <= 5 && (least > 3 || most - common <= 1)
}

#[cfg(test)]
mod tests {
    use super::super::RULE;
    use super::is_alike;
    use crate::contradiction::trial::found;

    const SPANISH: &str = "| Prueba | Resultado |\n|---|---|\n| P-1 | correcta |\n| P-2 | correcta |\n| P-3 | con observaciones |\n| P-4 | fallida |\n\n";

    #[test]
    fn words_that_nobody_taught_are_counted() {
        let wrong = format!("{SPANISH}Se hicieron 4 pruebas: 3 correctas y 1 fallida.\n");
        assert_eq!(found(&RULE, &wrong), ["certain 8,3,4,5,6"]);
        let table = "| N | Kriterium | Lage |\n|---|---|---|\n| 1 | Netz | steht |\n| 2 | Strom | steht |\n| 3 | Funk | wackelt (2 Tage) |\n\n";
        assert_eq!(found(&RULE, &format!("{table}Von den drei Punkten stehen 2 und 1 wackelt.\n")).len(), 0);
        assert_eq!(found(&RULE, &format!("{table}1 steht, 2 wackelt.\n")), ["certain 7,3,4,5"]);
        let share = "| C | Estado |\n|---|---|\n| a | cumprido |\n| b | cumprido |\n| c | não cumprido |\n| d | parcial (3 de 4) |\n\n";
        let text =
            format!("{share}Balanço: 3 dos 4 critérios estão cumpridos e 1 está parcialmente cumprido.\n");
        assert_eq!(found(&RULE, &text), ["certain 8,3,4,5,6"]);
    }

    #[test]
    fn right_numbers_and_other_groups_are_silent() {
        for text in [
            "Se hicieron 4 pruebas: 2 correctas, 1 con observaciones y 1 fallida.",
            "El año anterior: 3 correctas, 1 fallida.",
            "De las 12 pruebas del mes, 9 correctas y 3 fallidas.",
            "2 no fallidas y 2 correctas.",
            "Las 4 deben ser correctas.",
            "P-1 a P-3 son correctas de las 4.",
        ] {
            assert!(found(&RULE, &format!("{SPANISH}{text}\n")).is_empty(), "{text}");
        }
    }

    #[test]
    fn forms_of_a_word_are_alike_and_others_are_not() {
        for (one, other) in [("offen", "offene"), ("pass", "passed"), ("fallida", "fallidas"), ("met", "met")]
        {
            assert!(is_alike(one, other), "{one} {other}");
        }
        for (one, other) in [("open", "operator"), ("in", "into"), ("no", "none"), ("met", "metric")] {
            assert!(!is_alike(one, other), "{one} {other}");
        }
    }
}
