//! A question or a goal with a bound, and an answer that says yes with a value beyond it.

use crate::contradiction::facts::bound::{Bound, Quantity, time};
use crate::contradiction::facts::claim::number_word;
use crate::contradiction::facts::word::{self, says};
use crate::contradiction::facts::{Facts, Sentence};
use crate::contradiction::kind::Findings;
use crate::value::{self, Relation};

/// Words that say that a goal was reached.
pub(super) const GOOD: &[&str] = &[
    "passed",
    "met",
    "kept",
    "ok",
    "within",
    "fulfilled",
    "achieved",
    "eingehalten",
    "respecté",
    "cumplido",
    "gehaald",
    "✅",
    "✔",
    "erreicht",
    "atteint*",
    "alcanzad*",
    "atingid*",
    "raggiunt*",
    "cumplid*",
    "superad*",
    "gehalten",
    "requirement met",
    "rispettat*",
];

/// A question, a rule or a goal with a bound, and in the next sentences the value and that it is met:
/// `Is a rollback done in under ten minutes? Yes. The last one took 14 minutes.`
pub(super) fn find(facts: &Facts<'_>, at: usize, findings: &mut Findings) {
    let Some(asked) = facts.sentences.get(at.saturating_sub(2)..at + 1) else { return };
    let Some(own) = asked.last() else { return };
    let near = |sentence: &&Sentence| sentence.section == own.section;
    let all: Vec<&Sentence> = asked.iter().filter(near).chain(heading(facts, own)).collect();
    let good = |sentence: &Sentence| {
        let lower = sentence.lower();
        let bare = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
        let is_yes = ["yes", "ja", "oui", "sí", "sim", "tak"]
            .iter()
            .any(|word| says(bare.get(..word.len()).unwrap_or_default(), &[word]));
        (is_yes || says(&lower, GOOD)) && !word::denies(&lower) && !lower.contains('?')
    };
    if !all.iter().any(|sentence| good(sentence)) {
        return;
    }
    for rule in &all {
        let Some(limit) = told_bound(rule) else { continue };
        for other in all.iter().filter(|other| other.text.span != rule.text.span) {
            let Some(measured) = told_value(rule, other, &limit) else { continue };
            if limit.is_missed_by(&measured) == Some(true)
                && (own.text.span == rule.text.span || own.text.span == other.text.span || good(own))
            {
                let message = format!("«{}», and «{}»", rule.text.plain.trim(), other.text.plain.trim());
                findings.certain(message, vec![other.said(), rule.said()]);
                return;
            }
        }
    }
}

/// The heading that an answer stands under, when it asks something.
fn heading<'a>(facts: &'a Facts<'_>, own: &Sentence) -> Option<&'a Sentence> {
    let title = facts.section(own.section).title.span;
    let line = facts.sentences.iter().find(|sentence| sentence.text.span == title)?;
    line.text.plain.contains('?').then_some(line)
}

/// The bound of a sentence: a time behind a word that limits, as digits or as a word.
fn told_bound(sentence: &Sentence) -> Option<Bound> {
    let lower = in_digits(&sentence.lower());
    let words: [(&[&str], Relation); 2] = [
        (
            &[
                "in under",
                "under",
                "within",
                "at most",
                "less than",
                "no more than",
                "innerhalb von",
                "höchstens",
                "en moins de",
                "au plus",
                "entro",
                "meta de",
                "meta",
                "ziel",
                "limit",
                "goal",
            ],
            Relation::AtMost,
        ),
        (&["at least", "mindestens", "au moins", "al menos", "almeno", "pelo menos"], Relation::AtLeast),
    ];
    let (at, relation) = words
        .iter()
        .filter_map(|(words, relation)| Some((word::first(&lower, words)?.0, *relation)))
        .min_by_key(|(at, _)| *at)?;
    let times = value::durations(&lower);
    let time = times.iter().find(|time| time.range.start > at)?;
    let between = lower.get(at..time.range.start)?;
    let near = between.split_whitespace().count() <= 5 && time.value.low == time.value.high;
    near.then(|| Bound {
        relation: Some(relation),
        of: Quantity { value: time.value.low_hours(24), unit: "hours".to_owned() },
    })
}

/// `ten minutes`, `a minute` with digits.
fn in_digits(lower: &str) -> String {
    let words = lower.split(' ').map(|word| match word {
        "a" | "one" | "an" | "einer" | "einem" | "une" | "un" => "1".to_owned(),
        _ => number_word(word).map_or_else(|| word.to_owned(), |number| number.to_string()),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The value of a sentence: its only time, or that behind the percentile that the rule names.
fn told_value(rule: &Sentence, other: &Sentence, limit: &Bound) -> Option<Quantity> {
    let lower = other.lower();
    let in_rule = rule.lower();
    let rank = in_rule.split(|c: char| !c.is_alphanumeric()).find(|word| {
        word.strip_prefix('p')
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    });
    let from = match rank {
        Some(rank) => lower.find(rank)? + rank.len(),
        None => 0,
    };
    let rest = lower.get(from..)?;
    let times = value::durations(rest);
    let is_bound = told_bound(other).is_some();
    let hours = match (rank, times.as_slice()) {
        (Some(_), [first, ..]) => (first.value.low == first.value.high).then(|| first.value.low_hours(24)),
        (None, _) if !is_bound => time(rest.get(times.first()?.range.start..times.last()?.range.end)?),
        _ => None,
    }?;
    let quantity = Quantity { value: hours, unit: limit.of.unit.clone() };
    let is_told = says(
        &lower,
        &[
            "took",
            "takes",
            "was",
            "dauerte",
            "off after",
            "after",
            "reached",
            "measured",
            "a duré",
            "tardó",
            "levou",
            "in",
        ],
    ) || rank.is_some();
    is_told.then_some(quantity)
}
