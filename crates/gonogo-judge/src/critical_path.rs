//! The longest way through the open work: stages after one another as they need each other,
//! owners side by side inside a stage.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use gonogo_model::amount::Effort;
use gonogo_model::spec::{Spec, Stage};
use gonogo_model::verdict::{CriticalPath, PathStep, StageResult, StageState};

use crate::action::Planned;

/// The way so far, ending with one stage.
#[derive(Debug, Clone, Default)]
struct Way {
    total: Effort,
    steps: usize,
    last: Option<usize>,
}

impl Way {
    /// Longer ways first; of equal ones the one with more steps, then the one planned earlier.
    fn rank(&self) -> (u32, u32, usize, Reverse<Option<usize>>) {
        (self.total.most, self.total.least, self.steps, Reverse(self.last))
    }
}

/// The critical path over the stages that are not passed.
pub(crate) fn critical_path(spec: &Spec, stages: &[StageResult], actions: &[Planned]) -> CriticalPath {
    let mut of_stage: Vec<Vec<&Planned>> = vec![Vec::new(); spec.stages.len()];
    for planned in actions {
        if let Some(list) = planned.stage.and_then(|at| of_stage.get_mut(at)) {
            list.push(planned);
        }
    }
    let open: Vec<Option<PathStep>> = spec
        .stages
        .iter()
        .zip(stages)
        .zip(&of_stage)
        .map(|((stage, result), actions)| (result.state != StageState::Passed).then(|| step(stage, actions)))
        .collect();
    let steps: Vec<PathStep> =
        longest(spec, &open).into_iter().filter_map(|at| open.get(at)?.clone()).collect();
    let unknown_work = |number: &u64| {
        let action = usize::try_from(*number).ok().and_then(|number| actions.get(number.checked_sub(1)?));
        action.is_some_and(|planned| planned.action.effort.is_none())
    };
    let without: usize = steps
        .iter()
        .map(|step| usize::from(step.run.is_none()) + step.actions.iter().filter(|n| unknown_work(n)).count())
        .sum();
    let total = steps.iter().fold(Effort::NONE, |sum, step| sum.then(length(step)));
    CriticalPath { steps, total, without_estimate: u64::try_from(without).unwrap_or(u64::MAX) }
}

fn step(stage: &Stage, actions: &[&Planned]) -> PathStep {
    let mut owners: BTreeMap<Option<&str>, Effort> = BTreeMap::new();
    for Planned { action, .. } in actions {
        let work = owners.entry(action.owner.as_deref()).or_default();
        *work = work.then(action.effort.unwrap_or_default());
    }
    PathStep {
        stage: stage.id.clone(),
        title: stage.title.clone(),
        fixes: owners.into_values().fold(Effort::NONE, Effort::beside),
        run: stage.takes,
        actions: actions.iter().map(|planned| planned.action.number).collect(),
    }
}

fn length(step: &PathStep) -> Effort {
    step.fixes.then(step.run.unwrap_or_default())
}

/// The stages on the longest way, in order. A passed stage costs nothing and makes no step.
fn longest(spec: &Spec, open: &[Option<PathStep>]) -> Vec<usize> {
    let positions: BTreeMap<&str, usize> =
        spec.stages.iter().enumerate().map(|(at, stage)| (stage.id.as_str(), at)).collect();
    // Stages come after what they need; a need that does not is no way and is left out.
    let mut ways: Vec<Way> = Vec::with_capacity(open.len());
    let mut before: Vec<Option<usize>> = Vec::with_capacity(open.len());
    for (at, (stage, step)) in spec.stages.iter().zip(open).enumerate() {
        let needs = stage.needs.iter().filter_map(|need| positions.get(need.as_str()));
        let best = needs.filter_map(|need| ways.get(*need)).max_by_key(|way| way.rank()).cloned();
        let best = best.unwrap_or_default();
        before.push(best.last);
        ways.push(match step {
            Some(step) => Way { total: best.total.then(length(step)), steps: best.steps + 1, last: Some(at) },
            None => best,
        });
    }
    let mut at = ways.iter().max_by_key(|way| way.rank()).and_then(|way| way.last);
    let mut path = Vec::new();
    while let Some(stage) = at {
        path.push(stage);
        at = before.get(stage).copied().flatten();
    }
    path.reverse();
    path
}
