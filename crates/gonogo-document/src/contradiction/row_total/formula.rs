//! Columns that are computed from others in most rows of their table: a share, a change, a product, a
//! sum. The table itself shows the formula; the rows that do not follow it are reported.

use num_traits::{Signed as _, Zero as _};

use crate::contradiction::facts::figure::{figure, shown, whole};
use crate::contradiction::facts::{Figure, Grid, GridRow, Role, RowKind};
use crate::contradiction::kind::Findings;
use crate::value::{self, Exact};

/// Columns of numbers that are tried with one another, and rows of one table.
const MOST_COLUMNS: usize = 8;
const MOST_ROWS: usize = 500;

/// A column of numbers.
struct Numbers {
    at: usize,
    /// One for each row that is no average.
    values: Vec<Option<Figure>>,
    is_percent: bool,
}

/// A column of times in seconds.
fn times(grid: &Grid<'_>, rows: &[&GridRow<'_>]) -> Option<Vec<Option<Exact>>> {
    let seconds =
        |cell: &str| crate::contradiction::facts::bound::time(cell).map(|hours| hours * whole(3_600));
    (0..grid.roles.len()).find_map(|at| {
        let all: Vec<Option<Exact>> = rows
            .iter()
            .map(|row| seconds(row.cell(at)).filter(|_| row.cell(at).split_whitespace().count() <= 4))
            .collect();
        (all.iter().flatten().count() * 2 > rows.len() && all.iter().flatten().count() >= 3).then_some(all)
    })
}

/// `Rate | Duration | Requests`: a rate a second, a minute or an hour times the time it was held.
fn volumes(
    grid: &Grid<'_>,
    rows: &[&GridRow<'_>],
    all: &[Numbers],
    stated: &Numbers,
    findings: &mut Findings,
) {
    let Some(times) = times(grid, rows) else { return };
    for rate in all.iter().filter(|other| other.at != stated.at && !other.is_percent) {
        for per in [1, 60, 3_600] {
            let product = tried(rows, stated, |at| {
                let seconds = times.get(at)?.clone()?;
                Some(&rate.at(at)?.value * seconds / whole(per)).filter(|exact| *exact > whole(100))
            });
            let told = |tried: &Tried<'_, '_>| {
                format!(
                    "{} over that time is {}, but the row says {}",
                    tried.row.cell(rate.at),
                    shown(&tried.exact),
                    tried.stated.shown()
                )
            };
            if report(grid, product, 2, told, findings) {
                return;
            }
        }
    }
}

/// A cell that a formula is tried on.
struct Tried<'g, 'a> {
    row: &'g GridRow<'a>,
    stated: Figure,
    /// None when the formula says nothing about this row.
    exact: Exact,
}

/// Reports the rows that do not follow the formula of their column.
pub(super) fn formulas(grid: &Grid<'_>, findings: &mut Findings) {
    let rows: Vec<&GridRow<'_>> =
        grid.rows.iter().filter(|row| !matches!(row.kind, RowKind::Average | RowKind::Part)).collect();
    if !(2..=MOST_ROWS).contains(&rows.len()) {
        return;
    }
    let all: Vec<Numbers> =
        (0..grid.roles.len()).filter_map(|at| Numbers::of(grid, &rows, at)).take(MOST_COLUMNS).collect();
    for stated in &all {
        if stated.is_percent {
            shares(grid, &rows, &all, stated, findings);
            in_one_cell(grid, &rows, stated, findings);
        } else {
            products(grid, &rows, &all, stated, findings);
            volumes(grid, &rows, &all, stated, findings);
        }
    }
}

impl Numbers {
    fn of(grid: &Grid<'_>, rows: &[&GridRow<'_>], at: usize) -> Option<Numbers> {
        if matches!(grid.roles[at], Role::Id | Role::Due | Role::Start | Role::End | Role::Weighted) {
            return None;
        }
        let values: Vec<Option<Figure>> =
            rows.iter().map(|row| figure(row.cell(at)).filter(|figure| !figure.is_about)).collect();
        let told = values.iter().flatten().count();
        let percents = values.iter().flatten().filter(|figure| figure.is_percent).count();
        let is_percent = percents == told || grid.header(at).contains('%');
        let is_mixed = percents > 0 && percents < told;
        (told * 2 > rows.len() && told >= 2 && !is_mixed).then_some(Numbers { at, values, is_percent })
    }

    fn at(&self, row: usize) -> Option<&Figure> {
        self.values.get(row)?.as_ref()
    }
}

/// The rows of a column that a formula of the row says something about.
fn tried<'g, 'a>(
    rows: &[&'g GridRow<'a>],
    stated: &Numbers,
    formula: impl Fn(usize) -> Option<Exact>,
) -> Vec<Tried<'g, 'a>> {
    let all = rows.iter().enumerate();
    all.filter_map(|(at, row)| Some(Tried { row, stated: stated.at(at)?.clone(), exact: formula(at)? }))
        .collect()
}

/// A figure in percent may be written without its sign, so that 12 means 12 %.
fn fits(tried: &Tried<'_, '_>) -> bool {
    tried.stated.could_be(&tried.exact)
}

/// `Migrated | All | Share`: one column in percent of another, or its change in percent.
fn shares(
    grid: &Grid<'_>,
    rows: &[&GridRow<'_>],
    all: &[Numbers],
    stated: &Numbers,
    findings: &mut Findings,
) {
    let counts = || all.iter().filter(|other| other.at != stated.at && !other.is_percent);
    for part in counts() {
        for of in counts().filter(|of| of.at != part.at) {
            let pair = |at: usize| Some((part.at(at)?.value.clone(), of.at(at)?.value.clone()));
            let share = tried(rows, stated, |at| {
                let (part, of) = pair(at)?;
                (!of.is_zero() && part.is_positive() && part != of && part < of)
                    .then(|| part * whole(100) / of)
            });
            let change = tried(rows, stated, |at| {
                let (before, after) = pair(at)?;
                (!before.is_zero() && before != after).then(|| (after - &before).abs() * whole(100) / before)
            });
            let names = (grid.header(part.at).trim().to_owned(), grid.header(of.at).trim().to_owned());
            let of_share = |tried: &Tried<'_, '_>| {
                format!(
                    "“{}” is {} % of “{}”, but the row says {}",
                    names.0,
                    shown(&tried.exact),
                    names.1,
                    tried.stated.shown()
                )
            };
            let of_change = |tried: &Tried<'_, '_>| {
                format!(
                    "from “{}” to “{}” it is {} %, but the row says {}",
                    names.0,
                    names.1,
                    shown(&tried.exact),
                    tried.stated.shown()
                )
            };
            if report(grid, share, 2, of_share, findings) || report(grid, change, 2, of_change, findings) {
                return;
            }
        }
    }
}

/// `540 / 590 | 91.5 %`: a fraction in one cell, and its share in another.
fn in_one_cell(grid: &Grid<'_>, rows: &[&GridRow<'_>], stated: &Numbers, findings: &mut Findings) {
    if grid.roles[stated.at] == Role::Score {
        return;
    }
    for column in (0..grid.roles.len()).filter(|at| *at != stated.at) {
        let share = tried(rows, stated, |at| {
            let fraction = value::fraction(rows.get(at)?.cell(column))?;
            fraction.percent().filter(|_| fraction.part < fraction.whole)
        });
        let told = |tried: &Tried<'_, '_>| {
            format!(
                "{} is {} %, but the row says {}",
                tried.row.cell(column),
                shown(&tried.exact),
                tried.stated.shown()
            )
        };
        if report(grid, share, 2, told, findings) {
            return;
        }
    }
}

/// `Nodes | Price | Cost`: one column times another, where the numbers are too large for chance.
fn products(
    grid: &Grid<'_>,
    rows: &[&GridRow<'_>],
    all: &[Numbers],
    stated: &Numbers,
    findings: &mut Findings,
) {
    let factors = || all.iter().filter(|other| other.at < stated.at && !other.is_percent);
    for one in factors() {
        for other in factors().filter(|other| other.at > one.at) {
            let product = tried(rows, stated, |at| {
                let (one, other) = (&one.at(at)?.value, &other.at(at)?.value);
                let is_body = rows.get(at)?.kind == RowKind::Body;
                let exact = one * other;
                (is_body && exact > whole(20) && *one > whole(1) && *other > whole(1)).then_some(exact)
            });
            let told = |tried: &Tried<'_, '_>| {
                format!(
                    "{} times {} is {}, but the row says {}",
                    tried.row.cell(one.at),
                    tried.row.cell(other.at),
                    shown(&tried.exact),
                    tried.stated.shown()
                )
            };
            if report(grid, product, 2, told, findings) {
                return;
            }
        }
    }
}

/// Reports the rows that do not fit, when at least `least` do and most do. Whether the formula holds.
fn report(
    grid: &Grid<'_>,
    tried: Vec<Tried<'_, '_>>,
    least: usize,
    told: impl Fn(&Tried<'_, '_>) -> String,
    findings: &mut Findings,
) -> bool {
    let right = tried.iter().filter(|tried| fits(tried)).count();
    let wrong = tried.len() - right;
    if right < least || wrong * 2 > right {
        return false;
    }
    for each in tried.iter().filter(|tried| !fits(tried)) {
        findings.certain(told(each), vec![each.row.said(), grid.head()]);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn shares_and_changes_follow_their_columns() {
        let head = "| Was | Fertig | Alle | Anteil |\n|---|---|---|---|\n";
        let rows = "| a | 184 | 230 | 80 % |\n| b | 96 | 150 | 64 % |\n";
        assert_eq!(found(&RULE, &format!("{head}{rows}| c | 57 | 76 | 85 % |\n")), ["certain 5,1"]);
        assert!(
            found(&RULE, &format!("{head}{rows}| c | 57 | 76 | 75 % |\n| d | 3 | 3 | 100 % |\n")).is_empty()
        );
        let change = "| Sonde | Avant | Après | Écart |\n|---|---|---|---|\n| a | 80 ms | 60 ms | -25 % |\n";
        assert!(found(&RULE, change).is_empty());
        let growth = "| Site | March | April | Growth |\n|---|---|---|---|\n| a | 200 | 230 | +15 % |\n| b | 400 | 420 | +5 % |\n| c | 50 | 60 | +25 % |\n";
        assert_eq!(found(&RULE, growth), ["certain 5,1"]);
        let cell = "| Ort | Geschult | Quote |\n|---|---|---|\n| a | 212 / 225 | 94,2 % |\n| b | 148 / 160 | 92,5 % |\n| c | 97 / 115 | 94,3 % |\n";
        assert_eq!(found(&RULE, cell), ["certain 5,1"]);
    }

    #[test]
    fn products_follow_their_columns() {
        let head = "| Item | Pieces | Price | Cost |\n|---|---|---|---|\n";
        let rows = "| disk | 12 | 80 € | 960 € |\n| lamp | 30 | 4.50 € | 135 € |\n";
        assert_eq!(found(&RULE, &format!("{head}{rows}| desk | 8 | 120 € | 980 € |\n")), ["certain 5,1"]);
        assert!(found(&RULE, &format!("{head}{rows}| desk | 8 | 120 € | 960 € |\n")).is_empty());
    }

    #[test]
    fn volumes_follow_rate_and_time() {
        let head = "| Run | Rate (1/s) | Duration | Sent |\n|---|---|---|---|\n| 1 | 600 | 30 min | 1,080,000 |\n| 2 | 900 | 30 min | 1,620,000 |\n";
        assert_eq!(found(&RULE, &format!("{head}| 3 | 1,200 | 60 min | 3,420,000 |\n")), ["certain 5,1"]);
        assert!(found(&RULE, &format!("{head}| 3 | 1,200 | 60 min | 4,320,000 |\n")).is_empty());
    }

    #[test]
    fn columns_that_only_look_computed_are_silent() {
        for text in [
            "| Run | Users | Limit | Load |\n|---|---|---|---|\n| a | 10 | 20 | 50 % |\n| b | 30 | 90 | 71 % |\n| c | 20 | 80 | 12 % |\n",
            "| Run | A | B | C |\n|---|---|---|---|\n| a | 3 | 9 | 27 |\n| b | 3 | 8 | 25 |\n| c | 2 | 20 | 41 |\n",
        ] {
            assert!(found(&RULE, text).is_empty(), "{text}");
        }
    }
}
