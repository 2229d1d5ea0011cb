//! Who decides, leads, approves: one person at the head, another in the text or in a table of roles.

use std::collections::BTreeSet;

use super::super::facts::word::says;
use super::super::facts::{Facts, Place, Sentence};
use super::super::kind::Findings;
use super::head::Field;
use crate::name::Name;

/// The most names that are looked for.
const MOST: usize = 60;

pub(super) fn find(facts: &Facts<'_>, head: &[Field], findings: &mut Findings) {
    let people: BTreeSet<String> =
        head.iter().filter_map(|field| surname(&field.value)).chain(owners(facts)).take(MOST).collect();
    if people.len() < 2 {
        return;
    }
    for field in head {
        let Some(own) = surname(&field.value) else { continue };
        tables(facts, field, &own, findings);
        if field.words.len() < 2 {
            continue;
        }
        for sentence in
            facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
        {
            if sentence.text.span.line == field.said.span.line
                || sentence.text.fields().iter().any(|own| own.key.plain.to_lowercase() == field.key)
            {
                continue;
            }
            let named: Vec<&String> =
                people.iter().filter(|name| has_name(&sentence.text.plain, name)).collect();
            let [other] = named.as_slice() else { continue };
            if **other != own && is_about(facts, field, sentence) {
                let message =
                    format!("«{}: {}», and «{}»", field.key, field.value, sentence.text.plain.trim());
                findings.certain(message, vec![sentence.said(), field.said.clone()]);
            }
        }
    }
}

/// The last word of a text that is the name of one person: `Dr. Ann Bell`.
pub(super) fn surname(text: &str) -> Option<String> {
    let text = text.split('(').next().unwrap_or_default();
    if text.contains([',', ';', '/', '&', ':']) || text.chars().any(|c| c.is_ascii_digit()) {
        return None;
    }
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| {
            !matches!(*word, "Dr." | "Prof." | "Mr." | "Ms." | "Mrs." | "Herr" | "Frau" | "M." | "Mme")
        })
        .collect();
    let is_name = |word: &&str| {
        let letters = word.trim_end_matches('.');
        letters.chars().next().is_some_and(char::is_uppercase)
            && letters.chars().skip(1).any(|c| c.is_lowercase() || letters.chars().count() == 1)
            || letters.chars().count() == 1 && letters.chars().all(char::is_uppercase)
    };
    let is_person = (2..=3).contains(&words.len()) && words.iter().all(is_name);
    is_person.then(|| words.last().map(|word| (*word).to_owned()))?
}

/// The people of columns of owners and names.
fn owners(facts: &Facts<'_>) -> impl Iterator<Item = String> {
    facts.items.iter().filter_map(|item| surname(item.owner.as_deref()?))
}

fn has_name(text: &str, name: &str) -> bool {
    text.split(|c: char| !(c.is_alphanumeric() || c == '-')).any(|word| word == name)
}

/// Whether a sentence with the heading above it is about the field: two of its words begin alike,
/// and one of them in the sentence itself says what is done.
fn is_about(facts: &Facts<'_>, field: &Field, sentence: &Sentence) -> bool {
    const DOES: &[&str] = &[
        "decid*",
        "approv*",
        "lead*",
        "sign*",
        "authori*",
        "call*",
        "own*",
        "entscheide*",
        "genehmig*",
        "leite*",
        "verantwort*",
        "décid*",
        "approuv*",
        "dirig*",
        "decid*",
        "aprueba*",
        "autoriza*",
        "beslis*",
        "besluit*",
        "keurt",
        "approva*",
        "autorizza*",
        "aprova*",
    ];
    let lower = sentence.lower();
    if !says(&lower, DOES)
        || says(
            &lower,
            &["deputy", "stands in", "vertret*", "suppléant*", "suplente", "together", "with", "or"],
        )
    {
        return false;
    }
    let told = Name::of(&format!(
        "{} {lower}",
        facts.section(sentence.section).title.plain.trim_start_matches(|c: char| !c.is_alphabetic())
    ));
    let told: Vec<&String> = told.words.iter().chain(&told.deeds).collect();
    let is_told =
        |word: &&String| word.chars().count() >= 4 && told.iter().any(|other| begin_alike(word, other));
    field.words.iter().filter(is_told).count() >= 2
}

/// `decision` and `decides`.
fn begin_alike(one: &str, two: &str) -> bool {
    let shared = one.chars().zip(two.chars()).take_while(|(a, b)| a == b).count();
    shared >= 4 && shared * 2 >= one.chars().count().min(two.chars().count())
}

/// A role of the head in a table of roles and names.
fn tables(facts: &Facts<'_>, field: &Field, own: &str, findings: &mut Findings) {
    const NAMES: &[&str] =
        &["name", "person", "who", "nom", "nombre", "naam", "nome", "wer", "contact", "holder"];
    const ROLES: &[&str] = &[
        "role", "function", "rolle", "funktion", "rôle", "fonction", "rol", "función", "functie", "ruolo",
        "papel", "função",
    ];
    for grid in facts.grids.iter().take(200) {
        let column =
            |words: &[&str]| (0..grid.roles.len()).find(|at| words.contains(&grid.header(*at).trim()));
        let (Some(role), Some(name)) = (column(ROLES), column(NAMES)) else { continue };
        let rows: Vec<_> = grid.body().filter(|row| row.cell(role).to_lowercase() == field.key).collect();
        let [row] = rows.as_slice() else { continue };
        if surname(row.cell(name)).is_some_and(|other| other != own) {
            let message = format!(
                "the {} is {} at the head and {} in the table",
                field.key,
                field.value,
                row.cell(name)
            );
            findings.certain(message, vec![row.said(), field.said.clone()]);
        }
    }
}
