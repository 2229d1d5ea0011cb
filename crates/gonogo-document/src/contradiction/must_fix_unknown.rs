//! Something must be done before the launch that no part of the assessment mentions.

use super::facts::{Facts, Item, Topic};
use super::kind::{Findings, Kind, Rule};
use crate::name::Name;

pub(super) const RULE: Rule = Rule {
    id: "must-fix-unknown",
    kind: Kind::Omission,
    why: "A must-fix item follows from a finding; without one nobody knows why it is there.",
    find,
};

/// The most sentences that are read for one item, and items of one list.
const MOST: usize = 3_000;
const MOST_ITEMS: usize = 40;

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for group in facts.groups.iter().filter(|group| group.grid.is_none()) {
        let asks = [Topic::MustFix, Topic::Forbids]
            .iter()
            .any(|topic| facts.is_directly_under(group.section, *topic));
        let title = facts.section(group.section).title.plain.to_lowercase();
        let needs = super::facts::word::says(
            &title,
            &["go-live needs", "go-live criteria", "needed for go-live", "launch needs"],
        );
        if !(asks || needs) || group.items.len() < 2 {
            continue;
        }
        let items: Vec<&Item> = group
            .items
            .iter()
            .filter_map(|at| facts.items.get(*at))
            .filter(|item| item.name.words.len() >= 3)
            .take(MOST_ITEMS)
            .collect();
        let unknown: Vec<&&Item> =
            items.iter().filter(|item| !is_known(facts, item, group.span.line)).collect();
        if !unknown.is_empty() && unknown.len() * 2 <= items.len() {
            let names: Vec<&str> = unknown.iter().map(|item| item.title.as_str()).collect();
            let message = format!(
                "«{}» must be done before the launch, and nothing before it says why",
                names.join("», «")
            );
            findings.likely(message, unknown.iter().map(|item| item.said.clone()).collect());
        }
    }
}

/// Whether something in the assessment before it names it: its id, or a third of its words.
fn is_known(facts: &Facts<'_>, item: &Item, line: u32) -> bool {
    let ids: Vec<_> = crate::value::ids(&item.said.text).into_iter().map(|found| found.value).collect();
    let before = facts.sentences.iter().filter(|sentence| sentence.text.span.line < line);
    let is_assessment = |id| {
        ![Topic::MustFix, Topic::Forbids, Topic::Actions, Topic::Accepted]
            .iter()
            .any(|topic| facts.is_under(id, *topic))
    };
    before.filter(|sentence| is_assessment(sentence.section)).take(MOST).any(|sentence| {
        let by_id = crate::value::ids(&sentence.text.plain)
            .into_iter()
            .any(|found| ids.iter().any(|id| id.is(&found.value)));
        let words = Name::of(&sentence.text.plain).words;
        by_id || item.name.words.intersection(&words).count() * 3 >= item.name.words.len()
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_need_that_nothing_explains_is_found() {
        let text = |last: &str| {
            format!(
                "## Findings\n\n- The vault door sticks\n- The lamp in bay 4 is broken\n\n## Go-live needs\n\n- The vault door is repaired\n- The lamp of bay 4 is new\n- {last}\n"
            )
        };
        assert_eq!(found(&RULE, &text("The print server is replaced")), ["likely 10"]);
        assert!(found(&RULE, &text("The vault door has a spare key")).is_empty());
    }
}
