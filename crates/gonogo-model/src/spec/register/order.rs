//! What comes before what. Nothing may wait for itself: not an entry that another one needs, and
//! not a blocker that blocks the stage of the very check that would prove it gone.

use std::collections::{BTreeMap, BTreeSet};

use super::{Bond, Ref, Registers, TaskSource};
use crate::diagnostic::Diagnostic;
use crate::place::Place;
use crate::spec::read::Reader;
use crate::spec::{Check, Stage};

/// Reports a circle, if there is one.
pub(super) fn refuse_circles(
    reader: &mut Reader<'_>,
    registers: &Registers,
    checks: &[Check],
    stages: &[Stage],
) {
    let after = edges(registers, checks, stages);
    let left = unordered(&after);
    if left.is_empty() {
        return;
    }
    // Everything that is left waits for a circle; going back from any of it ends in one.
    let circle = circle(&after, &left);
    let names = circle.iter().map(|entry| format!("`{entry}`")).collect::<Vec<_>>().join(", ");
    let place = circle.iter().find_map(|entry| origin(registers, entry)).unwrap_or(Place::START);
    reader.report(
        Diagnostic::at(place, format!("{names} wait for each other in a circle"))
            .help("remove one of `needs` or `blocks`, or bind the entry to a check that can pass before"),
    );
}

/// For each thing, what comes right after it.
fn edges(registers: &Registers, checks: &[Check], stages: &[Stage]) -> BTreeMap<Ref, BTreeSet<Ref>> {
    let mut after: BTreeMap<Ref, BTreeSet<Ref>> = BTreeMap::new();
    let in_files: BTreeSet<&str> = registers
        .checklists
        .iter()
        .filter(|list| matches!(list.tasks, TaskSource::File(_)))
        .map(|list| list.id.as_str())
        .collect();
    // The sections of a file are not known before the look, so its checklist stands for them.
    let known = |entry: Ref| match entry {
        Ref::Section { checklist, .. } if in_files.contains(checklist.as_str()) => Ref::Checklist(checklist),
        entry => entry,
    };
    let mut put = |before: Ref, next: Ref| {
        let (before, next) = (known(before), known(next));
        after.entry(next.clone()).or_default();
        after.entry(before).or_default().insert(next);
    };
    for stage in stages {
        stage.needs.iter().for_each(|need| put(Ref::Stage(need.clone()), Ref::Stage(stage.id.clone())));
    }
    checks.iter().for_each(|check| put(Ref::Stage(check.stage.clone()), Ref::Check(check.id.clone())));
    let entries = registers
        .blockers
        .iter()
        .map(|b| (Ref::Blocker(b.id.clone()), &b.bond, &b.needs, Some(&b.blocks)))
        .chain(
            registers
                .decisions
                .iter()
                .map(|d| (Ref::Decision(d.id.clone()), &d.bond, &d.needs, Some(&d.blocks))),
        )
        .chain(registers.phases.iter().map(|p| (Ref::Phase(p.id.clone()), &p.bond, &p.needs, None)));
    for (entry, bond, needs, blocks) in entries {
        if let Some(Bond::Check(check)) = bond {
            put(Ref::Check(check.clone()), entry.clone());
        }
        needs.iter().for_each(|need| put(need.clone(), entry.clone()));
        blocks.into_iter().flatten().for_each(|blocked| put(entry.clone(), blocked.clone()));
    }
    for list in &registers.checklists {
        let whole = || Ref::Checklist(list.id.clone());
        match &list.tasks {
            TaskSource::Sections(sections) => {
                for section in sections {
                    let part = || Ref::Section { checklist: list.id.clone(), section: section.id.clone() };
                    put(part(), whole());
                    for task in &section.items {
                        if let Some(Bond::Check(check)) = &task.bond {
                            put(Ref::Check(check.clone()), part());
                        }
                    }
                }
            }
            TaskSource::File(file) => {
                put(Ref::Check(file.check.clone()), whole());
                for task in &file.bind {
                    if let Bond::Check(check) = &task.bond {
                        put(Ref::Check(check.clone()), whole());
                    }
                }
            }
        }
    }
    after
}

/// What has no place in any order, by Kahn's algorithm.
fn unordered(after: &BTreeMap<Ref, BTreeSet<Ref>>) -> BTreeSet<&Ref> {
    let mut waits: BTreeMap<&Ref, usize> = after.keys().map(|entry| (entry, 0)).collect();
    for next in after.values().flatten() {
        *waits.entry(next).or_default() += 1;
    }
    let mut ready: Vec<&Ref> =
        waits.iter().filter(|(_, waits)| **waits == 0).map(|(entry, _)| *entry).collect();
    while let Some(entry) = ready.pop() {
        waits.remove(entry);
        for next in after.get(entry).into_iter().flatten() {
            if let Some(left) = waits.get_mut(next) {
                *left -= 1;
                if *left == 0 {
                    ready.push(next);
                }
            }
        }
    }
    waits.into_keys().collect()
}

/// One circle among what is left, each thing after the one it waits for.
fn circle<'a>(after: &'a BTreeMap<Ref, BTreeSet<Ref>>, left: &BTreeSet<&'a Ref>) -> Vec<&'a Ref> {
    let mut before: BTreeMap<&Ref, &Ref> = BTreeMap::new();
    for entry in left {
        let nexts = after.get(*entry).into_iter().flatten().filter(|next| left.contains(next));
        nexts.for_each(|next| {
            before.entry(next).or_insert(entry);
        });
    }
    let mut way: Vec<&Ref> = Vec::new();
    let mut at = left.first().copied();
    while let Some(entry) = at {
        if let Some(start) = way.iter().position(|known| *known == entry) {
            let mut circle = way.split_off(start);
            circle.reverse();
            return circle;
        }
        way.push(entry);
        at = before.get(entry).copied();
    }
    way
}

fn origin(registers: &Registers, entry: &Ref) -> Option<Place> {
    let origin = match entry {
        Ref::Blocker(id) => &registers.blockers.iter().find(|known| known.id == *id)?.origin,
        Ref::Decision(id) => &registers.decisions.iter().find(|known| known.id == *id)?.origin,
        Ref::Phase(id) => &registers.phases.iter().find(|known| known.id == *id)?.origin,
        Ref::Checklist(id) | Ref::Section { checklist: id, .. } => {
            &registers.checklists.iter().find(|known| known.id == *id)?.origin
        }
        Ref::Launch | Ref::Stage(_) | Ref::Check(_) => return None,
    };
    Some(Place { line: origin.line, column: origin.column, width: 1 })
}
