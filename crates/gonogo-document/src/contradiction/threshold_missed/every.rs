//! A bound on every one of them that one misses: `p99 at most 400 ms in every window`, and a row of
//! the windows is above it, while the criterion is called met.

use super::super::facts::bound::{Bound, Quantity, relation};
use super::super::facts::figure::figure;
use super::super::facts::word::{self, says};
use super::super::facts::{Facts, Grid, Launch, Place};
use super::super::kind::{Findings, Said};
use crate::name::Name;
use crate::value;

const EVERY: &[&str] = &[
    "every", "each", "any", "all", "per", "no", "never", "jede*", "allen", "alle", "pro", "je", "chaque",
    "tout*", "tous", "cada", "todo*", "toda*", "elk*", "iedere", "per", "ogni", "tutti", "tutte", "każd*",
];
/// The most bounds that are compared.
const MOST: usize = 60;

/// A bound with the text that gives it.
struct Asked {
    bound: Bound,
    /// As printed: the number and the letters behind it.
    unit: String,
    lower: String,
    said: Said,
    /// A row that says itself that it is met.
    is_met: bool,
}

pub(super) fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let passing = passing(facts);
    for asked in asked(facts) {
        let Some(met) = asked.is_met.then(|| asked.said.clone()).or_else(|| passing.clone()) else {
            continue;
        };
        for grid in facts.grids.iter().filter(|grid| grid.table.span.line != asked.said.span.line) {
            let rows = misses(facts, grid, &asked);
            if let Some(first) = rows.first() {
                let message = format!("«{}» is called met, and «{}» misses it", asked.said.text, first.text);
                let places =
                    [asked.said.clone()].into_iter().chain(rows.iter().cloned()).chain([met.clone()]);
                findings.certain(message, places.collect());
            }
        }
    }
}

/// The verdict that lets it pass, or the claim that all criteria are met.
fn passing(facts: &Facts<'_>) -> Option<Said> {
    let refuses = facts.calls.iter().any(|call| call.is_overall && call.launch == Launch::No);
    let claim =
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item)).find(
            |sentence| {
                let lower = sentence.lower();
                let is_met = says(
                    &lower,
                    &[
                        "are met",
                        "were met",
                        "are fulfilled",
                        "sind erfüllt",
                        "sont remplis",
                        "se cumplen",
                        "zijn gehaald",
                        "sono soddisfatti",
                        "estão cumpridos",
                        "passed",
                        "bestanden",
                    ],
                );
                let is_all = says(
                    &lower,
                    &[
                        "criteri*",
                        "kriteri*",
                        "critère*",
                        "target*",
                        "goals",
                        "eisen",
                        "ziele",
                        "objectifs",
                        "objetivos",
                    ],
                );
                is_met
                    && is_all
                    && !word::denies(&lower)
                    && !says(&lower, &["if", "once", "when", "must", "only", "wenn"])
            },
        );
    let call = facts.calls.iter().find(|call| call.is_overall && call.launch == Launch::Yes);
    let verdict = facts.sentences.iter().find(|sentence| {
        let field = sentence.text.field();
        field.is_some_and(|field| {
            let key = field.key.plain.trim().to_lowercase();
            let mark = value::mark(&field.value.plain).and_then(|mark| mark.state);
            says(
                &key,
                &[
                    "verdict",
                    "result",
                    "outcome",
                    "ergebnis",
                    "urteil",
                    "résultat",
                    "resultado",
                    "resultaat",
                    "esito",
                ],
            ) && mark == Some(value::State::Pass)
        })
    });
    let claim = claim.or(verdict);
    let found = claim.map(|sentence| sentence.said()).or_else(|| call.map(|call| call.said.clone()));
    found.filter(|_| !refuses)
}

/// Sentences and rows that bound every one of something.
fn asked(facts: &Facts<'_>) -> Vec<Asked> {
    let told = facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    let of_sentence = told.filter_map(|sentence| {
        let unticked = facts
            .items
            .iter()
            .any(|item| item.ticked == Some(false) && item.said.span.line == sentence.text.span.line);
        let is_asked = is_asked(&sentence.lower(), sentence.place);
        read(&sentence.text.plain, sentence.said(), false).filter(|_| !unticked && is_asked)
    });
    let rows = facts.grids.iter().flat_map(|grid| grid.body().map(move |row| (grid, row)));
    let of_row = rows.filter_map(|(grid, row)| {
        let cells = (0..grid.roles.len()).filter(|at| *at != grid.label);
        let is_met = cells
            .clone()
            .any(|at| super::is_met(row.cell(at)) && row.cell(at).split_whitespace().count() <= 3);
        read(row.cell(grid.label), row.said(), is_met).filter(|_| is_met)
    });
    of_sentence.chain(of_row).take(MOST).collect()
}

/// Whether a sentence asks, and does not tell what is: `the share is below 85 %`.
fn is_asked(lower: &str, place: Place) -> bool {
    let asks = says(
        lower,
        &[
            "must",
            "has to",
            "have to",
            "needs",
            "require*",
            "criterion",
            "may",
            "muss",
            "müssen",
            "darf",
            "doit",
            "doivent",
            "debe*",
            "moet*",
            "deve",
            "devono",
            "devem",
            "shall",
        ],
    );
    let tells = says(
        lower,
        &["is", "was", "are", "were", "ist", "war", "lag", "est", "était", "es", "era", "fue", "è", "stayed"],
    );
    asks || (place == Place::Item && !tells)
}

fn read(text: &str, said: Said, is_met: bool) -> Option<Asked> {
    let lower = text.to_lowercase();
    let is_rule = says(&lower, EVERY) && !lower.contains('?') && lower.split_whitespace().count() <= 24;
    // `p99` is a name; the bound is the number behind its words.
    let (at, _) = word::first(&lower, BOUNDS)?;
    let relation = relation(lower.get(at..)?).filter(|_| is_rule)?;
    let number = value::numbers(&lower).into_iter().find(|number| number.range.start >= at)?;
    let unit: String = lower
        .get(number.range.end..)?
        .trim_start()
        .chars()
        .take_while(|c| c.is_alphabetic() || *c == '%')
        .collect();
    let is_unit = matches!(
        unit.as_str(),
        "%" | "ms" | "s" | "min" | "h" | "gb" | "mb" | "gib" | "mib" | "points" | "punkte"
    );
    let of = Quantity { value: number.value, unit: unit.clone() };
    is_unit.then_some(Asked { bound: Bound { relation: Some(relation), of }, unit, lower, said, is_met })
}

const BOUNDS: &[&str] = &[
    "at most",
    "at least",
    "no more than",
    "not more than",
    "no less than",
    "below",
    "under",
    "above",
    "max",
    "min",
    "up to",
    "over",
    "maximum",
    "minimum",
    "höchstens",
    "mindestens",
    "unter",
    "über",
    "maximal",
    "au plus",
    "au moins",
    "moins de",
    "como máximo",
    "al menos",
    "menos de",
    "hoogstens",
    "minstens",
    "al massimo",
    "almeno",
    "no máximo",
    "pelo menos",
    "≤",
    "≥",
    "<",
    ">",
];

/// The rows of a table about the same that miss a bound.
fn misses(facts: &Facts<'_>, grid: &Grid<'_>, asked: &Asked) -> Vec<Said> {
    let label = stems(&grid.header(grid.label)).into_iter().chain(stems(&grid.header(0)));
    let is_of = label.into_iter().any(|word| asked.lower.contains(word.as_str()));
    if !is_of || grid.rows.len() > 300 {
        return Vec::new();
    }
    for column in (0..grid.roles.len()).filter(|at| *at != grid.label && *at != 0) {
        let header = grid.header(column);
        let names = header.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= 3);
        let is_named = names.into_iter().any(|word| {
            word::find(&asked.lower, word).is_some()
                || word.chars().count() >= 5 && asked.lower.contains(word)
        });
        if !is_named || !is_in_unit(facts, grid, column, &asked.unit) {
            continue;
        }
        let Some(values) = grid.figures(column) else { continue };
        let missed = values.iter().filter(|(_, figure)| {
            let value = Quantity { value: figure.value.clone(), unit: asked.bound.of.unit.clone() };
            asked.bound.is_missed_by(&value) == Some(true)
        });
        let missed: Vec<Said> = missed.map(|(row, _)| row.said()).take(12).collect();
        // Where most miss it, the column is of something else.
        if !missed.is_empty() && missed.len() * 2 <= values.len() {
            return missed;
        }
    }
    Vec::new()
}

fn stems(text: &str) -> Vec<String> {
    let name = Name::of(text);
    name.words.into_iter().chain(name.deeds).filter(|word| word.chars().count() >= 3).collect()
}

/// Whether the numbers of a column are in a unit: by their own sign, the header, or the section.
fn is_in_unit(facts: &Facts<'_>, grid: &Grid<'_>, column: usize, unit: &str) -> bool {
    let own = grid.body().filter_map(|row| Some((row.cell(column), figure(row.cell(column))?))).next();
    let Some((cell, figure)) = own else { return false };
    if unit == "%" || figure.is_percent {
        return unit == "%" && figure.is_percent;
    }
    let long = match unit {
        "ms" => "milli*",
        "s" => "second*",
        "min" => "minute*",
        _ => unit,
    };
    let told = |text: &str| says(&text.to_lowercase(), &[unit, long]);
    let beside = facts
        .sentences
        .iter()
        .filter(|sentence| sentence.section == grid.section && sentence.place == Place::Prose);
    told(cell)
        || told(&grid.header(column))
        || !cell.chars().any(char::is_alphabetic)
            && beside.into_iter().any(|sentence| told(&sentence.text.plain))
}
