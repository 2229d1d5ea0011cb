//! What is open as tasks of a schedule: every action, every stage that is not passed, and every
//! condition that no action meets, and what the registers wait for. A stage runs after the work in it and after the stages it
//! needs; a stage that is passed takes no time.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::amount::Effort;
use gonogo_model::digest::Digest;
use gonogo_model::schedule::{PriorityLoad, Reach, Schedule, SeverityLoad, TaskKind, WorkSum};
use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::{Action, ConditionProgress, ConditionState, Priority, StageState};
use jiff::civil::Date;

use crate::action::{Planned, Work};
use crate::open_entries;
use crate::schedule::Task;

/// The schedule of everything that is open, drawn from `seed`.
pub(crate) fn schedule(work: &Work<'_>, planned: &[Planned], seed: &Digest) -> Schedule {
    let dues = dues(work.conditions);
    let mut needs: Vec<Vec<String>> = vec![Vec::new(); work.spec.stages.len()];
    let mut met: BTreeSet<&str> = BTreeSet::new();
    let mut tasks = Vec::new();
    for planned in planned {
        let Some(task) = of_action(work, planned, &dues) else { continue };
        for at in planned.stages.iter().filter(|_| !task.after_launch) {
            if let Some(needs) = needs.get_mut(*at) {
                needs.push(task.id.clone());
            }
        }
        met.extend(planned.action.proven_by.iter().map(String::as_str));
        tasks.push(task);
    }
    tasks.extend(stages(work, needs));
    tasks.extend(conditions(work, &met));
    open_entries::add(&mut tasks, planned, work.registers, order(work.spec.stages.len() + 2, 0));
    Schedule {
        unproven: unproven(work, planned),
        by_priority: by_priority(planned),
        by_severity: by_severity(work, planned),
        ..crate::schedule::schedule(&tasks, seed)
    }
}

/// The numbered actions by how soon they have to be done.
fn by_priority(planned: &[Planned]) -> Vec<PriorityLoad> {
    let load = |priority| PriorityLoad { priority, work: sum(planned, |action| action.priority == priority) };
    Priority::ALL.map(load).into_iter().filter(|load| load.work.number > 0).collect()
}

/// The open problems by how bad they are, with what it takes to solve them.
fn by_severity(work: &Work<'_>, planned: &[Planned]) -> Vec<SeverityLoad> {
    let open = |severity| {
        let findings = work.found.iter().map(|found| &found.finding);
        findings.filter(|finding| finding.severity == severity && !finding.accepted).count()
    };
    let load = |severity| SeverityLoad {
        severity,
        findings: u64::try_from(open(severity)).unwrap_or(u64::MAX),
        work: sum(planned, |action| action.severity == Some(severity)),
    };
    Severity::ALL.map(load).into_iter().filter(|load| load.findings > 0).collect()
}

fn sum(planned: &[Planned], wanted: impl Fn(&Action) -> bool) -> WorkSum {
    let actions = planned.iter().map(|planned| &planned.action).filter(|action| wanted(action));
    actions.fold(WorkSum::default(), |mut sum, action| {
        sum.add(action.effort);
        sum
    })
}

/// Stages one after another, in each its actions by their numbers and then the stage itself; what
/// belongs to no stage comes after all of them.
fn order(stage: usize, within: u64) -> u64 {
    const STAGE: u64 = 1 << 32;
    u64::try_from(stage).unwrap_or(u64::MAX).saturating_mul(STAGE).saturating_add(within.min(STAGE - 1))
}

/// For each check, the first day on which a condition that is not met is due, and whether all
/// such conditions are still open.
fn dues(conditions: &[(ConditionState, Option<usize>)]) -> BTreeMap<&str, (Date, bool)> {
    let mut dues: BTreeMap<&str, (Date, bool)> = BTreeMap::new();
    for (condition, _) in conditions.iter().filter(|(state, _)| state.state != ConditionProgress::Met) {
        let open = condition.state == ConditionProgress::Open;
        let due = dues.entry(&condition.check).or_insert((condition.due, open));
        *due = (due.0.min(condition.due), due.1 && open);
    }
    dues
}

fn of_action(work: &Work<'_>, planned: &Planned, dues: &BTreeMap<&str, (Date, bool)>) -> Option<Task> {
    let (kind, action) = (planned.task?, &planned.action);
    let due_of = |check: &String| dues.get(check.as_str()).copied();
    // A dated condition lets a fix wait, but for what holds a gate or could stop the launch.
    let may_wait = kind == TaskKind::Fix
        && action.severity != Some(Severity::Blocker)
        && action.proven_by.iter().all(|check| due_of(check).is_some_and(|(_, open)| open))
        && !planned.stages.iter().any(|at| work.spec.stages.get(*at).is_some_and(|stage| stage.gate));
    let stage = planned.stages.first().copied().unwrap_or(work.spec.stages.len());
    Some(Task {
        id: format!("{}/{}", kind.word(), action.number),
        kind,
        title: action.text.clone(),
        order: order(stage, action.number),
        action: Some(action.number),
        owner: action.owner.clone(),
        busy: true,
        effort: action.effort,
        due: action.proven_by.iter().filter_map(due_of).map(|(due, _)| due).chain(action.due).min(),
        after_launch: may_wait,
        needs: Vec::new(),
        stream: planned.stream.clone(),
        opens: Reach { entries: u64::try_from(action.entries.len()).unwrap_or(u64::MAX), ..Reach::default() },
    })
}

/// The stages that are not passed. `fixes` are the tasks in each.
fn stages(work: &Work<'_>, fixes: Vec<Vec<String>>) -> Vec<Task> {
    let known: BTreeMap<&str, usize> =
        work.spec.stages.iter().enumerate().map(|(at, stage)| (stage.id.as_str(), at)).collect();
    let waiting = waiting(work);
    // For each stage itself when it is open, else the open stages before it. Stages come after
    // what they need; a need that does not is no way and is left out.
    let mut open: Vec<BTreeSet<usize>> = Vec::new();
    let mut tasks = Vec::new();
    for (at, ((stage, result), fixes)) in work.spec.stages.iter().zip(work.stages).zip(fixes).enumerate() {
        let needs = stage.needs.iter().filter_map(|need| open.get(*known.get(need.as_str())?));
        let before: BTreeSet<usize> = needs.flatten().copied().collect();
        if result.state == StageState::Passed {
            open.push(before);
            continue;
        }
        open.push(BTreeSet::from([at]));
        let stages = before.iter().filter_map(|at| work.spec.stages.get(*at));
        tasks.push(Task {
            id: named(&stage.id),
            kind: TaskKind::Stage,
            title: stage.title.clone(),
            order: order(at, u64::MAX),
            action: None,
            owner: None,
            busy: false,
            effort: stage.takes,
            due: None,
            after_launch: false,
            needs: fixes.into_iter().chain(stages.map(|stage| named(&stage.id))).collect(),
            stream: named(&stage.id),
            opens: Reach { stages: 1, checks: waiting.get(at).copied().unwrap_or(0), entries: 0 },
        });
    }
    tasks
}

fn named(stage: &str) -> String {
    format!("{}/{stage}", TaskKind::Stage.word())
}

/// How many checks of each stage nobody has looked at.
fn waiting(work: &Work<'_>) -> Vec<u64> {
    let mut waiting = vec![0; work.spec.stages.len()];
    let waits = |status| matches!(status, Status::Blocked | Status::NotRun);
    for mark in work.marks.iter().filter(|mark| mark.probed && waits(mark.status)) {
        if let Some(number) = mark.stage.and_then(|at| waiting.get_mut(at)) {
            *number += 1;
        }
    }
    waiting
}

/// Conditions that are open and whose check is in no action: what is left of them comes later.
fn conditions(work: &Work<'_>, met: &BTreeSet<&str>) -> Vec<Task> {
    let open = work.conditions.iter().filter(|(state, _)| state.state == ConditionProgress::Open);
    let open = open.filter(|(state, _)| !met.contains(state.check.as_str())).enumerate();
    let task = |(at, (state, check)): (usize, &(ConditionState, Option<usize>))| {
        let fix = check.and_then(|at| work.spec.checks.get(at)).and_then(|check| check.fix.as_ref());
        let id = format!("{}/{}", TaskKind::Condition.word(), state.id);
        Task {
            stream: id.clone(),
            id,
            kind: TaskKind::Condition,
            title: state.text.clone(),
            order: order(work.spec.stages.len() + 1, u64::try_from(at).unwrap_or(u64::MAX)),
            action: None,
            owner: Some(state.owner.clone()),
            busy: true,
            effort: fix.and_then(|fix| fix.effort),
            due: Some(state.due),
            after_launch: true,
            needs: Vec::new(),
            opens: Reach { entries: 1, ..Reach::default() },
        }
    };
    open.map(task).collect()
}

/// Checks nobody could judge, in whole or in one item, and the fixes they would need if they did
/// not hold; the same fix counts once, and not when it is an action anyway.
fn unproven(work: &Work<'_>, planned: &[Planned]) -> WorkSum {
    let mut sum = WorkSum::default();
    let fixes = planned.iter().filter(|planned| planned.task == Some(TaskKind::Fix));
    let known = fixes.flat_map(|Planned { action, .. }| {
        action.proven_by.iter().map(|check| (check.as_str(), action.text.as_str()))
    });
    let known: BTreeSet<(&str, &str)> = known.collect();
    let mut more: BTreeMap<&str, Effort> = BTreeMap::new();
    let checks = work.marks.iter().zip(&work.spec.checks);
    for (_, check) in checks.filter(|(mark, _)| mark.probed && mark.unproven) {
        sum.number += 1;
        let fix = check.fix.as_ref().and_then(|fix| Some((fix.text.as_str(), fix.effort?)));
        match fix {
            Some((text, effort)) if !known.contains(&(check.id.as_str(), text)) => {
                let most = more.entry(text).or_default();
                *most = most.beside(effort);
            }
            Some(_) => {}
            None => sum.without_estimate += 1,
        }
    }
    sum.effort = more.into_values().fold(Effort::NONE, Effort::then);
    sum
}
