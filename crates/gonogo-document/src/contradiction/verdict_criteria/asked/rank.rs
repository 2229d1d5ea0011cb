//! A criterion on a percentile, and the row of the results that the document says it is about.

use super::super::super::facts::bound::{Bound, Quantity, relation, time};
use super::super::super::facts::{Facts, Grid, GridRow, Place};
use super::super::super::kind::Said;
use crate::name::Name;
use crate::value;

/// `p95 below 2 s at the expected traffic`: every row misses it, or the one of which a sentence says
/// that it is the expected traffic.
pub(super) fn of_rank(facts: &Facts<'_>, lower: &str) -> Option<Vec<Said>> {
    let rank = lower.split(|c: char| !c.is_alphanumeric()).find(|word| is_rank(word))?;
    let behind = lower.get(lower.find(rank)? + rank.len()..)?;
    let times = value::durations(behind);
    let [limit] = times.as_slice() else { return None };
    let relation = relation(behind.get(..limit.range.end)?)?;
    let of = Quantity { value: time(behind.get(limit.range.clone())?)?, unit: "hours".to_owned() };
    let bound = Bound { relation: Some(relation), of };
    let words = Name::of(behind.get(limit.range.end..)?).words;
    for grid in &facts.grids {
        let Some(column) = (0..grid.roles.len()).find(|at| grid.header(*at).trim() == rank) else { continue };
        let missed = |row: &&GridRow<'_>| {
            let told = time(row.cell(column)).map(|value| Quantity { value, unit: "hours".to_owned() });
            told.is_some_and(|told| bound.is_missed_by(&told) == Some(true))
        };
        let rows: Vec<&GridRow<'_>> = grid.body().filter(missed).collect();
        if rows.len() >= 2 && rows.len() == grid.body().count() {
            return Some(rows.iter().map(|row| row.said()).take(12).collect());
        }
        if let Some(found) = rows.iter().find_map(|row| meant(facts, grid, row, &words)) {
            return Some(found);
        }
    }
    None
}

fn is_rank(word: &str) -> bool {
    let digits = word.strip_prefix('p').unwrap_or_default();
    (2..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The row with a sentence that gives its name and the words of the criterion's scope.
fn meant(
    facts: &Facts<'_>,
    grid: &Grid<'_>,
    row: &GridRow<'_>,
    words: &std::collections::BTreeSet<String>,
) -> Option<Vec<Said>> {
    let name = row.cell(0).trim().to_lowercase();
    if words.len() < 2 || name.is_empty() {
        return None;
    }
    let mut told = facts.sentences.iter().filter(|sentence| {
        matches!(sentence.place, Place::Prose | Place::Item) && sentence.section == grid.section
    });
    told.find(|sentence| {
        let lower = sentence.lower();
        let has_name = lower
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')'))
            .any(|word| word.trim_end_matches('.') == name);
        has_name && Name::of(&lower).words.intersection(words).count() >= 2
    })
    .map(|sentence| vec![row.said(), sentence.said()])
}
