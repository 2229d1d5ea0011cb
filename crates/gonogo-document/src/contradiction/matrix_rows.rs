//! A matrix that says `8/14` passed, against the rows of the section it summarises.

use super::facts::{Facts, Grid, Role};
use super::kind::{Findings, Kind, Rule, Said};
use super::summary_cell::section_of;
use crate::outline::SectionId;
use crate::value::{self, Polarity};

pub(super) const RULE: Rule = Rule {
    id: "matrix-rows",
    kind: Kind::Count,
    why: "A matrix that counts passes must count those of the tables it sums up.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in &facts.grids {
        let Some(pass) = (0..grid.roles.len())
            .find(|at| matches!(grid.header(*at).trim(), "pass" | "passed" | "ok" | "bestanden" | "réussis"))
        else {
            continue;
        };
        for row in grid.body() {
            let Some(stated) = value::fraction(row.cell(pass)) else { continue };
            let Some(section) = section_of(facts, grid, row.cell(grid.label)) else { continue };
            let tables = tables(facts, section);
            let all: usize = tables.iter().map(|(table, _)| table.body().count()).sum();
            let passed: usize = tables
                .iter()
                .flat_map(|(table, status)| table.body().map(|row| value::mark(row.cell(*status))))
                .filter(|mark| mark.is_some_and(|mark| mark.polarity() == Polarity::Good))
                .count();
            let count = |number: usize| super::facts::figure::whole(number as u64);
            if all < 2 || (stated.part == count(passed) && stated.whole == count(all)) {
                continue;
            }
            let message = format!(
                "the matrix says {} of {} for “{}”, the tables of its section have {passed} of {all}",
                super::facts::figure::shown(&stated.part),
                super::facts::figure::shown(&stated.whole),
                row.cell(grid.label)
            );
            let mut places: Vec<Said> = vec![row.said(), facts.heading(section)];
            places.extend(tables.iter().flat_map(|(table, _)| table.body().map(|row| row.said())));
            findings.certain(message, places);
        }
    }
}

fn tables<'f, 'a>(facts: &'f Facts<'a>, section: SectionId) -> Vec<(&'f Grid<'a>, usize)> {
    let inside: Vec<SectionId> = facts.outline.below(section).map(|(id, _)| id).collect();
    let grids = facts.grids.iter().filter(|grid| inside.contains(&grid.section));
    grids.filter_map(|grid| Some((grid, grid.column(Role::Status)?))).collect()
}
