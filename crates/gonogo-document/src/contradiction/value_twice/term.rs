//! A target or a measured value in a table, and another one of it in a sentence: `RTO`, `pool size`.

use super::super::facts::word::says;
use super::super::facts::{Facts, Grid, GridRow, Place, Role, Sentence};
use super::super::kind::Findings;
use super::head::OLD;
use super::told::{self, Told};

/// Words that say that what was asked is meant.
const ASKED: &[&str] = &[
    "agreed",
    "target*",
    "objective*",
    "limit*",
    "required",
    "goal*",
    "allowed",
    "budget*",
    "promised",
    "contract*",
    "slo",
    "vereinbart*",
    "ziel*",
    "vorgabe*",
    "grenz*",
    "gefordert*",
    "objectif*",
    "convenu*",
    "cible*",
    "exigé*",
    "objetivo*",
    "acordad*",
    "exigid*",
    "límite*",
    "doel*",
    "afgesproken",
    "eis",
    "concordat*",
    "obiettivo*",
    "richiest*",
    "meta",
    "acordad*",
];
/// Words of other scopes.
const SCOPES: &[&str] = &[
    "staging",
    "test",
    "per",
    "each",
    "one zone",
    "peak",
    "night*",
    "weekend*",
    "second region",
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "until",
    "from",
];
/// The most rows that are looked for.
const MOST: usize = 200;

pub(super) fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let told = facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    let told: Vec<(String, &Sentence)> = told.map(|sentence| (sentence.lower(), sentence)).collect();
    let rows = facts.grids.iter().filter(|grid| target(grid).is_some());
    let rows = rows.flat_map(|grid| grid.body().map(move |row| (grid, row))).take(MOST);
    for (grid, row) in rows {
        let Some(term) = term(row.cell(grid.label)) else { continue };
        for (lower, sentence) in told.iter().filter(|(lower, _)| lower.contains(term.as_str())) {
            compare(facts, grid, row, (&term, lower), sentence, findings);
        }
    }
}

/// The column of what was asked. `Objective` names the rows as often.
fn target(grid: &Grid<'_>) -> Option<usize> {
    (0..grid.roles.len()).find(|at| *at != grid.label && grid.roles[*at] == Role::Target)
}

/// What a row is called by in sentences: the letters in its parentheses, else its name.
fn term(label: &str) -> Option<String> {
    let short = label
        .split(['(', ')'])
        .nth(1)
        .filter(|inner| inner.chars().count() >= 3 && inner.chars().all(char::is_uppercase));
    let name = short.unwrap_or_else(|| label.split('(').next().unwrap_or_default()).trim().to_lowercase();
    let words = name.split_whitespace().count();
    let is_percentile = name.split_whitespace().any(|word| {
        word.starts_with('p') && word.len() <= 4 && word.bytes().skip(1).any(|b| b.is_ascii_digit())
    });
    // Other rules know percentiles, with what they are of.
    ((1..=3).contains(&words) && name.chars().count() >= 3 && !is_percentile).then_some(name)
}

fn compare(
    facts: &Facts<'_>,
    grid: &Grid<'_>,
    row: &GridRow<'_>,
    (term, lower): (&str, &str),
    sentence: &Sentence,
    findings: &mut Findings,
) {
    let Some(at) = super::super::facts::word::find(lower, term) else { return };
    let rest = lower.get(at + term.len()..).unwrap_or_default();
    // `RTO of 30 minutes`, `pool size is 60 connections`.
    let link = rest.trim_start();
    let links = [
        "of ",
        "is ",
        "von ",
        "ist ",
        "de ",
        "est ",
        "es ",
        "van ",
        "di ",
        "= ",
        ": ",
        "target of ",
        "limit of ",
        "at ",
    ];
    let Some(behind) = links.iter().find_map(|word| link.strip_prefix(word)) else { return };
    let asked = says(lower, ASKED);
    let found = told::all(facts.calendar, behind);
    let Some((told, _)) = found.first().filter(|(_, range)| range.start <= 4) else { return };
    let cells = |at: usize| told::of_cell(facts.calendar, row.cell(at));
    let all: Vec<Told> = (0..grid.roles.len()).filter_map(cells).collect();
    let asked_for = target(grid);
    let target = asked_for.and_then(cells);
    let is_known = all.iter().any(|other| !told.differs(other) && told.is_comparable(other));
    let Some(target) = target.filter(|target| told.differs(target) && !is_known) else { return };
    let is_other = says(lower, OLD) || (!asked && says(lower, SCOPES));
    if !is_other && matches!((&target, told), (Told::Amount(_), Told::Amount(_))) {
        let message = format!(
            "«{}» is {} in the table, and «{}»",
            row.cell(grid.label),
            row.cell(asked_for.unwrap_or_default()),
            sentence.text.plain.trim()
        );
        findings.say(asked, message, vec![sentence.said(), row.said()]);
    }
}
