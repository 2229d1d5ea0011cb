//! A number of the summary that a table further down, on the same thing, does not add up to.

use std::collections::BTreeSet;

use super::facts::figure::{figure, figures, shown};
use super::facts::{Facts, Grid, GridRow, Role};
use super::kind::{Findings, Kind, Rule, Said};
use crate::name::Name;
use crate::value::Exact;

pub(super) const RULE: Rule = Rule {
    id: "rows-total",
    kind: Kind::Count,
    why: "The summary gives the sum of a table; when a row is added, it must be added there too.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let titles: Vec<BTreeSet<String>> =
        facts.grids.iter().map(|grid| Name::of(&facts.titles(grid.section)).words).collect();
    for (at, summary) in facts.grids.iter().enumerate() {
        let Some(column) = summary.column(Role::Count).filter(|column| *column != summary.label) else {
            continue;
        };
        for row in summary.body() {
            let Some(stated) = figure(row.cell(column)).filter(|stated| stated.count().is_some()) else {
                continue;
            };
            let name = Name::of(row.cell(summary.label));
            for (other, (grid, titles)) in facts.grids.iter().zip(&titles).enumerate() {
                if other != at && is_about(titles, &name) {
                    compare(row, &stated.value, grid, findings);
                }
            }
        }
    }
    counts_twice(facts, findings);
}

/// Whether all words of the name are in the titles above a table.
fn is_about(titles: &BTreeSet<String>, name: &Name) -> bool {
    let is_noun = |word: &&String| !matches!(word.as_str(), "item" | "count" | "it" | "number");
    let mut words = name.words.iter().filter(is_noun).peekable();
    words.peek().is_some() && words.all(|word| titles.contains(word))
}

fn compare(row: &GridRow<'_>, stated: &Exact, grid: &Grid<'_>, findings: &mut Findings) {
    let column = (0..grid.roles.len()).find(|at| {
        matches!(
            grid.header(*at).trim(),
            "items" | "count" | "number" | "anzahl" | "nombre" | "aantal" | "checks"
        )
    });
    let Some(column) = column else { return };
    let parts: Vec<(&GridRow<'_>, Exact)> =
        grid.body().filter_map(|row| Some((row, figure(row.cell(column))?.value))).collect();
    let sum: Exact = parts.iter().map(|(_, part)| part.clone()).sum();
    if parts.len() < 3 || &sum == stated {
        return;
    }
    // What has a unit of its own is not counted with the others.
    let plain: Exact = parts
        .iter()
        .filter(|(row, _)| row.cell(column).split_whitespace().count() == 1)
        .map(|(_, part)| part.clone())
        .sum();
    if &plain == stated {
        return;
    }
    let message = format!(
        "the summary counts {}, the {} rows of the table add up to {}",
        shown(stated),
        parts.len(),
        shown(&plain)
    );
    let places: Vec<Said> =
        std::iter::once(row.said()).chain(parts.iter().map(|(row, _)| row.said())).collect();
    findings.certain(message, places);
}

/// Rows that are compared with as many that follow them.
const MOST: usize = 300;

/// Two rows of two tables with one name and two numbers.
fn counts_twice(facts: &Facts<'_>, findings: &mut Findings) {
    let mut all: Vec<(usize, Name, u64, Said)> = Vec::new();
    for (table, grid) in facts.grids.iter().enumerate().filter(|(_, grid)| grid.roles.len() <= 4) {
        let column = grid
            .column(Role::Count)
            .or_else(|| grid.column(Role::Status))
            .filter(|column| *column != grid.label);
        let Some(column) = column else { continue };
        for row in grid.body() {
            if all.len() > MOST * 2 {
                break;
            }
            let found = figures(row.cell(column));
            let ([one], true) = (found.as_slice(), crate::value::durations(row.cell(column)).is_empty())
            else {
                continue;
            };
            let Some(count) = one.count() else { continue };
            all.push((table, Name::of(row.cell(grid.label)), count, row.said()));
        }
    }
    for (at, (table, name, count, said)) in all.iter().enumerate().take(MOST) {
        for (other_table, other, value, place) in all.iter().skip(at + 1).take(MOST) {
            if table != other_table
                && !name.is_empty()
                && name.plain == other.plain
                && count != value
                && name.words.len() + name.deeds.len() >= 2
            {
                findings.certain(
                    format!("“{}” are {count} here and {value} there", name.plain),
                    vec![said.clone(), place.clone()],
                );
            }
        }
    }
}
