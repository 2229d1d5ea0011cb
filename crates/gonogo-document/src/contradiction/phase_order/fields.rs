//! What waits for what by ids: `Depends on: ED-001 and ED-006` under the heading of `ED-003`, and
//! sentences such as `R-2 needs R-5`.

use super::{Edge, VERBS};
use crate::contradiction::facts::word::{denies, says};
use crate::contradiction::facts::{Facts, GridRow, Place, Sentence};
use crate::contradiction::kind::Said;
use crate::value::{self, Id};

/// Rows that are looked at.
const MOST_ROWS: usize = 2_000;
/// Keys of fields that name what must be there first.
const KEYS: &[&str] = &[
    "depends on",
    "dependency",
    "dependencies",
    "needs",
    "requires",
    "prerequisite*",
    "waits for",
    "blocked by",
    "after",
    "voraussetzung*",
    "hängt ab von",
    "abhängig von",
    "abhängigkeit*",
    "braucht",
    "benötigt",
    "wartet auf",
    "dépend de",
    "dépendance*",
    "prérequis",
    "requiert",
    "attend",
    "depende de",
    "dependencia*",
    "requiere",
    "requisito* previo*",
    "requisitos previos",
    "dipende da",
    "dipendenz*",
    "prerequisit*",
    "richiede",
    "afhankelijk van",
    "afhankelijkheden",
    "vereist",
    "wacht op",
    "dependência*",
    "pré-requisito*",
    "requer",
    "zależy od",
    "wymaga",
];

/// Every need that is said with ids on both sides.
pub(super) fn edges(facts: &Facts<'_>) -> Vec<Edge> {
    let lines =
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    let lines = lines.filter(|sentence| value::has_digit(&sentence.text.plain));
    let told = lines
        .flat_map(|sentence| of_field(facts, sentence).or_else(|| of_verb(sentence)).unwrap_or_default());
    let rows = facts.grids.iter().flat_map(|grid| grid.body());
    told.chain(rows.take(MOST_ROWS).flat_map(of_row)).collect()
}

/// `R-42 | Guide released (needs the wiring standard, R-43)`: a row with an id, and a cell of it that needs
/// another.
fn of_row(row: &GridRow<'_>) -> Vec<Edge> {
    let ids = value::ids(row.cell(0));
    let [of] = ids.as_slice() else { return Vec::new() };
    let needs = |at: usize| {
        let cell = row.cell(at);
        let lower = format!(" {}", cell.to_lowercase().replace('(', " "));
        let (start, verb) = VERBS.iter().filter_map(|verb| Some((lower.find(verb)?, verb))).min()?;
        // One byte was put before it.
        let on = cell.get(start + verb.len() - 1..).filter(|_| cell.len() + 1 == lower.len())?;
        let on = on.split([')', ';', '.']).next().unwrap_or_default();
        (!denies(lower.get(..start)?)).then(|| made(&of.value, on, &row.said()))
    };
    (1..row.row.cells.len().min(12)).filter_map(needs).flatten().collect()
}

/// A field, in the section of the thing that waits.
fn of_field(facts: &Facts<'_>, sentence: &Sentence) -> Option<Vec<Edge>> {
    let field = sentence.text.field()?;
    if !says(&field.key.plain.to_lowercase(), KEYS) || field.key.plain.split_whitespace().count() > 3 {
        return None;
    }
    let path = facts.outline.path(sentence.section);
    let of = path.filter_map(|section| value::ids(&section.title.plain).into_iter().next()).next()?.value;
    Some(made(&of, &field.value.plain, &sentence.said()))
}

/// `R-2 needs R-5`: one id before the verb.
pub(super) fn of_verb(sentence: &Sentence) -> Option<Vec<Edge>> {
    let lower = sentence.lower();
    let (at, verb) = VERBS.iter().filter_map(|verb| Some((lower.find(verb)?, verb))).min()?;
    // Letters of another length in capitals would shift the place.
    let plain = Some(&sentence.text.plain).filter(|plain| plain.len() == lower.len())?;
    let head = value::ids(plain.get(..at)?);
    let [of] = head.as_slice() else { return None };
    (!denies(lower.get(..at)?))
        .then(|| made(&of.value, plain.get(at + verb.len()..).unwrap_or_default(), &sentence.said()))
}

fn made(of: &Id, on: &str, said: &Said) -> Vec<Edge> {
    if denies(&on.to_lowercase()) {
        return Vec::new();
    }
    let name = |id: &Id| format!("{} {}", id.prefix, id.number);
    let all = value::ids(on).into_iter().filter(|found| !found.value.is(of));
    all.map(|found| Edge { of: name(of), on: name(&found.value), said: said.clone() }).collect()
}
