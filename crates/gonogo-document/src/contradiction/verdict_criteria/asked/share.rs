//! A criterion on a share, and the rows or the field that miss it.

use super::super::super::facts::bound::{Bound, Quantity, relation};
use super::super::super::facts::figure::figures;
use super::super::super::facts::word::{self, says};
use super::super::super::facts::{Facts, Grid, Place, Role, Sentence};
use super::super::super::kind::Said;
use super::super::words::{ALL, NO};
use super::{ROWS, some};
use crate::name::Name;
use crate::value::{self, Relation};

/// `No area below 70 %`: a row of the areas is.
pub(super) fn of_each(facts: &Facts<'_>, criterion: &Sentence) -> Option<Vec<Said>> {
    let lower = criterion.lower();
    let bound = asked(&criterion.text.plain, says(&lower, NO))?;
    if !says(&lower, NO) && !says(&lower, ALL) {
        return None;
    }
    let named = Name::of(&lower);
    let mut found = Vec::new();
    for grid in facts.grids.iter().filter(|grid| named.words.is_superset(&label(grid))) {
        let columns = (0..grid.roles.len()).filter(|at| *at != grid.label);
        let shares: Vec<usize> = columns.filter(|at| is_shares(grid, *at)).collect();
        let [column] = shares.as_slice() else { continue };
        let rows = grid.body().take(ROWS).filter(|row| {
            let values = figures(row.cell(*column));
            values.first().is_some_and(|figure| misses(&bound, figure.value.clone()))
        });
        found.extend(rows.map(|row| row.said()));
    }
    some(found)
}

/// The words of the header of the names; a table without counts as none.
fn label(grid: &Grid<'_>) -> std::collections::BTreeSet<String> {
    let words = Name::of(&grid.header(grid.label)).words;
    if words.is_empty() { std::iter::once(String::from("-")).collect() } else { words }
}

fn is_shares(grid: &Grid<'_>, column: usize) -> bool {
    let percents = grid.body().filter(|row| value::percents(row.cell(column)).len() == 1).count();
    percents >= 2 && percents == grid.body().count() && grid.roles[column] != Role::Weight
}

/// `A failed share below 0.8 %` against the only line `Failed: 18, that is 0.9 %`.
pub(super) fn of_field(facts: &Facts<'_>, criterion: &Sentence, lower: &str) -> Option<Vec<Said>> {
    let bound = asked(&criterion.text.plain, says(lower, NO))?;
    let mut fields = facts.sentences.iter().enumerate().filter(|(_, other)| {
        matches!(other.place, Place::Prose | Place::Item)
            && other.text.span != criterion.text.span
            && other.text.field().is_some_and(|field| is_named(lower, &field.key.plain))
    });
    let (Some((at, field)), None) = (fields.next(), fields.next()) else { return None };
    // `18, i.e. 0.9 %` ends a sentence in its middle.
    let next = facts.sentences.get(at + 1).filter(|next| next.text.span.line == field.text.span.line);
    let next = next.map(|next| next.text.plain.clone()).unwrap_or_default();
    let value = format!("{} {next}", field.text.field()?.value.plain);
    if relation(&value).is_some() || says(&field.lower(), &["target", "goal", "limit", "ziel", "objectif"]) {
        return None;
    }
    let shares = value::percents(&value);
    let [share] = shares.as_slice() else { return None };
    let told = figures(&value).into_iter().find(|figure| figure.range.start == share.range.start)?;
    misses(&bound, told.value).then(|| vec![field.said()])
}

/// Whether a criterion has all words of the key of a field: `Failed` of `a failed share`.
fn is_named(lower: &str, key: &str) -> bool {
    let key = key.to_lowercase();
    let words: Vec<&str> = key.split_whitespace().collect();
    let is_long = words.iter().any(|word| word.chars().count() >= 5);
    is_long && words.len() <= 3 && words.iter().all(|word| word::find(lower, word).is_some())
}

/// The only share that a criterion bounds; `no area below 70 %` asks for at least as much.
fn asked(text: &str, denied: bool) -> Option<Bound> {
    let text = text.split('(').next().unwrap_or_default();
    let shares = value::percents(text);
    let [_] = shares.as_slice() else { return None };
    let told: Vec<_> = figures(text).into_iter().filter(|figure| figure.is_percent).collect();
    let [share] = told.as_slice() else { return None };
    let head = text.get(..share.range.end).unwrap_or(text);
    let own = relation(head.rsplit(',').next().unwrap_or(head))?;
    let relation = match (own, denied) {
        (Relation::Below, true) => Relation::AtLeast,
        (Relation::Above, true) => Relation::AtMost,
        (_, true) => return None,
        (own, false) => own,
    };
    Some(Bound {
        relation: Some(relation),
        of: Quantity { value: share.value.clone(), unit: "%".to_owned() },
    })
}

fn misses(bound: &Bound, value: value::Exact) -> bool {
    bound.is_missed_by(&Quantity { value, unit: "%".to_owned() }) == Some(true)
}
