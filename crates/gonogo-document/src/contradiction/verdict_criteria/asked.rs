//! The document lists what must hold for a GO, one of it does not hold by the document's own rows,
//! boxes or figures, and the launch is allowed.

mod rank;
mod share;

use super::super::facts::word::{self, says};
use super::super::facts::{Call, Facts, Grid, Launch, Place, Role, Sentence, Topic};
use super::super::kind::{Findings, Said};
use super::words::{ALL, ALLOWED, ASKS, CLOSED, FAILS, NO, NOT_YET, OPEN};
use crate::place::Span;
use crate::value::{self, Polarity};

/// The most criteria, and rows of one table, that are compared.
const MOST: usize = 60;
const ROWS: usize = 300;

pub(super) fn find(facts: &Facts<'_>, call: Option<&Call>, told: Option<Span>, findings: &mut Findings) {
    let Some(allowed) = allowed(facts, call) else { return };
    for criterion in
        criteria(facts).into_iter().filter(|own| own.text.span != allowed.span && told != Some(own.text.span))
    {
        let lower = criterion.lower();
        let against = unticked(facts, criterion)
            .or_else(|| of_severity(facts, criterion, &lower))
            .or_else(|| of_class(facts, &lower))
            .or_else(|| share::of_each(facts, criterion))
            .or_else(|| share::of_field(facts, criterion, &lower))
            .or_else(|| rank::of_rank(facts, &lower));
        if let Some(rows) = against {
            let message = format!(
                "«{}» must hold, «{}», and the launch is allowed",
                criterion.text.plain.trim(),
                rows.first().map(|row| row.text.as_str()).unwrap_or_default()
            );
            let places = [allowed.clone(), criterion.said()].into_iter().chain(rows).collect();
            findings.certain(message, places);
        }
    }
}

/// Where a launch is allowed: by a verdict, or in a sentence.
fn allowed(facts: &Facts<'_>, call: Option<&Call>) -> Option<Said> {
    let refuses =
        facts.calls.iter().any(|call| call.is_overall && !call.is_prose && call.launch == Launch::No);
    // `GO only if` is a rule and no verdict.
    let is_one = |call: &&Call| {
        call.launch == Launch::Yes
            && call.is_overall
            && !call.is_prose
            && !says(&call.said.text.to_lowercase(), ASKS)
    };
    let calls = call.into_iter().chain(&facts.calls);
    let by_call = calls.into_iter().find(is_one).map(|call| call.said.clone());
    let told = || {
        facts.sentences.iter().rev().find(|sentence| {
            let lower = sentence.lower();
            let is_told = matches!(sentence.place, Place::Prose | Place::Item | Place::Heading);
            is_told
                && says(&lower, ALLOWED)
                && !says(&lower, NOT_YET)
                && !lower.contains('?')
                && !is_criterion(facts, sentence)
        })
    };
    by_call.or_else(|| told().map(Sentence::said)).filter(|_| !refuses)
}

/// The sentences that say what must hold.
fn criteria<'f>(facts: &'f Facts<'_>) -> Vec<&'f Sentence> {
    let told = facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    told.filter(|sentence| is_criterion(facts, sentence)).take(MOST).collect()
}

fn is_criterion(facts: &Facts<'_>, sentence: &Sentence) -> bool {
    let lower = sentence.lower();
    let is_listed = sentence.place == Place::Item
        && (facts.is_directly_under(sentence.section, Topic::Criteria) || is_introduced(facts, sentence));
    is_listed || says(&lower, ASKS) || fails(&lower)
}

/// An item of a list whose lead says that what follows must hold: `GO only if`.
fn is_introduced(facts: &Facts<'_>, item: &Sentence) -> bool {
    let line = item.text.span.line;
    let above = facts.between(line.saturating_sub(12), line).iter().rev();
    let lead = above.filter(|other| other.section == item.section).find(|other| other.place != Place::Item);
    lead.is_some_and(|lead| says(&lead.lower(), ASKS))
}

/// A box of the list is not ticked, others are.
fn unticked(facts: &Facts<'_>, criterion: &Sentence) -> Option<Vec<Said>> {
    let line = criterion.text.span.line;
    let own = facts.items.iter().find(|item| item.said.span.line == line && item.ticked == Some(false))?;
    let is_used = facts.items.iter().any(|item| item.section == own.section && item.ticked == Some(true));
    is_used.then(|| vec![own.said.clone()])
}

/// `No open defect of severity 1`, `a critical issue that is open: FAIL`.
fn of_severity(facts: &Facts<'_>, criterion: &Sentence, lower: &str) -> Option<Vec<Said>> {
    if !says(lower, OPEN) || !(fails(lower) || says(lower, NO)) || says(lower, CLOSED) {
        return None;
    }
    let number = numbered(lower);
    let severities = value::severities(lower);
    let rank = match severities.as_slice() {
        [one] => Some(one.value.rank()),
        _ => None,
    };
    let rows = facts.grids.iter().filter(|grid| grid.table.span.line != criterion.text.span.line);
    let rows = rows.filter_map(|grid| Some((grid, grid.column(Role::Severity)?)));
    let rows = rows.flat_map(|(grid, at)| grid.body().take(ROWS).map(move |row| (grid, at, row)));
    let found = rows.filter(|(grid, at, row)| {
        let cell = row.cell(*at);
        let is_one = number.as_deref() == Some(cell.trim())
            || rank.is_some() && value::severity(cell).map(|own| own.rank()) == rank;
        is_one && is_open(facts, grid, row)
    });
    some(found.map(|(_, _, row)| row.said()).take(12).collect())
}

/// `… : FAIL`: what the sentence is about forbids a launch.
fn fails(lower: &str) -> bool {
    FAILS.iter().any(|word| lower.trim_end_matches(['.', '*', ' ']).ends_with(word))
}

/// The number of `severity 1`, where something denies it.
fn numbered(lower: &str) -> Option<String> {
    const KEYS: &[&str] = &[
        "of severity",
        "severity",
        "priority",
        "prio",
        "class",
        "schweregrad",
        "klasse",
        "gravité",
        "gravedad",
        "gravidade",
        "gravità",
        "ernst",
    ];
    let (no, _) = word::first(lower, NO)?;
    let rest = lower.get(no..)?;
    let (at, found) = word::first(rest, KEYS)?;
    let digits: String =
        rest.get(at + found.len()..)?.trim_start().chars().take_while(char::is_ascii_digit).collect();
    (digits.len() == 1).then_some(digits)
}

/// By its state, or as a row of what is open without states.
fn is_open(facts: &Facts<'_>, grid: &Grid<'_>, row: &super::super::facts::GridRow<'_>) -> bool {
    match grid.column(Role::Status) {
        Some(at) => value::mark(row.cell(at))
            .is_some_and(|mark| matches!(mark.polarity(), Polarity::Open | Polarity::Bad)),
        None => {
            let line = grid.table.span.line;
            let mut lead = facts.between(line.saturating_sub(4), line).iter();
            says(&facts.titles(grid.section), OPEN)
                || lead.any(|sentence| sentence.section == grid.section && says(&sentence.lower(), OPEN))
        }
    }
}

/// `All points classed «blocking» are GREEN`: rows with that cell that are not.
fn of_class(facts: &Facts<'_>, lower: &str) -> Option<Vec<Said>> {
    if !says(lower, ALL) || says(lower, OPEN) || lower.contains('%') {
        return None;
    }
    let mut found = Vec::new();
    for grid in &facts.grids {
        let Some(status) = grid.column(Role::Status) else { continue };
        let is_class = |at: usize, cell: &str| {
            at != status
                && at != grid.label
                && cell.split_whitespace().count() == 1
                && cell.chars().count() >= 4
                && cell.chars().all(char::is_alphabetic)
                && grid.roles[at] != Role::Owner
                && word::find(lower, &cell.to_lowercase()).is_some()
        };
        let rows = grid.body().take(ROWS).filter(|row| {
            let is_named = (0..grid.roles.len()).any(|at| is_class(at, row.cell(at)));
            is_named && is_short(row.cell(status))
        });
        found.extend(rows.map(|row| row.said()));
    }
    found.truncate(12);
    some(found)
}

/// Neither good nor neutral; colours are states too.
fn is_short(cell: &str) -> bool {
    const COLOURS: &[&str] = &[
        "red",
        "amber",
        "yellow",
        "orange",
        "rot",
        "gelb",
        "rouge",
        "jaune",
        "rojo",
        "naranja",
        "ámbar",
        "amarillo",
        "rood",
        "geel",
        "oranje",
        "rosso",
        "giallo",
        "arancione",
        "vermelho",
        "amarelo",
        "laranja",
    ];
    let mark = value::mark(cell).map(|mark| mark.polarity());
    matches!(mark, Some(Polarity::Bad | Polarity::Open))
        || COLOURS.contains(&cell.trim().to_lowercase().as_str())
}

/// Rows, if there are any.
fn some(rows: Vec<Said>) -> Option<Vec<Said>> {
    (!rows.is_empty()).then_some(rows)
}
