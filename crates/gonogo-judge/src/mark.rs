//! The few things about each check that weighing asks again and again, side by side without
//! texts: a million checks are walked several times, their texts only where they are printed.

use std::collections::BTreeMap;

use gonogo_model::spec::Spec;
use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::{CheckResult, Counts};

/// One check of the plan, at the same position as in `spec.checks`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    pub(crate) status: Status,
    pub(crate) severity: Severity,
    /// Position in `spec.stages`.
    pub(crate) stage: Option<usize>,
    /// Position in `spec.categories`.
    pub(crate) category: Option<usize>,
    /// Its stage is required, or is not known.
    pub(crate) required: bool,
    pub(crate) waivable: bool,
    /// An acceptance covers everything that is wrong with it.
    pub(crate) accepted: bool,
    /// It, or one of its items, is neither shown to hold nor shown not to hold.
    pub(crate) unproven: bool,
    /// Somebody looked.
    pub(crate) has_evidence: bool,
    /// A probe establishes it, not a person.
    pub(crate) probed: bool,
}

impl Mark {
    /// It keeps a gate closed.
    pub(crate) fn holds(&self) -> bool {
        holds(self.status, self.accepted)
    }

    /// PASS or N/A: nothing is left to do.
    pub(crate) fn is_done(&self) -> bool {
        matches!(self.status, Status::Pass | Status::NotApplicable)
    }

    /// Nobody knows, and the verdict needs to: its stage is required, or it could be a blocker.
    pub(crate) fn is_missed(&self) -> bool {
        self.unproven && (self.required || self.severity == Severity::Blocker)
    }
}

/// Whether a check with this status keeps a gate closed.
pub(crate) fn holds(status: Status, accepted: bool) -> bool {
    status.is_unproven() || status == Status::Fail && !accepted
}

/// The marks of all checks, in the order of the plan.
pub(crate) fn of(spec: &Spec, results: &[CheckResult]) -> Vec<Mark> {
    let stages: BTreeMap<&str, usize> = positions(spec.stages.iter().map(|stage| stage.id.as_str()));
    let categories = positions(spec.categories.iter().map(|category| category.id.as_str()));
    let mark = |result: &CheckResult, waivable: bool| {
        let stage = stages.get(result.stage.as_str()).copied();
        let known = stage.and_then(|at| spec.stages.get(at));
        Mark {
            status: result.status,
            severity: result.severity,
            stage,
            category: categories.get(result.category.as_str()).copied(),
            required: known.is_none_or(|stage| stage.required),
            waivable,
            accepted: result.accepted,
            unproven: result.status.is_unproven()
                || result.items.iter().any(|item| item.status == Status::Error),
            has_evidence: result.evidence.is_some(),
            probed: result.expect.is_some(),
        }
    };
    results.iter().zip(&spec.checks).map(|(result, check)| mark(result, check.waivable)).collect()
}

fn positions<'a>(ids: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    ids.enumerate().map(|(at, id)| (id, at)).collect()
}

/// Checks by status, apart for each of `buckets` places.
pub(crate) fn counts(marks: &[Mark], buckets: usize, bucket: impl Fn(&Mark) -> Option<usize>) -> Vec<Counts> {
    let mut counts = vec![Counts::default(); buckets];
    for mark in marks {
        if let Some(counts) = bucket(mark).and_then(|at| counts.get_mut(at)) {
            counts.add(mark.status);
        }
    }
    counts
}
