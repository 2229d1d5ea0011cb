//! Stages and gates: which gates are shut, and which stages they hold, through any number of
//! `needs`. Knows the statuses, not what is behind them.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::spec::{Spec, Stage};
use gonogo_model::status::Status;
use gonogo_model::verdict::{Counts, StageResult, StageState};

use crate::mark::{self, Mark};

/// Why a stage would be shut, if it is a gate.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Shut {
    /// It has a check, of whatever status.
    pub(crate) filled: bool,
    /// A check of it was judged and does not let it open.
    pub(crate) itself: bool,
    /// A check of it has no evidence.
    pub(crate) silent: bool,
}

impl Shut {
    fn is_shut(self) -> bool {
        self.itself || self.silent || !self.filled
    }
}

/// Which gates hold which stages. Stages are positions in `spec.stages`.
#[derive(Debug)]
pub(crate) struct Gates {
    held: Vec<bool>,
    roots: Vec<bool>,
    needed: Vec<BTreeSet<usize>>,
}

impl Gates {
    /// From why each stage would be shut, in the order of `spec.stages`.
    pub(crate) fn of(spec: &Spec, shut: &[Shut]) -> Gates {
        let needed = closed_gates_before(spec, shut);
        let held: Vec<bool> = needed.iter().map(|gates| !gates.is_empty()).collect();
        let is_root = |((stage, shut), held): ((&Stage, &Shut), &bool)| {
            stage.gate && shut.is_shut() && (shut.itself || !shut.filled || !held)
        };
        let roots = spec.stages.iter().zip(shut).zip(&held).map(is_root).collect();
        Gates { held, roots, needed }
    }

    /// From the final statuses.
    pub(crate) fn after(spec: &Spec, marks: &[Mark]) -> Gates {
        let mut shut = vec![Shut::default(); spec.stages.len()];
        for mark in marks {
            let Some(shut) = mark.stage.and_then(|at| shut.get_mut(at)) else { continue };
            let is_blocked = mark.status == Status::Blocked;
            shut.filled = true;
            shut.itself |= mark.holds() && !is_blocked;
            shut.silent |= is_blocked;
        }
        Gates::of(spec, &shut)
    }

    /// Whether a gate before the stage is shut.
    pub(crate) fn holds(&self, stage: usize) -> bool {
        self.held.get(stage).copied().unwrap_or(false)
    }

    /// The gates that hold a stage and did not pass themselves; where stages need each other in
    /// a circle, all that hold it.
    pub(crate) fn before(&self, stage: usize) -> Vec<usize> {
        let Some(needed) = self.needed.get(stage) else { return Vec::new() };
        let roots: Vec<usize> = needed.iter().copied().filter(|gate| self.is_root(*gate)).collect();
        if roots.is_empty() { needed.iter().copied().collect() } else { roots }
    }

    /// The gates that did not pass by their own checks; where stages need each other in a
    /// circle, all that did not pass.
    pub(crate) fn roots(&self) -> Vec<usize> {
        let roots: Vec<usize> = (0..self.roots.len()).filter(|gate| self.is_root(*gate)).collect();
        match roots.is_empty() {
            true => self.needed.iter().flatten().copied().collect::<BTreeSet<_>>().into_iter().collect(),
            false => roots,
        }
    }

    fn is_root(&self, stage: usize) -> bool {
        self.roots.get(stage).copied().unwrap_or(false)
    }
}

/// For each stage, the shut gates it needs, directly or through others.
fn closed_gates_before(spec: &Spec, shut: &[Shut]) -> Vec<BTreeSet<usize>> {
    let positions: BTreeMap<&str, usize> =
        spec.stages.iter().enumerate().map(|(at, stage)| (stage.id.as_str(), at)).collect();
    let needs: Vec<Vec<usize>> = spec
        .stages
        .iter()
        .map(|stage| stage.needs.iter().filter_map(|need| positions.get(need.as_str()).copied()).collect())
        .collect();
    let is_shut = |at: &usize| {
        spec.stages.get(*at).is_some_and(|stage| stage.gate) && shut.get(*at).is_some_and(|s| s.is_shut())
    };
    let before = |from: &Vec<usize>| {
        let mut seen: BTreeSet<usize> = BTreeSet::new();
        let mut open = from.clone();
        while let Some(at) = open.pop() {
            if seen.insert(at) {
                open.extend(needs.get(at).into_iter().flatten());
            }
        }
        seen.into_iter().filter(is_shut).collect()
    };
    needs.iter().map(before).collect()
}

/// How every stage stands.
pub(crate) fn results(spec: &Spec, marks: &[Mark], gates: &Gates) -> Vec<StageResult> {
    let mut looked = vec![false; spec.stages.len()];
    let mut shut = vec![false; spec.stages.len()];
    for mark in marks {
        let Some(at) = mark.stage.filter(|at| *at < looked.len()) else { continue };
        looked[at] |= mark.has_evidence;
        shut[at] |= mark.holds();
    }
    let counts = mark::counts(marks, spec.stages.len(), |mark| mark.stage);
    let states = counts.iter().zip(looked.iter().zip(&shut)).enumerate();
    let states = states.map(|(at, (counts, (looked, shut)))| match gates.holds(at) && !looked {
        true => StageState::Blocked,
        false if *shut || counts.total() == 0 => StageState::NotPassed,
        false => StageState::Passed,
    });
    let states: Vec<StageState> = states.collect();
    let stages = spec.stages.iter().zip(counts).zip(states).enumerate();
    stages.map(|(at, ((stage, counts), state))| result(spec, gates, at, stage, counts, state)).collect()
}

fn result(
    spec: &Spec,
    gates: &Gates,
    at: usize,
    stage: &Stage,
    counts: Counts,
    state: StageState,
) -> StageResult {
    let holders = if state == StageState::Blocked { gates.before(at) } else { Vec::new() };
    let name = |gate: usize| spec.stages.get(gate).map(|stage| stage.id.clone());
    StageResult {
        id: stage.id.clone(),
        title: stage.title.clone(),
        gate: stage.gate,
        required: stage.required,
        needs: stage.needs.clone(),
        state,
        blocked_by: holders.into_iter().filter_map(name).collect(),
        counts,
    }
}
