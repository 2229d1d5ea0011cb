//! A sentence says what must be done before the launch, by ids or by severity, and one of it is due
//! later; a signature is given after it.

use std::collections::BTreeSet;

use crate::contradiction::facts::moment::Moment;
use crate::contradiction::facts::word::says;
use crate::contradiction::facts::{Facts, Item, Place, Role, Sentence};
use crate::contradiction::kind::{Findings, Said};
use crate::value::{self, Polarity, Severity};

const BEFORE: &[&str] = &[
    "before",
    "prior to",
    "ahead of",
    "condition for",
    "conditions for",
    "vor der",
    "vor dem",
    "bedingung für",
    "avant",
    "condition de",
    "antes de",
    "antes del",
    "antes do",
    "antes da",
    "condición para",
    "condição para",
    "prima del",
    "prima della",
    "przed",
    "voor",
    "warunkiem",
];
const LAUNCH: &[&str] = &[
    "launch*",
    "go-live",
    "go live",
    "going live",
    "opening",
    "cutover",
    "cut-over",
    "release",
    "start",
    "umschaltung",
    "inbetriebnahme",
    "eröffnung",
    "mise en production",
    "mise en service",
    "lancement",
    "ouverture",
    "puesta en servicio",
    "puesta en producción",
    "puesta en marcha",
    "lanzamiento",
    "lançamento",
    "entrada em produção",
    "avvio",
    "messa in esercizio",
    "uruchomieniem",
    "livegang",
];
const MUST: &[&str] = &[
    "must",
    "have to",
    "has to",
    "is a condition",
    "are conditions",
    "required",
    "müssen",
    "muss",
    "bedingung",
    "doivent",
    "doit",
    "deben",
    "debe",
    "son condición",
    "es condición",
    "devono",
    "deve",
    "devem",
    "muszą",
    "musi",
    "moeten",
    "moet",
    "fix",
];

pub(super) fn find(facts: &Facts<'_>, launch: &Moment, findings: &mut Findings) {
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        let lower = sentence.lower();
        if !says(&lower, BEFORE) || !says(&lower, LAUNCH) || !says(&lower, MUST) {
            continue;
        }
        for item in named(facts, sentence, &lower).into_iter().filter(|item| !is_done(item)) {
            let Some(date) = due(facts, item).filter(|date| *date > launch.date) else { continue };
            let message = format!(
                "«{}» must be done before the launch on {}, and is due on {date}",
                item.title, launch.date
            );
            findings.certain(message, vec![item.said.clone(), sentence.said(), launch.said.clone()]);
        }
    }
    signed_late(facts, launch, findings);
}

/// The things that a sentence names by their ids or by their severity.
fn named<'f>(facts: &'f Facts<'_>, sentence: &Sentence, lower: &str) -> Vec<&'f Item> {
    let text = &sentence.text.plain;
    let mut ids: BTreeSet<(String, u64)> =
        value::ids(text).into_iter().map(|found| (found.value.prefix, found.value.number)).collect();
    for range in value::id_ranges(text) {
        ids.extend(
            (range.value.first..=range.value.last)
                .take(200)
                .map(|number| (range.value.prefix.clone(), number)),
        );
    }
    let severities: Vec<Severity> = value::severities(lower).into_iter().map(|found| found.value).collect();
    let words = crate::name::Name::of(lower).words;
    let is_told = |item: &Item| {
        let own = &item.name.words;
        own.len() <= 3 && !own.is_empty() && own.is_subset(&words) && ids.is_empty()
    };
    let is_one = |item: &&Item| {
        is_told(item)
            || match &item.id {
                Some(id) if !ids.is_empty() => ids.contains(&(id.prefix.clone(), id.number)),
                _ => ids.is_empty() && item.any_severity().is_some_and(|own| severities.contains(&own)),
            }
    };
    facts.items.iter().filter(is_one).filter(|item| item.said.span != sentence.text.span).take(60).collect()
}

/// Whether it is done.
fn is_done(item: &Item) -> bool {
    item.ticked == Some(true) || item.mark.is_some_and(|mark| mark.polarity() == Polarity::Good)
}

fn due(facts: &Facts<'_>, item: &Item) -> Option<jiff::civil::Date> {
    item.due.or_else(|| facts.calendar.dates(&item.said.text).last().map(|found| found.value))
}

/// A role that signs after the launch.
fn signed_late(facts: &Facts<'_>, launch: &Moment, findings: &mut Findings) {
    for grid in &facts.grids {
        let is_sign_off = says(
            &grid.header(0),
            &["role", "rolle", "rôle", "rol", "ruolo", "approver", "signatory", "function"],
        );
        let column = (0..grid.roles.len())
            .find(|at| says(&grid.header(*at), &["date", "datum", "fecha", "signed on", "data"]));
        let Some(column) = column.filter(|_| is_sign_off) else { continue };
        for row in grid.body() {
            let date = facts.calendar.dates(row.cell(column)).first().map(|found| found.value);
            let approves = grid
                .column(Role::Decision)
                .or(grid.column(Role::Status))
                .is_none_or(|at| crate::contradiction::facts::crowd::stands(row.cell(at)) == Polarity::Good);
            if let Some(date) = date.filter(|date| approves && *date > launch.date) {
                let places: Vec<Said> = vec![row.said(), launch.said.clone()];
                findings.certain(
                    format!("«{}» signs on {date}, after the launch on {}", row.cell(0), launch.date),
                    places,
                );
            }
        }
    }
}
