//! `GRD-01 through GRD-09`, of which two are nowhere.

use std::collections::BTreeSet;

use super::facts::{Facts, Item, Place};
use super::kind::{Findings, Kind, Rule, Said};
use crate::value::{self, Id};

pub(super) const RULE: Rule = Rule {
    id: "id-range",
    kind: Kind::Count,
    why: "A range of ids promises all of them; what is not in the document cannot be closed.",
    find,
};

/// Ranges that are looked at.
const MOST: usize = 20;

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let mut ranges = 0;
    for (at, sentence) in
        facts.sentences.iter().enumerate().filter(|(_, sentence)| sentence.place != Place::Code)
    {
        for found in value::id_ranges(&sentence.text.plain) {
            let range = found.value;
            ranges += 1;
            if range.count() < 3 || range.count() > 500 || ranges > MOST {
                continue;
            }
            let defined: Vec<&Item> =
                facts.items.iter().filter(|item| item.id.as_ref().is_some_and(|id| range.has(id))).collect();
            let known: BTreeSet<u64> =
                defined.iter().filter_map(|item| item.id.as_ref()).map(|id| id.number).collect();
            let mentioned = mentioned(facts, at, &range.prefix);
            let missing: Vec<u64> = (range.first..=range.last)
                .filter(|number| !known.contains(number) && !mentioned.contains(number))
                .collect();
            let claimed = facts.claims.iter().find(|claim| {
                claim.sentence == at
                    && claim.count != range.count()
                    && claim.count > 1
                    && is_beside(claim.range.end, claim.range.start, &found.range)
            });
            let places = || -> Vec<Said> {
                std::iter::once(sentence.said()).chain(defined.iter().map(|item| item.said.clone())).collect()
            };
            if known.len() >= 3 && !missing.is_empty() {
                let names: Vec<String> =
                    missing.iter().take(8).map(|number| format!("{}-{number}", range.prefix)).collect();
                let message = format!(
                    "the range has {} ids, of which {} are nowhere in the document: {}",
                    range.count(),
                    missing.len(),
                    names.join(", ")
                );
                findings.certain(message, places());
            } else if let Some(claim) = claimed.filter(|_| known.len() >= 2) {
                findings.certain(
                    format!("the range has {} ids, but it says {}", range.count(), claim.count),
                    places(),
                );
            }
        }
    }
}

/// A number right before or behind the range.
fn is_beside(end: usize, start: usize, range: &std::ops::Range<usize>) -> bool {
    range.start.saturating_sub(end) < 40 && start < range.start
        || start >= range.end && start - range.end < 12
}

/// Numbers with this prefix in other sentences, outside of ranges.
fn mentioned(facts: &Facts<'_>, own: usize, prefix: &str) -> BTreeSet<u64> {
    let others = facts.sentences.iter().enumerate().filter(|(at, _)| *at != own);
    let ids = others.flat_map(|(_, sentence)| {
        let ranges = value::id_ranges(&sentence.text.plain);
        value::ids(&sentence.text.plain)
            .into_iter()
            .filter(move |found| {
                !ranges
                    .iter()
                    .any(|range| range.range.start <= found.range.start && found.range.end <= range.range.end)
            })
            .map(|found| found.value)
    });
    ids.filter(|id: &Id| id.prefix == prefix).map(|id| id.number).collect()
}
