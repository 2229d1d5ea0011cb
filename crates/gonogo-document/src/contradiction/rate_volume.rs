//! A rate, a time and a number of requests that do not go together.

use super::facts::figure::{figures, shown, whole};
use super::facts::{Facts, Place, Sentence};
use super::kind::{Findings, Kind, Rule};
use crate::value::{self, Exact};

pub(super) const RULE: Rule = Rule {
    id: "rate-volume",
    kind: Kind::Arithmetic,
    why: "A rate that was held for a time gives a number of requests, which must be the one reported.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let lines: Vec<&Sentence> = facts
        .sentences
        .iter()
        .filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
        .collect();
    let rates: Vec<(&Sentence, Exact)> =
        lines.iter().filter_map(|sentence| Some((*sentence, rate(sentence)?))).collect();
    let totals: Vec<(&Sentence, Exact)> =
        lines.iter().filter_map(|sentence| Some((*sentence, total(sentence)?))).collect();
    let runs: Vec<(&Sentence, Exact)> =
        lines.iter().filter_map(|sentence| Some((*sentence, seconds(sentence)?))).collect();
    let (Some((rate_at, rate)), Some((total_at, total)), Some((run_at, longest))) =
        (rates.first(), totals.first(), runs.iter().min_by_key(|(_, seconds)| seconds))
    else {
        return;
    };
    let volume = rate * longest;
    if &volume > total && volume > (total * whole(11) / whole(10)) {
        let message = format!(
            "{} requests a second for {} seconds are {} requests, but {} are reported in all",
            shown(rate),
            shown(longest),
            shown(&volume),
            shown(total)
        );
        findings.likely(message, vec![total_at.said(), rate_at.said(), run_at.said()]);
    }
}

/// Requests a second.
fn rate(sentence: &Sentence) -> Option<Exact> {
    let lower = sentence.lower();
    let figure = figures(&lower).into_iter().find(|figure| {
        let behind = lower.get(figure.range.end..).unwrap_or_default().trim_start();
        [
            "rps",
            "req/s",
            "requests per second",
            "requests a second",
            "tps",
            "qps",
            "transactions per second",
            "requests/s",
        ]
        .iter()
        .any(|unit| behind.starts_with(unit))
    })?;
    Some(figure.value)
}

/// All requests that were looked at.
fn total(sentence: &Sentence) -> Option<Exact> {
    let lower = sentence.lower();
    let is_total = lower.contains("total") || lower.contains("in all") || lower.contains("analy");
    let figure = figures(&lower).into_iter().find(|figure| {
        let behind = lower.get(figure.range.end..).unwrap_or_default().trim_start_matches(['+', ' ']);
        behind.starts_with("request")
    })?;
    (is_total && figure.value >= whole(1_000)).then_some(figure.value)
}

/// How long a load was held.
fn seconds(sentence: &Sentence) -> Option<Exact> {
    let lower = sentence.lower();
    let holds = ["sustained", "load test", "held for", "per second for", "requests a second for"]
        .iter()
        .any(|word| lower.contains(word));
    let first = value::durations(&sentence.text.plain).into_iter().next()?;
    let seconds = first.value.low_hours(24) * whole(3_600);
    (holds && seconds >= whole(60)).then_some(seconds)
}
