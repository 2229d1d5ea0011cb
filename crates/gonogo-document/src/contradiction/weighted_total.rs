//! Scores that are weighted: each product, their sum, and a sum that is stated beside the table.

use num_traits::Zero as _;

use super::facts::figure::{figure, shown, whole};
use super::facts::{Facts, Figure, Grid, GridRow, Place, Role, RowKind};
use super::kind::{Findings, Kind, Rule, Said};
use crate::value::Exact;

pub(super) const RULE: Rule = Rule {
    id: "weighted-total",
    kind: Kind::Arithmetic,
    why: "A weighted score decides; it must be what its weights and its scores give.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in &facts.grids {
        let Some((weight, score)) = columns(grid) else { continue };
        if let Some(product) = grid.column(Role::Weighted) {
            grid.body().for_each(|row| row_product(grid, row, (weight, score, product), findings));
        }
        stated_beside(facts, grid, findings);
    }
}

/// The columns of weight and score.
fn columns(grid: &Grid<'_>) -> Option<(usize, usize)> {
    let weight = grid.column(Role::Weight)?;
    let score = grid.column(Role::Score)?;
    (grid.figures(weight).is_some() && grid.figures(score).is_some()).then_some((weight, score))
}

/// The weighted sums of some rows that a total of `column` may be: of the column itself and of the
/// scores, divided by what the weights are together, by 100 when they are percentages, or not at all.
pub(super) fn products(grid: &Grid<'_>, rows: &[GridRow<'_>], column: usize) -> Vec<Exact> {
    let Some(weight) = grid.column(Role::Weight).filter(|weight| *weight != column) else {
        return Vec::new();
    };
    let score = grid.column(Role::Score).filter(|score| *score != column);
    let mut found = Vec::new();
    for values in [Some(column), score].into_iter().flatten() {
        if let Some((sum, weights)) = weighted(rows, weight, values) {
            found.extend([&sum / divisor(&weights), &sum / &weights, sum.clone()]);
        }
    }
    found
}

/// The sum of weight times value, and of the weights.
fn weighted(rows: &[GridRow<'_>], weight: usize, values: usize) -> Option<(Exact, Exact)> {
    let mut sum = Exact::zero();
    let mut weights = Exact::zero();
    for row in rows.iter().filter(|row| row.kind == RowKind::Body) {
        let weight = figure(row.cell(weight))?.value;
        sum += &weight * figure(row.cell(values))?.value;
        weights += weight;
    }
    (!weights.is_zero()).then_some((sum, weights))
}

/// Weights that add up to about 100 are percentages.
fn divisor(weights: &Exact) -> Exact {
    if weights > &whole(50) { whole(100) } else { weights.clone() }
}

fn row_product(
    grid: &Grid<'_>,
    row: &GridRow<'_>,
    (weight, score, product): (usize, usize, usize),
    findings: &mut Findings,
) {
    let cells = (figure(row.cell(weight)), figure(row.cell(score)), figure(row.cell(product)));
    let (Some(weight), Some(score), Some(stated)) = cells else { return };
    let exact = &weight.value * &score.value;
    let in_percent = &exact / whole(100);
    if stated.could_be(&exact) || stated.could_be(&in_percent) || score.decimals + weight.decimals > 6 {
        return;
    }
    // The printed score may itself be rounded: half of its last digit, times the weight.
    let slack = score.slack() * &weight.value / whole(100);
    if stated.could_be(&(&in_percent + &slack)) || stated.could_be(&(&in_percent - &slack)) {
        return;
    }
    let message = format!(
        "{} weighted with {} is {}, but the row says {}",
        score.shown(),
        weight.shown(),
        shown(&in_percent),
        stated.shown()
    );
    findings.certain(message, vec![row.said(), grid.head()]);
}

/// `Weighted total: 74.4` under a table that has no row of totals.
fn stated_beside(facts: &Facts<'_>, grid: &Grid<'_>, findings: &mut Findings) {
    if grid.rows.iter().any(|row| row.kind == RowKind::Total) {
        return;
    }
    let Some((weight, score)) = columns(grid) else { return };
    let Some((sum, weights)) = weighted(&grid.rows, weight, score) else { return };
    let (exact, normal) = (&sum / divisor(&weights), &sum / &weights);
    let chapter = facts.chapter(grid.section);
    let near = facts.sentences.iter().filter(|sentence| {
        sentence.place != Place::Cell
            && facts.chapter(sentence.section) == chapter
            && sentence.text.span.line > grid.table.span.line
    });
    for sentence in near {
        let lower = sentence.lower();
        let is_total = ["weighted", "gewichtet", "pondér", "ponderad", "gewogen"]
            .iter()
            .any(|word| lower.contains(word));
        let stated: Vec<Figure> = super::facts::figure::figures(&lower);
        let (true, [stated]) = (is_total, stated.as_slice()) else { continue };
        if !stated.could_be(&exact) && !stated.could_be(&normal) {
            let places: Vec<Said> =
                std::iter::once(sentence.said()).chain(grid.body().map(GridRow::said)).collect();
            let message = format!(
                "the weighted total is given as {}, but weights and scores give {}",
                stated.shown(),
                shown(&exact)
            );
            findings.certain(message, places);
        }
    }
}
