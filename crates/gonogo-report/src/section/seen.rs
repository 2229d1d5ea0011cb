//! What was seen, category by category: each item that a look measured, with its status, its facts
//! and where they were read.

use gonogo_model::verdict::{CategoryScore, CheckResult, ItemResult, Verdict};

use super::{Cell, Part, Section, part};
use crate::words;

pub(super) fn section(verdict: &Verdict) -> Option<Section> {
    let parts: Vec<Part> =
        verdict.categories.iter().filter_map(|category| of_category(verdict, category)).collect();
    let note = "What the assertions of the checks are about, as it was measured. Checks that nobody could look at are \
                under every check alone.";
    let notes = vec![note.to_owned()];
    (!parts.is_empty()).then_some(Section { id: "seen", title: "What was seen", notes, parts })
}

fn of_category(verdict: &Verdict, category: &CategoryScore) -> Option<Part> {
    let results = verdict.results.iter().filter(|result| result.category == category.id);
    let rows: Vec<Vec<Cell>> = results.flat_map(items).collect();
    let heading = ["Check", "Item", "Status", "Measured", "Read at"];
    let title = Some(format!("Seen for {}", category.id));
    (!rows.is_empty()).then(|| Part { title, ..part("Items of a category", &heading, rows) })
}

fn items(result: &CheckResult) -> impl Iterator<Item = Vec<Cell>> {
    result.items.iter().map(|item| {
        vec![
            Cell::Checks(vec![(result.check.clone(), None)]),
            Cell::Code(item.key.clone()),
            Cell::Status(item.status),
            Cell::Facts(facts(item)),
            Cell::or(item.location.as_ref(), "not a file"),
        ]
    })
}

fn facts(item: &ItemResult) -> Vec<String> {
    let facts = item.facts.iter().map(|(name, value)| words::fact(name, value));
    facts.chain(item.why.clone()).collect()
}
