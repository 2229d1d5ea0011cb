//! Actions: what to do next, in order, each with the checks that prove it is done.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::register::RegisterStates;
use gonogo_model::schedule::TaskKind;
use gonogo_model::spec::{Proof, Spec};
use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::{
    Action, CheckResult, ConditionProgress, ConditionState, Priority, StageResult, StageState,
};
use jiff::civil::Date;

use crate::finding::Found;
use crate::mark::Mark;
use crate::priority::{self, Calendar};
use crate::register;
use crate::wording::count;

/// An action with where it stands in the plan.
#[derive(Debug)]
pub(crate) struct Planned {
    pub(crate) action: Action,
    /// The stages whose checks prove it.
    pub(crate) stages: BTreeSet<usize>,
    /// What it is in the schedule; absent for looking at everything again, which is the stages.
    pub(crate) task: Option<TaskKind>,
    /// What its length is drawn by: the same work has the same one, however many checks call for it.
    pub(crate) stream: String,
    order: Order,
}

/// Stage, severity (worst first), kind of work, position in the plan.
type Order = (usize, Reverse<Severity>, Kind, usize);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Fix,
    FixRest,
    MakeVisible,
    LookAgain,
    Sign,
    MeetCondition,
    Settle,
}

impl Planned {
    /// An action that belongs to no stage, after those that do.
    pub(crate) fn beside_stages(action: Action, severity: Severity, kind: Kind, at: usize) -> Planned {
        let (order, stream) = ((usize::MAX - 1, Reverse(severity), kind, at), action.text.clone());
        Planned { action, stages: BTreeSet::new(), task: Some(kind.task()), stream, order }
    }
}

impl Kind {
    fn task(self) -> TaskKind {
        match self {
            Kind::Fix | Kind::FixRest => TaskKind::Fix,
            Kind::MakeVisible | Kind::LookAgain => TaskKind::Look,
            Kind::Sign => TaskKind::Sign,
            Kind::MeetCondition => TaskKind::Condition,
            Kind::Settle => TaskKind::Entry,
        }
    }
}

/// What the actions are made from.
pub(crate) struct Work<'a> {
    pub(crate) spec: &'a Spec,
    pub(crate) results: &'a [CheckResult],
    pub(crate) marks: &'a [Mark],
    pub(crate) found: &'a [Found],
    pub(crate) conditions: &'a [(ConditionState, Option<usize>)],
    pub(crate) stages: &'a [StageResult],
    pub(crate) registers: &'a RegisterStates,
    pub(crate) today: Date,
}

/// Every action, numbered from 1: by stage, then by severity, then as planned.
pub(crate) fn actions(work: &Work<'_>) -> Vec<Planned> {
    let unblocks = work.unblocks();
    let mut planned: Vec<Planned> = work.fixes(&unblocks);
    planned.extend(work.looks(&unblocks));
    planned.extend(work.overdue(&unblocks));
    planned.sort_by_key(|planned| planned.order);
    let mut known: BTreeSet<(String, Vec<String>)> = BTreeSet::new();
    planned.retain(|Planned { action, .. }| known.insert((action.text.clone(), action.proven_by.clone())));
    let launch = work.spec.registers.launch.as_ref().and_then(|launch| launch.date);
    register::add_actions(&mut planned, work.registers, &Calendar { today: work.today, launch });
    planned.sort_by_key(|planned| planned.order);
    planned.extend(work.run_again());
    for (number, planned) in (1..).zip(&mut planned) {
        planned.action.number = number;
    }
    planned
}

impl Work<'_> {
    fn fixes(&self, unblocks: &[Vec<String>]) -> Vec<Planned> {
        let open = self.found.iter().filter(|found| !found.finding.accepted);
        let fix = |found: &Found| {
            let finding = &found.finding;
            let kind = if finding.status == Status::Fail { Kind::Fix } else { Kind::FixRest };
            let fix = finding.fix.as_ref();
            let action = Action {
                text: fix
                    .map_or_else(|| format!("Make this true: {}", finding.title), |fix| fix.text.clone()),
                run: fix.and_then(|fix| fix.run.clone()),
                owner: fix.and_then(|fix| fix.owner.clone()),
                effort: fix.and_then(|fix| fix.effort),
                severity: Some(finding.severity),
                proven_by: finding.checks.clone(),
                ..blank()
            };
            let planned = self.plan(action, finding.severity, kind, &found.checks, unblocks);
            Planned { stream: format!("{}\n{}", rule(&finding.id), planned.stream), ..planned }
        };
        open.map(fix).collect()
    }

    /// Looks that failed, looks that are too old and statements that nobody signed. The same
    /// work in the same stage is one action.
    fn looks(&self, unblocks: &[Vec<String>]) -> Vec<Planned> {
        let mut same: BTreeMap<(Option<usize>, Kind, String), Vec<usize>> = BTreeMap::new();
        for (at, mark) in self.marks.iter().enumerate().filter(|(_, mark)| mark.unproven) {
            let Some((kind, text)) = self.look(at, mark) else { continue };
            same.entry((mark.stage, kind, text)).or_default().push(at);
        }
        let action = |((_, kind, text), checks): ((_, Kind, String), Vec<usize>)| {
            let severity = checks.iter().filter_map(|at| self.marks.get(*at)).map(|mark| mark.severity).max();
            let proven_by = checks.iter().filter_map(|at| self.results.get(*at)).map(|r| r.check.clone());
            let action = Action { text, proven_by: proven_by.collect(), ..blank() };
            self.plan(action, severity.unwrap_or(Severity::Low), kind, &checks, unblocks)
        };
        same.into_iter().map(action).collect()
    }

    fn look(&self, at: usize, mark: &Mark) -> Option<(Kind, String)> {
        let result = self.results.get(at)?;
        let statement = match self.spec.checks.get(at).map(|check| &check.proof) {
            Some(Proof::Attested(statement)) => Some(&statement.statement),
            _ => None,
        };
        match (mark.status, statement) {
            (Status::NotRun | Status::Stale, Some(statement)) => {
                Some((Kind::Sign, format!("Have the statement signed: {statement}")))
            }
            (Status::Stale, None) => Some((Kind::LookAgain, format!("Look again: {}", result.why))),
            (Status::Blocked | Status::NotRun, _) => None,
            _ => {
                let why = result.items.iter().find_map(|item| item.why.as_ref()).unwrap_or(&result.why);
                Some((Kind::MakeVisible, format!("Make it possible to look: {why}")))
            }
        }
    }

    fn overdue(&self, unblocks: &[Vec<String>]) -> Vec<Planned> {
        let overdue = self.conditions.iter().filter(|(state, _)| state.state == ConditionProgress::Overdue);
        let meet = |(state, at): &(ConditionState, Option<usize>)| {
            let severity =
                at.and_then(|at| self.marks.get(at)).map_or(Severity::Blocker, |mark| mark.severity);
            let action = Action {
                text: format!("Meet the overdue condition: {}", state.text),
                owner: Some(state.owner.clone()),
                proven_by: vec![state.check.clone()],
                due: Some(state.due),
                ..blank()
            };
            let checks: Vec<usize> = at.iter().copied().collect();
            let mut planned = self.plan(action, severity, Kind::MeetCondition, &checks, unblocks);
            planned.action.priority = Priority::Immediate;
            planned
        };
        overdue.map(meet).collect()
    }

    fn run_again(&self) -> Option<Planned> {
        let waits = |mark: &Mark| mark.probed && matches!(mark.status, Status::Blocked | Status::NotRun);
        let waiting = self.marks.iter().enumerate().filter(|(_, mark)| waits(mark));
        let (mut checks, mut stages) = (Vec::new(), BTreeSet::new());
        for (at, mark) in waiting {
            checks.extend(self.results.get(at).map(|result| result.check.clone()));
            stages.insert(mark.stage);
        }
        let text = format!(
            "Run the assessment again: {} in {} not been looked at",
            count(checks.len(), "check", "checks"),
            match (stages.len(), checks.len()) {
                (1, 1) => "1 stage has".to_owned(),
                (stages, _) => format!("{} have", count(stages, "stage", "stages")),
            },
        );
        let action = Action { text, proven_by: checks, ..blank() };
        let order = (usize::MAX, Reverse(Severity::Low), Kind::LookAgain, 0);
        let stream = String::new();
        (!stages.is_empty()).then_some(Planned { action, stages: BTreeSet::new(), task: None, stream, order })
    }

    fn plan(
        &self,
        action: Action,
        severity: Severity,
        kind: Kind,
        checks: &[usize],
        unblocks: &[Vec<String>],
    ) -> Planned {
        let stages: BTreeSet<usize> =
            checks.iter().filter_map(|at| self.marks.get(*at)).filter_map(|mark| mark.stage).collect();
        let mut names: Vec<String> = Vec::new();
        for name in stages.iter().filter_map(|at| unblocks.get(*at)).flatten() {
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        let stage = stages.first().copied().unwrap_or(usize::MAX);
        let first = checks.first().copied().unwrap_or(usize::MAX);
        let order = (stage, Reverse(severity), kind, first);
        let action = Action { unblocks: names, priority: priority::of(severity), ..action };
        let stream = action.text.clone();
        Planned { action, stages, task: Some(kind.task()), stream, order }
    }

    /// For each stage, the BLOCKED stages it holds.
    fn unblocks(&self) -> Vec<Vec<String>> {
        let mut held: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for stage in self.stages.iter().filter(|stage| stage.state == StageState::Blocked) {
            for gate in &stage.blocked_by {
                held.entry(gate).or_default().push(stage.id.clone());
            }
        }
        self.stages.iter().map(|stage| held.get(stage.id.as_str()).cloned().unwrap_or_default()).collect()
    }
}

/// `category/rule` of the id of a finding.
fn rule(finding: &str) -> &str {
    finding.match_indices('/').nth(1).and_then(|(end, _)| finding.get(..end)).unwrap_or(finding)
}

/// An action about nothing, to be filled.
pub(crate) fn blank() -> Action {
    Action {
        number: 0,
        text: String::new(),
        run: None,
        owner: None,
        effort: None,
        severity: None,
        proven_by: Vec::new(),
        unblocks: Vec::new(),
        entries: Vec::new(),
        due: None,
        priority: Priority::BeforeLaunch,
    }
}
