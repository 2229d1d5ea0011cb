//! The registers: how each entry stands, by what it is bound to, and what of it launch waits for.
//! Knows statuses, stages and the day; never what is behind a status.

mod action;
mod basis;
mod checklist;
mod holds;
mod launch;
mod phase;
mod reason;
mod sign_off;

use std::collections::BTreeMap;

use gonogo_model::fact::Item;
use gonogo_model::register::{
    BlockerKind, BlockerProgress, BlockerState, DecisionProgress, DecisionState, RegisterStates, Standing,
    StandingCounts,
};
use gonogo_model::spec::Spec;
use gonogo_model::spec::register::{Blocker, Decision, Ref};
use gonogo_model::verdict::{CheckResult, StageResult, StageState};
use jiff::civil::Date;

use basis::Bases;
use holds::Holds;

pub(crate) use action::add as add_actions;
pub(crate) use reason::{Because, open, pending};
pub(crate) use sign_off::sign_off;

/// What registers are judged by.
pub(crate) struct Ground<'a> {
    pub(crate) spec: &'a Spec,
    pub(crate) results: &'a [CheckResult],
    pub(crate) stages: &'a [StageResult],
    /// The tasks that the checks of checklists read, by check.
    pub(crate) tasks: &'a BTreeMap<String, Vec<Item>>,
    pub(crate) today: Date,
}

/// How every register stands. Who signed is not known before the rest of the verdict is.
pub(crate) fn states(ground: &Ground<'_>) -> RegisterStates {
    let registers = &ground.spec.registers;
    if registers.is_empty() {
        return RegisterStates::default();
    }
    let bases = Bases::of(ground);
    let holds = Holds::of(ground.spec);
    let blockers: Vec<BlockerState> = registers
        .blockers
        .iter()
        .map(|blocker| self::blocker(blocker, &bases, &holds, ground.today))
        .collect();
    let decisions: Vec<DecisionState> =
        registers.decisions.iter().map(|decision| self::decision(decision, &bases, ground.today)).collect();
    let day = registers.launch.as_ref().and_then(|launch| launch.date);
    let lists = registers.checklists.iter();
    let checklists = lists.map(|list| checklist::state(list, &bases, ground.tasks, day)).collect();
    let mut states = RegisterStates {
        blocker_kinds: kinds(&blockers),
        decision_counts: decisions.iter().map(|decision| of_decision(decision.state)).collect(),
        blockers,
        decisions,
        checklists,
        phases: Vec::new(),
        launch: registers.launch.as_ref().map(|plan| launch::state(plan, &bases)),
        sign_off: None,
    };
    states.phases = phase::states(ground, &states, &bases, &holds);
    states
}

fn blocker(blocker: &Blocker, bases: &Bases<'_>, holds: &Holds, today: Date) -> BlockerState {
    let basis = bases.of_bond(blocker.bond.as_ref());
    let state = BlockerProgress::from(basis.standing);
    let is_there = matches!(state, BlockerProgress::Open | BlockerProgress::Unproven);
    BlockerState {
        id: blocker.id.clone(),
        title: blocker.title.clone(),
        kind: blocker.kind.clone(),
        owner: blocker.owner.clone(),
        state,
        basis,
        holds_launch: holds.has(&Ref::Blocker(blocker.id.clone())),
        impact: blocker.impact.clone(),
        text: blocker.text.clone(),
        effort: blocker.effort,
        lead: blocker.lead,
        due: blocker.due,
        overdue: is_there && blocker.due.is_some_and(|due| due < today),
        needs: blocker.needs.clone(),
        blocks: blocker.blocks.clone(),
        origin: blocker.origin.clone(),
    }
}

fn kinds(blockers: &[BlockerState]) -> Vec<BlockerKind> {
    let mut kinds: Vec<BlockerKind> = Vec::new();
    let mut at: BTreeMap<&str, usize> = BTreeMap::new();
    for blocker in blockers {
        let place = *at.entry(&blocker.kind).or_insert_with(|| {
            kinds.push(BlockerKind { kind: blocker.kind.clone(), counts: StandingCounts::default() });
            kinds.len() - 1
        });
        if let Some(kind) = kinds.get_mut(place) {
            kind.counts.add(blocker.basis.standing);
        }
    }
    kinds
}

fn decision(decision: &Decision, bases: &Bases<'_>, today: Date) -> DecisionState {
    let made = decision.made.as_ref().filter(|made| made.on <= today);
    let basis = bases.of_bond(decision.bond.as_ref());
    let state = match (made, decision.bond.is_some()) {
        (None, _) if decision.due.is_some_and(|due| today <= due) => DecisionProgress::Undecided,
        (None, _) => DecisionProgress::Overdue,
        (Some(_), false) => DecisionProgress::Recorded,
        (Some(_), true) => match basis.standing {
            Standing::Proven => DecisionProgress::Implemented,
            Standing::Attested => DecisionProgress::Attested,
            Standing::Open => DecisionProgress::NotImplemented,
            Standing::Unproven => DecisionProgress::Unproven,
        },
    };
    let chosen = made.and_then(|made| decision.options.iter().find(|option| option.id == made.choice));
    DecisionState {
        id: decision.id.clone(),
        question: decision.question.clone(),
        options: decision.options.clone(),
        owner: decision.owner.clone(),
        made: decision.made.clone(),
        chosen: chosen.map(|option| option.text.clone()),
        due: decision.due,
        reason: decision.reason.clone(),
        state,
        basis,
        effort: decision.effort,
        needs: decision.needs.clone(),
        blocks: decision.blocks.clone(),
        origin: decision.origin.clone(),
    }
}

/// What a decision counts as among things that stand: one that is only recorded proves nothing.
fn of_decision(state: DecisionProgress) -> Standing {
    match state {
        DecisionProgress::Implemented => Standing::Proven,
        DecisionProgress::Attested => Standing::Attested,
        DecisionProgress::NotImplemented | DecisionProgress::Undecided | DecisionProgress::Overdue => {
            Standing::Open
        }
        DecisionProgress::Recorded | DecisionProgress::Unproven => Standing::Unproven,
    }
}

/// Whether a stage passed.
fn is_passed(stages: &[StageResult], id: &str) -> bool {
    stages.iter().any(|stage| stage.id == id && stage.state == StageState::Passed)
}
