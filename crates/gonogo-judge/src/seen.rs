//! From evidence to results: every check judged by itself, then findings, acceptances and gates
//! in this order, because each needs only the ones before.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::evidence::{Evidence, Outcome, Skip};
use gonogo_model::fact::Item;
use gonogo_model::spec::register::TaskSource;
use gonogo_model::spec::{Check, Proof, Spec};
use gonogo_model::status::Status;
use gonogo_model::verdict::{AcceptanceState, CheckResult};
use jiff::tz::TimeZone;

use crate::Case;
use crate::check::{self, Decision};
use crate::finding::{self, Found};
use crate::reason::gate_sentence;
use crate::stage::{Gates, Shut};
use crate::wording::list;
use crate::{acceptance, mark};

/// What the evidence says, before it is weighed. Vectors are in the order of the plan.
pub(crate) struct Seen {
    decisions: Vec<Option<Decision>>,
    pub(crate) found: Vec<Found>,
    pub(crate) acceptances: Vec<AcceptanceState>,
    accepted: Vec<bool>,
    stage_of: Vec<Option<usize>>,
    pub(crate) gates: Gates,
}

impl Seen {
    pub(crate) fn of(case: &Case<'_>) -> Seen {
        let spec = case.spec;
        let decisions = decisions(spec.checks.iter(), case);
        let mut found = finding::collect(spec.checks.iter(), &decisions);
        let today = case.now.to_zoned(TimeZone::UTC).date();
        let acceptances = acceptance::apply(spec, &mut found, &decisions, today);
        let accepted = accepted(&decisions, &found);
        let stages: BTreeMap<&str, usize> =
            spec.stages.iter().enumerate().map(|(at, stage)| (stage.id.as_str(), at)).collect();
        let stage_of: Vec<Option<usize>> =
            spec.checks.iter().map(|check| stages.get(check.stage.as_str()).copied()).collect();
        let mut shut = vec![Shut::default(); spec.stages.len()];
        for ((stage, decision), accepted) in stage_of.iter().zip(&decisions).zip(&accepted) {
            let Some(shut) = stage.and_then(|at| shut.get_mut(at)) else { continue };
            shut.filled = true;
            match decision {
                Some(decision) => shut.itself |= mark::holds(decision.status, *accepted),
                None => shut.silent = true,
            }
        }
        let gates = Gates::of(spec, &shut);
        Seen { decisions, found, acceptances, accepted, stage_of, gates }
    }

    /// One result for every check, and what else was seen.
    pub(crate) fn results(
        self,
        spec: &Spec,
        silence: &Silence<'_>,
    ) -> (Vec<CheckResult>, Vec<Found>, Vec<AcceptanceState>) {
        let checks = spec.checks.iter().zip(self.decisions).zip(self.accepted);
        let results = checks.map(|((check, decision), accepted)| silence.result(check, decision, accepted));
        (results.collect(), self.found, self.acceptances)
    }

    /// What is said about checks without evidence.
    pub(crate) fn silence<'a>(&self, case: &Case<'a>) -> Silence<'a> {
        let ids = case.spec.stages.iter().map(|stage| stage.id.as_str());
        Silence { held: ids.zip(self.held_sentences(case.spec)).collect(), skips: case.skips }
    }

    /// For each stage that is held, the sentence that says by what.
    fn held_sentences(&self, spec: &Spec) -> Vec<Option<String>> {
        let mut holding: Vec<Vec<(&str, Status)>> = vec![Vec::new(); spec.stages.len()];
        let checks = spec.checks.iter().zip(&self.decisions).zip(self.accepted.iter().zip(&self.stage_of));
        for ((check, decision), (accepted, stage)) in checks {
            let Some(holding) = stage.and_then(|at| holding.get_mut(at)) else { continue };
            let is_held = stage.is_some_and(|at| self.gates.holds(at));
            let unseen = if is_held { Status::Blocked } else { Status::NotRun };
            let status = decision.as_ref().map_or(unseen, |decision| decision.status);
            if mark::holds(status, *accepted) {
                holding.push((&check.id, status));
            }
        }
        let gate = |at: usize| {
            let (stage, holding) = spec.stages.get(at).zip(holding.get(at))?;
            Some(gate_sentence(&stage.id, holding.iter().copied()))
        };
        let sentence =
            |stage: usize| list(self.gates.before(stage).into_iter().filter_map(gate), |text| text);
        let stages = 0..spec.stages.len();
        stages.map(|stage| self.gates.holds(stage).then(|| sentence(stage))).collect()
    }
}

/// Why checks without evidence have none.
pub(crate) struct Silence<'a> {
    /// What holds each stage, by the stage's id.
    held: BTreeMap<&'a str, Option<String>>,
    skips: &'a BTreeMap<String, Skip>,
}

impl Silence<'_> {
    /// The result of a check, whether somebody looked or not.
    pub(crate) fn result(&self, check: &Check, decision: Option<Decision>, accepted: bool) -> CheckResult {
        result(check, decision.unwrap_or_else(|| self.of(check)), accepted)
    }

    fn of(&self, check: &Check) -> Decision {
        match self.held.get(check.stage.as_str()).and_then(Option::as_ref) {
            Some(why) => Decision::plain(Status::Blocked, why.clone()),
            None => Decision::plain(Status::NotRun, not_run(self.skips.get(&check.id)).to_owned()),
        }
    }
}

/// What is known about each of `checks` by itself, by its latest evidence.
pub(crate) fn decisions<'a>(
    checks: impl Iterator<Item = &'a Check>,
    case: &Case<'_>,
) -> Vec<Option<Decision>> {
    let latest = latest(case.evidence);
    checks.map(|check| check::decide(check, latest.get(check.id.as_str()).copied(), case.now)).collect()
}

/// The tasks that looks found in files, by the check of the checklist that they are of.
pub(crate) fn tasks(spec: &Spec, evidence: &[Evidence]) -> BTreeMap<String, Vec<Item>> {
    let files = spec.registers.checklists.iter().filter_map(|list| match &list.tasks {
        TaskSource::File(file) => Some(&file.check),
        TaskSource::Sections(_) => None,
    });
    let wanted: BTreeSet<&String> = files.collect();
    if wanted.is_empty() {
        return BTreeMap::new();
    }
    let latest = latest(evidence);
    let items = |check: &&String| match &latest.get(check.as_str())?.outcome {
        Outcome::Looked { items, .. } => Some(((*check).clone(), items.clone())),
        Outcome::Unmeasured { .. } => None,
    };
    wanted.iter().filter_map(items).collect()
}

/// The latest evidence for each check. What ended last counts; among records that cannot be told
/// apart by time and id, the order in which they were given must not matter.
fn latest(evidence: &[Evidence]) -> BTreeMap<&str, &Evidence> {
    let mut latest: BTreeMap<&str, &Evidence> = BTreeMap::new();
    for (check, next) in evidence.iter().flat_map(|next| next.checks.iter().map(move |check| (check, next))) {
        let known = latest.entry(check).or_insert(next);
        if std::ptr::eq(*known, next) {
            continue;
        }
        let by_time = (next.ended, &next.id).cmp(&(known.ended, &known.id));
        let bytes = gonogo_model::digest::canonical;
        if by_time.then_with(|| bytes(next).cmp(&bytes(known))).is_gt() {
            *known = next;
        }
    }
    latest
}

/// For each check, whether acceptances cover everything that is wrong with it.
fn accepted(decisions: &[Option<Decision>], found: &[Found]) -> Vec<bool> {
    let can_be = |decision: &Option<Decision>| {
        decision.as_ref().is_some_and(|decision| {
            matches!(decision.status, Status::Fail | Status::Partial) && !decision.has_error()
        })
    };
    let mut accepted: Vec<bool> = decisions.iter().map(can_be).collect();
    for at in found.iter().filter(|found| !found.finding.accepted).flat_map(|found| &found.checks) {
        if let Some(accepted) = accepted.get_mut(*at) {
            *accepted = false;
        }
    }
    accepted
}

fn not_run(skip: Option<&Skip>) -> &'static str {
    match skip {
        Some(Skip::Blocked { .. }) => "a gate held it when the assessment ran",
        Some(Skip::Filtered) => "left out by a filter",
        Some(Skip::Cancelled) => "the run was cancelled before it was looked at",
        Some(Skip::OutOfTime) => "the time of the run was over before it was looked at",
        None => "not run yet",
    }
}

fn result(check: &Check, decision: Decision, accepted: bool) -> CheckResult {
    let expect = match &check.proof {
        Proof::Probe(look) => Some(look.expect.clone()),
        Proof::Attested(_) => None,
    };
    CheckResult {
        check: check.id.clone(),
        title: check.title.clone(),
        category: check.category.clone(),
        stage: check.stage.clone(),
        severity: check.severity,
        status: decision.status,
        why: decision.why,
        expect,
        items: decision.items,
        evidence: decision.evidence,
        origin: check.origin.clone(),
        accepted,
        confidence: decision.confidence,
    }
}
