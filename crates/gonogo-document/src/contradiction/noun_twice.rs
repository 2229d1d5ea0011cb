//! One thing counted twice in the text with two numbers: `14 municipalities`, `Municipalities: 16`.

use super::facts::{Claim, Facts, Place};
use super::kind::{Findings, Kind, Rule};

pub(super) const RULE: Rule = Rule {
    id: "noun-twice",
    kind: Kind::Disagreement,
    why: "A number that is given twice must be one number.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let claims: Vec<&Claim> = facts
        .claims
        .iter()
        .filter(|claim| {
            matches!(claim.place, Place::Prose | Place::Item)
                && !claim.is_about
                && claim.count > 1
                && claim.stems.len() <= 4
        })
        .take(400)
        .collect();
    for (at, one) in claims.iter().enumerate() {
        for other in claims
            .iter()
            .skip(at + 1)
            .filter(|other| other.sentence != one.sentence && other.count != one.count)
        {
            let same = one.stems == other.stems && one.severity == other.severity && one.state == other.state;
            let long = one.stems.len() >= 2 || one.is_behind || other.is_behind;
            let words: usize = one.stems.iter().map(|stem| stem.chars().count()).sum();
            let (Some(first), Some(second)) =
                (facts.sentences.get(one.sentence), facts.sentences.get(other.sentence))
            else {
                continue;
            };
            if same && words >= 5 && (long || capacity(&first.lower(), &second.lower())) {
                let message = format!("it says {} here and {} there", one.shown(), other.shown());
                findings.likely(message, vec![first.said(), second.said()]);
            }
        }
    }
}

/// Both say how much was approved or asked for.
fn capacity(one: &str, other: &str) -> bool {
    let says = |text: &str| {
        ["approved", "capacity", "target", "scale", "handle"].iter().any(|word| text.contains(word))
    };
    says(one) && says(other)
}
