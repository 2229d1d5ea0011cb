//! Blockers by kind, decisions, and the gates of phases.

use gonogo_model::register::{
    BlockerState, DecisionProgress, DecisionState, NeedState, PhaseProgress, PhaseState, RegisterStates,
    StandingCounts,
};
use gonogo_model::spec::register::Ref;

use super::{Cell, Mood, Part, Section, mood, part};

pub(super) fn blockers(registers: &RegisterStates) -> Option<Section> {
    if registers.blockers.is_empty() {
        return None;
    }
    let heading = [
        "Blocker",
        "State",
        "What is missing",
        "Impact",
        "What to do",
        "Owner",
        "Holds up",
        "Takes",
        "Due",
        "Shown by",
        "Why",
    ];
    let of_kind = |kind: &str| {
        let blockers = registers.blockers.iter().filter(|blocker| blocker.kind == kind);
        blockers.map(blocker).collect()
    };
    let parts = registers.blocker_kinds.iter().map(|kind| Part {
        title: Some(format!("{}: {}", kind.kind, counts(&kind.counts, "cleared"))),
        ..part("Blockers of one kind", &heading, of_kind(&kind.kind))
    });
    Some(Section { id: "blockers", title: "Blockers by category", notes: Vec::new(), parts: parts.collect() })
}

fn blocker(blocker: &BlockerState) -> Vec<Cell> {
    let due =
        blocker.due.map(|due| if blocker.overdue { format!("{due}, overdue") } else { due.to_string() });
    let holds = match (blocker.blocks.is_empty(), blocker.holds_launch) {
        (true, false) => Cell::text("nothing"),
        (true, true) => Cell::text("what needs it"),
        (false, true) => Cell::Text(names(&blocker.blocks)),
        (false, false) => Cell::Text(format!("{}; not the launch", names(&blocker.blocks))),
    };
    vec![
        Cell::Code(blocker.id.clone()),
        Cell::Word(mood(blocker.basis.standing), blocker.state.word().to_owned()),
        Cell::text(&blocker.title),
        Cell::or(blocker.impact.as_ref(), "not said"),
        Cell::or(blocker.text.as_ref(), "clear it"),
        Cell::text(&blocker.owner),
        holds,
        Cell::Text(takes(blocker)),
        Cell::or(due, "no day set"),
        blocker.basis.check.as_ref().map_or_else(|| Cell::text("a person"), |check| Cell::check(Some(check))),
        Cell::text(&blocker.basis.why),
    ]
}

/// `2h..4h of work, 1w..3w of waiting`
fn takes(blocker: &BlockerState) -> String {
    let said = [
        blocker.effort.map(|effort| format!("{effort} of work")),
        blocker.lead.map(|lead| format!("{lead} of waiting")),
    ];
    let said: Vec<String> = said.into_iter().flatten().collect();
    if said.is_empty() { "not estimated".to_owned() } else { said.join(", ") }
}

pub(super) fn decisions(registers: &RegisterStates) -> Option<Section> {
    if registers.decisions.is_empty() {
        return None;
    }
    let heading = ["Decision", "State", "Question", "Chosen", "Owner", "Decided or due", "Proof", "Why"];
    let rows = registers.decisions.iter().map(decision).collect();
    let notes = vec![format!("{}.", counts(&registers.decision_counts, "implemented"))];
    let parts = vec![part("What was and has to be decided", &heading, rows)];
    Some(Section { id: "decided", title: "Decisions", notes, parts })
}

fn decision(decision: &DecisionState) -> Vec<Cell> {
    let mood = match decision.state {
        DecisionProgress::Implemented => Mood::Good,
        DecisionProgress::Attested | DecisionProgress::Recorded | DecisionProgress::Undecided => Mood::Warn,
        DecisionProgress::NotImplemented | DecisionProgress::Unproven | DecisionProgress::Overdue => {
            Mood::Bad
        }
    };
    let options = || {
        let options = decision.options.iter().map(|option| format!("{} ({})", option.id, option.text));
        format!("open: {}", options.collect::<Vec<_>>().join(" or "))
    };
    let chosen = match (&decision.made, &decision.chosen) {
        (Some(made), Some(chosen)) => format!("{} ({chosen})", made.choice),
        _ => options(),
    };
    let day = match (&decision.made, decision.due) {
        (Some(made), _) => made.on.to_string(),
        (None, due) => due.map_or_else(|| "no day set".to_owned(), |due| format!("due {due}")),
    };
    vec![
        Cell::Code(decision.id.clone()),
        Cell::Word(mood, state(decision.state).to_owned()),
        Cell::text(&decision.question),
        Cell::Text(chosen),
        Cell::text(&decision.owner),
        Cell::Text(day),
        Cell::check(decision.basis.check.as_ref()),
        Cell::text(&decision.basis.why),
    ]
}

/// That it was decided, the choice beside it says.
fn state(state: DecisionProgress) -> &'static str {
    let word = state.word();
    word.strip_prefix("decided, ").unwrap_or(word)
}

pub(super) fn phases(registers: &RegisterStates) -> Option<Section> {
    if registers.phases.is_empty() {
        return None;
    }
    let heading =
        ["Phase", "State", "Holds", "What does not hold", "Needed for launch", "Owner", "Shown done by"];
    let rows = registers.phases.iter().map(phase).collect();
    let overview = part("Phases and what they need", &heading, rows);
    let parts = [overview].into_iter().chain(registers.phases.iter().filter_map(needs)).collect();
    Some(Section { id: "phases", title: "Phase gate impact", notes: Vec::new(), parts })
}

/// Everything that a phase needs, what holds of it too.
fn needs(phase: &PhaseState) -> Option<Part> {
    let row = |need: &NeedState| {
        let (mood, word) = if need.met { (Mood::Good, "holds") } else { (Mood::Bad, "does not hold") };
        vec![Cell::text(&need.what), Cell::Word(mood, word.to_owned()), Cell::text(&need.state)]
    };
    let rows: Vec<Vec<Cell>> = phase.needs.iter().map(row).collect();
    let title = Some(format!("What {} needs", phase.id));
    let heading = ["Need", "Holds", "State"];
    (!rows.is_empty()).then(|| Part { title, ..part("What a phase needs", &heading, rows) })
}

fn phase(phase: &PhaseState) -> Vec<Cell> {
    let mood = match phase.state {
        PhaseProgress::Done => Mood::Good,
        PhaseProgress::Open => Mood::Calm,
        PhaseProgress::Blocked => Mood::Bad,
    };
    let unmet: Vec<String> = phase
        .needs
        .iter()
        .filter(|need| !need.met)
        .map(|need| format!("{} ({})", need.what, need.state))
        .collect();
    vec![
        Cell::Text(format!("{}: {}", phase.id, phase.title)),
        Cell::Word(mood, phase.state.word().to_owned()),
        Cell::Text(format!("{} of {}", phase.met, phase.needed)),
        Cell::Text(if unmet.is_empty() { "nothing".to_owned() } else { unmet.join(", ") }),
        Cell::text(if phase.holds_launch { "yes" } else { "no" }),
        Cell::or(phase.owner.as_ref(), "nobody"),
        Cell::or(phase.done.as_ref().map(|done| &done.why), "nothing"),
    ]
}

/// `2 of 8 cleared, 1 attested, 3 open, 2 unproven`: what is not there is not said.
pub(super) fn counts(counts: &StandingCounts, done: &str) -> String {
    let rest = [("attested", counts.attested), ("open", counts.open), ("unproven", counts.unproven)];
    let rest =
        rest.into_iter().filter(|(_, number)| *number > 0).map(|(word, number)| format!(", {number} {word}"));
    format!("{} of {} {done}{}", counts.proven, counts.total, rest.collect::<String>())
}

fn names(refs: &[Ref]) -> String {
    refs.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
