//! Rows in which the parts are not the whole: passed and failed against executed, fixed and open
//! against found; probability times impact against the score; shares against what they are of.

mod formula;

use num_traits::Zero as _;

use super::facts::figure::{figure, shown};
use super::facts::word::says;
use super::facts::{Facts, Grid, GridRow, Role};
use super::kind::{Findings, Kind, Rule};
use crate::value::Exact;

pub(super) const RULE: Rule = Rule {
    id: "row-total",
    kind: Kind::Arithmetic,
    why: "When the columns of a table are parts of a whole in other rows, they must be in all rows.",
    find,
};

/// Headers of a whole, and of the parts it has.
const WHOLES: &[&str] = &[
    "total",
    "sum",
    "all",
    "planned",
    "executed",
    "found",
    "cases",
    "tests",
    "source rows",
    "source",
    "rows",
    "cas",
    "casos",
    "summe",
    "gesamt",
    "testgevallen",
    "items",
    "run",
    "requests",
    "records",
    "checks",
    "count",
    "anzahl",
    "fälle",
    "totaal",
];
const PARTS: &[&str] = &[
    "passed",
    "failed",
    "open",
    "fixed",
    "closed",
    "migrated",
    "blocked",
    "skipped",
    "not run",
    "done",
    "pending",
    "pass",
    "fail",
    "réussis",
    "échoués",
    "aprobados",
    "fallidos",
    "bestanden",
    "nicht bestanden",
    "geslaagd",
    "gezakt",
    "offen",
    "behoben",
    "errors",
    "rejected",
    "accepted",
    "deferred",
    "critical",
    "high",
    "medium",
    "low",
    "blocker",
    "blockers",
    "major",
    "minor",
    "succeeded",
    "in progress",
    "loaded",
    "skipped rows",
    "warnings",
    "partial",
    "info",
];

/// Columns of numbers that are tried with one another.
const MOST_COLUMNS: usize = 8;

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in &facts.grids {
        let wholes: Vec<usize> = columns(grid, WHOLES);
        let parts: Vec<usize> = columns(grid, PARTS);
        // The nearest whole before the parts, then one behind them.
        let first = parts.first().copied().unwrap_or_default();
        let near =
            wholes.iter().rev().find(|at| **at < first).or_else(|| wholes.iter().find(|at| **at > first));
        let mut holds = false;
        for size in [parts.len(), 2] {
            let chosen = parts.get(..size).unwrap_or_default();
            if let (Some(whole), 2..) = (near, chosen.len())
                && sums(grid, *whole, chosen, findings)
            {
                holds = true;
                break;
            }
        }
        if !holds {
            by_position(grid, findings);
        }
        products(grid, findings);
        formula::formulas(grid, findings);
        for at in 2..grid.roles.len() {
            product_of(grid, (at - 2, at - 1, at), findings);
        }
    }
}

/// A column that is the sum of those side by side before or behind it, whatever they are called.
fn by_position(grid: &Grid<'_>, findings: &mut Findings) {
    let numeric = |at: &usize| {
        let figures = grid.figures(*at).unwrap_or_default();
        !matches!(grid.roles[*at], Role::Id | Role::Score | Role::Weight | Role::Weighted)
            && figures.len() >= 3
            && figures.iter().all(|(_, figure)| !figure.is_percent && !figure.is_about)
    };
    let columns: Vec<usize> = (0..grid.roles.len()).filter(numeric).take(MOST_COLUMNS).collect();
    for (at, whole) in columns.iter().enumerate() {
        let before = columns.get(..at).unwrap_or_default();
        let behind = columns.get(at + 1..).unwrap_or_default();
        let last_two = before.get(before.len().saturating_sub(2)..).unwrap_or_default();
        let next_two = behind.get(..2).unwrap_or_default();
        let runs = [before, behind, last_two, next_two];
        let mut runs = runs.into_iter().filter(|parts| parts.len() >= 2);
        if runs.any(|parts| follows(grid, *whole, parts) && sums(grid, *whole, parts, findings)) {
            return;
        }
    }
}

/// Headers of what two columns differ by.
const DIFFERENCES: &[&str] = &[
    "difference*",
    "diff",
    "delta",
    "gap",
    "missing",
    "lost",
    "differenz*",
    "abweichung*",
    "fehlend*",
    "écart*",
    "différence*",
    "manquant*",
    "diferencia*",
    "faltan*",
    "differenza",
    "scarto",
    "mancant*",
    "verschil*",
    "ontbrekend*",
    "diferença*",
    "falta*",
    "różnica*",
    "brak*",
    "skillnad*",
];
/// What makes two columns all there is: with something, and without it.
const WITHOUT: &[&str] =
    &["without", "ohne", "sans", "sin", "senza", "zonder", "sem", "bez", "utan", "not", "nicht", "non", "no"];

/// Whether the headers of the parts say that they make a whole.
fn are_told(grid: &Grid<'_>, parts: &[usize]) -> bool {
    let has = |words: &[&str]| parts.iter().any(|at| says(grid.header(*at).trim(), words));
    parts.len() == 2 && (has(DIFFERENCES) || has(WITHOUT))
}

/// Whether the parts are the whole in at least three rows that show something, and in most. Fewer rows do
/// when the headers say so.
fn follows(grid: &Grid<'_>, whole: usize, parts: &[usize]) -> bool {
    let (mut right, mut wrong) = (0, 0);
    for row in grid.rows.iter().take(500) {
        let cells: Option<Vec<Exact>> = parts.iter().map(|at| Some(figure(row.cell(*at))?.value)).collect();
        let (Some(cells), Some(stated)) = (cells, figure(row.cell(whole))) else { continue };
        let all: Exact = cells.iter().cloned().sum();
        let shows = cells.iter().filter(|cell| !cell.is_zero()).count() >= 2;
        match all == stated.value {
            true => right += usize::from(shows),
            false => wrong += 1,
        }
    }
    right >= 3 && wrong * 3 <= right || right >= 1 && wrong == 1 && are_told(grid, parts)
}

/// Three columns side by side of which the third is the product of the others in nearly all rows.
fn product_of(grid: &Grid<'_>, (one, other, product): (usize, usize, usize), findings: &mut Findings) {
    let known: Vec<&str> = PRODUCTS.to_vec();
    if known.contains(&grid.header(product).trim()) && grid.header(one).trim().len() < 2 {
        return;
    }
    let cells = |row: &GridRow<'_>| {
        let (one, other) = (figure(row.cell(one))?.count()?, figure(row.cell(other))?.count()?);
        (one <= 10 && other <= 10).then(|| Some((one * other, figure(row.cell(product))?.count()?)))?
    };
    let rows: Vec<(&GridRow<'_>, (u64, u64))> =
        grid.body().filter_map(|row| Some((row, cells(row)?))).collect();
    let right = rows.iter().filter(|(_, (exact, stated))| exact == stated && *exact > 1).count();
    let wrong: Vec<_> = rows.iter().filter(|(_, (exact, stated))| exact != stated).collect();
    if right >= 3 && wrong.len() * 3 <= right && rows.len() == grid.body().count() {
        for (row, (exact, stated)) in wrong {
            let message =
                format!("{} times {} is {exact}, but the row says {stated}", row.cell(one), row.cell(other));
            findings.certain(message, vec![row.said(), grid.head()]);
        }
    }
}

/// Headers that [`products`] looks for.
const PRODUCTS: &[&str] = &["score", "risk score", "risk", "rating", "p×i", "p x i", "wert", "rpn"];

fn columns(grid: &Grid<'_>, words: &[&str]) -> Vec<usize> {
    (0..grid.roles.len())
        .filter(|at| {
            let header = grid.header(*at);
            words.contains(&header.trim()) && grid.figures(*at).is_some()
        })
        .collect()
}

/// Whether the parts are the whole in most rows; the others are reported.
fn sums(grid: &Grid<'_>, whole: usize, parts: &[usize], findings: &mut Findings) -> bool {
    let mut wrong: Vec<(&GridRow<'_>, Exact, Exact)> = Vec::new();
    let mut right = 0;
    for row in &grid.rows {
        let Some(stated) = figure(row.cell(whole)) else { continue };
        let all: Option<Exact> = parts.iter().map(|at| Some(figure(row.cell(*at))?.value)).sum();
        let Some(all) = all else { continue };
        // A row of zeros shows nothing.
        if all == stated.value {
            right += usize::from(!all.is_zero());
        } else {
            wrong.push((row, stated.value, all));
        }
    }
    let most = right >= 2 && wrong.len() * 2 <= right;
    if most {
        let names: Vec<String> = parts.iter().map(|at| grid.header(*at).trim().to_owned()).collect();
        for (row, stated, all) in wrong {
            let message = format!(
                "{} are {} together, but “{}” is {}; in the other rows they are the same",
                names.join(" and "),
                shown(&all),
                grid.header(whole).trim(),
                shown(&stated)
            );
            findings.certain(message, vec![row.said(), grid.head()]);
        }
    }
    most || right > 0
}

/// `P`, `I` and `Score`.
fn products(grid: &Grid<'_>, findings: &mut Findings) {
    let find = |words: &[&str]| {
        words.iter().find_map(|word| (0..grid.roles.len()).find(|at| grid.header(*at).trim() == *word))
    };
    let one = find(&[
        "p",
        "probability",
        "likelihood",
        "eintritt",
        "wahrscheinlichkeit",
        "probabilité",
        "kans",
        "l",
    ]);
    let other = find(&["i", "impact", "auswirkung", "gravité", "impacto", "effect"]);
    let product = find(PRODUCTS);
    let (Some(one), Some(other), Some(product)) = (one, other, product) else { return };
    let cells = |row: &GridRow<'_>| {
        Some((
            figure(row.cell(one))?.value * figure(row.cell(other))?.value,
            figure(row.cell(product))?.value,
        ))
    };
    let rows: Vec<(&GridRow<'_>, (Exact, Exact))> =
        grid.body().filter_map(|row| Some((row, cells(row)?))).collect();
    let right = rows.iter().filter(|(_, (exact, stated))| exact == stated).count();
    if right >= 2 && right * 2 > rows.len() {
        for (row, (exact, stated)) in rows.iter().filter(|(_, (exact, stated))| exact != stated) {
            let message = format!(
                "{} times {} is {}, but the row says {}",
                row.cell(one),
                row.cell(other),
                shown(exact),
                shown(stated)
            );
            findings.certain(message, vec![row.said(), grid.head()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn headers_say_that_two_columns_make_a_whole() {
        let table = |diff: u32| {
            format!(
                "| Object | Old | New | Difference |\n|---|---:|---:|---:|\n| Places | 240 | 240 | 0 |\n| Lines | 377 | 352 | {diff} |\n| Orders | 906 | 906 | 0 |\n| Rows | 418 | 411 | 7 |\n"
            )
        };
        assert_eq!(found(&RULE, &table(15)), ["certain 4,1"]);
        assert!(found(&RULE, &table(25)).is_empty());
        let parts = |ios: u32| {
            format!(
                "| Platform | Components | Without CVE | With CVE |\n|---|---:|---:|---:|\n| A | 46 | 43 | 3 |\n| B | {ios} | 27 | 2 |\n| C | 12 | 11 | 1 |\n"
            )
        };
        assert_eq!(found(&RULE, &parts(31)), ["certain 4,1"]);
        assert!(found(&RULE, &parts(29)).is_empty());
    }
}
