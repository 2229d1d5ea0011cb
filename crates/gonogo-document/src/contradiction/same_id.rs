//! One id for two things: twice in a table or a list, or in two headings.

use super::facts::item::Source;
use super::facts::{Facts, Item};
use super::kind::{Findings, Kind, Rule, Said};
use crate::name::Likeness;
use std::collections::{BTreeMap, BTreeSet};

pub(super) const RULE: Rule = Rule {
    id: "same-id",
    kind: Kind::Duplicate,
    why: "An id that means two things sends people to the wrong one.",
    find,
};

/// Headings side by side that begin with ids, most of them with one of their own: `D-06 Lock-out`.
fn siblings<'f>(facts: &'f Facts<'_>) -> Vec<Vec<&'f Item>> {
    let mut by_parent: BTreeMap<(usize, u8), Vec<&Item>> = BTreeMap::new();
    for item in facts.items.iter().filter(|item| item.source == Source::Heading && item.severity.is_none()) {
        let section = facts.section(item.section);
        // A line of prose is no heading, and its section has other lines.
        if item.said.span.line == section.title.span.line {
            let parent = section.parent.map_or(0, |parent| parent.0);
            by_parent.entry((parent, section.level)).or_default().push(item);
        }
    }
    let is_register = |items: &Vec<&Item>| {
        let ids: Vec<_> = items.iter().filter_map(|item| item.id.as_ref()).collect();
        let own: BTreeSet<_> = ids.iter().map(|id| (id.prefix.as_str(), id.number)).collect();
        // A second heading of one id is a slip; many are parts of one thing.
        own.len() >= 3 && own.len() + 1 == ids.len()
    };
    by_parent.into_values().filter(is_register).collect()
}

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let mut groups: Vec<Vec<&Item>> = facts
        .groups
        .iter()
        .map(|group| group.items.iter().filter_map(|at| facts.items.get(*at)).collect())
        .collect();
    groups.push(
        facts.items.iter().filter(|item| item.source == Source::Heading && item.severity.is_some()).collect(),
    );
    groups.extend(siblings(facts));
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

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn headings_with_one_id_for_two_things_are_found() {
        let log = |id: &str| {
            format!(
                "# Log\n\n## D-04 Old hashes\n\nText.\n\n## D-05 Codes for staff\n\nText.\n\n## D-06 Lock-out\n\nText.\n\n## {id} Guest checkout\n\nText.\n"
            )
        };
        assert_eq!(found(&RULE, &log("D-06")), ["certain 11,15"]);
        assert!(found(&RULE, &log("D-07")).is_empty());
    }
}
