//! `3.6 of 5 categories`: a count that is no whole number, or is more than all there are.

mod of_them;

use super::facts::Facts;
use super::facts::figure::shown;
use super::kind::{Findings, Kind, Rule};
use crate::value::{self, Fraction};

pub(super) const RULE: Rule = Rule {
    id: "whole-count",
    kind: Kind::Arithmetic,
    why: "A number of things is a whole number, and a part is no larger than its whole.",
    find,
};

/// What can be had in parts: `3.5 of 5 points`.
const DIVISIBLE: &[&str] = &[
    "point", "star", "gb", "mb", "tb", "gib", "mib", "hour", "day", "minute", "second", "week", "month",
    "year", "core", "cpu", "vcpu", "fte", "punkt", "ms", "eur", "usd",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    of_them::check(facts, findings);
    for sentence in &facts.sentences {
        let text = &sentence.text.plain;
        let dates = value::dates(text).into_iter().map(|found| found.range);
        let dates: Vec<_> = dates.chain(super::facts::calendar::days(text)).collect();
        for found in value::fractions(text) {
            let Fraction { part, whole } = &found.value;
            // `Version 1.2 of 10 August`: a date is no whole.
            if dates.iter().any(|date| date.start < found.range.end && date.end > found.range.end) {
                continue;
            }
            let behind = text.get(found.range.end..).unwrap_or_default();
            let noun: String = behind.trim_start().chars().take_while(|c| c.is_alphanumeric()).collect();
            let noun = noun.to_lowercase();
            let is_divisible = noun.is_empty() || DIVISIBLE.iter().any(|unit| noun.starts_with(unit));
            let written = text.get(found.range.clone()).unwrap_or_default();
            // A ratio such as 16/9, or a version.
            let is_ratio = written.contains('/') && (noun.is_empty() || behind.starts_with(['/', '-', '.']));
            if !part.is_integer() && whole.is_integer() && !is_divisible {
                let message = format!(
                    "{} of {} {noun} cannot be counted: a number of things is whole",
                    shown(part),
                    shown(whole)
                );
                findings.certain(message, vec![sentence.said()]);
            } else if part > whole
                && !is_ratio
                && part.is_integer()
                && whole.is_integer()
                && !behind.trim_start().starts_with('%')
            {
                let message = format!("{} of {} is more than all there are", shown(part), shown(whole));
                findings.certain(message, vec![sentence.said()]);
            }
        }
    }
}
