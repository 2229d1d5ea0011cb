//! One score with two labels in one table, or work that is not started and partly done.

use super::facts::figure::figure;
use super::facts::{Facts, Role};
use super::kind::{Findings, Kind, Rule};
use crate::name::Name;
use crate::value::{self, State};

pub(super) const RULE: Rule = Rule {
    id: "label-of-score",
    kind: Kind::Disagreement,
    why: "The same score must have the same label, else the labels mean nothing.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in facts.grids.iter().filter(|grid| grid.rows.len() <= 200) {
        let columns = (grid.column(Role::Score), grid.column(Role::Status));
        let (Some(score), Some(status)) = columns else { continue };
        let rows: Vec<_> = grid.body().filter_map(|row| Some((row, figure(row.cell(score))?))).collect();
        for (at, (one, first)) in rows.iter().enumerate() {
            for (other, _second) in rows.iter().skip(at + 1).filter(|(_, second)| second.value == first.value)
            {
                let labels = [one.cell(status), other.cell(status)];
                let words = labels.map(|label| {
                    label.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect::<String>()
                });
                let are_labels = labels.iter().all(|label| value::mark(label).is_some());
                if words[0] != words[1] && are_labels && first.is_percent {
                    findings.certain(
                        format!("{} is “{}” here and “{}” there", first.shown(), labels[0], labels[1]),
                        vec![one.said(), other.said()],
                    );
                }
            }
        }
    }
    started(facts, findings);
    units(facts, findings);
}

/// `52/64 pending` and not started.
fn started(facts: &Facts<'_>, findings: &mut Findings) {
    for item in facts.items.iter().filter(|item| item.state() == Some(State::NotStarted)) {
        let Some(share) = super::facts::share::shares(&item.title).into_iter().next() else { continue };
        let lower = item.title.to_lowercase();
        let open = ["pending", "open", "left", "remain"].iter().any(|word| lower.contains(word));
        if open && share.part < share.whole || !open && share.part > super::facts::figure::whole(0) {
            let name = Name::of(item.title.split('(').next().unwrap_or_default());
            let mut places = vec![item.said.clone()];
            let scored = facts.grids.iter().flat_map(|grid| grid.body().map(move |row| (grid, row)));
            places.extend(
                scored
                    .filter(|(grid, row)| Name::of(row.cell(grid.label)).plain == name.plain)
                    .map(|(_, row)| row.said()),
            );
            findings.certain(format!("“{}” is not started, but a part of it is done", item.title), places);
        }
    }
}

/// A column of plain numbers with one that counts something else: `9 phases`.
fn units(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in &facts.grids {
        for at in (0..grid.roles.len()).filter(|at| *at != grid.label) {
            let cells: Vec<_> = grid.body().map(|row| (row, row.cell(at))).collect();
            let plain = cells
                .iter()
                .filter(|(_, cell)| !cell.is_empty() && cell.chars().all(|c| c.is_ascii_digit() || c == ','))
                .count();
            let odd: Vec<_> = cells
                .iter()
                .filter(|(_, cell)| {
                    let mut words = cell.split_whitespace();
                    let number = words.next().is_some_and(|word| word.chars().all(|c| c.is_ascii_digit()));
                    number
                        && words.next().is_some_and(|word| {
                            word.chars().count() > 2 && word.chars().all(char::is_alphabetic)
                        })
                        && words.next().is_none()
                        && value::durations(cell).is_empty()
                })
                .collect();
            if let ([(row, cell)], true) = (odd.as_slice(), plain >= 3 && plain + 1 == cells.len()) {
                findings.certain(
                    format!("“{cell}” stands in a column of {}", grid.header(at)),
                    vec![row.said(), grid.head()],
                );
            }
        }
    }
}
