//! Conditions: dated work after launch, met when its check passes.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::spec::{Condition, Spec};
use gonogo_model::verdict::{CheckResult, ConditionProgress, ConditionState};
use jiff::civil::Date;

use crate::mark::Mark;

/// How every condition stands, with the position of its check (absent when there is no such check).
pub(crate) fn states(
    spec: &Spec,
    results: &[CheckResult],
    marks: &[Mark],
    today: Date,
) -> Vec<(ConditionState, Option<usize>)> {
    let wanted: BTreeSet<&str> = spec.conditions.iter().map(|condition| condition.check.as_str()).collect();
    let known: BTreeMap<&str, usize> = match wanted.is_empty() {
        true => BTreeMap::new(),
        false => {
            let ids = results.iter().enumerate().map(|(at, result)| (result.check.as_str(), at));
            ids.filter(|(id, _)| wanted.contains(id)).collect()
        }
    };
    let state = |condition: &Condition| {
        let at = known.get(condition.check.as_str()).copied();
        let met = at.and_then(|at| marks.get(at)).is_some_and(Mark::is_done);
        let state = match met {
            true => ConditionProgress::Met,
            false if condition.due < today => ConditionProgress::Overdue,
            false => ConditionProgress::Open,
        };
        (say(condition, state), at)
    };
    spec.conditions.iter().map(state).collect()
}

fn say(condition: &Condition, state: ConditionProgress) -> ConditionState {
    ConditionState {
        id: condition.id.clone(),
        text: condition.text.clone(),
        owner: condition.owner.clone(),
        due: condition.due,
        check: condition.check.clone(),
        overdue_action: condition.overdue.clone(),
        state,
        origin: condition.origin.clone(),
    }
}
