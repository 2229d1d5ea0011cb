//! The opinions of gonogo: a pure function from evidence to verdict. No clock, file, socket,
//! environment or randomness: `now` is an argument, and the same case gives the same bytes on
//! every machine. No input makes it panic.

mod acceptance;
mod action;
mod attestation;
mod category;
mod check;
mod condition;
mod confidence;
mod disposition;
mod finding;
mod hint;
mod lineage;
mod load;
mod mark;
mod open_entries;
mod open_work;
mod priority;
mod reason;
mod register;
mod rules;
mod scenario;
pub mod schedule;
mod score;
mod seen;
mod stage;
mod wording;

use std::collections::BTreeMap;

use gonogo_model::digest::Digest;
use gonogo_model::evidence::{Evidence, Skip};
use gonogo_model::fact::Item;
use gonogo_model::spec::{Check, Spec};
use gonogo_model::status::Status;
use gonogo_model::verdict::{
    AcceptanceState, CheckResult, Counts, FORMAT, SeverityCounts, Thresholds, Verdict,
};
use jiff::Timestamp;
use jiff::tz::TimeZone;

pub use confidence::upper_95;
pub use finding::Found;
pub use lineage::lineage;
pub use rules::{Signals, call};

use action::{Planned, Work};
use reason::Picture;
use register::Ground;
use seen::Seen;
use stage::Gates;

/// Everything a verdict depends on.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// What must be true.
    pub spec: &'a Spec,
    /// What was looked at, in any order.
    pub evidence: &'a [Evidence],
    /// Why checks without evidence have none, by check id.
    pub skips: &'a BTreeMap<String, Skip>,
    /// The moment to judge at (UTC).
    pub now: Timestamp,
    /// Whether the stored evidence is as it was written.
    pub integrity: Integrity<'a>,
}

/// Whether the stored evidence is as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Integrity<'a> {
    /// It is, or it was never stored.
    Sound,
    /// It is not, and why.
    Broken(&'a str),
}

/// The results of all checks, ready to be weighed.
#[derive(Debug, Clone)]
pub struct Judged<'a> {
    /// The digest of the spec.
    pub digest: Digest,
    /// The digest of the spec without its hints, from which chances are drawn.
    pub seed: Digest,
    /// One result for each check that weighs, in the order of the plan.
    pub results: Vec<CheckResult>,
    /// The open problems behind them, worst first.
    pub found: Vec<Found>,
    /// How the acceptances stand.
    pub acceptances: Vec<AcceptanceState>,
    /// The tasks that looks found in files, by the check of the checklist that they are of.
    pub tasks: BTreeMap<String, Vec<Item>>,
    /// The moment to judge at (UTC).
    pub now: Timestamp,
    /// Whether the stored evidence is as it was written.
    pub integrity: Integrity<'a>,
}

/// From evidence to verdict. Hints are judged apart: the rest is as if the spec had none.
pub fn judge(case: &Case<'_>) -> Verdict {
    let spec = hint::without(case.spec);
    let weighed = Case { spec: &spec, ..*case };
    let seen = Seen::of(&weighed);
    let silence = seen.silence(&weighed);
    let hints = hint::judge(case, &seen.found, &silence);
    let (results, found, acceptances) = seen.results(&spec, &silence);
    let (now, integrity) = (case.now, case.integrity);
    let tasks = seen::tasks(&spec, case.evidence);
    let digest = case.spec.digest();
    let seed = if hints.results.is_empty() { digest.clone() } else { spec.digest() };
    let loads = load::runs(&results, case.evidence);
    let judged = Judged { digest, seed, results, found, acceptances, tasks, now, integrity };
    Verdict { hint_results: hints.results, hints: hints.findings, loads, ..verdict_of(&spec, judged) }
}

/// The status of one check by its newest evidence alone, with the reason: for showing a run
/// while it is under way. Knows no gate and no acceptance.
pub fn status_of(check: &Check, evidence: &Evidence, now: Timestamp) -> (Status, String) {
    let decision = check::decide(check, Some(evidence), now);
    decision.map_or_else(|| (Status::NotRun, String::new()), |decision| (decision.status, decision.why))
}

/// The gates that hold `stage` now and did not pass themselves; empty when the stage may start.
pub fn holding_gates(case: &Case<'_>, stage: &str) -> Vec<String> {
    let stages = &case.spec.stages;
    let Some(at) = stages.iter().position(|known| known.id == stage) else { return Vec::new() };
    let spec = hint::without(case.spec);
    let gates = Seen::of(&Case { spec: &spec, ..*case }).gates.before(at);
    gates.into_iter().filter_map(|gate| stages.get(gate)).map(|gate| gate.id.clone()).collect()
}

/// From results to verdict: stages, scores, rules, actions. Linear in the number of checks.
/// Everything here weighs, so `spec` is the one without its hints.
pub fn verdict_of(spec: &Spec, judged: Judged<'_>) -> Verdict {
    let Judged { digest, seed, results, mut found, acceptances, tasks, now, integrity } = judged;
    let today = now.to_zoned(TimeZone::UTC).date();
    let marks = mark::of(spec, &results);
    let gates = Gates::after(spec, &marks);
    let stages = stage::results(spec, &marks, &gates);
    let mut scores = score::scores(spec, &marks, &found);
    let conditions = condition::states(spec, &results, &marks, today);
    let ground = Ground { spec, results: &results, stages: &stages, tasks: &tasks, today };
    let registers = register::states(&ground);
    let decided = reason::decide(&Picture {
        spec,
        integrity,
        results: &results,
        marks: &marks,
        found: &found,
        acceptances: &acceptances,
        conditions: &conditions,
        gates: &gates,
        scores: &scores,
        registers: &registers,
    });
    disposition::settle(&mut found, &decided.reasons);
    category::answer(&mut scores.categories, &decided.categories, &marks, &results);
    let work = Work {
        spec,
        results: &results,
        marks: &marks,
        found: &found,
        conditions: &conditions,
        stages: &stages,
        registers: &registers,
        today,
    };
    let planned = action::actions(&work);
    let schedule = open_work::schedule(&work, &planned, &seed);
    let counts = counts(&results);
    let mut verdict = Verdict {
        format: FORMAT,
        system: spec.system.clone(),
        environment: spec.environment.clone(),
        spec: digest,
        judged_at: now,
        call: decided.call,
        reasons: decided.reasons,
        score: scores.score,
        thresholds: Thresholds { go_at: spec.policy.go_at, conditional_at: spec.policy.conditional_at },
        coverage: score::coverage(&counts),
        counts,
        open: open(&found),
        categories: scores.categories,
        stages,
        scenarios: scenario::rows(spec, &results),
        results,
        findings: found.into_iter().map(|found| found.finding).collect(),
        hint_results: Vec::new(),
        hints: Vec::new(),
        acceptances,
        conditions: conditions.into_iter().map(|(state, _)| state).collect(),
        registers,
        actions: planned.into_iter().map(|Planned { action, .. }| action).collect(),
        schedule,
        loads: Vec::new(),
    };
    verdict.registers.sign_off = register::sign_off(spec, &verdict, today);
    verdict
}

fn counts(results: &[CheckResult]) -> Counts {
    results.iter().fold(Counts::default(), |mut counts, result| {
        counts.add(result.status);
        counts
    })
}

fn open(found: &[Found]) -> SeverityCounts {
    let open = found.iter().filter(|found| !found.finding.accepted);
    open.fold(SeverityCounts::default(), |mut counts, found| {
        counts.add(found.finding.severity);
        counts
    })
}
