//! The fields at the head of a document, and sentences that give one of them another value.

use std::collections::BTreeSet;

use super::super::facts::word::{self, says};
use super::super::facts::{Facts, Place, Sentence};
use super::super::kind::{Findings, Said};
use super::told::{self, Told};
use crate::name::Name;
use crate::value;

/// A field of the head.
pub(super) struct Field {
    /// In small letters.
    pub(super) key: String,
    /// The stems of its words.
    pub(super) words: BTreeSet<String>,
    pub(super) value: String,
    pub(super) said: Said,
}

/// Lines that may be the head, and fields of it.
const HEAD: u32 = 30;
const MOST: usize = 40;

/// Keys that say too little to be found again in a sentence.
const GENERAL: &[&str] = &[
    "date",
    "datum",
    "fecha",
    "data",
    "stand",
    "status",
    "version",
    "author",
    "autor",
    "time",
    "scope",
    "state",
    "from",
    "to",
    "subject",
    "name",
    "issue",
    "type",
    // Parts have a score and a verdict too, and other rules know which is of the whole.
    "score",
    "verdict",
    "result",
    "rating",
    "wertung",
    "ergebnis",
    "note",
    "résultat",
    "puntuación",
    "resultado",
    "punteggio",
    "risultato",
    "pontuação",
    "uitslag",
    "wynik",
];
/// Then it is another time or another one.
pub(super) const OLD: &[&str] = &[
    "original*",
    "previous*",
    "earlier",
    "last year",
    "last time",
    "no longer",
    "instead of",
    "moved",
    "postponed",
    "extended",
    "shortened",
    "until now",
    "so far",
    "before",
    "formerly",
    "rehearsal",
    "in the test",
    "in staging",
    "ursprünglich",
    "bisher*",
    "früher*",
    "anstatt",
    "statt am",
    "statt der",
    "verschoben",
    "vorher*",
    "zuvor",
    "initialement",
    "auparavant",
    "au lieu",
    "précédent*",
    "reporté*",
    "anterior*",
    "antes",
    "aplazad*",
    "en lugar",
    "originalmente",
    "eerder",
    "vorige",
    "oorspronkelijk",
    "verschoven",
    "in plaats",
    "precedent*",
    "inizialmente",
    "invece",
    "rinviat*",
    "em vez",
    "inicialmente",
    "adiad*",
    "if",
    "would",
    "could",
    "at first",
    "v1",
    "january's",
    "was",
];

/// Every field at the head.
pub(super) fn fields(facts: &Facts<'_>) -> Vec<Field> {
    let lines = facts.sentences.iter().take_while(|sentence| sentence.text.span.line <= HEAD);
    let lines = lines
        .filter(|sentence| sentence.place != Place::Heading && facts.section(sentence.section).level != 2);
    let mut found: Vec<Field> = lines
        .flat_map(|sentence| sentence.text.fields().into_iter().map(move |field| (sentence, field)))
        .filter_map(|(sentence, field)| of(&field.key.plain, &field.value.plain, sentence.said()))
        .collect();
    let tables =
        facts.grids.iter().filter(|grid| grid.table.header.len() == 2 && grid.table.span.line <= HEAD);
    found.extend(
        tables.flat_map(|grid| grid.rows.iter()).filter_map(|row| of(row.cell(0), row.cell(1), row.said())),
    );
    // What each section has a field of is of the sections.
    let all: Vec<String> = facts
        .sentences
        .iter()
        .flat_map(|sentence| sentence.text.fields())
        .map(|field| field.key.plain.trim().to_lowercase())
        .take(MOST * 20)
        .collect();
    found.retain(|field| all.iter().filter(|key| **key == field.key).count() <= 1);
    found.truncate(MOST);
    found
}

fn of(key: &str, value: &str, said: Said) -> Option<Field> {
    let name = Name::of(key);
    let words: BTreeSet<String> = name.words.into_iter().chain(name.deeds).collect();
    let key = key.trim().to_lowercase();
    // `14 April 2026, three clinics`: the day stands first.
    let first = value.split(", ").next().filter(|first| !value::dates(first).is_empty());
    let value = first.unwrap_or(value);
    let is_key = value.split_whitespace().count() <= 4
        && !words.is_empty()
        && words.len() <= 5
        && !GENERAL.contains(&key.as_str());
    is_key.then(|| Field { key, words, value: value.trim().to_owned(), said })
}

pub(super) fn find(facts: &Facts<'_>, fields: &[Field], findings: &mut Findings) {
    for field in fields {
        outage(facts, field, findings);
        let Some(own) = told::of_cell(facts.calendar, &field.value) else { continue };
        dated(facts, field, &own, findings);
        for (at, sentence) in facts.sentences.iter().enumerate() {
            let is_told = matches!(sentence.place, Place::Prose | Place::Item);
            if is_told && sentence.text.span.line != field.said.span.line {
                compare(facts, field, &own, at, findings);
            }
        }
    }
}

/// `- 21 April: pilot starts` and `| 22 August | Cut-over |` against the date at the head.
fn dated(facts: &Facts<'_>, field: &Field, own: &Told, findings: &mut Findings) {
    const OTHER: &[&str] = &[
        "rehearsal*",
        "freeze",
        "prepar*",
        "check*",
        "reminder*",
        "decision",
        "review",
        "end",
        "ends",
        "probe*",
        "répétition*",
        "ensayo*",
    ];
    if matches!(own, Told::Amount(_)) {
        return;
    }
    let lines =
        facts.sentences.iter().filter(|sentence| sentence.place == Place::Item).filter_map(|sentence| {
            let (date, what) = sentence.text.plain.split_once(": ")?;
            Some((date.to_owned(), what.to_owned(), sentence.said()))
        });
    let rows = facts.grids.iter().filter(|grid| (2..=4).contains(&grid.roles.len()));
    let rows = rows.flat_map(|grid| grid.body().map(move |row| (grid, row))).filter_map(|(grid, row)| {
        let date = (0..grid.roles.len()).find(|at| !facts.calendar.dates(row.cell(*at)).is_empty())?;
        let what =
            (0..grid.roles.len()).find(|at| *at != date && row.cell(*at).chars().any(char::is_alphabetic))?;
        Some((row.cell(date).to_owned(), row.cell(what).to_owned(), row.said()))
    });
    for (date, what, said) in lines.chain(rows).filter(|(_, _, said)| said.span.line != field.said.span.line)
    {
        let dates = facts.calendar.dates(&date);
        let ([day], true) = (dates.as_slice(), date.split_whitespace().count() <= 4) else { continue };
        let first: Vec<&str> = what.split_whitespace().take(field.words.len() + 1).collect();
        let name = Name::of(&first.join(" "));
        let is_one = field.words.iter().all(|word| name.words.contains(word) || name.deeds.contains(word));
        let lower = what.to_lowercase();
        let day = Told::Day(day.value);
        if is_one && !says(&lower, OLD) && !says(&lower, OTHER) && day.differs(own) {
            let message = format!("the {} is {} at the head, and «{date}: {what}»", field.key, field.value);
            findings.certain(message, vec![said, field.said.clone()]);
        }
    }
}

/// One sentence with one value of the kind of the field.
fn compare(facts: &Facts<'_>, field: &Field, own: &Told, at: usize, findings: &mut Findings) {
    let Some(sentence) = facts.sentences.get(at) else { return };
    let lower = sentence.lower();
    // Names cost time: only where a word of the key is near.
    let Some(first) = field.words.iter().max_by_key(|word| word.len()) else { return };
    let before = at
        .checked_sub(1)
        .and_then(|at| facts.sentences.get(at))
        .filter(|other| other.section == sentence.section);
    let is_near = lower.contains(first.as_str())
        || before.is_some_and(|before| before.lower().contains(first.as_str()));
    if !is_near || says(&lower, OLD) {
        return;
    }
    let found = told::all(facts.calendar, &sentence.text.plain);
    let alike: Vec<&(Told, std::ops::Range<usize>)> =
        found.iter().filter(|(told, _)| told.is_comparable(own)).collect();
    let [(told, range)] = alike.as_slice() else { return };
    if !told.differs(own) {
        return;
    }
    let Some(is_sure) = is_of(field, sentence, before, range.start) else { return };
    let message =
        format!("the {} is {} at the head, and «{}»", field.key, field.value, sentence.text.plain.trim());
    findings.say(is_sure, message, vec![sentence.said(), field.said.clone()]);
}

/// Whether the value of a sentence is of the field, and whether that is sure.
fn is_of(field: &Field, sentence: &Sentence, before: Option<&Sentence>, value: usize) -> Option<bool> {
    let lower = sentence.lower();
    let name = Name::of(&lower);
    let own: BTreeSet<String> = name.words.into_iter().chain(name.deeds).collect();
    let here = field.words.intersection(&own).count();
    if here == field.words.len() {
        let gap = gap(field, &lower, value)?;
        return match (here, gap) {
            (1, 0..=2) => Some(true),
            (1, _) => None,
            (_, 0..=6) => Some(true),
            (_, 0..=14) => Some(false),
            _ => None,
        };
    }
    // `The exercise is over. The next one is in May.`
    let name = Name::of(&before?.lower());
    let all: BTreeSet<String> = own.into_iter().chain(name.words).chain(name.deeds).collect();
    let is_next = says(&lower, NEXT) && says(&field.key, NEXT);
    (is_next && field.words.iter().all(|word| says(word, NEXT) || all.contains(word))).then_some(false)
}

const NEXT: &[&str] =
    &["next", "nächste*", "nächst*", "prochain*", "próxim*", "volgend*", "prossim*", "następn*", "nästa"];

/// Words between the last word of the key and the value behind it.
fn gap(field: &Field, lower: &str, value: usize) -> Option<usize> {
    let head = lower.get(..value)?;
    let last =
        field.words.iter().filter_map(|word| head.rfind(word.as_str()).map(|at| at + word.len())).max()?;
    Some(head.get(last..)?.split_whitespace().skip(1).count())
}

/// No outage is planned, and something is out of service for a while.
fn outage(facts: &Facts<'_>, field: &Field, findings: &mut Findings) {
    const KEYS: &[&str] = &[
        "outage*",
        "downtime",
        "interruption*",
        "ausfall*",
        "ausfallzeit",
        "unterbrechung*",
        "interruption",
        "coupure*",
        "interrupción",
        "corte*",
        "onderbreking",
        "uitval",
        "interruzione",
        "interrupção",
    ];
    const OUT: &[&str] = &[
        "out of service",
        "is down",
        "are down",
        "unavailable",
        "offline",
        "not available",
        "no service",
        "downtime of",
        "außer betrieb",
        "nicht verfügbar",
        "nicht erreichbar",
        "hors service",
        "indisponible*",
        "fuera de servicio",
        "no disponible*",
        "buiten dienst",
        "niet beschikbaar",
        "fuori servizio",
        "fora de serviço",
        "indisponíve*",
    ];
    let value = field.value.to_lowercase();
    let is_none = says(
        &value,
        &[
            "none", "no", "zero", "0", "keine", "keiner", "kein", "aucune", "aucun", "ninguna", "ninguno",
            "geen", "nessuna", "nenhuma",
        ],
    );
    if !says(&field.key, KEYS) || !is_none || value.split_whitespace().count() > 3 {
        return;
    }
    let told = facts.sentences.iter().find(|sentence| {
        let lower = sentence.lower();
        matches!(sentence.place, Place::Prose | Place::Item)
            && says(&lower, OUT)
            && !says(&lower, OLD)
            && !word::denies(&lower.replace("not available", "").replace("no service", ""))
            && !value::durations(&lower).is_empty()
    });
    if let Some(sentence) = told {
        let message = format!("the {} is «{}», and «{}»", field.key, field.value, sentence.text.plain.trim());
        findings.certain(message, vec![field.said.clone(), sentence.said()]);
    }
}
