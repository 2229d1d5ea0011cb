//! Who does a step: by the table of steps, and by a list of people or a sentence that names the step.

use std::collections::BTreeMap;

use super::super::facts::word::says;
use super::super::facts::{Facts, Grid, Place, Role};
use super::super::kind::{Findings, Said};

/// Words before the number of a step.
const STEPS: &[&str] = &[
    "step",
    "steps",
    "task",
    "schritt",
    "schritte",
    "aufgabe",
    "étape",
    "étapes",
    "tâche",
    "paso",
    "pasos",
    "tarea",
    "stap",
    "stappen",
    "taak",
    "passo",
    "passi",
    "passos",
    "krok",
    "steg",
    "activity",
    "aktivität",
];
const NAMES: &[&str] =
    &["name", "person", "who", "contact", "nom", "nombre", "naam", "nome", "wer", "contacto", "assignee"];
const DOES: &[&str] = &[
    "by",
    "owner",
    "owned by",
    "runs",
    "does",
    "performs",
    "carries out",
    "responsible",
    "led by",
    "durch",
    "verantwortlich",
    "führt",
    "übernimmt",
    "par",
    "assuré*",
    "por",
    "ejecuta",
    "door",
    "da",
    "esegue",
];
/// Longer tables are no plans.
const MOST: usize = 300;

pub(super) fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for plan in facts.grids.iter().filter(|grid| is_plan(facts, grid)).take(8) {
        let Some(column) = plan.column(Role::Owner) else { continue };
        let number =
            |row: &super::super::facts::GridRow<'_>| row.cell(0).trim_end_matches('.').parse::<u64>().ok();
        let owners: BTreeMap<u64, (&str, Said)> = plan
            .body()
            .filter_map(|row| Some((number(row)?, (row.cell(column), row.said()))))
            .filter(|(_, (owner, _))| owner.chars().any(char::is_alphabetic))
            .collect();
        tables(facts, plan, &owners, findings);
        sentences(facts, &owners, findings);
    }
}

/// A table with a column of owners whose rows are numbered, and that is about steps.
fn is_plan(facts: &Facts<'_>, grid: &Grid<'_>) -> bool {
    let rows = grid.body().count();
    let is_number =
        |cell: &str| !cell.is_empty() && cell.trim_end_matches('.').bytes().all(|b| b.is_ascii_digit());
    let title = format!("{} {}", facts.titles(grid.section), grid.headers.join(" "));
    (3..=MOST).contains(&rows)
        && grid.body().all(|row| is_number(row.cell(0)))
        && grid.column(Role::Owner).is_some()
        && says(&title, STEPS)
}

fn tables(facts: &Facts<'_>, plan: &Grid<'_>, owners: &BTreeMap<u64, (&str, Said)>, findings: &mut Findings) {
    for grid in facts.grids.iter().filter(|grid| grid.table.span != plan.table.span).take(100) {
        let named = (0..grid.roles.len()).find(|at| NAMES.contains(&grid.header(*at).trim()));
        let Some(who) = grid.column(Role::Owner).or(named).filter(|at| *at != grid.label) else { continue };
        for row in grid.body().take(MOST) {
            for step in steps(&row.cell(grid.label).to_lowercase()) {
                let Some((owner, said)) = owners.get(&step) else { continue };
                let other = row.cell(who);
                if other.chars().any(char::is_alphabetic) && is_other(owner, other) {
                    let message = format!("step {step} belongs to {owner} here and to {other} there");
                    findings.certain(message, vec![row.said(), said.clone()]);
                }
            }
        }
    }
}

fn sentences(facts: &Facts<'_>, owners: &BTreeMap<u64, (&str, Said)>, findings: &mut Findings) {
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        let lower = sentence.lower();
        let found = steps(&lower);
        let ([step], true) = (found.as_slice(), says(&lower, DOES)) else { continue };
        let Some((owner, said)) = owners.get(step) else { continue };
        let mut people: Vec<&str> = owners.values().map(|(name, _)| *name).collect();
        people.sort_unstable();
        people.dedup();
        let named: Vec<&&str> = people.iter().filter(|name| sentence.text.plain.contains(**name)).collect();
        if let [other] = named.as_slice()
            && is_other(owner, other)
        {
            let message = format!("step {step} belongs to {owner} in the plan and to {other} here");
            findings.likely(message, vec![sentence.said(), said.clone()]);
        }
    }
}

/// The numbers of steps that a text in small letters names.
fn steps(lower: &str) -> Vec<u64> {
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let pairs = words.windows(2).filter_map(|pair| match pair {
        [word, number] if STEPS.contains(word) => number.parse().ok(),
        _ => None,
    });
    pairs.collect()
}

/// Whether two names have no word in common.
pub(in super::super) fn is_other(one: &str, two: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 1);
        parts.map(str::to_lowercase).collect()
    };
    let two = words(two);
    !words(one).iter().any(|word| two.contains(word))
}
