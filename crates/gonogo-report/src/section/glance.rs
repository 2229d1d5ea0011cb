//! All registers in one table: how many entries of each stand how.

use gonogo_model::register::StandingCounts;
use gonogo_model::verdict::Verdict;

use super::{Cell, Section, part};

pub(super) fn section(verdict: &Verdict) -> Option<Section> {
    let registers = &verdict.registers;
    let kinds = registers.blocker_kinds.iter();
    let blockers = kinds.map(|kind| row("Blockers", &kind.kind, &kind.counts));
    let decisions =
        (!registers.decision_counts.is_empty()).then(|| row("Decisions", "all", &registers.decision_counts));
    let lists = registers.checklists.iter().map(|list| row("Tasks", &list.title, &list.counts));
    let rows: Vec<Vec<Cell>> = blockers.chain(decisions).chain(lists).collect();
    if rows.is_empty() {
        return None;
    }
    let heading = ["Register", "Of", "Entries", "Proven", "By statement", "Open", "Unproven"];
    let note = "Proven: a check shows it. Open: somebody looked, and it does not hold. Unproven: nobody looked, could \
                or signed.";
    let notes = vec![note.to_owned()];
    let parts = vec![part("Entries of each register by how they stand", &heading, rows)];
    Some(Section { id: "registers", title: "Registers at a glance", notes, parts })
}

fn row(register: &str, of: &str, counts: &StandingCounts) -> Vec<Cell> {
    let numbers = [counts.total, counts.proven, counts.attested, counts.open, counts.unproven];
    [Cell::text(register), Cell::text(of)].into_iter().chain(numbers.map(Cell::text)).collect()
}
