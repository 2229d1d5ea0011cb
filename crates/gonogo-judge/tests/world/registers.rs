//! Registers made from bytes, over the checks and stages of a world.

use gonogo_model::place::Origin;
use gonogo_model::spec::register::{
    Blocker, Bond, BoundTask, Checklist, Choice, Decision, Launch, Made, Phase, Ref, Registers, Section,
    Step, Task, TaskFile, TaskSource, Trigger, TriggerOn,
};
use gonogo_model::spec::{Check, Proof, Stage, Statement};

use super::{Dice, statement};

pub(crate) fn origin() -> Origin {
    Origin { file: "gonogo.yaml".into(), line: 9, column: 1 }
}

pub(crate) fn bond(check: &str) -> Option<Bond> {
    Some(Bond::Check(check.into()))
}

pub(crate) fn signed(on: &str, expires: &str) -> Statement {
    match statement(on, expires) {
        Proof::Attested(statement) => statement,
        Proof::Probe(_) => Statement { statement: String::new(), signed: None },
    }
}

pub(crate) fn blocker(id: &str, bond: Option<Bond>) -> Blocker {
    Blocker {
        id: id.into(),
        title: format!("{id} is there"),
        kind: "external".into(),
        owner: "ana".into(),
        impact: None,
        text: None,
        bond,
        effort: None,
        lead: None,
        due: None,
        needs: vec![],
        blocks: vec![Ref::Launch],
        origin: origin(),
    }
}

pub(crate) fn decision(id: &str, bond: Option<Bond>) -> Decision {
    let option = |id: &str| Choice { id: id.into(), text: format!("do {id}") };
    Decision {
        id: id.into(),
        question: format!("How {id}?"),
        options: vec![option("A"), option("B")],
        owner: "ana".into(),
        made: Some(Made { choice: "A".into(), on: "2026-11-01".parse().unwrap() }),
        due: None,
        reason: None,
        bond,
        effort: None,
        needs: vec![],
        blocks: vec![],
        origin: origin(),
    }
}

pub(crate) fn task(id: &str, bond: Option<Bond>) -> Task {
    Task { id: id.into(), text: format!("do {id}"), owner: None, bond, effort: None, origin: origin() }
}

pub(crate) fn section(id: &str, at: Option<&str>, items: Vec<Task>) -> Section {
    Section { id: id.into(), title: id.into(), at: at.map(|at| at.parse().unwrap()), items }
}

pub(crate) fn checklist(id: &str, sections: Vec<Section>) -> Checklist {
    Checklist { id: id.into(), title: id.into(), tasks: TaskSource::Sections(sections), origin: origin() }
}

pub(crate) fn file_checklist(id: &str, file: TaskFile) -> Checklist {
    Checklist { id: id.into(), title: id.into(), tasks: TaskSource::File(file), origin: origin() }
}

pub(crate) fn phase(id: &str, needs: Vec<Ref>, bond: Option<Bond>) -> Phase {
    Phase {
        id: id.into(),
        title: id.into(),
        required: true,
        needs,
        bond,
        owner: None,
        effort: None,
        origin: origin(),
    }
}

/// Most worlds have no register, so that the other laws are not lost among vetoes.
pub(super) fn drawn(dice: &mut Dice<'_>, checks: &[Check], stages: &[Stage]) -> Registers {
    let mut registers = Registers::default();
    if !dice.one_in(3) {
        return registers;
    }
    for at in 0..dice.below(3) {
        let mut drawn = blocker(&format!("b{at}"), drawn_bond(dice, checks));
        drawn.due = dice.one_in(3).then(|| dice.pick(&["2026-11-20", "2026-12-01"]).parse().unwrap());
        drawn.kind = dice.pick(&["external", "implementation"]).to_owned();
        drawn.blocks = match dice.below(6) {
            0 => vec![],
            1 => vec![Ref::Stage(dice.pick(stages).id)],
            2 => vec![Ref::Phase("p0".into())],
            3 if at > 0 => vec![Ref::Blocker("b0".into())],
            _ => vec![Ref::Launch],
        };
        registers.blockers.push(drawn);
    }
    for at in 0..dice.below(3) {
        let mut drawn = decision(&format!("e{at}"), drawn_bond(dice, checks));
        if dice.one_in(3) {
            drawn.made = None;
            drawn.due = Some(dice.pick(&["2026-12-01", "2026-11-21", "2026-11-20"]).parse().unwrap());
        }
        registers.decisions.push(drawn);
    }
    if dice.one_in(2) {
        let ats = [None, Some("T-7d"), Some("T-0"), Some("T+1h")];
        let sections = (0..1 + dice.below(2)).map(|at| {
            let tasks = (0..1 + dice.below(2)).map(|n| task(&format!("t{at}{n}"), drawn_bond(dice, checks)));
            let tasks = tasks.collect();
            section(&format!("x{at}"), dice.pick(&ats), tasks)
        });
        registers.checklists.push(checklist("l0", sections.collect()));
    }
    if dice.one_in(3) {
        let file = TaskFile {
            check: dice.pick(checks).id,
            at_least: 1 + u32::try_from(dice.below(3)).unwrap(),
            ticks: dice.one_in(2).then(|| signed("2026-11-01", "2026-12-01")),
            bind: match drawn_bond(dice, checks) {
                Some(bond) => vec![BoundTask { task: "I0".into(), section: None, bond, origin: origin() }],
                None => vec![],
            },
        };
        registers.checklists.push(file_checklist("l1", file));
    }
    for at in 0..dice.below(3) {
        let mut drawn =
            phase(&format!("p{at}"), drawn_needs(dice, checks, stages, &registers), drawn_bond(dice, checks));
        drawn.required = !dice.one_in(3);
        registers.phases.push(drawn);
    }
    registers.launch = dice.one_in(3).then(|| drawn_launch(dice, checks));
    registers
}

fn drawn_bond(dice: &mut Dice<'_>, checks: &[Check]) -> Option<Bond> {
    match dice.below(8) {
        0 => None,
        1 => Some(Bond::Attested(signed("2026-11-01", "2026-11-21"))),
        2 => Some(Bond::Attested(signed("2026-11-01", "2026-11-20"))),
        3 => Some(Bond::Attested(Statement { statement: "done".into(), signed: None })),
        _ => bond(&dice.pick(checks).id),
    }
}

fn drawn_needs(dice: &mut Dice<'_>, checks: &[Check], stages: &[Stage], known: &Registers) -> Vec<Ref> {
    let mut all: Vec<Ref> = vec![
        Ref::Check(dice.pick(checks).id),
        Ref::Stage(dice.pick(stages).id),
        Ref::Section { checklist: "l1".into(), section: "Before".into() },
    ];
    all.extend(known.blockers.iter().map(|blocker| Ref::Blocker(blocker.id.clone())));
    all.extend(known.decisions.iter().map(|decision| Ref::Decision(decision.id.clone())));
    all.extend(known.checklists.iter().map(|list| Ref::Checklist(list.id.clone())));
    all.extend(known.phases.iter().map(|phase| Ref::Phase(phase.id.clone())));
    all.into_iter().filter(|_| dice.one_in(3)).collect()
}

fn drawn_launch(dice: &mut Dice<'_>, checks: &[Check]) -> Launch {
    let step = Step {
        id: "all".into(),
        title: "Everybody".into(),
        share: None,
        lasts: None,
        enter: vec![dice.pick(checks).id],
        exit: vec![],
    };
    let trigger = Trigger {
        id: "back".into(),
        on: TriggerOn::Check(dice.pick(checks).id),
        text: "Go back".into(),
        owner: None,
        within: None,
    };
    Launch {
        date: dice.one_in(2).then(|| dice.pick(&["2026-11-25", "2026-12-24"]).parse().unwrap()),
        strategy: None,
        steps: vec![step],
        rollback: vec![trigger],
        monitoring: vec![],
        origin: origin(),
    }
}
