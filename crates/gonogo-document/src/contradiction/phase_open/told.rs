//! A rule in words for what may be opened once something else is there: `Phase 4 may be opened only
//! once D3.7 is signed`.

use super::super::facts::token::{self, Token};
use super::super::facts::word::{self, says};
use super::super::facts::{Facts, Grid, GridRow, Place};
use super::super::kind::{Findings, Said};
use crate::name::Name;
use crate::value::{self, Polarity, State};

/// Between what waits and what it waits for.
const ONCE: &[&str] = &[
    "only once",
    "only when",
    "only after",
    "only if",
    "not before",
    "not until",
    "may not open until",
    "no earlier than",
    "erst wenn",
    "erst nach",
    "erst, wenn",
    "nicht bevor",
    "seulement après",
    "seulement quand",
    "pas avant",
    "qu'après",
    "qu'une fois",
    "solo cuando",
    "solo después",
    "no antes de",
    "sólo cuando",
    "pas als",
    "pas nadat",
    "niet voordat",
    "solo dopo",
    "non prima",
    "só depois",
    "só quando",
    "somente após",
];
/// What is not there yet.
const COMING: &[&str] = &[
    "expected",
    "pending",
    "awaited",
    "outstanding",
    "submitted",
    "in review",
    "draft",
    "to follow",
    "not yet",
    "ausstehend",
    "erwartet",
    "eingereicht",
    "in prüfung",
    "entwurf",
    "attendu*",
    "en attente",
    "en cours",
    "projet",
    "pendiente",
    "esperad*",
    "borrador",
    "verwacht",
    "concept",
    "in attesa",
    "bozza",
    "aguarda*",
    "pendente",
];

pub(super) fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        let lower = sentence.lower();
        let Some((at, found)) = word::first(&lower, ONCE).filter(|_| !lower.contains('?')) else { continue };
        let text = &sentence.text.plain;
        let (Some(head), Some(tail)) = (text.get(..at), text.get(at + found.len()..)) else { continue };
        let Some(begun) = begun(facts, head, sentence.text.span.line) else { continue };
        for waited in token::all(tail).into_iter().take(4) {
            if let Some(row) = waiting(facts, &waited) {
                let message = format!("«{}», it is begun, and «{}» is not there", text.trim(), row.text);
                findings.certain(message, vec![sentence.said(), begun.clone(), row]);
            }
        }
    }
}

/// Where the thing that waits is shown as begun: its row, or a sentence.
fn begun(facts: &Facts<'_>, head: &str, line: u32) -> Option<Said> {
    let id = value::ids(head).into_iter().next()?.value;
    let number = id.number.to_string();
    let is_row = |grid: &Grid<'_>, row: &GridRow<'_>| {
        let first = row
            .cell(0)
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase();
        let is_named = Name::of(&grid.header(0)).plain == id.prefix.to_lowercase() && first == number;
        is_named || value::ids(row.cell(grid.label)).iter().any(|found| found.value.is(&id))
    };
    let rows = facts.grids.iter().flat_map(|grid| grid.body().map(move |row| (grid, row)));
    let mut states = rows.filter(|(grid, row)| is_row(grid, row)).filter_map(|(grid, row)| {
        let cells = (1..grid.roles.len()).filter_map(|at| value::mark(row.cell(at))?.state);
        cells.into_iter().any(is_begun).then(|| row.said())
    });
    let told = || {
        facts.sentences.iter().find(|sentence| {
            let lower = sentence.lower();
            sentence.text.span.line != line
                && matches!(sentence.place, Place::Prose | Place::Item)
                && value::ids(&sentence.text.plain).iter().any(|found| found.value.is(&id))
                && says(
                    &lower,
                    &[
                        "was opened",
                        "has been opened",
                        "was started",
                        "has started",
                        "is running",
                        "wurde geöffnet",
                        "läuft",
                        "a été ouverte",
                        "a commencé",
                        "se abrió",
                        "comenzó",
                        "is gestart",
                        "è stata aperta",
                        "foi aberta",
                    ],
                )
                && !word::denies(&lower)
        })
    };
    states.next().or_else(|| told().map(|sentence| sentence.said()))
}

fn is_begun(state: State) -> bool {
    matches!(state, State::Open | State::InProgress | State::Done | State::Pass)
}

/// The row of what is waited for, when it is not there yet.
fn waiting(facts: &Facts<'_>, waited: &Token) -> Option<Said> {
    let rows = facts.grids.iter().flat_map(|grid| grid.body().map(move |row| (grid, row)));
    let mut own = rows.filter(|(_, row)| token::at_start(row.cell(0)).as_ref() == Some(waited));
    own.find_map(|(grid, row)| {
        let is_short = (1..grid.roles.len()).filter(|at| *at != grid.label).any(|at| {
            let cell = row.cell(at);
            let mark = value::mark(cell);
            says(&cell.to_lowercase(), COMING)
                || mark.is_some_and(|mark| matches!(mark.polarity(), Polarity::Bad | Polarity::Open))
        });
        is_short.then(|| row.said())
    })
}
