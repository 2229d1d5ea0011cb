//! The section of a phase lists what must be there before it opens; the phase is open, and a row of
//! that list is not done.

use super::super::facts::token::{self, Token};
use super::super::facts::word::{self, says};
use super::super::facts::{Facts, Grid, Place, Role};
use super::super::kind::{Findings, Said};
use crate::value::{self, Polarity, State};

/// What a phase waits for, as headers and rules call it.
const NEEDED: &[&str] = &[
    "prerequisite*",
    "precondition*",
    "entry criteri*",
    "entry condition*",
    "required before",
    "voraussetzung*",
    "vorbedingung*",
    "eingangskriteri*",
    "prérequis",
    "conditions d'entrée",
    "préalable*",
    "requisito*",
    "prerrequisito*",
    "condiciones previas",
    "voorwaarde*",
    "prerequisit*",
    "pré-requisito*",
    "warunk*",
    "precondizion*",
];
/// That all of it must be there.
const ALL: &[&str] = &[
    "all",
    "every",
    "each",
    "alle",
    "sämtliche",
    "jede*",
    "tous",
    "toutes",
    "chaque",
    "todos",
    "todas",
    "cada",
    "tutti",
    "tutte",
    "ogni",
    "elke",
    "iedere",
    "wszystkie",
];
const WHEN: &[&str] = &[
    "only", "when", "once", "if", "must", "may", "nur", "erst", "wenn", "darf", "müssen", "sobald", "que",
    "lorsque", "doivent", "solo", "sólo", "cuando", "deben", "só", "somente", "quando", "devem", "pas",
    "als", "mag", "moeten", "devono", "dopo", "tylko", "gdy",
];
/// A part of it was let go on purpose.
const LET_GO: &[&str] = &[
    "waive*",
    "waiver",
    "exception",
    "partially opened",
    "opened in part",
    "ausnahme*",
    "befreit",
    "dérogation*",
    "excepción",
    "dispensa*",
    "ontheffing",
    "uitzondering",
    "deroga*",
    "exceção",
];

pub(super) fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let rule = facts.sentences.iter().find(|sentence| {
        let lower = sentence.lower();
        matches!(sentence.place, Place::Prose | Place::Item)
            && [NEEDED, ALL, WHEN].iter().all(|words| says(&lower, words))
            && !lower.contains('?')
    });
    let Some(rule) = rule else { return };
    let phases: Vec<(Token, Said)> = facts.grids.iter().flat_map(|grid| begun(grid)).take(60).collect();
    for grid in facts.grids.iter().filter(|grid| grid.headers.iter().any(|header| says(header, NEEDED))) {
        let title = &facts.section(facts.chapter(grid.section)).title.plain;
        let Some((_, phase)) = token::at_start(title).and_then(|own| {
            phases.iter().find(|(token, said)| *token == own && said.span != grid.table.span)
        }) else {
            continue;
        };
        let waived = facts.sentences.iter().any(|sentence| {
            facts.chapter(sentence.section) == facts.chapter(grid.section) && says(&sentence.lower(), LET_GO)
        });
        let short = short(grid);
        if let (Some(first), false) = (short.first(), waived) {
            let message =
                format!("«{}», the phase is open, and «{}» is not done", rule.text.plain.trim(), first.text);
            let places = [phase.clone(), rule.said()].into_iter().chain(short).collect();
            findings.certain(message, places);
        }
    }
}

/// The rows of phases that have begun.
fn begun(grid: &Grid<'_>) -> Vec<(Token, Said)> {
    let Some(status) = grid.column(Role::Status) else { return Vec::new() };
    let rows = grid.body().filter_map(|row| {
        let token = token::at_start(row.cell(0))?;
        let state = value::mark(row.cell(status))?.state?;
        let is_begun = matches!(state, State::Open | State::InProgress);
        // `not open` is no state of one that is.
        (is_begun && !word::denies(&row.cell(status).to_lowercase())).then(|| (token, row.said()))
    });
    rows.collect()
}

/// The rows of what is needed that are not done.
fn short(grid: &Grid<'_>) -> Vec<Said> {
    let Some(status) = grid.column(Role::Status) else { return Vec::new() };
    let is_short = |cell: &str| {
        value::mark(cell).is_some_and(|mark| matches!(mark.polarity(), Polarity::Open | Polarity::Bad))
    };
    grid.body().filter(|row| is_short(row.cell(status))).map(|row| row.said()).take(12).collect()
}
