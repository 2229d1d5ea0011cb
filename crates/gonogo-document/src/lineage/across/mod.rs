//! What one document says of the other, or lets follow from it, and what does not fit. One rule a
//! file; each looks at the pairs, and knows no particular document.

mod earlier;
mod earlier_count;
mod earlier_figure;
mod effort_shrunk;
mod overdue;
mod resolved_claim;
mod score_risen;
mod score_unmoved;
mod verdict_lifted;

use gonogo_model::lineage::document::{Mismatch, Quote};

use super::Side;
use super::entry::Pair;

/// What rules look at.
pub(super) struct Both<'a> {
    pub(super) before: &'a Side<'a>,
    pub(super) after: &'a Side<'a>,
    pub(super) pairs: &'a [Pair<'a>],
}

type Rule = (&'static str, fn(&Both<'_>) -> Vec<Found>);

const RULES: &[Rule] = &[
    ("resolved-claim", resolved_claim::find),
    ("earlier-count", earlier_count::find),
    ("earlier-figure", earlier_figure::find),
    ("verdict-lifted", verdict_lifted::find),
    ("score-risen", score_risen::find),
    ("score-unmoved", score_unmoved::find),
    ("overdue", overdue::find),
    ("effort-shrunk", effort_shrunk::find),
];

/// What a rule found.
struct Found {
    is_certain: bool,
    message: String,
    before: Vec<Quote>,
    after: Vec<Quote>,
}

/// Findings of one rule that are told.
const MOST: usize = 20;
/// Places of one side that a finding shows.
const PLACES: usize = 10;

/// Everything that does not fit, by rule.
pub(super) fn mismatches(both: &Both<'_>) -> Vec<Mismatch> {
    let found = RULES.iter().flat_map(|(rule, find)| {
        find(both).into_iter().take(MOST).map(|found| Mismatch {
            rule: (*rule).to_owned(),
            is_certain: found.is_certain,
            message: found.message,
            before: found.before.into_iter().take(PLACES).collect(),
            after: found.after.into_iter().take(PLACES).collect(),
        })
    });
    found.collect()
}

/// The first place of each pair on one side.
fn places<'a>(pairs: impl IntoIterator<Item = &'a Pair<'a>>, is_old: bool) -> Vec<Quote> {
    let first = |pair: &'a Pair<'a>| if is_old { pair.before } else { pair.after };
    let found = pairs.into_iter().filter_map(|pair| {
        let statement = first(pair)?.first;
        Some(super::figures::quote(&statement.title, statement.span))
    });
    found.collect()
}

/// `2 things are not mentioned and 1 thing is open`, without those of which there is none.
fn said_of(parts: &[(usize, &str)]) -> String {
    let said = parts.iter().filter(|(number, _)| *number > 0).map(|(number, what)| match number {
        1 => format!("1 thing is {what}"),
        _ => format!("{number} things are {what}"),
    });
    said.collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod trial {
    use gonogo_model::lineage::document::Mismatch;

    /// What one rule finds between two documents: whether it is certain, the lines on both sides.
    pub(crate) fn found(rule: &str, before: &str, after: &str) -> Vec<String> {
        let (before, after) = (crate::read(before.as_bytes()), crate::read(after.as_bytes()));
        let told = crate::lineage::lineage(("old.md", &before), ("new.md", &after));
        let of_rule = told.mismatches.iter().filter(|mismatch| mismatch.rule == rule);
        of_rule.map(said).collect()
    }

    fn said(mismatch: &Mismatch) -> String {
        let lines = |quotes: &[super::Quote]| {
            let all: Vec<String> = quotes.iter().map(|quote| quote.line.to_string()).collect();
            all.join(",")
        };
        let sure = if mismatch.is_certain { "certain" } else { "likely" };
        format!("{sure} {}/{}", lines(&mismatch.before), lines(&mismatch.after))
    }
}
