//! «Every alert has a runbook», and the cell of one alert is empty.

use std::collections::BTreeSet;

use super::super::facts::grid::is_blank;
use super::super::facts::word::says;
use super::super::facts::{Facts, Grid, Role, Sentence};
use super::super::kind::{Findings, Said};
use crate::name::Name;

/// Words of columns by what a claim calls them.
const COLUMNS: &[(&[&str], &[&str])] = &[
    (
        &[
            "signed",
            "unterschrieben",
            "unterzeichnet",
            "signé*",
            "firmad*",
            "ondertekend",
            "firmat*",
            "assinad*",
        ],
        &[
            "name",
            "date",
            "signature",
            "datum",
            "unterschrift",
            "nom",
            "nombre",
            "fecha",
            "firma",
            "handtekening",
            "data",
            "assinatura",
        ],
    ),
    (&["owner*", "responsable*", "verantwortlich*", "eigenaar", "responsabile", "responsável"], &[]),
    (
        &[
            "date",
            "due date",
            "datum",
            "fecha",
            "échéance",
            "deadline",
            "frist",
            "plazo",
            "prazo",
            "scadenza",
        ],
        &[],
    ),
];
/// What stands in a cell when nothing is there yet.
const NOTHING: &[&str] = &[
    "tbd",
    "tba",
    "tbc",
    "to be named",
    "to be defined",
    "to follow",
    "missing",
    "none yet",
    "nobody yet",
    "not yet",
    "noch offen",
    "fehlt",
    "folgt",
    "offen",
    "à définir",
    "à compléter",
    "manquant*",
    "por definir",
    "pendiente",
    "falta",
    "volgt",
    "ontbreekt",
    "da definire",
    "mancante",
    "a definir",
    "em falta",
];

pub(super) fn find(
    tables: &[Table<'_>],
    (sentence, lower): (&Sentence, &str),
    words: &BTreeSet<String>,
    findings: &mut Findings,
) {
    for Table { grid, .. } in tables.iter().filter(|table| is_about(table, sentence, words)) {
        for column in columns(grid, lower, words) {
            let rows = || grid.body().filter(|row| !is_blank(row.cell(grid.label)));
            let empty: Vec<Said> =
                rows().filter(|row| is_nothing(row.cell(column))).map(|row| row.said()).collect();
            if empty.is_empty() || empty.len() * 2 > rows().count() {
                continue;
            }
            let verb = if empty.len() == 1 { "row has" } else { "rows have" };
            let message = format!("«{}», and {} {verb} none", sentence.text.plain.trim(), empty.len());
            findings.certain(message, std::iter::once(sentence.said()).chain(empty).collect());
            return;
        }
    }
}

fn is_nothing(cell: &str) -> bool {
    let lower = cell.to_lowercase();
    is_blank(cell) || (says(&lower, NOTHING) && lower.split_whitespace().count() <= 4)
}

/// A table with the words of what its rows are called and of its heading.
pub(super) struct Table<'a> {
    grid: &'a Grid<'a>,
    title: BTreeSet<String>,
    heading: BTreeSet<String>,
}

/// Every table that claims are compared with.
pub(super) fn tables<'a>(facts: &'a Facts<'a>) -> Vec<Table<'a>> {
    let words = |text: &str| {
        let name = Name::of(text);
        name.words.into_iter().chain(name.deeds).collect()
    };
    let made = facts.grids.iter().map(|grid| Table {
        grid,
        title: words(&grid.header(grid.label)),
        heading: words(&facts.section(grid.section).title.plain),
    });
    made.collect()
}

/// Whether the rows of a table are what is claimed of.
fn is_about(table: &Table<'_>, sentence: &Sentence, words: &BTreeSet<String>) -> bool {
    !table.title.is_disjoint(words)
        || (table.grid.section == sentence.section && !table.heading.is_disjoint(words))
}

/// The columns of what all of them are said to have.
fn columns(grid: &Grid<'_>, lower: &str, words: &BTreeSet<String>) -> Vec<usize> {
    let own = Name::of(&grid.header(grid.label));
    let is_named = |at: usize| {
        let header = grid.header(at);
        let name = Name::of(&header);
        let by_word = name
            .words
            .iter()
            .chain(&name.deeds)
            .any(|word| words.contains(word) && !own.words.contains(word));
        let by_role = match grid.roles[at] {
            Role::Owner => says(lower, COLUMNS[1].0),
            Role::Due => says(lower, COLUMNS[2].0),
            _ => says(lower, COLUMNS[0].0) && says(&header, COLUMNS[0].1),
        };
        by_word || by_role
    };
    (0..grid.roles.len())
        .filter(|at| *at != grid.label && grid.roles[*at] != Role::Id && is_named(*at))
        .collect()
}
