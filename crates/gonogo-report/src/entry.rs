//! Every entry of the registers in one form, for tools that know only what passes and what does
//! not. Whether an entry holds the launch up is said by the verdict and never decided here.

use gonogo_model::place::Origin;
use gonogo_model::register::{
    BlockerProgress, BlockerState, ChecklistState, DecisionProgress, DecisionState, LaunchState,
    PhaseProgress, PhaseState, SectionState, SignOffState, SignatureState, Standing,
};
use gonogo_model::status::Status;
use gonogo_model::verdict::Verdict;

/// What becomes of an entry where things pass or fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is met, and a look shows it.
    Met,
    /// It is met by a person's word.
    ByWord,
    /// It does not hold, and the launch waits for it.
    Held,
    /// Nobody knows whether it holds, and the launch waits for it.
    Unknown,
    /// It does not hold, and the launch does not wait for it.
    Waits,
}

/// One entry.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    /// Its name among those of its register.
    pub(crate) id: String,
    pub(crate) title: &'a str,
    /// How it stands, in a word of its register.
    pub(crate) state: &'static str,
    /// One sentence: why it stands so.
    pub(crate) why: String,
    pub(crate) owner: Option<&'a str>,
    pub(crate) due: Option<String>,
    pub(crate) check: Option<&'a str>,
    pub(crate) origin: &'a Origin,
    pub(crate) outcome: Outcome,
}

/// The registers that have entries, each by the name it has in the spec.
pub(crate) fn registers(verdict: &Verdict) -> Vec<(&'static str, Vec<Entry<'_>>)> {
    let registers = &verdict.registers;
    let all = [
        ("blockers", registers.blockers.iter().map(blocker).collect()),
        ("decisions", registers.decisions.iter().map(decision).collect()),
        ("checklists", registers.checklists.iter().flat_map(tasks).collect()),
        ("phases", registers.phases.iter().map(phase).collect()),
        ("launch", registers.launch.iter().flat_map(steps).collect()),
        ("sign_off", registers.sign_off.iter().flat_map(roles).collect()),
    ];
    all.into_iter().filter(|(_, entries): &(_, Vec<Entry<'_>>)| !entries.is_empty()).collect()
}

fn of(standing: Standing, holds_launch: bool) -> Outcome {
    match (standing, holds_launch) {
        (Standing::Proven, _) => Outcome::Met,
        (Standing::Attested, _) => Outcome::ByWord,
        (_, false) => Outcome::Waits,
        (Standing::Open, true) => Outcome::Held,
        (Standing::Unproven, true) => Outcome::Unknown,
    }
}

fn blocker(blocker: &BlockerState) -> Entry<'_> {
    let outcome = match blocker.state {
        BlockerProgress::Cleared => Outcome::Met,
        BlockerProgress::Attested => Outcome::ByWord,
        BlockerProgress::Open | BlockerProgress::Unproven => of(blocker.basis.standing, blocker.holds_launch),
    };
    Entry {
        id: blocker.id.clone(),
        title: &blocker.title,
        state: blocker.state.word(),
        why: blocker.basis.why.clone(),
        owner: Some(&blocker.owner),
        due: blocker.due.map(|day| day.to_string()),
        check: blocker.basis.check.as_deref(),
        origin: &blocker.origin,
        outcome,
    }
}

fn decision(decision: &DecisionState) -> Entry<'_> {
    let outcome = match decision.state {
        DecisionProgress::Implemented => Outcome::Met,
        DecisionProgress::Attested | DecisionProgress::Recorded => Outcome::ByWord,
        DecisionProgress::NotImplemented | DecisionProgress::Overdue => Outcome::Held,
        DecisionProgress::Unproven => Outcome::Unknown,
        DecisionProgress::Undecided => Outcome::Waits,
    };
    let chosen = decision.chosen.as_ref().map(|chosen| format!("{chosen}: "));
    Entry {
        id: decision.id.clone(),
        title: &decision.question,
        state: decision.state.word(),
        why: format!("{}{}", chosen.unwrap_or_default(), decision.basis.why),
        owner: Some(&decision.owner),
        due: decision.due.map(|day| day.to_string()),
        check: decision.basis.check.as_deref(),
        origin: &decision.origin,
        outcome,
    }
}

/// The tasks of a checklist; tasks that its file lacks are one entry, so that nobody passes by
/// taking them out.
fn tasks(list: &ChecklistState) -> Vec<Entry<'_>> {
    let tasks = list.sections.iter().flat_map(|section| in_section(list, section));
    let missing = list.file.iter().filter(|file| file.missing > 0).map(|file| Entry {
        id: format!("{}/{}", list.id, file.check),
        title: &list.title,
        state: Standing::Unproven.word(),
        why: format!("{} tasks are not in the file, which has at least {}", file.missing, file.at_least),
        owner: None,
        due: None,
        check: Some(&file.check),
        origin: &list.origin,
        outcome: Outcome::Unknown,
    });
    tasks.chain(missing).collect()
}

fn in_section<'a>(list: &'a ChecklistState, section: &'a SectionState) -> impl Iterator<Item = Entry<'a>> {
    section.tasks.iter().map(move |task| Entry {
        id: format!("{}/{}/{}", list.id, section.id, task.id),
        title: &task.text,
        state: task.basis.standing.word(),
        why: task.basis.why.clone(),
        owner: task.owner.as_deref(),
        due: section.due.map(|day| day.to_string()),
        check: task.basis.check.as_deref(),
        origin: &task.origin,
        outcome: of(task.basis.standing, section.holds_launch),
    })
}

fn phase(phase: &PhaseState) -> Entry<'_> {
    let outcome = match phase.state {
        PhaseProgress::Blocked if phase.holds_launch => Outcome::Held,
        PhaseProgress::Blocked => Outcome::Waits,
        PhaseProgress::Done | PhaseProgress::Open if phase.attested => Outcome::ByWord,
        PhaseProgress::Done | PhaseProgress::Open => Outcome::Met,
    };
    Entry {
        id: phase.id.clone(),
        title: &phase.title,
        state: phase.state.word(),
        why: phase.why.clone(),
        owner: phase.owner.as_deref(),
        due: None,
        check: phase.done.as_ref().and_then(|done| done.check.as_deref()),
        origin: &phase.origin,
        outcome,
    }
}

fn is_good(status: Status) -> bool {
    matches!(status, Status::Pass | Status::Attested | Status::NotApplicable)
}

/// The steps of the launch. None holds it up: their checks weigh by themselves.
fn steps(launch: &LaunchState) -> Vec<Entry<'_>> {
    let steps = launch.steps.iter().map(|step| {
        let open = step.enter.iter().filter(|criterion| !is_good(criterion.status));
        let open: Vec<String> =
            open.map(|criterion| format!("{} is {}", criterion.check, criterion.status)).collect();
        Entry {
            id: step.id.clone(),
            title: &step.title,
            state: if step.may_begin { "may begin" } else { "waits" },
            why: if step.may_begin { "what it needs holds".to_owned() } else { open.join(", ") },
            owner: None,
            due: launch.date.map(|day| day.to_string()),
            check: None,
            origin: &launch.origin,
            outcome: if step.may_begin { Outcome::Met } else { Outcome::Waits },
        }
    });
    steps.collect()
}

fn roles(sign_off: &SignOffState) -> Vec<Entry<'_>> {
    let roles = sign_off.roles.iter().map(|role| {
        let by = role.by.as_ref().map(|by| format!("{by}: "));
        let is_signed = role.state == SignatureState::Signed;
        Entry {
            id: role.role.clone(),
            title: &role.role,
            state: role.state.word(),
            why: format!("{}{}", by.unwrap_or_default(), role.state.word()),
            owner: role.by.as_deref(),
            due: role.on.map(|day| day.to_string()),
            check: None,
            origin: &sign_off.origin,
            outcome: if is_signed { Outcome::ByWord } else { Outcome::Held },
        }
    });
    roles.collect()
}
