//! What the registers ask for next. Work that a check already asks for is the same work: the entry
//! is named beside it. What no check can ask for is an action of its own.

use std::collections::BTreeMap;

use gonogo_model::amount::Effort;
use gonogo_model::register::{
    BlockerProgress, BlockerState, DecisionProgress, DecisionState, PhaseProgress, PhaseState,
    RegisterStates, SectionState, Standing,
};
use gonogo_model::spec::register::Ref;
use gonogo_model::verdict::{Action, Priority};
use jiff::civil::Date;

use crate::action::{Kind, Planned, blank};
use crate::priority::{self, Calendar};
use crate::wording::count;

/// Names the entries beside the actions that settle them, and adds what is missing.
pub(crate) fn add(planned: &mut Vec<Planned>, states: &RegisterStates, calendar: &Calendar) {
    let mut at: BTreeMap<String, usize> = BTreeMap::new();
    for (place, known) in planned.iter().enumerate() {
        known.action.proven_by.iter().for_each(|check| {
            at.entry(check.clone()).or_insert(place);
        });
    }
    for wanted in wanted(states) {
        let known = wanted.check.as_ref().and_then(|check| at.get(check)).and_then(|at| planned.get_mut(*at));
        match known {
            Some(known) => wanted.join(&mut known.action, calendar),
            None => planned.push(wanted.alone(calendar, planned.len())),
        }
    }
}

/// What one entry asks for.
struct Wanted {
    entry: String,
    text: String,
    owner: Option<String>,
    effort: Option<Effort>,
    due: Option<Date>,
    check: Option<String>,
    /// How soon, when nobody set a day.
    priority: Priority,
}

impl Wanted {
    fn priority(&self, calendar: &Calendar) -> Priority {
        self.due.map_or(self.priority, |due| calendar.by(due))
    }

    /// The same work as an action that is planned already.
    fn join(self, action: &mut Action, calendar: &Calendar) {
        action.priority = action.priority.min(self.priority(calendar));
        action.due = match (action.due, self.due) {
            (Some(known), Some(due)) => Some(known.min(due)),
            (known, due) => known.or(due),
        };
        action.owner = action.owner.take().or(self.owner);
        action.effort = action.effort.or(self.effort);
        action.entries.push(self.entry);
    }

    fn alone(self, calendar: &Calendar, at: usize) -> Planned {
        let priority = self.priority(calendar);
        let action = Action {
            text: self.text,
            owner: self.owner,
            effort: self.effort,
            due: self.due,
            proven_by: self.check.into_iter().collect(),
            entries: vec![self.entry],
            priority,
            ..blank()
        };
        Planned::beside_stages(action, priority::severity(priority), Kind::Settle, at)
    }
}

fn wanted(states: &RegisterStates) -> Vec<Wanted> {
    let blockers = states.blockers.iter().filter_map(blocker);
    let decisions = states.decisions.iter().filter_map(decision);
    let sections = states.checklists.iter().flat_map(|list| {
        let file = list.file.as_ref().map(|file| file.check.clone());
        let due = list.sections.iter().filter(|section| section.holds_launch);
        due.flat_map(move |section| tasks(&list.id, &list.title, section, file.as_ref()))
    });
    let phases = states.phases.iter().filter_map(|phase| self::phase(phase, states));
    blockers.chain(decisions).chain(sections).chain(phases).collect()
}

fn blocker(blocker: &BlockerState) -> Option<Wanted> {
    if !blocker.holds_launch || !matches!(blocker.state, BlockerProgress::Open | BlockerProgress::Unproven) {
        return None;
    }
    let text = blocker
        .text
        .clone()
        .unwrap_or_else(|| format!("Clear the blocker {}: {}", blocker.id, blocker.title));
    Some(Wanted {
        entry: blocker.id.clone(),
        text,
        owner: Some(blocker.owner.clone()),
        effort: blocker.effort,
        due: blocker.due,
        check: blocker.basis.check.clone(),
        priority: Priority::Immediate,
    })
}

fn decision(decision: &DecisionState) -> Option<Wanted> {
    let (id, question) = (&decision.id, &decision.question);
    let text = match decision.state {
        DecisionProgress::Undecided | DecisionProgress::Overdue => format!("Decide {id}: {question}"),
        DecisionProgress::NotImplemented => {
            let chosen = decision.chosen.as_deref().unwrap_or_default();
            format!("Carry out the decision {id}: {chosen}")
        }
        DecisionProgress::Unproven => format!("Show that the decision {id} is carried out: {question}"),
        DecisionProgress::Recorded => {
            format!("Bind the decision {id} to a check, or have it signed: {question}")
        }
        DecisionProgress::Implemented | DecisionProgress::Attested => return None,
    };
    let is_made = !matches!(decision.state, DecisionProgress::Undecided | DecisionProgress::Overdue);
    Some(Wanted {
        entry: id.clone(),
        text,
        owner: Some(decision.owner.clone()),
        effort: decision.effort,
        due: decision.due.filter(|_| !is_made),
        check: decision.basis.check.clone().filter(|_| is_made),
        priority: match decision.state {
            DecisionProgress::Recorded => Priority::BeforeLaunch,
            _ => Priority::Immediate,
        },
    })
}

/// Tasks with a check of their own join the action of that check; the others of a section are one.
fn tasks(list: &str, title: &str, section: &SectionState, file: Option<&String>) -> Vec<Wanted> {
    let week_before = section.at.is_some_and(priority::is_a_week_before);
    let priority = if week_before { Priority::BeforeT7 } else { Priority::BeforeLaunch };
    let left = |standing: Standing| matches!(standing, Standing::Open | Standing::Unproven);
    let own = |check: &Option<String>| check.as_ref().is_some_and(|check| Some(check) != file);
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut rest = section.counts.open.saturating_add(section.counts.unproven);
    for task in section.tasks.iter().filter(|task| left(task.basis.standing) && own(&task.basis.check)) {
        rest = rest.saturating_sub(1);
        wanted.push(Wanted {
            entry: format!("{list}/{}/{}", section.id, task.id),
            text: task.text.clone(),
            owner: task.owner.clone(),
            effort: task.effort,
            due: section.due,
            check: task.basis.check.clone(),
            priority,
        });
    }
    if rest > 0 {
        let number = count(usize::try_from(rest).unwrap_or(usize::MAX), "task", "tasks");
        let of = format!("of \"{}\" in {title}", section.title);
        wanted.push(Wanted {
            entry: format!("{list}/{}", section.id),
            text: format!("Do {number} {of}, and bind each to a check or have it signed"),
            owner: None,
            effort: None,
            due: section.due,
            check: None,
            priority,
        });
    }
    wanted
}

/// A phase that is open and that another one waits for has to be finished.
fn phase(phase: &PhaseState, states: &RegisterStates) -> Option<Wanted> {
    let is_waited_for = || {
        let waiting = states.phases.iter().filter(|other| other.holds_launch);
        waiting.flat_map(|other| &other.needs).any(|need| need.what == Ref::Phase(phase.id.clone()))
    };
    if phase.state != PhaseProgress::Open || !is_waited_for() {
        return None;
    }
    Some(Wanted {
        entry: phase.id.clone(),
        text: format!("Finish the phase {}: {}", phase.id, phase.title),
        owner: phase.owner.clone(),
        effort: phase.effort,
        due: None,
        check: phase.done.as_ref().and_then(|done| done.check.clone()),
        priority: Priority::BeforeT7,
    })
}
