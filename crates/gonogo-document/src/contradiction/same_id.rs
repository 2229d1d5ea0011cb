//! One id for two things: twice in a table or a list, or in two headings.

use super::facts::item::Source;
use super::facts::{Facts, Item};
use super::kind::{Findings, Kind, Rule, Said};
use crate::name::Likeness;
use std::collections::BTreeMap;

pub(super) const RULE: Rule = Rule {
    id: "same-id",
    kind: Kind::Duplicate,
    why: "An id that means two things sends people to the wrong one.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let mut groups: Vec<Vec<&Item>> = facts
        .groups
        .iter()
        .map(|group| group.items.iter().filter_map(|at| facts.items.get(*at)).collect())
        .collect();
    groups.push(
        facts.items.iter().filter(|item| item.source == Source::Heading && item.severity.is_some()).collect(),
    );
    for items in groups {
        let mut by_id: BTreeMap<(&str, u64), Vec<&Item>> = BTreeMap::new();
        for item in items {
            if let Some(id) = &item.id {
                by_id.entry((id.prefix.as_str(), id.number)).or_default().push(item);
            }
        }
        for items in by_id.into_values().filter(|items| items.len() > 1) {
            let Some(first) = items.first() else { continue };
            let others: Vec<&&Item> =
                items.iter().filter(|item| item.name.likeness(&first.name) < Likeness::Overlap(60)).collect();
            let id = first.id.as_ref().map(|id| id.text.clone()).unwrap_or_default();
            if !others.is_empty() && !first.name.is_empty() {
                let places: Vec<Said> = items.iter().map(|item| item.said.clone()).collect();
                findings.certain(format!("{id} is used for {} different things", others.len() + 1), places);
            }
        }
    }
}
