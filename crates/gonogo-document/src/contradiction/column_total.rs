//! A row of totals that is not the sum of the rows above it, or an average that is not their mean.

mod told;

use num_traits::Zero as _;

use super::facts::bound::time;
use super::facts::figure::{figure, shown, whole};
use super::facts::{Facts, Figure, Grid, GridRow, Role, RowKind};
use super::kind::{Findings, Kind, Rule, Said};
use crate::value::{self, Exact};

pub(super) const RULE: Rule = Rule {
    id: "column-total",
    kind: Kind::Arithmetic,
    why: "A reader trusts the bottom line; when it is not the sum of its column, one of them is wrong.",
    find,
};

/// Words by which a document says that its rows are not meant to add up.
const OVERLAP: &[&str] = &[
    "overlap",
    "distinct",
    "unique",
    "more than once",
    "counted twice",
    "in each",
    "überschneid",
    "solap",
    "recoup",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    told::check(facts, findings);
    for grid in &facts.grids {
        if overlaps(facts, grid) {
            continue;
        }
        for (at, row) in grid.rows.iter().enumerate() {
            match row.kind {
                RowKind::Total | RowKind::Subtotal => total(grid, at, row, findings),
                RowKind::Average => average(grid, at, row, findings),
                RowKind::Body | RowKind::Part => {}
            }
        }
    }
}

fn overlaps(facts: &Facts<'_>, grid: &Grid<'_>) -> bool {
    let has = |text: &str| OVERLAP.iter().any(|word| text.contains(word));
    let near = facts.sentences.iter().filter(|sentence| sentence.section == grid.section);
    near.map(super::facts::Sentence::lower).any(|text| has(&text))
}

fn total(grid: &Grid<'_>, at: usize, row: &GridRow<'_>, findings: &mut Findings) {
    for column in 0..grid.roles.len() {
        if column == grid.label || matches!(grid.roles[column], Role::Id | Role::Confidence) {
            continue;
        }
        if let Some(stated) = figure(row.cell(column)) {
            figures(grid, at, column, &stated, findings);
        } else if let Some(stated) = value::duration(row.cell(column)) {
            durations(grid, at, column, &stated, findings);
        }
    }
}

/// The rows that a total at `at` may be the sum of: those since the total before it.
fn above<'a, 'b>(grid: &'a Grid<'b>, at: usize) -> &'a [GridRow<'b>] {
    let before = grid.rows.get(..at).unwrap_or_default();
    let closes = match grid.rows.get(at).map(|row| row.kind) {
        Some(RowKind::Subtotal) => |kind: RowKind| kind != RowKind::Body,
        _ => |kind: RowKind| kind == RowKind::Total,
    };
    let from = before.iter().rposition(|row| closes(row.kind)).map_or(0, |last| last + 1);
    before.get(from..).unwrap_or_default()
}

fn figures(grid: &Grid<'_>, at: usize, column: usize, stated: &Figure, findings: &mut Findings) {
    let rows: Vec<&GridRow<'_>> = above(grid, at).iter().filter(|row| row.kind == RowKind::Body).collect();
    let parts: Vec<(&GridRow<'_>, Figure)> =
        rows.iter().filter_map(|row| Some((*row, figure(row.cell(column))?))).collect();
    let unread = rows
        .iter()
        .any(|row| figure(row.cell(column)).is_none() && !super::facts::grid::is_blank(row.cell(column)));
    if parts.len() < 2 || unread || stated.is_about {
        return;
    }
    let sum: Exact = parts.iter().map(|(_, part)| part.value.clone()).sum();
    let figures: Vec<&Figure> = parts.iter().map(|(_, part)| part).collect();
    if stated.could_be_sum(&sum, &figures)
        || is_mean(grid, column, &parts, stated)
        || is_derived(grid, at, column, stated)
    {
        return;
    }
    let role = grid.roles[column];
    // Scores and rates are no parts of a whole, so their total may be anything sensible.
    let is_additive = matches!(role, Role::Count | Role::Weight | Role::Weighted | Role::Duration)
        || (!stated.is_percent && !parts.iter().any(|(_, part)| part.is_percent) && role != Role::Score)
        || is_share(&grid.header(column));
    let mut places = vec![grid.rows[at].said()];
    places.extend(parts.iter().map(|(row, _)| row.said()));
    let message = format!(
        "the total of “{}” is given as {}, but the {} rows add up to {}",
        grid.header(column).trim(),
        stated.shown(),
        parts.len(),
        shown(&sum)
    );
    findings.say(is_additive, message, places);
}

fn is_share(header: &str) -> bool {
    ["share", "anteil", "part", "cuota", "aandeel", "portion"].iter().any(|word| header.contains(word))
}

/// The mean of a column of percentages or scores is a sensible total of it.
fn is_mean(grid: &Grid<'_>, column: usize, parts: &[(&GridRow<'_>, Figure)], stated: &Figure) -> bool {
    let sum: Exact = parts.iter().map(|(_, part)| part.value.clone()).sum();
    let additive = matches!(grid.roles[column], Role::Weight | Role::Weighted);
    !additive
        && (stated.is_percent || grid.roles[column] == Role::Score)
        && stated.could_be(&(sum / whole(parts.len() as u64)))
}

/// A weighted sum, or a rate of two totals of the same row.
fn is_derived(grid: &Grid<'_>, at: usize, column: usize, stated: &Figure) -> bool {
    let weighted = super::weighted_total::products(grid, above(grid, at), column);
    if weighted.iter().any(|sum| stated.could_be(sum)) {
        return true;
    }
    let row = &grid.rows[at];
    let others: Vec<Exact> = (0..grid.roles.len())
        .filter(|other| *other != column)
        .filter_map(|other| Some(figure(row.cell(other))?.value))
        .collect();
    stated.is_percent
        && others.iter().any(|part| {
            others.iter().any(|all| !all.is_zero() && stated.could_be(&(part / all * whole(100))))
        })
}

fn durations(grid: &Grid<'_>, at: usize, column: usize, stated: &value::Duration, findings: &mut Findings) {
    let rows: Vec<&GridRow<'_>> = above(grid, at).iter().filter(|row| row.kind == RowKind::Body).collect();
    if let (Some(total), Some(parts)) = (time(grid.rows[at].cell(column)), times(&rows, column)) {
        let sum: Exact = parts.iter().cloned().sum();
        let longest = parts.iter().max().cloned().unwrap_or_else(Exact::zero);
        if parts.len() > 1 && !stated.is_about && total != sum {
            let places =
                std::iter::once(grid.rows[at].said()).chain(rows.iter().map(|row| row.said())).collect();
            let message = format!(
                "the total is given as “{}”, but the rows add up to {} hours",
                grid.rows[at].cell(column),
                shown(&sum)
            );
            findings.say(total < longest || total > sum, message, places);
        }
        return;
    }
    let parts: Vec<value::Duration> =
        rows.iter().filter_map(|row| value::duration(row.cell(column))).collect();
    if parts.len() < 2 || parts.len() < rows.len() || stated.is_about {
        return;
    }
    let sums = |hours: u32| {
        let low: Exact = parts.iter().map(|part| part.low_hours(hours)).sum();
        let high: Exact = parts.iter().map(|part| part.high_hours(hours)).sum();
        (low, high)
    };
    // Days of work and days of the calendar are not told apart, so either may be meant.
    let fits = |hours: u32| sums(hours) == (stated.low_hours(hours), stated.high_hours(hours));
    let longest = parts.iter().map(|part| part.high_hours(8)).max().unwrap_or_else(Exact::zero);
    if fits(8) || fits(24) {
        return;
    }
    let mut places = vec![grid.rows[at].said()];
    places.extend(rows.iter().map(|row| row.said()));
    let (low, high) = sums(8);
    let message = format!(
        "the total is given as “{}”, but the rows add up to {} to {} hours of work",
        grid.rows[at].cell(column),
        shown(&low),
        shown(&high)
    );
    // A shorter total may be work done side by side, unless its longest part is longer.
    findings.say(stated.high_hours(8) < longest, message, places);
}

/// The times of all rows in hours, if one of them has hours and minutes.
fn times(rows: &[&GridRow<'_>], column: usize) -> Option<Vec<Exact>> {
    let cells = || rows.iter().map(|row| row.cell(column)).filter(|cell| !super::facts::grid::is_blank(cell));
    let is_clocked = |cell: &str| cell.split_whitespace().count() >= 3;
    let all: Option<Vec<Exact>> = cells().map(time).collect();
    all.filter(|_| cells().any(is_clocked))
}

fn average(grid: &Grid<'_>, at: usize, row: &GridRow<'_>, findings: &mut Findings) {
    for column in (0..grid.roles.len()).filter(|column| *column != grid.label) {
        let Some(stated) = figure(row.cell(column)) else { continue };
        let rows: Vec<&GridRow<'_>> =
            above(grid, at).iter().filter(|row| row.kind == RowKind::Body).collect();
        let parts: Vec<(&GridRow<'_>, Figure)> =
            rows.iter().filter_map(|row| Some((*row, figure(row.cell(column))?))).collect();
        if parts.len() < 2 || parts.len() < rows.len() {
            continue;
        }
        let sum: Exact = parts.iter().map(|(_, part)| part.value.clone()).sum();
        let mean = sum / whole(parts.len() as u64);
        if stated.could_be(&mean) || is_derived(grid, at, column, &stated) {
            continue;
        }
        let places: Vec<Said> =
            std::iter::once(row.said()).chain(parts.iter().map(|(row, _)| row.said())).collect();
        let message = format!(
            "the average of “{}” is given as {}, but the mean of the {} rows is {}",
            grid.header(column).trim(),
            stated.shown(),
            parts.len(),
            shown(&mean)
        );
        findings.certain(message, places);
    }
}
