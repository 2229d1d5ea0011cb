//! `Remaining effort | 9.5 person-days` in a table of facts, and the only table of work. Always likely,
//! since the one may have more in it than the other.

use super::{by_ids, time};
use crate::contradiction::facts::figure::shown;
use crate::contradiction::facts::word::says;
use crate::contradiction::facts::{Facts, Grid, GridRow, Role, RowKind};
use crate::contradiction::kind::Findings;
use crate::value::{Duration, Exact};

/// What a row of the summary is called.
const EFFORT: &[&str] = &[
    "effort",
    "work left",
    "remaining work",
    "aufwand",
    "restaufwand",
    "charge",
    "charge restante",
    "esfuerzo",
    "sforzo",
    "inspanning",
    "esforço",
    "nakład",
];

pub(super) fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let works: Vec<(&Grid<'_>, Vec<Duration>)> = facts.grids.iter().filter_map(work).collect();
    let [(grid, parts)] = works.as_slice() else { return };
    for summary in facts.grids.iter().filter(|grid| grid.table.header.len() == 2) {
        for row in summary.rows.iter().filter(|row| says(&row.cell(0).to_lowercase(), EFFORT)) {
            let Some(stated) = by_ids::whole_time(row.cell(1)).filter(|stated| !stated.is_about) else {
                continue;
            };
            let sum = |hours: u32| -> Exact { parts.iter().map(|part| part.high_hours(hours)).sum() };
            if ![8, 24].iter().any(|hours| sum(*hours) == stated.high_hours(*hours)) {
                let message = format!(
                    "the effort is given as “{}”, but the {} rows of the only table of work are {} hours",
                    row.cell(1),
                    parts.len(),
                    shown(&sum(8))
                );
                let rows = grid.body().map(GridRow::said);
                findings.likely(message, std::iter::once(row.said()).chain(rows).collect());
            }
        }
    }
}

/// A table of things that are to be done, each with its time, and without a row of totals.
fn work<'g, 'a>(grid: &'g Grid<'a>) -> Option<(&'g Grid<'a>, Vec<Duration>)> {
    let column = grid.column(Role::Duration)?;
    let is_plan = grid.column(Role::Start).is_none() && grid.rows.iter().all(|row| row.kind == RowKind::Body);
    let parts: Option<Vec<Duration>> = grid.body().map(|row| time(grid, row, column)).collect();
    parts.filter(|parts| is_plan && parts.len() >= 2).map(|parts| (grid, parts))
}

#[cfg(test)]
mod tests {
    use super::super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn the_effort_of_a_summary_is_that_of_the_work() {
        let text = |sum: &str| {
            format!(
                "| | |\n|---|---|\n| Remaining effort | {sum} person-days |\n\n## Must fix\n\n| Finding | Effort (person-days) |\n|---|---|\n| L-1 | 4 |\n| L-2 | 2 |\n| L-3 | 1.5 |\n"
            )
        };
        assert_eq!(found(&RULE, &text("9.5")), ["likely 3,9,10,11"]);
        assert!(found(&RULE, &text("7.5")).is_empty());
    }
}
