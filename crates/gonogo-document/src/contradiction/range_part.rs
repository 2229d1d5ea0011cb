//! The first step covers some ids of a list, and a later step expects all of them.

use super::facts::word::says;
use super::facts::{Facts, Place, Sentence};
use super::kind::{Findings, Kind, Rule, Said};
use crate::value::{self, IdRange};

pub(super) const RULE: Rule =
    Rule { id: "range-part", kind: Kind::Omission, why: "What nobody starts cannot be finished.", find };

const STARTS: &[&str] = &[
    "initiate",
    "request",
    "ask for",
    "order",
    "start",
    "begin",
    "kick off",
    "apply for",
    "beantragen",
    "bestellen",
    "demander",
    "solicitar",
    "aanvragen",
    "provision",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let ranges: Vec<(&Sentence, IdRange)> = facts
        .sentences
        .iter()
        .filter(|sentence| sentence.place != Place::Code)
        .flat_map(|sentence| {
            value::id_ranges(&sentence.text.plain).into_iter().map(move |found| (sentence, found.value))
        })
        .take(200)
        .collect();
    for (sentence, range) in ranges.iter().filter(|(sentence, _)| says(&sentence.lower(), STARTS)) {
        let wider: Vec<&Sentence> = ranges
            .iter()
            .filter(|(other, whole)| {
                whole.prefix == range.prefix
                    && whole.first <= range.first
                    && whole.last >= range.last
                    && whole.count() > range.count()
                    && other.text.span != sentence.text.span
            })
            .map(|(other, _)| *other)
            .collect();
        let left: Vec<Said> = facts
            .items
            .iter()
            .filter(|item| item.id.as_ref().is_some_and(|id| id.prefix == range.prefix && !range.has(id)))
            .map(|item| item.said.clone())
            .collect();
        if !wider.is_empty() && !left.is_empty() {
            let message = format!(
                "«{}» starts {} of them, and nothing starts {} more that have a row",
                sentence.text.plain.trim(),
                range.count(),
                left.len()
            );
            findings.likely(
                message,
                std::iter::once(sentence.said())
                    .chain(wider.iter().map(|other| other.said()))
                    .chain(left)
                    .collect(),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn ids_that_nobody_starts_are_found() {
        let rows = "| ID | Item |\n|---|---|\n| EXT-1 | a |\n| EXT-2 | b |\n| EXT-3 | c |\n\n";
        assert_eq!(
            found(&RULE, &format!("{rows}1. Request EXT-1 to EXT-2\n2. Verify EXT-1 to EXT-3\n")),
            ["likely 7,8,5"]
        );
        assert!(
            found(&RULE, &format!("{rows}1. Request EXT-1 to EXT-3\n2. Verify EXT-1 to EXT-3\n")).is_empty()
        );
    }
}
