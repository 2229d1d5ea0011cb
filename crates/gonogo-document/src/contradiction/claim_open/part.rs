//! «Forms are complete» beside «37 of 41 forms are finished», and «capacity is proven for 1,500»
//! beside «the rehearsal reached 1,150».

use super::super::facts::share::{Share, shares};
use super::super::facts::word::{self, says};
use super::super::facts::{Facts, Place, Praise, Sentence};
use super::super::kind::Findings;
use crate::name::Name;
use crate::value::{self, Exact};

/// The most sentences with a share or a figure that are compared.
const MOST: usize = 150;

pub(super) fn find(facts: &Facts<'_>, praises: &[Praise], findings: &mut Findings) {
    parts(facts, praises, findings);
    figures(facts, findings);
}

/// All of them are said to be complete, and a part of them is.
fn parts(facts: &Facts<'_>, praises: &[Praise], findings: &mut Findings) {
    let told = facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    let counted: Vec<(&Sentence, Name, Share)> = told
        .filter_map(|sentence| {
            let lower = sentence.lower();
            let share = shares(&lower).into_iter().find(|share| share.part < share.whole)?;
            // The things that are counted stand right behind the share.
            let behind = lower.get(share.range.end..)?;
            let noun = behind.split([',', '.', ';', '(']).next().unwrap_or_default();
            let few: Vec<&str> = noun.split_whitespace().take(3).collect();
            let is_rule = says(&lower, OLD) || lower.contains('?');
            (!is_rule).then(|| (sentence, Name::of(&few.join(" ")), share))
        })
        .take(MOST)
        .collect();
    if counted.is_empty() {
        return;
    }
    for praise in praises {
        let is_whole =
            praise.word.contains("complete") || praise.word.contains("finished") || praise.is_of_all;
        let first = |noun: &Name| {
            !praise.subject.is_empty()
                && praise.subject.words.len() <= 2
                && praise.subject.words.is_subset(&noun.words)
        };
        let against =
            counted.iter().filter(|(sentence, _, _)| sentence.text.span.line != praise.said.span.line);
        let mut against = against.filter(|(_, noun, _)| is_whole && first(noun));
        if let Some((sentence, _, share)) = against.next() {
            let message = format!("«{}», and it is {} of {}", praise.said.text, share.part, share.whole);
            findings.certain(message, vec![praise.said.clone(), sentence.said()]);
        }
    }
}

/// Then it is another time, or a rule.
const OLD: &[&str] = &[
    "at least",
    "must",
    "should",
    "last week",
    "last month",
    "previous*",
    "earlier",
    "was",
    "were",
    "before",
    "if",
    "until",
    "on 1",
    "by ",
];
const PROVEN: &[&str] = &[
    "is proven for",
    "proven for",
    "proven up to",
    "proven at",
    "is tested for",
    "tested up to",
    "tested for",
    "verified for",
    "verified up to",
    "demonstrated for",
    "demonstrated up to",
    "shown for",
    "holds",
    "nachgewiesen für",
    "ist nachgewiesen bis",
    "est prouvé* pour",
    "está probad* para",
    "está demostrad* para",
    "bewezen voor",
    "dimostrat* per",
    "comprovad* para",
];
const REACHED: &[&str] = &[
    "reached",
    "peaked at",
    "topped out at",
    "sustained",
    "got as far as",
    "stopped at",
    "broke down at",
    "saturated at",
    "erreichte",
    "erreicht wurden",
    "a atteint",
    "ont atteint",
    "alcanzó",
    "haalde",
    "bereikte",
    "raggiunto",
    "atingiu",
];

/// Something is proven for a figure, and what was measured stayed under it.
fn figures(facts: &Facts<'_>, findings: &mut Findings) {
    let told =
        || facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    let proven: Vec<(&Sentence, Exact, String)> = told()
        .filter_map(|sentence| Some((sentence, behind(sentence, PROVEN)?)))
        .map(|(s, (v, u))| (s, v, u))
        .take(MOST)
        .collect();
    if proven.is_empty() {
        return;
    }
    let reached: Vec<(&Sentence, Exact, String)> = told()
        .filter_map(|sentence| Some((sentence, behind(sentence, REACHED)?)))
        .map(|(s, (v, u))| (s, v, u))
        .take(MOST)
        .collect();
    for (claim, value, unit) in &proven {
        let alike = || reached.iter().filter(|(_, _, other)| other == unit);
        let is_met = alike().any(|(_, other, _)| other >= value);
        if let (Some((sentence, _, _)), false) = (alike().next(), is_met) {
            let message = format!("«{}», and «{}»", claim.text.plain.trim(), sentence.text.plain.trim());
            findings.certain(message, vec![claim.said(), sentence.said()]);
        }
    }
}

/// The figure right behind one of these words, and the word that it counts.
fn behind(sentence: &Sentence, words: &[&str]) -> Option<(Exact, String)> {
    let lower = sentence.lower();
    let (at, found) = word::first(&lower, words)?;
    let is_real = !word::denies(&lower) && !says(&lower, &["must", "should", "if", "will"]);
    let rest = lower.get(at + found.trim_end_matches('*').len()..)?;
    let number = value::numbers(rest).into_iter().next().filter(|number| number.range.start <= 12)?;
    let unit = rest.get(number.range.end..)?.split_whitespace().next()?;
    let unit: String = unit.chars().filter(|c| c.is_alphabetic() || *c == '%').collect();
    (is_real && unit.chars().count() >= 2).then_some((number.value, unit))
}
