//! One place says to go on, another to begin again.

use super::facts::word::says;
use super::facts::{Facts, Sentence};
use super::kind::{Findings, Kind, Rule};

pub(super) const RULE: Rule = Rule {
    id: "resume-rule",
    kind: Kind::Verdict,
    why: "Going on trusts what was seen before; beginning again looks anew.",
    find,
};

const WHAT: &[&str] = &[
    "audit",
    "assessment",
    "test",
    "tests",
    "testing",
    "review",
    "verification",
    "prüfung",
    "évaluation",
    "evaluación",
];
const GO_ON: &[&str] =
    &["continue", "resume", "carry on", "proceed with", "fortsetzen", "continuer", "continuar", "doorgaan"];
const AGAIN: &[&str] = &[
    "re-run",
    "rerun",
    "repeat the",
    "start over",
    "run again",
    "wiederholen",
    "recommencer",
    "repetir",
    "herhalen",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let says_both = |sentence: &&Sentence, verbs: &[&str]| {
        let lower = sentence.lower();
        says(&lower, verbs) && says(&lower, WHAT) && lower.split_whitespace().count() <= 14
    };
    let on: Vec<&Sentence> = facts.sentences.iter().filter(|sentence| says_both(sentence, GO_ON)).collect();
    let again: Vec<&Sentence> =
        facts.sentences.iter().filter(|sentence| says_both(sentence, AGAIN)).collect();
    if let (Some(one), Some(two)) = (on.first(), again.first()) {
        let message =
            format!("«{}» goes on, and «{}» begins again", one.text.plain.trim(), two.text.plain.trim());
        findings.likely(message, on.iter().chain(&again).map(|sentence| sentence.said()).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn two_ways_to_go_on_are_found() {
        assert_eq!(
            found(
                &RULE,
                "1. Say: \"key is set, continue audit\"\n\nSet the key, then re-run the assessment.\n"
            ),
            ["likely 1,3"]
        );
        assert!(found(&RULE, "Set the key, then re-run the assessment.\n").is_empty());
    }
}
