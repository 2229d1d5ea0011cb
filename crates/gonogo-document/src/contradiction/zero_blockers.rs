//! No blockers are claimed, and there is one.

use super::facts::word::says;
use super::facts::{Facts, Item, Openness, Place, Sentence, Topic};
use super::kind::{Findings, Kind, Rule, Said};
use crate::value::Severity;

pub(super) const RULE: Rule = Rule {
    id: "zero-blockers",
    kind: Kind::Verdict,
    why: "What must be done before a launch is a blocker, by whatever name it goes.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let claims: Vec<&Sentence> = facts.sentences.iter().filter(|sentence| is_claim(sentence)).collect();
    let Some(first) = claims.first() else { return };
    let required: Vec<&Item> = facts.items.iter().filter(|item| is_required(facts, item)).collect();
    let open: Vec<&Item> =
        facts.open().into_iter().filter(|(item, how)| is_blocker(item, *how)).map(|(item, _)| item).collect();
    let said = |items: &[&Item]| -> Vec<Said> {
        let claimed = claims.iter().take(6).map(|sentence| sentence.said());
        claimed.chain(items.iter().map(|item| item.said.clone())).collect()
    };
    let claim = first.text.plain.trim();
    if let Some(item) = open.first() {
        findings.certain(format!("«{claim}», and «{}» is a blocker and open", item.title), said(&open));
    } else if let Some(item) = required.first() {
        findings.certain(
            format!("«{claim}», and «{}» is required before the launch", item.said.text),
            said(&required),
        );
    }
}

/// `Zero blockers`, `P0 blockers: 0`, `keine Blocker`.
fn is_claim(sentence: &Sentence) -> bool {
    let lower = sentence.lower();
    if matches!(sentence.place, Place::Code | Place::Cell)
        || !says(&lower, &["blocker", "blockers", "blocking issues", "bloquants"])
    {
        return false;
    }
    let bare = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
    let starts = says(
        bare,
        &[
            "zero production blockers",
            "zero blockers",
            "no blockers",
            "no open blockers",
            "zero open blockers",
            "keine blocker",
        ],
    );
    let counts = bare
        .rsplit_once(": ")
        .is_some_and(|(key, value)| says(key, &["blocker", "blockers"]) && value.trim() == "0");
    let asks = says(
        bare,
        &["if", "until", "when", "needs", "must", "requires", "need", "criterion", "only", "rule"],
    ) || bare.contains('?');
    (starts || counts) && !asks
}

fn is_required(facts: &Facts<'_>, item: &Item) -> bool {
    let lower = item.said.text.to_lowercase();
    let bare = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
    let before = says(&lower, &["before launch", "before go-live", "before the launch", "before going live"]);
    let must = says(&lower, &["must be", "must", "required", "mandatory"]);
    let is_condition = facts.is_under(item.section, Topic::Conditions) && bare.starts_with("required");
    let is_done = says(&lower, &["done", "completed", "closed"]);
    let is_asked =
        facts.is_under(item.section, Topic::Criteria) || facts.is_under(item.section, Topic::Legend);
    ((must && before) || is_condition) && !is_done && !is_asked
}

fn is_blocker(item: &Item, how: Openness) -> bool {
    let by_word = item.any_severity() == Some(Severity::Blocker);
    by_word && (how == Openness::Row || (how == Openness::Problem && item.id.is_some()))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_required_change_is_a_blocker() {
        let text = "- P0 blockers: 0\n\n## Conditions\n\n1. **REQUIRED**: widen the pool\n";
        assert_eq!(found(&RULE, text), ["certain 1,5"]);
        assert_eq!(
            found(&RULE, "Zero blockers.\n\n1. The pool must be widened before launch.\n"),
            ["certain 1,3"]
        );
    }

    #[test]
    fn rules_about_blockers_and_later_work_are_silent() {
        assert!(
            found(&RULE, "A GO needs zero blockers.\n\n1. The pool must be widened before launch.\n")
                .is_empty()
        );
        assert!(found(&RULE, "Zero blockers.\n\n1. The pool should be widened in May.\n").is_empty());
    }
}
