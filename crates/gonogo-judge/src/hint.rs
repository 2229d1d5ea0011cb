//! Hints: checks that are only likely. They are judged like any other and then kept apart. What
//! weighs is handed on without them, so nothing after this room can know what a hint says.

use std::borrow::Cow;
use std::collections::BTreeSet;

use gonogo_model::digest::Digest;
use gonogo_model::spec::{Check, Spec};
use gonogo_model::verdict::{CheckResult, Finding};

use crate::Case;
use crate::finding::{self, Found};
use crate::seen::{self, Silence};

/// The results of the hints, and what they found. Neither weighs.
#[derive(Debug, Default)]
pub(crate) struct Hints {
    pub(crate) results: Vec<CheckResult>,
    pub(crate) findings: Vec<Finding>,
}

/// The spec as it weighs: without its hints. Nothing is copied when it has none.
pub(crate) fn without(spec: &Spec) -> Cow<'_, Spec> {
    if !spec.checks.iter().any(Check::is_hint) {
        return Cow::Borrowed(spec);
    }
    let checks = spec.checks.iter().filter(|check| !check.is_hint()).cloned().collect();
    Cow::Owned(Spec {
        format: spec.format,
        system: spec.system.clone(),
        environment: spec.environment.clone(),
        source: spec.source.clone(),
        targets: spec.targets.clone(),
        stages: spec.stages.clone(),
        categories: spec.categories.clone(),
        checks,
        acceptances: spec.acceptances.clone(),
        conditions: spec.conditions.clone(),
        registers: spec.registers.clone(),
        policy: spec.policy,
        budget: spec.budget,
        consent: spec.consent.clone(),
    })
}

/// Judges the hints of a case. `known` is what the checks that weigh have found: what one of
/// them shows too is no hint any more.
pub(crate) fn judge(case: &Case<'_>, known: &[Found], silence: &Silence<'_>) -> Hints {
    let hints: Vec<&Check> = case.spec.checks.iter().filter(|check| check.is_hint()).collect();
    if hints.is_empty() {
        return Hints::default();
    }
    let decisions = seen::decisions(hints.iter().copied(), case);
    let known: BTreeSet<&Digest> = known.iter().map(|found| &found.finding.fingerprint).collect();
    let found = finding::collect(hints.iter().copied(), &decisions);
    let findings = found.into_iter().map(|found| found.finding);
    let findings = findings.filter(|finding| !known.contains(&finding.fingerprint)).collect();
    let result = |(check, decision): (&&Check, _)| silence.result(check, decision, false);
    Hints { results: hints.iter().zip(decisions).map(result).collect(), findings }
}
