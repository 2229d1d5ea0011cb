//! A rule tried on a small document, for the tests of the rules.

use super::facts::Facts;
use super::kind::{Findings, Rule};

/// What a rule finds in a text: its certainty and the lines of its places, in order.
pub(super) fn found(rule: &Rule, text: &str) -> Vec<String> {
    let report = crate::read(text.as_bytes());
    let mut findings = Findings::of(rule);
    (rule.find)(&Facts::of(&report), &mut findings);
    let shown = |found: super::Contradiction| {
        let lines: Vec<String> = found.places.iter().map(|said| said.span.line.to_string()).collect();
        format!("{} {}", found.certainty.word(), lines.join(","))
    };
    findings.into_found().into_iter().map(shown).collect()
}
