//! A value that is called verified or calculated, without by what.

use super::facts::word::says;
use super::facts::{Facts, Place};
use super::kind::{Findings, Kind, Rule};
use crate::value;

pub(super) const RULE: Rule = Rule {
    id: "bare-claim",
    kind: Kind::Evidence,
    why: "A value without its query, formula or time cannot be checked by anybody else.",
    find,
};

const CLAIMS: &[&str] = &[
    "(verified)",
    "(calculated)",
    "(confirmed)",
    "(measured)",
    "(checked)",
    "(geprüft)",
    "(berechnet)",
    "(vérifié)",
    "(verificado)",
    "(optimized for",
];
/// The writer did not look.
const GUESSES: &[&str] = &[
    "may not exist",
    "might not exist",
    "presumably",
    "we assume",
    "it is assumed",
    "not sure whether",
    "probably exists",
    "vermutlich",
    "supposedly",
    "should already exist",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for sentence in &facts.sentences {
        let lower = sentence.lower();
        let claim = CLAIMS.iter().find(|claim| lower.contains(**claim));
        let has_number = lower.chars().any(|c| c.is_ascii_digit());
        let has_source = says(&lower, &["by", "with", "from", "query", "select", "see", "on"])
            && !lower.contains("(optimized for");
        if let (Some(claim), true, false) = (claim, has_number, has_source)
            && value::dates(&lower).is_empty()
            && sentence.text.links.is_empty()
        {
            let word = claim.trim_matches(['(', ')']);
            findings.likely(
                format!("«{}» is called {word}, and not how", sentence.text.plain.trim()),
                vec![sentence.said()],
            );
        }
        if sentence.place != Place::Code && says(&lower, GUESSES) {
            findings.likely(
                format!("«{}» is a guess: it was not looked at", sentence.text.plain.trim()),
                vec![sentence.said()],
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn values_and_guesses_without_a_look_are_found() {
        assert_eq!(found(&RULE, "Connections: 300 (verified)\n"), ["likely 1"]);
        assert_eq!(found(&RULE, "- File: `src/x` (the folder may not exist)\n"), ["likely 1"]);
        assert!(found(&RULE, "Connections: 300 (verified) by query on 2025-03-04\n").is_empty());
        assert!(found(&RULE, "Restore (verified)\n").is_empty());
    }
}
