//! Findings: the open problems behind FAIL and PARTIAL items, one for each root cause, with
//! exactly one severity and one fingerprint.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use gonogo_model::digest::Digest;
use gonogo_model::fact::Value;
use gonogo_model::spec::{Check, Proof};
use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::{Finding, ItemResult};

use crate::check::Decision;
use crate::wording;

/// A finding with the positions in the plan of the checks that saw it, first one first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The finding.
    pub finding: Finding,
    /// Positions in `spec.checks`, ascending, never empty.
    pub checks: Vec<usize>,
}

/// What makes two observations the same problem: the root cause, or the check with the item's key.
type Rule<'a> = (&'a str, Option<&'a str>);

/// Every open problem of `checks`, worst first, then in the order of the plan, then by id.
pub(crate) fn collect<'a>(
    checks: impl DoubleEndedIterator<Item = &'a Check> + Clone,
    decisions: &[Option<Decision>],
) -> Vec<Found> {
    let categories = root_cause_categories(checks.clone());
    let mut found: BTreeMap<Rule<'_>, Found> = BTreeMap::new();
    let mut more: BTreeMap<Rule<'_>, usize> = BTreeMap::new();
    for (at, (check, decision)) in checks.zip(decisions).enumerate() {
        let Some(decision) = decision else { continue };
        for item in decision.items.iter().filter(|item| is_open(item.status)) {
            let rule = rule(check, item);
            let category = categories.get(rule.0).filter(|_| rule.1.is_none()).copied();
            if let Some(known) = found.get_mut(&rule) {
                join(known, at, check, item);
                *more.entry(rule).or_default() += 1;
            } else {
                found.insert(rule, first(at, check, item, category.unwrap_or(&check.category)));
            }
        }
    }
    for (rule, number) in more {
        if let Some(known) = found.get_mut(&rule) {
            let items = wording::count(number, "more item shows it", "more items show it");
            known.finding.cause.push_str(&format!("; {items}"));
        }
    }
    let mut found: Vec<Found> = found.into_values().collect();
    found.sort_by(|a, b| order(a).cmp(&order(b)));
    found
}

fn order(found: &Found) -> (Reverse<Severity>, Option<usize>, &str) {
    (Reverse(found.finding.severity), found.checks.first().copied(), &found.finding.id)
}

fn is_open(status: Status) -> bool {
    matches!(status, Status::Fail | Status::Partial)
}

fn rule<'a>(check: &'a Check, item: &'a ItemResult) -> Rule<'a> {
    match &check.root_cause {
        Some(root_cause) => (root_cause, None),
        None => (&check.id, Some(&item.key)),
    }
}

/// The category of a root cause is the one of the first check that names it, whoever saw it.
fn root_cause_categories<'a>(
    checks: impl DoubleEndedIterator<Item = &'a Check>,
) -> BTreeMap<&'a str, &'a str> {
    checks.rev().filter_map(|check| Some((check.root_cause.as_deref()?, &*check.category))).collect()
}

fn first(at: usize, check: &Check, item: &ItemResult, category: &str) -> Found {
    let (rule, key) = rule(check, item);
    let id = match key {
        Some(key) => format!("{category}/{rule}/{key}"),
        None => format!("{category}/{rule}"),
    };
    // An address says where the same problem was met this time, not which problem it is.
    let source = key.and(item.location.as_ref()).map(|location| location.source.as_str());
    let source = source.filter(|source| !source.contains("://"));
    let finding = Finding {
        id,
        fingerprint: Digest::of(&(rule, key, source)),
        severity: check.severity,
        status: item.status,
        title: check.title.clone(),
        cause: cause(check, item),
        impact: check.impact.clone(),
        location: item.location.clone(),
        fix: check.fix.clone(),
        checks: vec![check.id.clone()],
        accepted: false,
        disposition: None,
    };
    Found { finding, checks: vec![at] }
}

fn join(known: &mut Found, at: usize, check: &Check, item: &ItemResult) {
    let finding = &mut known.finding;
    finding.severity = finding.severity.max(check.severity);
    if item.status == Status::Fail {
        finding.status = Status::Fail;
    }
    if known.checks.last() != Some(&at) {
        known.checks.push(at);
        finding.checks.push(check.id.clone());
    }
}

fn said_cause<'a>(check: &Check, item: &'a ItemResult) -> Option<&'a str> {
    let Proof::Probe(look) = &check.proof else { return None };
    let said = item.facts.get(look.cause.as_ref()?)?.as_str()?;
    (!said.is_empty()).then_some(said)
}

/// What the fact says that the check names as its cause, else
/// ``expected `present && length >= 48`; measured present = false``.
fn cause(check: &Check, item: &ItemResult) -> String {
    if let Some(said) = said_cause(check, item) {
        return said.to_owned();
    }
    let (expect, partial) = match &check.proof {
        Proof::Probe(look) => (look.expect.as_str(), look.partial.as_deref()),
        Proof::Attested(statement) => (statement.statement.as_str(), None),
    };
    let fact = |(name, value): (&String, &Value)| format!("{name} = {}", wording::value(value));
    let measured = match item.facts.is_empty() {
        true => "nothing it names".to_owned(),
        false => wording::list(&item.facts, fact),
    };
    let partly = match partial.filter(|_| item.status == Status::Partial) {
        Some(partial) => format!("; partly met: `{partial}`"),
        None => String::new(),
    };
    format!("expected `{expect}`; measured {measured}{partly}")
}
