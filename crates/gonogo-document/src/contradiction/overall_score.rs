//! An overall score that does not follow from the scores it is the overall of.

use num_traits::Zero as _;

use super::facts::figure::{figure, figures, shown, whole};
use super::facts::{Facts, Figure, Grid, GridRow, Place, Role, RowKind, Sentence};
use super::kind::{Findings, Kind, Rule, Said};
use crate::value::{self, Exact};

pub(super) const RULE: Rule = Rule {
    id: "overall-score",
    kind: Kind::Arithmetic,
    why: "The overall score is what people remember; it must follow from the scores of the parts.",
    find,
};

/// Words for a score over all.
const OVERALL: &[&str] = &[
    "overall",
    "total readiness",
    "gesamtwert",
    "gesamtergebnis",
    "insgesamt",
    "score global",
    "global",
    "puntuación total",
    "totaalscore",
    "total score",
    "readiness score",
    "overall score",
    "algemeen",
];
pub(super) const MEAN: &[&str] =
    &["average", "mean", "durchschnitt", "mittelwert", "moyenne", "promedio", "gemiddeld", "media de", "avg"];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for sentence in facts
        .sentences
        .iter()
        .filter(|sentence| sentence.place != Place::Cell && sentence.place != Place::Code)
    {
        let Some((stated, says_mean)) = overall(sentence) else { continue };
        let near = facts.grids.iter().filter(|grid| is_near(facts, grid, sentence));
        let Some((grid, column)) = near.filter_map(|grid| Some((grid, scores(grid)?))).next_back() else {
            continue;
        };
        let parts: Vec<(&GridRow<'_>, Figure)> = grid.figures(column).unwrap_or_default();
        if parts.len() < 3 || (!says_mean && explained(facts, grid, &parts, &stated, sentence)) {
            continue;
        }
        let sum: Exact = parts.iter().map(|(_, part)| part.value.clone()).sum();
        let mean = sum / whole(parts.len() as u64);
        if stated.could_be(&mean) {
            continue;
        }
        let places: Vec<Said> =
            std::iter::once(sentence.said()).chain(parts.iter().map(|(row, _)| row.said())).collect();
        let message = format!(
            "{} is given over all, but the mean of the {} scores is {} and no other sum of them gives it",
            stated.shown(),
            parts.len(),
            shown(&mean)
        );
        findings.certain(message, places);
    }
}

/// The figure of a sentence that gives a score over all, and whether it is said to be a mean.
fn overall(sentence: &Sentence) -> Option<(Figure, bool)> {
    let lower = sentence.lower();
    let says_mean = MEAN.iter().any(|word| lower.contains(word));
    let is_overall = OVERALL.iter().any(|word| lower.contains(word));
    // Rates and latencies have means too.
    let other = ["rate", "latency", "load", "error", "request", "average of", " ms", "pass rate"]
        .iter()
        .any(|word| lower.contains(word));
    let mut percents = figures(&sentence.text.plain).into_iter().filter(|figure| figure.is_percent);
    let first = percents.next().or_else(|| of_hundred(&sentence.text.plain))?;
    ((says_mean || is_overall) && !other && !first.is_about && sentence.text.plain.len() < 160)
        .then_some((first, says_mean))
}

/// `81 / 100` is a figure in percent.
fn of_hundred(text: &str) -> Option<Figure> {
    let all = value::fractions(text);
    let [one] = all.as_slice() else { return None };
    let part = figures(text).into_iter().find(|figure| figure.range.start >= one.range.start)?;
    (one.value.whole == whole(100) && part.value == one.value.part)
        .then_some(Figure { is_percent: true, ..part })
}

/// A table in the same chapter, or directly above in the one it is part of.
fn is_near(facts: &Facts<'_>, grid: &Grid<'_>, sentence: &Sentence) -> bool {
    let chapter = facts.chapter(sentence.section);
    let own = facts.chapter(grid.section) == chapter;
    let distance = sentence
        .text
        .span
        .line
        .abs_diff(grid.table.span.end_line)
        .min(sentence.text.span.line.abs_diff(grid.table.span.line));
    own || distance <= 6
}

/// The column of scores in percent of a table that is not weighted.
fn scores(grid: &Grid<'_>) -> Option<usize> {
    if grid.column(Role::Weight).is_some() && grid.column(Role::Weighted).is_some() {
        return None;
    }
    let column = (0..grid.roles.len()).find(|at| {
        let named = grid.roles[*at] == Role::Score || grid.header(*at).contains("readiness");
        named
            && grid
                .figures(*at)
                .is_some_and(|all| all.iter().filter(|(_, figure)| figure.is_percent).count() >= 3)
    })?;
    // A table of the targets of one thing has no mean.
    (grid.column(Role::Target).is_none()).then_some(column)
}

/// Whether the overall figure follows from the table or its sentence in another way.
fn explained(
    facts: &Facts<'_>,
    grid: &Grid<'_>,
    parts: &[(&GridRow<'_>, Figure)],
    stated: &Figure,
    sentence: &Sentence,
) -> bool {
    let fits = |exact: Exact| stated.could_be(&exact);
    let by_fraction = value::fractions(&sentence.text.plain)
        .iter()
        // `81 / 100` is the score itself.
        .filter(|found| found.value.whole != whole(100))
        .any(|found| found.value.percent().is_some_and(&fits) && found.value.part.is_integer());
    let values: Vec<&Exact> = parts.iter().map(|(_, part)| &part.value).collect();
    let least = values.iter().min().is_some_and(|least| fits((**least).clone()));
    let has_total = grid.rows.iter().filter(|row| row.kind != RowKind::Body).any(|row| {
        (0..grid.roles.len()).any(|at| figure(row.cell(at)).is_some_and(|total| total.value == stated.value))
    });
    by_fraction
        || least
        || has_total
        || weighted(grid, parts).is_some_and(fits)
        || is_far(facts, grid, sentence)
}

fn weighted(grid: &Grid<'_>, parts: &[(&GridRow<'_>, Figure)]) -> Option<Exact> {
    let weight = grid.column(Role::Weight)?;
    let (mut sum, mut weights) = (Exact::zero(), Exact::zero());
    for (row, part) in parts {
        let weight = figure(row.cell(weight))?.value;
        sum += &weight * &part.value;
        weights += weight;
    }
    (!weights.is_zero()).then(|| sum / weights)
}

/// Another table stands between them, or they are far apart.
fn is_far(facts: &Facts<'_>, grid: &Grid<'_>, sentence: &Sentence) -> bool {
    let (line, end) = (sentence.text.span.line, grid.table.span.end_line);
    let between = facts
        .grids
        .iter()
        .filter(|other| other.table.span.line > end && other.table.span.line < line)
        .count();
    line > end && (between > 0 || line - end > 12)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_score_of_a_hundred_is_measured_by_its_table() {
        let text = |score: u32| {
            format!(
                "# Report\n\n**Overall score:** {score} / 100\n\n| Category | Weight | Score |\n|---|---|---|\n| A | 50 % | 85 % |\n| B | 25 % | 80 % |\n| C | 25 % | 60 % |\n"
            )
        };
        assert_eq!(found(&RULE, &text(81)).len(), 1);
        assert!(found(&RULE, &text(78)).is_empty());
    }
}
