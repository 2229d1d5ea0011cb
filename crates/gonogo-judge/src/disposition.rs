//! What each open problem does to the verdict: whether a rule that no score outweighs is about it.
//! Knows what the rules said, not why.

use std::collections::BTreeSet;

use gonogo_model::verdict::{Disposition, Finding, Reason, Rule};

use crate::finding::Found;

/// Fills in the disposition of every finding.
pub(crate) fn settle(found: &mut [Found], reasons: &[Reason]) {
    let vetoes = reasons.iter().filter(|reason| is_veto(reason.rule));
    let held: BTreeSet<&str> = vetoes.flat_map(|reason| &reason.checks).map(String::as_str).collect();
    for Found { finding, .. } in found {
        finding.disposition = Some(of(finding, &held));
    }
}

fn of(finding: &Finding, held: &BTreeSet<&str>) -> Disposition {
    match finding.accepted {
        true => Disposition::Accepted,
        false if finding.checks.iter().any(|check| held.contains(check.as_str())) => Disposition::MustFix,
        false => Disposition::MayWait,
    }
}

/// The rules that say NO-GO about a problem itself. The others are about the score, or about what
/// nobody knows: no single problem keeps those from holding.
fn is_veto(rule: Rule) -> bool {
    match rule {
        Rule::GateFailed
        | Rule::BlockerOpen
        | Rule::NotWaivable
        | Rule::ConditionOverdue
        | Rule::RegisterOpen => true,
        Rule::IntegrityBroken
        | Rule::RequiredUnproven
        | Rule::NothingScored
        | Rule::UnderFloor
        | Rule::UnderConditional
        | Rule::AcceptanceInUse
        | Rule::ConditionOpen
        | Rule::RegisterPending
        | Rule::PartlyProven
        | Rule::UnderGo => false,
    }
}
