//! What a sentence says that a decision or requirement says: `as DEC-2 keeps events for 14 days`.

use std::collections::BTreeMap;

use super::super::facts::word::says;
use super::super::facts::{Facts, Place, Sentence};
use super::super::kind::Findings;
use super::head::OLD;
use super::told::{self, Told};
use crate::name::Name;
use crate::outline::SectionId;
use crate::value;

/// The most sentences with an id that are compared.
const MOST: usize = 300;

pub(super) fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let sections = sections(facts);
    if sections.is_empty() {
        return;
    }
    let told = facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    for sentence in told.take(MOST * 20) {
        let plain = &sentence.text.plain;
        let ids = value::ids(plain);
        let [id] = ids.as_slice() else { continue };
        let Some(section) = sections.get(&(id.value.prefix.clone(), id.value.number)) else { continue };
        let behind = plain.get(id.range.end..).unwrap_or_default();
        let values = told::all(facts.calendar, behind);
        let times: Vec<&Told> =
            values.iter().map(|(told, _)| told).filter(|told| matches!(told, Told::Amount(_))).collect();
        let is_inside = facts.chapter(sentence.section) == *section;
        if let ([own], false, false) = (times.as_slice(), is_inside, says(&sentence.lower(), OLD)) {
            against(facts, *section, own, sentence, behind, findings);
        }
    }
}

/// The sections whose heading begins with an id.
fn sections(facts: &Facts<'_>) -> BTreeMap<(String, u64), SectionId> {
    let titled = facts.outline.ids().filter_map(|id| {
        let found = value::ids(&facts.section(id).title.plain).into_iter().next()?;
        (found.range.start == 0 && facts.section(id).level <= 6)
            .then_some(((found.value.prefix, found.value.number), id))
    });
    titled.take(MOST).collect()
}

/// The one value of that kind which the section gives, in a sentence on the same.
fn against(
    facts: &Facts<'_>,
    section: SectionId,
    own: &Told,
    sentence: &Sentence,
    behind: &str,
    findings: &mut Findings,
) {
    let words = Name::of(behind).words;
    let inside = facts
        .sentences
        .iter()
        .filter(|other| facts.chapter(other.section) == section && other.place != Place::Cell);
    let mut rivals = Vec::new();
    for other in inside.take(60) {
        let name = Name::of(&other.text.plain);
        let shares = name.words.iter().any(|word| word.chars().count() >= 4 && words.contains(word));
        let alike = told::all(facts.calendar, &other.text.plain);
        let alike: Vec<Told> =
            alike.into_iter().map(|(told, _)| told).filter(|told| told.is_comparable(own)).collect();
        if alike.iter().any(|told| !told.differs(own)) {
            return;
        }
        // A word of the same for the same measure is one statement.
        rivals.extend(alike.first().filter(|_| shares && alike.len() == 1).map(|_| other));
    }
    if let Some(other) = rivals.first() {
        let message =
            format!("«{}», and there it is «{}»", sentence.text.plain.trim(), other.text.plain.trim());
        findings.certain(message, vec![sentence.said(), other.said()]);
    }
}
