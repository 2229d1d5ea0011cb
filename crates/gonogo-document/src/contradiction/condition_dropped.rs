//! The verdict repeats some of the conditions and leaves others out.

use super::facts::word::says;
use super::facts::{Facts, Item, Launch, Place, Topic};
use super::kind::{Findings, Kind, Rule};
use crate::name::Name;

pub(super) const RULE: Rule = Rule {
    id: "condition-dropped",
    kind: Kind::Omission,
    why: "A condition that the decision does not repeat is not one any more.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let conditions: Vec<&Item> = facts
        .items
        .iter()
        .filter(|item| facts.is_directly_under(item.section, Topic::Conditions) && item.name.words.len() >= 2)
        .collect();
    if conditions.len() < 2 {
        return;
    }
    for sentence in facts.sentences.iter().filter(|sentence| sentence.place == Place::Prose) {
        let lower = sentence.lower();
        let approves = says(
            &lower,
            &[
                "conditional go",
                "approved with",
                "go with one condition",
                "launch approved with",
                "approved on condition",
                "freigabe mit",
                "go sous",
            ],
        );
        let is_call =
            facts.calls.iter().any(|call| call.said.span == sentence.text.span && call.launch != Launch::No);
        let Some((_, named)) = lower
            .rsplit_once(": ")
            .or_else(|| lower.rsplit_once(" with "))
            .or_else(|| lower.rsplit_once(" - "))
        else {
            continue;
        };
        if !(approves || is_call) {
            continue;
        }
        let named = Name::of(named);
        let is_named = |item: &&&Item| {
            let shared = item.name.words.intersection(&named.words).count();
            shared >= 2 || (shared == 1 && item.name.words.len() <= 2)
        };
        let kept: Vec<&&Item> = conditions.iter().filter(is_named).collect();
        let dropped: Vec<&&Item> = conditions.iter().filter(|item| !is_named(item)).collect();
        let mut names: Vec<&str> = dropped.iter().map(|item| item.title.as_str()).collect();
        names.dedup();
        if !kept.is_empty() && !dropped.is_empty() {
            let message = format!(
                "the decision names {} of the conditions and leaves out «{}»",
                if kept.len() == 1 { "one" } else { "some" },
                names.join("», «")
            );
            let places = std::iter::once(sentence.said())
                .chain(dropped.iter().map(|item| item.said.clone()))
                .collect();
            findings.likely(message, places);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_condition_that_the_decision_leaves_out_is_found() {
        let list = "## Conditions\n\n1. The scale of branch 12 is sealed\n2. The night shift is staffed\n\n## Decision\n\n";
        assert_eq!(
            found(
                &RULE,
                &format!("{list}Conditional go with one condition: the scale of branch 12 is sealed.\n")
            ),
            ["likely 8,4"]
        );
        assert!(
            found(
                &RULE,
                &format!(
                    "{list}Conditional go: the scale of branch 12 is sealed, the night shift is staffed.\n"
                )
            )
            .is_empty()
        );
        assert!(found(&RULE, &format!("{list}Conditional go under the conditions above.\n")).is_empty());
    }
}
