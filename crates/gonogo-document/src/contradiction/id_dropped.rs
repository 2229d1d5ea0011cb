//! A list goes through the ids of another and leaves some out.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::word::says;
use super::facts::{Facts, Item, Topic};
use super::kind::{Findings, Kind, Rule};
use crate::value::{self, Severity};

pub(super) const RULE: Rule = Rule {
    id: "id-dropped",
    kind: Kind::Omission,
    why: "What has an id and is not followed up is lost.",
    find,
};

/// Headings of lists that are meant to be parts.
const PARTS: &[&str] = &[
    "open",
    "closed",
    "top",
    "new",
    "accepted",
    "fixed",
    "examples",
    "selected",
    "remaining",
    "out of scope",
    "conditions",
    "defer*",
];
const COMPLETE: &[&str] = &[
    "accounted for",
    "every",
    "all findings",
    "all issues",
    "each finding",
    "all items",
    "nothing is missing",
    "complete list",
    "alle",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let mut families: BTreeMap<&str, BTreeMap<u64, &Item>> = BTreeMap::new();
    for item in &facts.items {
        if let Some(id) = &item.id {
            families.entry(&id.prefix).or_default().entry(id.number).or_insert(item);
        }
    }
    for group in &facts.groups {
        let items: Vec<&Item> = group.items.iter().filter_map(|at| facts.items.get(*at)).collect();
        let Some(prefix) = items.first().and_then(|item| item.id.as_ref()).map(|id| id.prefix.as_str())
        else {
            continue;
        };
        let Some(family) = families.get(prefix).filter(|family| family.len() >= 4) else { continue };
        let here: BTreeSet<u64> = items.iter().flat_map(|item| numbers(item, prefix)).collect();
        let is_repeat = here
            .iter()
            .filter_map(|number| family.get(number))
            .any(|item| item.said.span.line < group.span.line);
        let missing: Vec<&Item> = family
            .iter()
            .filter(|(number, item)| !here.contains(number) && is_due(item, group.span.line))
            .map(|(_, item)| *item)
            .collect();
        let title = facts.section(group.section).title.plain.to_lowercase();
        let is_most = here.len() * 3 >= family.len() * 2 && here.len() >= 3;
        if !is_repeat || !is_most || missing.is_empty() || says(&title, PARTS) {
            continue;
        }
        let is_action = facts.is_under(group.section, Topic::Actions);
        let promise = facts.sentences.iter().find(|sentence| {
            let lower = sentence.lower();
            says(&lower, COMPLETE)
                && says(
                    &lower,
                    &["accounted for", "action", "followed up", "addressed", "has an owner", "tracked"],
                )
        });
        let names: Vec<String> =
            missing.iter().filter_map(|item| item.id.as_ref()).map(|id| id.text.clone()).collect();
        let message = format!(
            "the list has {} of the {} {prefix} ids; {} {} left out",
            here.len(),
            family.len(),
            names.join(", "),
            if names.len() == 1 { "is" } else { "are" }
        );
        let places =
            missing.iter().map(|item| item.said.clone()).chain(items.first().map(|item| item.said.clone()));
        let places = places.chain(promise.map(|sentence| sentence.said())).collect();
        findings.say(promise.is_some() || is_action, message, places);
    }
}

fn numbers(item: &Item, prefix: &str) -> Vec<u64> {
    let all = value::ids(&item.said.text).into_iter().map(|found| found.value);
    all.filter(|id| id.prefix == prefix).map(|id| id.number).collect()
}

/// Whether something is to be done about it after this line: it is not closed, and not only low.
fn is_due(item: &Item, line: u32) -> bool {
    let is_closed = item.state().is_some_and(|state| state.is_good()) || item.ticked == Some(true);
    let is_low = matches!(item.any_severity(), Some(Severity::Info));
    item.said.span.line < line && !is_closed && !is_low
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    const LIST: &str =
        "- QX-1 (high) Login\n- QX-2 (high) Export\n- QX-3 (low) Icons\n- QX-4 (high) Mail\n\n";

    #[test]
    fn an_id_that_the_actions_leave_out_is_found() {
        assert_eq!(
            found(&RULE, &format!("{LIST}## Actions\n\n1. QX-1: lockout\n2. QX-2: stream\n3. QX-4: queue\n")),
            ["certain 3,8"]
        );
        assert_eq!(
            found(&RULE, &format!("{LIST}Now:\n\n- QX-1 fixed\n- QX-2 fixed\n- QX-4 open\n")),
            ["likely 3,8"]
        );
    }

    #[test]
    fn parts_and_whole_lists_are_silent() {
        assert!(found(&RULE, &format!("{LIST}## Open\n\n- QX-1\n- QX-2\n- QX-4\n")).is_empty());
        assert!(
            found(&RULE, &format!("{LIST}## Actions\n\n1. QX-1 a\n2. QX-2 b\n3. QX-3 c\n4. QX-4 d\n"))
                .is_empty()
        );
    }
}
