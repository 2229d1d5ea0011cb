//! Acceptances: which of them are in force, and which findings they cover. An acceptance never
//! changes a status or what was measured.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::spec::{Acceptance, Spec};
use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::{AcceptanceState, AcceptanceUse};
use jiff::civil::Date;

use crate::check::Decision;
use crate::finding::Found;

/// Marks the findings that are covered, and says how every acceptance stands.
pub(crate) fn apply(
    spec: &Spec,
    found: &mut [Found],
    decisions: &[Option<Decision>],
    today: Date,
) -> Vec<AcceptanceState> {
    let positions: BTreeMap<String, usize> =
        found.iter().enumerate().map(|(at, found)| (found.finding.id.clone(), at)).collect();
    let passing = passing(spec, decisions);
    let states = spec.acceptances.iter().map(|acceptance| {
        let finding = positions.get(&acceptance.finding).and_then(|at| found.get_mut(*at));
        let state = stands(spec, acceptance, finding.as_deref(), &passing, today);
        if let Some(found) = finding.filter(|_| state == AcceptanceUse::InUse) {
            found.finding.accepted = true;
        }
        say(acceptance, state)
    });
    states.collect()
}

fn passing<'a>(spec: &'a Spec, decisions: &[Option<Decision>]) -> BTreeSet<&'a str> {
    let passes = |decision: &Option<Decision>| decision.as_ref().is_some_and(|d| d.status == Status::Pass);
    let checks = spec.checks.iter().zip(decisions);
    checks.filter(|(_, decision)| passes(decision)).map(|(check, _)| check.id.as_str()).collect()
}

fn stands(
    spec: &Spec,
    acceptance: &Acceptance,
    found: Option<&Found>,
    passing: &BTreeSet<&str>,
    today: Date,
) -> AcceptanceUse {
    let Some(found) = found else { return AcceptanceUse::Unused };
    let waivable = |at: &usize| spec.checks.get(*at).is_some_and(|check| check.waivable);
    if acceptance.expires < today {
        AcceptanceUse::Expired
    } else if found.finding.severity == Severity::Blocker && !spec.policy.accept_blockers
        || !found.checks.iter().all(waivable)
    {
        AcceptanceUse::NotAllowed
    } else if acceptance.monitor.as_ref().is_some_and(|monitor| !passing.contains(monitor.as_str())) {
        AcceptanceUse::MonitorUnproven
    } else {
        AcceptanceUse::InUse
    }
}

fn say(acceptance: &Acceptance, state: AcceptanceUse) -> AcceptanceState {
    AcceptanceState {
        finding: acceptance.finding.clone(),
        reason: acceptance.reason.clone(),
        owner: acceptance.owner.clone(),
        approved_by: acceptance.approved_by.clone(),
        expires: acceptance.expires,
        monitor: acceptance.monitor.clone(),
        state,
        origin: acceptance.origin.clone(),
    }
}
