//! `Steps 4 to 7 together take 13 h 30 min`: a time for some rows of a table.

use super::{SUMS, Stated, first_duration, time};
use crate::contradiction::facts::figure::shown;
use crate::contradiction::facts::word::says;
use crate::contradiction::facts::{Facts, GridRow, Role};
use crate::contradiction::kind::Findings;
use crate::value::{self, Duration, Exact};

/// Reports a wrong sum of some rows, and says whether the sentence is about some rows.
pub(super) fn check(facts: &Facts<'_>, whole: &Stated, findings: &mut Findings) -> bool {
    let ranges = value::id_ranges(&whole.text);
    let [range] = ranges.as_slice() else { return false };
    if !says(&whole.text.to_lowercase(), SUMS) || whole.duration.is_about {
        return true;
    }
    for grid in facts.grids.iter().filter(|grid| grid.table.span.line.abs_diff(whole.line) <= 80) {
        let number = |row: &GridRow<'_>| row.cell(0).trim().trim_end_matches('.').parse::<u64>().ok();
        let inside = |row: &&GridRow<'_>| {
            number(row).is_some_and(|own| (range.value.first..=range.value.last).contains(&own))
        };
        let rows: Vec<&GridRow<'_>> = grid.body().filter(inside).collect();
        let is_time = |at: &usize| {
            let told = rows.iter().all(|row| time(grid, row, *at).is_some());
            told && !matches!(grid.roles[*at], Role::Id | Role::Start | Role::End)
        };
        let Some(column) = (1..grid.roles.len()).find(is_time) else { continue };
        if rows.len() as u64 != range.value.count() {
            continue;
        }
        let parts: Vec<Duration> = rows.iter().filter_map(|row| time(grid, row, column)).collect();
        let sum = |hours: u32| -> Exact { parts.iter().map(|part| part.high_hours(hours)).sum() };
        if ![8, 24].iter().any(|hours| sum(*hours) == whole.duration.high_hours(*hours)) {
            let message = format!(
                "they are said to take “{}” together, but the {} rows are {} hours",
                first_duration(&whole.text),
                rows.len(),
                shown(&sum(24))
            );
            let places = rows.iter().map(|row| row.said());
            findings.certain(message, std::iter::once(whole.said.clone()).chain(places).collect());
        }
        return true;
    }
    true
}
