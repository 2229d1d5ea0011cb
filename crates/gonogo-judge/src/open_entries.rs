//! What the registers say about what waits for what: needs and blocks of blockers and decisions,
//! lead times, and phases that open when what they need is done.

use std::collections::BTreeMap;

use gonogo_model::amount::Effort;
use gonogo_model::register::{PhaseProgress, PhaseState, RegisterStates};
use gonogo_model::schedule::{Reach, TaskKind};
use gonogo_model::spec::register::Ref;

use crate::action::Planned;
use crate::schedule::Task;

/// Adds lead times and phases to the tasks, and the arrows between all of them. `last` is the
/// order of what comes after everything else.
pub(crate) fn add(tasks: &mut Vec<Task>, planned: &[Planned], states: &RegisterStates, last: u64) {
    let mut named = Named::of(planned, tasks);
    for blocker in &states.blockers {
        let (Some(lead), Some(work)) = (blocker.lead, named.entries.get(&blocker.id).cloned()) else {
            continue;
        };
        let id = format!("{}/{}", TaskKind::Lead.word(), blocker.id);
        let title = format!("Wait for others: {}", blocker.title);
        tasks.push(waiting(&id, TaskKind::Lead, title, lead, work, last));
        // Whoever needs the blocker gone waits for this too.
        named.entries.insert(blocker.id.clone(), vec![id]);
    }
    let closed =
        states.phases.iter().filter(|phase| phase.state == PhaseProgress::Blocked && phase.holds_launch);
    for phase in closed {
        let needs = phase.needs.iter().filter(|need| !need.met).flat_map(|need| named.of_ref(&need.what));
        tasks.push(opening(phase, needs.collect(), last));
        named.entries.insert(phase.id.clone(), vec![phase_id(phase)]);
    }
    let mut arrows: Vec<(String, String)> = Vec::new();
    let blockers = states.blockers.iter().map(|blocker| (&blocker.id, &blocker.needs, &blocker.blocks));
    let decisions = states.decisions.iter().map(|decision| (&decision.id, &decision.needs, &decision.blocks));
    for (id, needs, blocks) in blockers.chain(decisions) {
        let first = named.first.get(id).cloned().unwrap_or_default();
        let done = named.entries.get(id).cloned().unwrap_or_default();
        for before in needs.iter().flat_map(|need| named.of_ref(need)) {
            arrows.extend(first.iter().map(|task| (task.clone(), before.clone())));
        }
        for after in blocks.iter().flat_map(|waits| named.first_of_ref(waits)) {
            arrows.extend(done.iter().map(|before| (after.clone(), before.clone())));
        }
    }
    let places: BTreeMap<String, usize> =
        tasks.iter().enumerate().map(|(at, task)| (task.id.clone(), at)).collect();
    for (task, before) in arrows {
        if let Some(task) = places.get(&task).and_then(|at| tasks.get_mut(*at)) {
            task.needs.push(before);
        }
    }
}

/// Which tasks belong to what the registers name.
struct Named {
    /// The tasks after which an entry is settled.
    entries: BTreeMap<String, Vec<String>>,
    /// The tasks with which its work begins.
    first: BTreeMap<String, Vec<String>>,
    checks: BTreeMap<String, Vec<String>>,
}

impl Named {
    fn of(planned: &[Planned], tasks: &[Task]) -> Named {
        let of_action: BTreeMap<u64, &Task> =
            tasks.iter().filter_map(|task| Some((task.action?, task))).collect();
        let (mut entries, mut checks) = (BTreeMap::new(), BTreeMap::new());
        for Planned { action, .. } in planned {
            let Some(task) = of_action.get(&action.number) else { continue };
            let name = |names: &mut BTreeMap<String, Vec<String>>, name: &String| {
                names.entry(name.clone()).or_default().push(task.id.clone());
            };
            action.entries.iter().for_each(|entry| name(&mut entries, entry));
            action.proven_by.iter().for_each(|check| name(&mut checks, check));
        }
        Named { first: entries.clone(), entries, checks }
    }

    /// The tasks after which it is settled.
    fn of_ref(&self, what: &Ref) -> Vec<String> {
        self.found(what, &self.entries)
    }

    /// The tasks with which it begins.
    fn first_of_ref(&self, what: &Ref) -> Vec<String> {
        match what {
            // A closed phase begins when it opens.
            Ref::Phase(_) => self.found(what, &self.entries),
            _ => self.found(what, &self.first),
        }
    }

    fn found(&self, what: &Ref, entries: &BTreeMap<String, Vec<String>>) -> Vec<String> {
        let below = |start: String| {
            let within = entries.range(start.clone()..).take_while(|(entry, _)| entry.starts_with(&start));
            within.flat_map(|(_, tasks)| tasks.clone()).collect()
        };
        match what {
            Ref::Launch => Vec::new(),
            Ref::Stage(id) => vec![format!("{}/{id}", TaskKind::Stage.word())],
            Ref::Check(id) => self.checks.get(id).cloned().unwrap_or_default(),
            Ref::Blocker(id) | Ref::Decision(id) | Ref::Phase(id) => {
                entries.get(id).cloned().unwrap_or_default()
            }
            Ref::Checklist(id) => below(format!("{id}/")),
            Ref::Section { checklist, section } => {
                let mut all: Vec<String> = below(format!("{checklist}/{section}/"));
                all.extend(entries.get(&format!("{checklist}/{section}")).into_iter().flatten().cloned());
                all
            }
        }
    }
}

fn phase_id(phase: &PhaseState) -> String {
    format!("{}/{}", TaskKind::Phase.word(), phase.id)
}

/// A phase that is closed: it opens at once when all it needs is done, and then takes as long as
/// somebody estimated.
fn opening(phase: &PhaseState, needs: Vec<String>, last: u64) -> Task {
    let takes = phase.effort.unwrap_or(Effort::NONE);
    let opens = Reach { entries: 1, ..Reach::default() };
    let busy = phase.effort.is_some();
    let owner = phase.owner.clone();
    let task = waiting(&phase_id(phase), TaskKind::Phase, phase.title.clone(), takes, needs, last);
    Task { opens, busy, owner, ..task }
}

fn waiting(id: &str, kind: TaskKind, title: String, takes: Effort, needs: Vec<String>, order: u64) -> Task {
    Task {
        id: id.to_owned(),
        kind,
        title,
        order,
        action: None,
        owner: None,
        busy: false,
        effort: Some(takes),
        due: None,
        after_launch: false,
        needs,
        stream: id.to_owned(),
        opens: Reach::default(),
    }
}
