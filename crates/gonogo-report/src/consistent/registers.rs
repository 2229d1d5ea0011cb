//! What registers say about themselves must agree: counts with lists, states with what they rest on.

use std::collections::BTreeSet;

use gonogo_model::register::{
    BlockerProgress, ChecklistState, DecisionProgress, PhaseProgress, RegisterStates, SignatureState,
    Standing, StandingCounts,
};
use gonogo_model::verdict::{Call, Verdict};

use super::known;
use crate::RenderError;
use crate::clean;

/// Refuses registers that contradict themselves or the verdict.
pub(super) fn check(verdict: &Verdict, checks: &BTreeSet<&str>) -> Result<(), RenderError> {
    let registers = &verdict.registers;
    bound(registers, checks)?;
    blockers(registers)?;
    for decision in &registers.decisions {
        let standing = decision.basis.standing;
        let agrees = match decision.state {
            DecisionProgress::Implemented => standing == Standing::Proven,
            DecisionProgress::Attested => standing == Standing::Attested,
            DecisionProgress::NotImplemented => standing == Standing::Open,
            DecisionProgress::Unproven | DecisionProgress::Recorded => standing == Standing::Unproven,
            DecisionProgress::Undecided | DecisionProgress::Overdue => decision.chosen.is_none(),
        };
        that(agrees, || format!("decision `{}` is {}", decision.id, decision.state.word()))?;
    }
    let decisions = u64::try_from(registers.decisions.len()).unwrap_or(u64::MAX);
    that(registers.decision_counts.total == decisions, || "the number of decisions".to_owned())?;
    registers.checklists.iter().try_for_each(checklist)?;
    for phase in &registers.phases {
        let met = phase.needs.iter().filter(|need| need.met).count();
        let (met, needed) = (u64::try_from(met).ok(), u64::try_from(phase.needs.len()).ok());
        let agrees = Some(phase.met) == met
            && Some(phase.needed) == needed
            && (phase.state == PhaseProgress::Blocked) == (phase.met < phase.needed);
        that(agrees, || format!("phase `{}` is {}", phase.id, phase.state.word()))?;
    }
    sign_off(verdict)?;
    holds(verdict)
}

/// What launch waits for and is not there cannot stand beside a verdict that lets launch.
fn holds(verdict: &Verdict) -> Result<(), RenderError> {
    let registers = &verdict.registers;
    let blocker = registers.blockers.iter().any(|blocker| {
        blocker.holds_launch && matches!(blocker.state, BlockerProgress::Open | BlockerProgress::Unproven)
    });
    let phase =
        registers.phases.iter().any(|phase| phase.holds_launch && phase.state == PhaseProgress::Blocked);
    let sections = registers.checklists.iter().flat_map(|list| &list.sections);
    let task = sections
        .filter(|section| section.holds_launch)
        .any(|section| section.counts.open > 0 || section.counts.unproven > 0);
    let decision = registers.decisions.iter().any(|decision| {
        use DecisionProgress::{NotImplemented, Overdue, Unproven};
        matches!(decision.state, NotImplemented | Overdue | Unproven)
    });
    let open = blocker || phase || task || decision;
    that(!open || verdict.call == Call::NoGo, || format!("{} beside an open register", verdict.call))?;
    let worse = verdict.categories.iter().find(|category| category.decision < verdict.call);
    that(worse.is_none(), || format!("{} beside a category that is worse", verdict.call))
}

fn blockers(registers: &RegisterStates) -> Result<(), RenderError> {
    for blocker in &registers.blockers {
        let agrees = blocker.state == BlockerProgress::from(blocker.basis.standing);
        that(agrees, || format!("blocker `{}` is {}", blocker.id, blocker.state.word()))?;
        let kinds = || registers.blocker_kinds.iter().any(|kind| kind.kind == blocker.kind);
        that(kinds(), || format!("blocker `{}` has no kind", blocker.id))?;
    }
    for kind in &registers.blocker_kinds {
        let of_kind = registers.blockers.iter().filter(|blocker| blocker.kind == kind.kind);
        let counted: StandingCounts = of_kind.map(|blocker| blocker.basis.standing).collect();
        that(counted == kind.counts, || format!("the number of blockers of kind `{}`", kind.kind))?;
    }
    Ok(())
}

/// Sections sum to their list; a section has at least the tasks it shows.
fn checklist(list: &ChecklistState) -> Result<(), RenderError> {
    let sum = list.sections.iter().fold(StandingCounts::default(), |sum, section| sum.and(&section.counts));
    that(sum == list.counts, || format!("the number of tasks of `{}`", list.id))?;
    for section in &list.sections {
        let shown: StandingCounts = section.tasks.iter().map(|task| task.basis.standing).collect();
        let fits =
            Standing::ALL.into_iter().all(|standing| shown.of(standing) <= section.counts.of(standing));
        that(fits, || format!("the number of tasks of `{}/{}`", list.id, section.id))?;
    }
    Ok(())
}

fn sign_off(verdict: &Verdict) -> Result<(), RenderError> {
    let Some(sign_off) = &verdict.registers.sign_off else { return Ok(()) };
    let signed = sign_off.roles.iter().filter(|role| role.state == SignatureState::Signed).count();
    let (signed, all) = (u64::try_from(signed).ok(), u64::try_from(sign_off.roles.len()).ok());
    let agrees = Some(sign_off.signed) == signed && Some(sign_off.required) == all;
    that(agrees, || "the number of signatures".to_owned())?;
    let may = verdict.call != Call::NoGo && sign_off.signed == sign_off.required;
    that(sign_off.authorised == may, || format!("{} and whether the launch is authorised", verdict.call))
}

/// Every check that a register names is one that weighs.
fn bound(registers: &RegisterStates, checks: &BTreeSet<&str>) -> Result<(), RenderError> {
    let blockers = registers.blockers.iter().map(|blocker| (&blocker.id, &blocker.basis));
    let decisions = registers.decisions.iter().map(|decision| (&decision.id, &decision.basis));
    let phases = registers.phases.iter().filter_map(|phase| Some((&phase.id, phase.done.as_ref()?)));
    let sections = registers.checklists.iter().flat_map(|list| &list.sections);
    let tasks = sections.flat_map(|section| &section.tasks).map(|task| (&task.id, &task.basis));
    for (id, basis) in blockers.chain(decisions).chain(phases).chain(tasks) {
        let of = format!("register entry `{id}`");
        basis.check.iter().try_for_each(|check| known("check", check, checks, &of))?;
    }
    Ok(())
}

fn that(agrees: bool, what: impl FnOnce() -> String) -> Result<(), RenderError> {
    match agrees {
        true => Ok(()),
        false => {
            Err(RenderError::Inconsistent(clean::line(&format!("{} does not agree with the rest", what()))))
        }
    }
}
