//! Verdicts that are in no list of verdicts.

use super::facts::word::says;
use super::facts::{Call, Facts, Place, Topic};
use super::kind::{Findings, Kind, Rule, Said};

pub(super) const RULE: Rule = Rule {
    id: "verdict-word",
    kind: Kind::Verdict,
    why: "A word that nobody defined is read by each as they like.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for call in facts.calls.iter().filter(|call| call.is_overall && call.word.starts_with("conditional no")) {
        let firm = facts.sentences.iter().filter(|sentence| sentence.place != Place::Cell).find(|sentence| {
            let lower = sentence.lower();
            says(
                &lower,
                &[
                    "is not ready",
                    "do not proceed",
                    "do not launch",
                    "not ready for production",
                    "must not go live",
                ],
            )
        });
        let message = format!(
            "{} is no verdict: a NO-GO with conditions is a NO-GO until they are met",
            call.word.to_uppercase()
        );
        findings.likely(
            message,
            std::iter::once(call.said.clone()).chain(firm.map(|sentence| sentence.said())).collect(),
        );
    }
    let defined = legend(facts);
    if defined.len() < 2 {
        return;
    }
    for call in facts.calls.iter().filter(|call| call.is_overall && !call.is_prose) {
        let is_known = defined
            .iter()
            .any(|said| says(&said.text.to_lowercase(), &[call.word, &call.word.replace('-', " ")]));
        if !is_known && is_verdict(call) {
            let message = format!(
                "{} is none of the {} verdicts that the document defines",
                call.word.to_uppercase(),
                defined.len()
            );
            findings
                .likely(message, std::iter::once(call.said.clone()).chain(defined.iter().cloned()).collect());
        }
    }
}

fn is_verdict(call: &Call) -> bool {
    !matches!(call.word, "blocked" | "passed" | "failed" | "ready")
}

/// The items under a legend that name verdicts.
fn legend(facts: &Facts<'_>) -> Vec<Said> {
    let items = facts.items.iter().filter(|item| facts.is_under(item.section, Topic::Legend));
    let named = items.filter(|item| {
        says(&item.said.text.to_lowercase(), &["go", "no-go", "no go", "approved", "rejected"])
    });
    named.map(|item| item.said.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    const LEGEND: &str = "## Framework\n\n- **GO** - no conditions\n- **CONDITIONAL GO** - conditions\n- **NO GO** - fix first\n\n## End\n\n";

    #[test]
    fn words_outside_the_legend_are_found() {
        assert_eq!(found(&RULE, &format!("{LEGEND}**Status:** APPROVED FOR LAUNCH\n")), ["likely 9,3,4,5"]);
        assert_eq!(found(&RULE, &format!("{LEGEND}**Verdict:** NO-GO\n")), Vec::<String>::new());
    }

    #[test]
    fn a_conditional_refusal_is_found() {
        assert_eq!(
            found(&RULE, "## Verdict\n\n### CONDITIONAL NO-GO\n\nIt is not ready for production.\n"),
            ["likely 3,5"]
        );
    }
}
