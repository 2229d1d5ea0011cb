//! Acceptances: which of them are in force, and which findings they cover. An acceptance never
//! changes a status or what was measured.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::spec::{Acceptance, Check, Spec};
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
    let unseen = unseen(spec, decisions);
    let states = spec.acceptances.iter().map(|acceptance| {
        let finding = positions.get(&acceptance.finding).and_then(|at| found.get_mut(*at));
        let covers = finding.as_deref().map(|found| Covers::of(spec, found, &unseen));
        let state = stands(spec, acceptance, covers, &passing, today);
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

/// The checks that nobody could judge, by their root cause.
fn unseen<'a>(spec: &'a Spec, decisions: &[Option<Decision>]) -> BTreeMap<&'a str, Vec<&'a Check>> {
    let mut unseen: BTreeMap<&str, Vec<&Check>> = BTreeMap::new();
    if spec.acceptances.is_empty() {
        return unseen;
    }
    let is_seen = |decision: &Decision| !decision.status.is_unproven() && !decision.has_error();
    for (check, decision) in spec.checks.iter().zip(decisions) {
        if let Some(cause) = check.root_cause.as_deref().filter(|_| !decision.as_ref().is_some_and(is_seen)) {
            unseen.entry(cause).or_default().push(check);
        }
    }
    unseen
}

/// What an acceptance of a finding would cover.
struct Covers {
    is_blocker: bool,
    waivable: bool,
}

impl Covers {
    /// A check with the same root cause that nobody could judge is covered too: to lose the
    /// evidence of the one that forbids the acceptance must not allow it.
    fn of(spec: &Spec, found: &Found, unseen: &BTreeMap<&str, Vec<&Check>>) -> Covers {
        let saw = found.checks.iter().filter_map(|at| spec.checks.get(*at));
        let causes: BTreeSet<&str> = saw.clone().filter_map(|check| check.root_cause.as_deref()).collect();
        let hidden = || causes.iter().filter_map(|cause| unseen.get(cause)).flatten().copied();
        Covers {
            is_blocker: found.finding.severity == Severity::Blocker
                || hidden().any(|check| check.severity == Severity::Blocker),
            waivable: saw.chain(hidden()).all(|check| check.waivable),
        }
    }
}

fn stands(
    spec: &Spec,
    acceptance: &Acceptance,
    covers: Option<Covers>,
    passing: &BTreeSet<&str>,
    today: Date,
) -> AcceptanceUse {
    let Some(Covers { is_blocker, waivable }) = covers else { return AcceptanceUse::Unused };
    if acceptance.expires < today {
        AcceptanceUse::Expired
    } else if is_blocker && !spec.policy.accept_blockers || !waivable {
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
