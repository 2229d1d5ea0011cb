//! What launch waits for: everything that comes before something it needs. This is fixed by the
//! spec; no evidence changes it.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::spec::Spec;
use gonogo_model::spec::register::{Ref, Registers, TaskSource};

/// The entries that launch waits for.
pub(super) struct Holds(BTreeSet<Ref>);

impl Holds {
    pub(super) fn of(spec: &Spec) -> Holds {
        let before = before(&spec.registers);
        let mut held: BTreeSet<Ref> = BTreeSet::new();
        let mut open: Vec<Ref> = needed_by_itself(spec).collect();
        while let Some(entry) = open.pop() {
            if held.contains(&entry) {
                continue;
            }
            open.extend(before.get(&entry).into_iter().flatten().cloned());
            held.insert(entry);
        }
        Holds(held)
    }

    /// Whether launch waits for it.
    pub(super) fn has(&self, entry: &Ref) -> bool {
        self.0.contains(entry)
    }
}

/// What launch needs without anybody saying so: checks, required stages and phases, decisions, and
/// what of a checklist is due before it.
fn needed_by_itself(spec: &Spec) -> impl Iterator<Item = Ref> {
    let registers = &spec.registers;
    let stages = spec.stages.iter().filter(|stage| stage.required).map(|stage| Ref::Stage(stage.id.clone()));
    let checks = spec.checks.iter().map(|check| Ref::Check(check.id.clone()));
    let decisions = registers.decisions.iter().map(|decision| Ref::Decision(decision.id.clone()));
    let phases =
        registers.phases.iter().filter(|phase| phase.required).map(|phase| Ref::Phase(phase.id.clone()));
    let lists = registers.checklists.iter().flat_map(|list| {
        let sections = match &list.tasks {
            TaskSource::Sections(sections) => sections.as_slice(),
            TaskSource::File(_) => &[],
        };
        let due = sections.iter().filter(|section| section.at.is_none_or(|at| at.is_before()));
        let due = due.map(|section| Ref::Section { checklist: list.id.clone(), section: section.id.clone() });
        due.chain([Ref::Checklist(list.id.clone())])
    });
    [Ref::Launch].into_iter().chain(stages).chain(checks).chain(decisions).chain(phases).chain(lists)
}

/// For each thing, the entries that come right before it.
fn before(registers: &Registers) -> BTreeMap<Ref, Vec<Ref>> {
    let mut before: BTreeMap<Ref, Vec<Ref>> = BTreeMap::new();
    let blockers =
        registers.blockers.iter().map(|b| (Ref::Blocker(b.id.clone()), &b.needs, b.blocks.as_slice()));
    let decisions =
        registers.decisions.iter().map(|d| (Ref::Decision(d.id.clone()), &d.needs, d.blocks.as_slice()));
    let phases = registers.phases.iter().map(|p| (Ref::Phase(p.id.clone()), &p.needs, &[][..]));
    for (entry, needs, blocks) in blockers.chain(decisions).chain(phases) {
        blocks.iter().for_each(|blocked| before.entry(blocked.clone()).or_default().push(entry.clone()));
        before.entry(entry).or_default().extend(needs.iter().cloned());
    }
    before
}
