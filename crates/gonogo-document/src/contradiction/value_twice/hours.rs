//! From when to when something is open, staffed or supported, told twice.

use std::collections::BTreeSet;

use super::super::facts::word::says;
use super::super::facts::{Facts, Place, Sentence};
use super::super::kind::Findings;
use super::head::OLD;
use crate::name::Name;

/// Hours of something.
struct Hours<'a> {
    from: u64,
    to: u64,
    words: BTreeSet<String>,
    sentence: &'a Sentence,
}

/// What is open or staffed.
const OPEN: &[&str] = &[
    "hotline*",
    "help desk",
    "helpdesk",
    "service desk",
    "support",
    "on-call",
    "on call",
    "desk",
    "office*",
    "staffed",
    "reachable",
    "standby",
    "coverage",
    "war room",
    "besetzt",
    "erreichbar",
    "bereitschaft*",
    "rufbereitschaft",
    "leitstelle",
    "astreinte*",
    "joignable*",
    "permanence*",
    "assistance",
    "guardia*",
    "soporte",
    "atención",
    "mesa de ayuda",
    "bereikbaar",
    "bezet",
    "servicedesk",
    "reperibilità",
    "assistenza",
    "presidio",
    "suporte",
    "atendimento",
    "plantão",
    "piquete",
];
/// Days that are told apart.
const DAYS: &[&str] = &[
    "weekend*",
    "saturday*",
    "sunday*",
    "samstag*",
    "sonntag*",
    "wochenende*",
    "samedi*",
    "dimanche*",
    "sábado*",
    "domingo*",
    "zaterdag*",
    "zondag*",
    "sabato",
    "domenica",
];
const MOST: usize = 60;

pub(super) fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let told = facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    let all: Vec<Hours<'_>> = told.filter_map(hours).take(MOST).collect();
    for (at, one) in all.iter().enumerate() {
        for other in all
            .iter()
            .skip(at + 1)
            .filter(|other| other.sentence.text.span.line != one.sentence.text.span.line)
        {
            let shared = one
                .words
                .intersection(&other.words)
                .filter(|word| is_open(word) || word.chars().count() >= 6)
                .count();
            let named = one.words.iter().any(|word| other.words.contains(word) && is_open(word));
            // One end is the same: it is the same shift.
            let is_one = (one.from == other.from) != (one.to == other.to);
            let days = |hours: &Hours<'_>| says(&hours.sentence.lower(), DAYS);
            if named && is_one && days(one) == days(other) {
                let message = format!(
                    "«{}», and «{}»",
                    one.sentence.text.plain.trim(),
                    other.sentence.text.plain.trim()
                );
                findings.say(shared >= 2, message, vec![other.sentence.said(), one.sentence.said()]);
            }
        }
    }
}

/// Whether a stem is of a word for what is open.
fn is_open(stem: &str) -> bool {
    let begins = |word: &&str| {
        let word = word.trim_end_matches('*');
        stem.chars().count() >= 4 && (word.starts_with(stem) || stem.starts_with(word))
    };
    OPEN.iter().any(begins)
}

fn hours(sentence: &Sentence) -> Option<Hours<'_>> {
    let lower = sentence.lower();
    if !says(&lower, OPEN) || says(&lower, OLD) {
        return None;
    }
    let clocks = super::super::clock_span::clocks(&sentence.text.plain);
    let [(from, ..), (to, ..)] = clocks.as_slice() else { return None };
    let name = Name::of(&lower);
    Some(Hours { from: *from, to: *to, words: name.words.into_iter().chain(name.deeds).collect(), sentence })
}
