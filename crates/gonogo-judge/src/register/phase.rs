//! Phases: a state machine. A phase opens when everything it needs holds, and is done when it is
//! open and that is shown. What waits for a phase waits until it is done.

use std::collections::BTreeMap;

use gonogo_model::register::{
    Basis, BlockerProgress, DecisionProgress, NeedState, PhaseProgress, PhaseState, RegisterStates,
    SectionState, Standing, StandingCounts,
};
use gonogo_model::spec::register::{Phase, Ref};

use super::basis::{Bases, standing};
use super::checklist::slug;
use super::holds::Holds;
use super::{Ground, is_passed};
use crate::wording::{count, list};

/// How far a thing holds that a phase needs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Met {
    Yes,
    ByWord,
    No,
}

impl From<Standing> for Met {
    fn from(standing: Standing) -> Met {
        match standing {
            Standing::Proven => Met::Yes,
            Standing::Attested => Met::ByWord,
            Standing::Open | Standing::Unproven => Met::No,
        }
    }
}

/// How every phase stands. The phases come after the ones they need; where a stored spec has a
/// circle of them, none of its phases opens.
pub(super) fn states(
    ground: &Ground<'_>,
    states: &RegisterStates,
    bases: &Bases<'_>,
    holds: &Holds,
) -> Vec<PhaseState> {
    let phases = &ground.spec.registers.phases;
    let known = Known { ground, bases, of: index(states) };
    let mut done: BTreeMap<&str, PhaseState> = BTreeMap::new();
    for at in order(phases) {
        let Some(phase) = phases.get(at) else { continue };
        let state = known.phase(phase, &done, holds);
        done.insert(&phase.id, state);
    }
    let none = BTreeMap::new();
    let state = |phase: &Phase| {
        done.get(phase.id.as_str()).cloned().unwrap_or_else(|| known.phase(phase, &none, holds))
    };
    phases.iter().map(state).collect()
}

/// The positions of the phases, each after those it needs; those in a circle, and what waits for
/// one, are left out.
fn order(phases: &[Phase]) -> Vec<usize> {
    let at: BTreeMap<&str, usize> =
        phases.iter().enumerate().map(|(at, phase)| (phase.id.as_str(), at)).collect();
    let mut after: Vec<Vec<usize>> = vec![Vec::new(); phases.len()];
    let mut waits: Vec<usize> = vec![0; phases.len()];
    for (next, phase) in phases.iter().enumerate() {
        for before in phase.needs.iter().filter_map(|need| match need {
            Ref::Phase(id) => at.get(id.as_str()),
            _ => None,
        }) {
            after.get_mut(*before).into_iter().for_each(|after| after.push(next));
            waits.get_mut(next).into_iter().for_each(|waits| *waits += 1);
        }
    }
    let mut ordered: Vec<usize> = (0..phases.len()).filter(|at| waits.get(*at) == Some(&0)).collect();
    let mut read = 0;
    while let Some(before) = ordered.get(read).copied() {
        read += 1;
        for next in after.get(before).into_iter().flatten() {
            let Some(left) = waits.get_mut(*next) else { continue };
            *left -= 1;
            if *left == 0 {
                ordered.push(*next);
            }
        }
    }
    ordered
}

/// Blockers, decisions and checklists by what names them.
struct Index<'a> {
    blockers: BTreeMap<&'a str, BlockerProgress>,
    decisions: BTreeMap<&'a str, DecisionProgress>,
    sections: BTreeMap<&'a str, &'a [SectionState]>,
}

fn index(states: &RegisterStates) -> Index<'_> {
    Index {
        blockers: states.blockers.iter().map(|blocker| (blocker.id.as_str(), blocker.state)).collect(),
        decisions: states.decisions.iter().map(|decision| (decision.id.as_str(), decision.state)).collect(),
        sections: states.checklists.iter().map(|list| (list.id.as_str(), list.sections.as_slice())).collect(),
    }
}

struct Known<'a> {
    ground: &'a Ground<'a>,
    bases: &'a Bases<'a>,
    of: Index<'a>,
}

impl Known<'_> {
    fn phase(&self, phase: &Phase, done: &BTreeMap<&str, PhaseState>, holds: &Holds) -> PhaseState {
        let needs: Vec<(NeedState, Met)> = phase.needs.iter().map(|need| self.need(need, done)).collect();
        let unmet: Vec<&NeedState> = needs.iter().map(|(need, _)| need).filter(|need| !need.met).collect();
        let basis = phase.bond.as_ref().map(|bond| self.bases.of_bond(Some(bond)));
        let met = Met::from(basis.as_ref().map_or(Standing::Unproven, |basis| basis.standing));
        let state = match (unmet.is_empty(), met) {
            (false, _) => PhaseProgress::Blocked,
            (true, Met::No) => PhaseProgress::Open,
            (true, _) => PhaseProgress::Done,
        };
        let why = why(state, &unmet, needs.len(), basis.as_ref());
        PhaseState {
            id: phase.id.clone(),
            title: phase.title.clone(),
            holds_launch: holds.has(&Ref::Phase(phase.id.clone())),
            state,
            why,
            met: number(needs.len() - unmet.len()),
            needed: number(needs.len()),
            attested: met == Met::ByWord || needs.iter().any(|(_, met)| *met == Met::ByWord),
            needs: needs.into_iter().map(|(need, _)| need).collect(),
            done: basis,
            owner: phase.owner.clone(),
            effort: phase.effort,
            origin: phase.origin.clone(),
        }
    }

    fn need(&self, need: &Ref, done: &BTreeMap<&str, PhaseState>) -> (NeedState, Met) {
        let (state, met) = match need {
            Ref::Launch => ("not launched".to_owned(), Met::No),
            Ref::Stage(id) => self.stage(id),
            Ref::Check(id) => {
                let status = self.bases.status(id);
                (status.word().to_owned(), Met::from(standing(status)))
            }
            Ref::Blocker(id) => match self.of.blockers.get(id.as_str()) {
                Some(state) => (state.word().to_owned(), of_blocker(*state)),
                None => unknown(),
            },
            Ref::Decision(id) => match self.of.decisions.get(id.as_str()) {
                Some(state) => (state.word().to_owned(), of_decision(*state)),
                None => unknown(),
            },
            // A checklist as a whole is what of it is due before the launch.
            Ref::Checklist(id) => self.tasks(id, |section| section.holds_launch),
            Ref::Section { checklist, section } => {
                self.tasks(checklist, |known| known.id == *section || known.id == slug(section))
            }
            Ref::Phase(id) => match done.get(id.as_str()) {
                Some(phase) => (phase.state.word().to_owned(), of_phase(phase)),
                None => unknown(),
            },
        };
        (NeedState { what: need.clone(), met: met != Met::No, state }, met)
    }

    fn stage(&self, id: &str) -> (String, Met) {
        let state = self.ground.stages.iter().find(|stage| stage.id == id).map(|stage| stage.state);
        let met = if is_passed(self.ground.stages, id) { Met::Yes } else { Met::No };
        state.map_or_else(unknown, |state| (state.word().to_owned(), met))
    }

    /// Whether all tasks of the wanted sections are done. Without one there is nothing to rely on.
    fn tasks(&self, list: &str, wanted: impl Fn(&SectionState) -> bool) -> (String, Met) {
        let sections = self.of.sections.get(list).copied().unwrap_or_default();
        let wanted = sections.iter().filter(|section| wanted(section));
        let counts = wanted.fold(StandingCounts::default(), |sum, section| sum.and(&section.counts));
        let left = counts.open + counts.unproven;
        match (counts.total, left) {
            (0, _) => ("no such section".to_owned(), Met::No),
            (total, 0) if counts.attested > 0 => {
                (format!("{} of {total} tasks rest on a statement", counts.attested), Met::ByWord)
            }
            (total, 0) => (format!("{total} of {total} tasks done"), Met::Yes),
            (total, left) => (format!("{left} of {total} tasks not done"), Met::No),
        }
    }
}

fn of_blocker(state: BlockerProgress) -> Met {
    match state {
        BlockerProgress::Cleared => Met::Yes,
        BlockerProgress::Attested => Met::ByWord,
        BlockerProgress::Open | BlockerProgress::Unproven => Met::No,
    }
}

fn of_decision(state: DecisionProgress) -> Met {
    match state {
        DecisionProgress::Implemented => Met::Yes,
        DecisionProgress::Attested => Met::ByWord,
        _ => Met::No,
    }
}

fn of_phase(phase: &PhaseState) -> Met {
    match (phase.state, phase.attested) {
        (PhaseProgress::Done, false) => Met::Yes,
        (PhaseProgress::Done, true) => Met::ByWord,
        _ => Met::No,
    }
}

fn unknown() -> (String, Met) {
    ("not known".to_owned(), Met::No)
}

fn why(state: PhaseProgress, unmet: &[&NeedState], needed: usize, done: Option<&Basis>) -> String {
    let holds = |needed| match needed {
        0 => "it needs nothing".to_owned(),
        1 => "the one thing it needs holds".to_owned(),
        _ => format!("all {needed} things it needs hold"),
    };
    match (state, done) {
        (PhaseProgress::Blocked, done) => {
            let names = list(unmet, |need| format!("{} ({})", need.what, need.state));
            let what = count(unmet.len(), "thing it needs does not hold", "things it needs do not hold");
            let too_soon = done.filter(|done| matches!(done.standing, Standing::Proven | Standing::Attested));
            let too_soon = too_soon.map_or("", |_| "; that it is said to be done contradicts this");
            format!("{what}: {names}{too_soon}")
        }
        (PhaseProgress::Open, Some(done)) => format!("{}; not done yet: {}", holds(needed), done.why),
        (PhaseProgress::Open, None) => {
            format!("{}; nothing is bound to it that could show it done", holds(needed))
        }
        (PhaseProgress::Done, done) => {
            let shown = done.map_or_else(String::new, |done| format!("; {}", done.why));
            format!("{}{shown}", holds(needed))
        }
    }
}

fn number(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
