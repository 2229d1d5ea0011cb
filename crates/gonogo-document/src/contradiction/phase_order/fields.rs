//! What waits for what by ids: `Depends on: ED-001 and ED-006` under the heading of `ED-003`, and
//! sentences such as `R-2 needs R-5`.

use super::{Edge, VERBS};
use crate::contradiction::facts::word::{denies, says};
use crate::contradiction::facts::{Facts, Place, Sentence};
use crate::value::{self, Id};

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
    lines
        .flat_map(|sentence| of_field(facts, sentence).or_else(|| of_verb(sentence)).unwrap_or_default())
        .collect()
}

/// A field, in the section of the thing that waits.
fn of_field(facts: &Facts<'_>, sentence: &Sentence) -> Option<Vec<Edge>> {
    let field = sentence.text.field()?;
    if !says(&field.key.plain.to_lowercase(), KEYS) || field.key.plain.split_whitespace().count() > 3 {
        return None;
    }
    let path = facts.outline.path(sentence.section);
    let of = path.filter_map(|section| value::ids(&section.title.plain).into_iter().next()).next()?.value;
    Some(made(&of, &field.value.plain, sentence))
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
        .then(|| made(&of.value, plain.get(at + verb.len()..).unwrap_or_default(), sentence))
}

fn made(of: &Id, on: &str, sentence: &Sentence) -> Vec<Edge> {
    if denies(&on.to_lowercase()) {
        return Vec::new();
    }
    let name = |id: &Id| format!("{} {}", id.prefix, id.number);
    let all = value::ids(on).into_iter().filter(|found| !found.value.is(of));
    all.map(|found| Edge { of: name(of), on: name(&found.value), said: sentence.said() }).collect()
}
