//! The plan of the launch beside the statuses of the checks it names. The checks weigh by
//! themselves; that the plan names them weighs nothing.

use gonogo_model::register::{Criterion, LaunchState, StepState, TriggerState, WatchState};
use gonogo_model::spec::register::{Launch, Step, Trigger, TriggerOn, Watch};
use gonogo_model::status::Status;

use super::basis::Bases;

/// The plan with the statuses of its checks.
pub(super) fn state(launch: &Launch, bases: &Bases<'_>) -> LaunchState {
    LaunchState {
        date: launch.date,
        strategy: launch.strategy.clone(),
        steps: launch.steps.iter().map(|step| self::step(step, bases)).collect(),
        rollback: launch.rollback.iter().map(|trigger| self::trigger(trigger, bases)).collect(),
        monitoring: launch.monitoring.iter().map(|watch| self::watch(watch, bases)).collect(),
        origin: launch.origin.clone(),
    }
}

fn step(step: &Step, bases: &Bases<'_>) -> StepState {
    let enter = bases.criteria(&step.enter);
    let holds = |criterion: &Criterion| matches!(criterion.status, Status::Pass | Status::NotApplicable);
    StepState {
        id: step.id.clone(),
        title: step.title.clone(),
        share: step.share,
        lasts: step.lasts,
        may_begin: enter.iter().all(holds),
        enter,
        exit: bases.criteria(&step.exit),
    }
}

fn trigger(trigger: &Trigger, bases: &Bases<'_>) -> TriggerState {
    let (when, check) = match &trigger.on {
        TriggerOn::Check(check) => (format!("the check `{check}` does not pass"), Some(check)),
        TriggerOn::Metric { metric, threshold } => (format!("{metric} {threshold}"), None),
    };
    TriggerState {
        id: trigger.id.clone(),
        when,
        check: check.map(|check| criterion(check, bases)),
        text: trigger.text.clone(),
        owner: trigger.owner.clone(),
        within: trigger.within,
    }
}

fn watch(watch: &Watch, bases: &Bases<'_>) -> WatchState {
    WatchState {
        what: watch.what.clone(),
        when: watch.when.clone(),
        who: watch.who.clone(),
        check: watch.check.as_ref().map(|check| criterion(check, bases)),
    }
}

fn criterion(check: &str, bases: &Bases<'_>) -> Criterion {
    Criterion { check: check.to_owned(), status: bases.status(check) }
}
