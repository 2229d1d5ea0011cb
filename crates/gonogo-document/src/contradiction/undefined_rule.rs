//! Conditions that are said to be cleared, and ids that are said to be documented, and stand nowhere.

use super::facts::word::says;
use super::facts::{Facts, Place};
use super::kind::{Findings, Kind, Rule, Said};
use crate::value;

pub(super) const RULE: Rule = Rule {
    id: "undefined-rule",
    kind: Kind::Evidence,
    why: "Nobody can check conditions that are written nowhere.",
    find,
};

const NOUNS: &[&str] = &[
    "no-go conditions",
    "no-go criteria",
    "abort criteria",
    "stop criteria",
    "rollback triggers",
    "exit criteria",
    "abort conditions",
    "automatic conditions",
];
const CLEARED: &[&str] = &[
    "cleared",
    "0 triggered",
    "none triggered",
    "not triggered",
    "are met",
    "all met",
    "passed",
    "satisfied",
    "no trigger fired",
    "not met",
];
const LISTED: &[&str] = &[
    "identified",
    "documented",
    "categorized",
    "listed",
    "tracked",
    "dokumentiert",
    "documentés",
    "documentados",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for noun in NOUNS {
        let claims: Vec<Said> = facts
            .sentences
            .iter()
            .filter(|sentence| sentence.place != Place::Code)
            .filter(|sentence| {
                let lower = sentence.lower();
                says(&lower, &[noun]) && says(&lower, CLEARED)
            })
            .map(|sentence| sentence.said())
            .collect();
        let is_listed = facts
            .outline
            .sections
            .iter()
            .any(|section| section.level > 0 && says(&section.title.plain.to_lowercase(), &[noun]));
        let is_told = facts.sentences.iter().any(|sentence| {
            let lower = sentence.lower();
            says(&lower, &[noun]) && !says(&lower, CLEARED)
        });
        if let (Some(first), false) = (claims.first(), is_listed || is_told) {
            findings.likely(format!("«{}», and the document lists no {noun}", first.text), claims);
        }
    }
    ids(facts, findings);
}

/// All blockers are documented, and a range of ids has some that stand nowhere.
fn ids(facts: &Facts<'_>, findings: &mut Findings) {
    let claims: Vec<Said> = facts
        .sentences
        .iter()
        .filter(|sentence| {
            let lower = sentence.lower();
            says(&lower, &["all", "every", "alle", "tous", "todos"])
                && says(&lower, &["block*", "items", "issues", "findings"])
                && says(&lower, LISTED)
                && !says(&lower, &["must", "should", "until"])
        })
        .map(|sentence| sentence.said())
        .collect();
    let Some(first) = claims.first() else { return };
    for sentence in facts.sentences.iter().filter(|sentence| sentence.place != Place::Code) {
        for range in value::id_ranges(&sentence.text.plain) {
            let range = range.value;
            let known = |number: u64| {
                facts
                    .items
                    .iter()
                    .filter_map(|item| item.id.as_ref())
                    .any(|id| id.prefix == range.prefix && id.number == number)
            };
            let missing: Vec<String> = (range.first..=range.last)
                .take(200)
                .filter(|number| !known(*number))
                .map(|number| format!("{}-{number}", range.prefix))
                .collect();
            let all = usize::try_from(range.count()).unwrap_or(usize::MAX);
            if !missing.is_empty() && missing.len() * 2 < all {
                let message = format!(
                    "«{}», and {} {} nowhere",
                    first.text,
                    missing.join(", "),
                    if missing.len() == 1 { "stands" } else { "stand" }
                );
                findings.certain(message, claims.iter().cloned().chain([sentence.said()]).collect());
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn conditions_that_stand_nowhere_are_found() {
        assert_eq!(found(&RULE, "All automatic no-go conditions cleared.\n"), ["likely 1"]);
        assert!(
            found(&RULE, "All no-go conditions cleared.\n\n## No-go conditions\n\n- Error rate above 1 %\n")
                .is_empty()
        );
    }

    #[test]
    fn ids_that_are_called_documented_and_stand_nowhere_are_found() {
        let rows = "| ID | Item |\n|---|---|\n| GRD-01 | a |\n| GRD-02 | b |\n| GRD-04 | c |\n\nGRD-01 through GRD-04 are pending.\n\n- [x] All blockers are documented\n";
        assert_eq!(found(&RULE, rows), ["certain 9,7"]);
        assert!(found(&RULE, &rows.replace("GRD-04", "GRD-03")).is_empty());
    }
}
