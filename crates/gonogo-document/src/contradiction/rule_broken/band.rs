//! A band of scores that nobody may accept, and a risk in it that is accepted.

use super::super::facts::figure::{Figure, figure};
use super::super::facts::grid::is_blank;
use super::super::facts::word::says;
use super::super::facts::{Facts, Grid, Role};
use super::super::kind::{Findings, Said};
use crate::value::{self, Exact, State};

/// Nobody may take it.
const NOBODY: &[&str] = &[
    "nobody",
    "no one",
    "none may",
    "not acceptable",
    "unacceptable",
    "cannot be accepted",
    "may not be accepted",
    "must not be accepted",
    "must be reduced",
    "must be treated",
    "not allowed",
    "niemand",
    "nicht akzeptabel",
    "unzulässig",
    "nicht zulässig",
    "personne",
    "inacceptable",
    "inadmissible",
    "nadie",
    "inaceptable",
    "inadmisible",
    "nessuno",
    "inaccettabile",
    "ninguém",
    "inaceitável",
    "niet acceptabel",
    "ontoelaatbaar",
];

pub(super) fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for legend in facts.grids.iter().filter(|grid| grid.rows.len() <= 12) {
        for row in legend.rows.iter() {
            let cells: Vec<&str> = (0..legend.roles.len()).map(|at| row.cell(at)).collect();
            let text = cells.join(" ").to_lowercase();
            let Some(floor) = cells.iter().find_map(|cell| floor(cell)).filter(|_| says(&text, NOBODY))
            else {
                continue;
            };
            for grid in facts.grids.iter().filter(|grid| grid.table.span != legend.table.span) {
                accepted(grid, &floor, &row.said(), findings);
            }
        }
    }
}

/// The lower end of a band: `15 and more`, `≥ 15`, `15–25`.
fn floor(cell: &str) -> Option<Exact> {
    let lower = cell.to_lowercase();
    let is_open = says(
        &lower,
        &[
            "and more",
            "and above",
            "or more",
            "und mehr",
            "oder mehr",
            "et plus",
            "ou plus",
            "y más",
            "o más",
            "en meer",
            "e oltre",
            "e mais",
            "up",
        ],
    ) || lower.trim_start().starts_with(['≥', '>'])
        || lower.trim_end().ends_with('+');
    let numbers = value::numbers(cell);
    let is_band = numbers.len() == 2 && lower.split_whitespace().count() <= 3;
    let first = numbers.first()?;
    ((is_open && numbers.len() == 1) || is_band).then(|| first.value.clone())
}

/// Rows with a score in the band that somebody accepted.
fn accepted(grid: &Grid<'_>, floor: &Exact, band: &Said, findings: &mut Findings) {
    let Some(score) = grid.column(Role::Score) else { return };
    let by = grid.column(Role::Approver);
    let state = grid.column(Role::Status).or_else(|| grid.column(Role::Decision));
    for row in grid.body() {
        let Some(Figure { value, .. }) = figure(row.cell(score)) else { continue };
        let is_taken = by
            .is_some_and(|at| !is_blank(row.cell(at)) && !says(&row.cell(at).to_lowercase(), NOBODY))
            || state.is_some_and(|at| {
                value::mark(row.cell(at)).and_then(|mark| mark.state) == Some(State::Accepted)
            });
        if value >= *floor && is_taken {
            let message =
                format!("«{}» is accepted, and nobody may accept «{}»", row.cell(grid.label), band.text);
            findings.certain(message, vec![row.said(), band.clone()]);
        }
    }
}
