//! What of the registers keeps the verdict from GO, and the checks and entries that say so.

use gonogo_model::register::{
    BlockerProgress, BlockerState, DecisionProgress, DecisionState, PhaseProgress, PhaseState,
    RegisterStates, SectionState, Standing, TaskState,
};
use gonogo_model::spec::register::Ref;

use crate::wording::{count, list};

/// A sentence, the checks and the entries that caused it.
pub(crate) struct Because {
    pub(crate) text: String,
    pub(crate) checks: Vec<String>,
    pub(crate) entries: Vec<String>,
}

/// What launch waits for and is not there.
pub(crate) fn open(states: &RegisterStates) -> Option<Because> {
    let blockers = states.blockers.iter().filter(|blocker| {
        blocker.holds_launch && matches!(blocker.state, BlockerProgress::Open | BlockerProgress::Unproven)
    });
    let decisions = states.decisions.iter().filter(|decision| {
        use DecisionProgress::{NotImplemented, Overdue, Unproven};
        matches!(decision.state, NotImplemented | Unproven | Overdue)
    });
    let phases =
        states.phases.iter().filter(|phase| phase.holds_launch && phase.state == PhaseProgress::Blocked);
    let mut found = Found::default();
    found.blockers(blockers.collect(), "blocker is not cleared", "blockers are not cleared");
    found.decisions(decisions.collect(), "decision is not carried out", "decisions are not carried out");
    found.tasks(states, "task is not done", "tasks are not done", |standing| {
        matches!(standing, Standing::Open | Standing::Unproven)
    });
    found.phases(phases.collect(), "phase is blocked", "phases are blocked");
    found.because()
}

/// What launch waits for and rests on a person's word, or may wait a little longer.
pub(crate) fn pending(states: &RegisterStates) -> Option<Because> {
    let blockers = states
        .blockers
        .iter()
        .filter(|blocker| blocker.holds_launch && blocker.state == BlockerProgress::Attested);
    let decisions = states.decisions.iter().filter(|decision| {
        use DecisionProgress::{Attested, Recorded, Undecided};
        matches!(decision.state, Attested | Recorded | Undecided)
    });
    let phases = states
        .phases
        .iter()
        .filter(|phase| phase.holds_launch && phase.attested && phase.state != PhaseProgress::Blocked);
    let mut found = Found::default();
    found.blockers(
        blockers.collect(),
        "blocker is cleared by statement only",
        "blockers are cleared by statement only",
    );
    found.decisions(decisions.collect(), "decision is not shown", "decisions are not shown");
    found.tasks(states, "task is done by statement only", "tasks are done by statement only", |standing| {
        standing == Standing::Attested
    });
    found.phases(phases.collect(), "phase rests on a statement", "phases rest on a statement");
    found.because()
}

#[derive(Default)]
struct Found {
    texts: Vec<String>,
    checks: Vec<String>,
    entries: Vec<String>,
}

impl Found {
    fn blockers(&mut self, blockers: Vec<&BlockerState>, one: &str, many: &str) {
        let name = |blocker: &&BlockerState| format!("{} ({})", blocker.id, blocker.state.word());
        self.say(&blockers, one, many, name);
        self.checks.extend(blockers.iter().filter_map(|blocker| blocker.basis.check.clone()));
        self.entries.extend(blockers.iter().map(|blocker| blocker.id.clone()));
    }

    fn decisions(&mut self, decisions: Vec<&DecisionState>, one: &str, many: &str) {
        let name = |decision: &&DecisionState| format!("{} ({})", decision.id, decision.state.word());
        self.say(&decisions, one, many, name);
        self.checks.extend(decisions.iter().filter_map(|decision| decision.basis.check.clone()));
        self.entries.extend(decisions.iter().map(|decision| decision.id.clone()));
    }

    /// Tasks are counted by section: a list of fifty names tells nobody anything.
    fn tasks(&mut self, states: &RegisterStates, one: &str, many: &str, wanted: fn(Standing) -> bool) {
        let mut sections: Vec<String> = Vec::new();
        let mut total = 0_u64;
        let all = states
            .checklists
            .iter()
            .flat_map(|list| list.sections.iter().map(move |section| (list, section)));
        for (checklist, section) in all.filter(|(_, section)| section.holds_launch) {
            let number = counted(section, wanted);
            if number == 0 {
                continue;
            }
            total = total.saturating_add(number);
            sections.push(format!("{number} of {} in {}/{}", section.counts.total, checklist.id, section.id));
            self.entries.push(format!("{}/{}", checklist.id, section.id));
            let tasks = section.tasks.iter().filter(|task| wanted(task.basis.standing));
            let file = checklist.file.as_ref().map(|file| &file.check);
            // A task of a file that no check is bound to rests on the look at the file.
            let check = |task: &TaskState| task.basis.check.clone().or_else(|| file.cloned());
            self.checks.extend(tasks.filter_map(check).chain(file.cloned()));
        }
        if total > 0 {
            let number = count(usize::try_from(total).unwrap_or(usize::MAX), one, many);
            self.texts.push(format!("{number}: {}", list(sections, |text| text)));
        }
    }

    fn phases(&mut self, phases: Vec<&PhaseState>, one: &str, many: &str) {
        self.say(&phases, one, many, |phase| {
            format!("{} ({} of {} hold)", phase.id, phase.met, phase.needed)
        });
        let unmet = phases.iter().flat_map(|phase| &phase.needs).filter(|need| !need.met);
        self.checks.extend(unmet.filter_map(|need| match &need.what {
            Ref::Check(check) => Some(check.clone()),
            _ => None,
        }));
        self.entries.extend(phases.iter().map(|phase| phase.id.clone()));
    }

    fn say<T>(&mut self, things: &[T], one: &str, many: &str, name: impl Fn(&T) -> String) {
        if !things.is_empty() {
            self.texts.push(format!("{}: {}", count(things.len(), one, many), list(things, name)));
        }
    }

    fn because(mut self) -> Option<Because> {
        self.checks.sort_unstable();
        self.checks.dedup();
        let text = self.texts.join("; ");
        (!text.is_empty()).then_some(Because { text, checks: self.checks, entries: self.entries })
    }
}

fn counted(section: &SectionState, wanted: fn(Standing) -> bool) -> u64 {
    Standing::ALL
        .into_iter()
        .filter(|standing| wanted(*standing))
        .map(|standing| section.counts.of(standing))
        .sum()
}
