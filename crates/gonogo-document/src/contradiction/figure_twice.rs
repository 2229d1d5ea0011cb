//! One figure of the whole document with two values: the overall score, the pass rate, the time to
//! be ready, the latency at a percentile.

use super::facts::figure::figures;
use super::facts::word::says;
use super::facts::{Facts, Figure, Place, Sentence};
use super::kind::{Findings, Kind, Rule, Said};
use crate::value::{self, Duration};

pub(super) const RULE: Rule = Rule {
    id: "figure-twice",
    kind: Kind::Arithmetic,
    why: "A figure of the whole document has one value; with two, nobody knows which was decided on.",
    find,
};

/// Statements of one sort that are compared with others.
const MOST: usize = 60;
/// Phrases for one figure in percent.
const SCORES: &[&str] = &[
    "overall readiness",
    "overall production readiness",
    "overall score",
    "overall pass rate",
    "readiness score",
    "overall:",
    "gesamtwert",
    "total score",
    "score global",
    "puntuación global",
    "totaalscore",
    "overall rating",
];
/// Phrases for one time.
const TIMES: &[&str] = &[
    "time to production-ready",
    "time to ready",
    "time to green",
    "time to production",
    "total estimated time",
    "estimated time to",
    "total effort",
    "time to go-live",
    "total:",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let lines: Vec<&Sentence> = facts
        .sentences
        .iter()
        .filter(|sentence| {
            matches!(sentence.place, Place::Prose | Place::Item | Place::Heading)
                && sentence.text.plain.len() < 200
        })
        .collect();
    scores(&lines, findings);
    times(&lines, findings);
    percentiles(facts, findings);
    thresholds(facts, findings);
}

fn has(sentence: &Sentence, phrases: &[&str]) -> bool {
    let lower = sentence.lower();
    phrases.iter().any(|phrase| lower.contains(phrase))
}

fn scores(lines: &[&Sentence], findings: &mut Findings) {
    let stated: Vec<(&&Sentence, Figure)> = lines
        .iter()
        .filter(|sentence| has(sentence, SCORES) && is_reached(sentence))
        .filter_map(|sentence| {
            Some((sentence, figures(&sentence.text.plain).into_iter().find(|figure| figure.is_percent)?))
        })
        .collect();
    let Some(((first, score), others)) = stated.split_first() else { return };
    for (other, value) in others {
        if !score.could_be(&value.value) && !value.could_be(&score.value) {
            let message = format!("the whole has {} here and {} there", score.shown(), value.shown());
            findings.certain(message, vec![first.said(), other.said()]);
        }
    }
}

/// Whether a sentence says what was reached: no bound, and not what it was before.
fn is_reached(sentence: &Sentence) -> bool {
    const BOUND: &[&str] = &[
        "or more",
        "or better",
        "or higher",
        "at least",
        "minimum",
        "required",
        "must",
        "should",
        "threshold",
        "mindestens",
        "oder mehr",
        "au moins",
        "au minimum",
        "al menos",
        "como mínimo",
        "ten minste",
        "almeno",
        "pelo menos",
        "co najmniej",
    ];
    const BEFORE: &[&str] = &[
        "from",
        "since",
        "supersed*",
        "previous*",
        "last time",
        "earlier",
        "von",
        "zuvor",
        "depuis",
        "auparavant",
        "desde",
        "antes",
        "van",
        "prima",
    ];
    let lower = sentence.lower();
    let several = figures(&lower).into_iter().filter(|figure| figure.is_percent).count() > 1;
    !says(&lower, if several { BEFORE } else { BOUND })
}

fn times(lines: &[&Sentence], findings: &mut Findings) {
    let one = |sentence: &Sentence| -> Option<Duration> {
        match value::durations(&sentence.text.plain).as_slice() {
            [found] => Some(found.value.clone()),
            _ => None,
        }
    };
    let stated: Vec<(&&Sentence, Duration)> = lines
        .iter()
        .filter(|sentence| has(sentence, TIMES) && value::id_ranges(&sentence.text.plain).is_empty())
        .filter_map(|sentence| Some((sentence, one(sentence)?)))
        .collect();
    let Some(((first, time), others)) = stated.split_first() else { return };
    for (other, value) in others {
        let same = |hours: u32| {
            time.low_hours(hours) == value.low_hours(hours)
                && time.high_hours(hours) == value.high_hours(hours)
        };
        if !same(8) && !same(24) {
            let words = |sentence: &Sentence| {
                let found = value::durations(&sentence.text.plain).into_iter().next();
                found
                    .and_then(|found| sentence.text.plain.get(found.range).map(str::to_owned))
                    .unwrap_or_default()
            };
            let message = format!("the whole takes “{}” here and “{}” there", words(first), words(other));
            findings.certain(message, vec![first.said(), other.said()]);
        }
    }
}

/// `p95 180 ms` and `210 ms at p95`, of the same thing.
fn percentiles(facts: &Facts<'_>, findings: &mut Findings) {
    let mut stated: Vec<(&'static str, String, Duration, Said)> = Vec::new();
    for sentence in &facts.sentences {
        let lower = sentence.lower();
        let names: Vec<&'static str> =
            ["p50", "p90", "p95", "p99"].into_iter().filter(|name| lower.contains(name)).collect();
        let ([name], false) = (names.as_slice(), sentence.place == Place::Code) else { continue };
        let limit = |found: &value::Found<Duration>| {
            let before = lower.get(..found.range.start).unwrap_or_default();
            let word = before.rsplit(char::is_whitespace).find(|word| !word.is_empty()).unwrap_or_default();
            ["limit", "target", "<", "≤", "under", "below", "for", "of"]
                .iter()
                .any(|sign| word.ends_with(sign))
                || before.ends_with(['<', '≤'])
        };
        let measured: Vec<Duration> = value::durations(&lower)
            .into_iter()
            .filter(|found| {
                !limit(found)
                    && found.value.high_hours(24)
                        < super::facts::figure::whole(1) / super::facts::figure::whole(60)
            })
            .map(|found| found.value)
            .collect();
        if let [time] = measured.as_slice() {
            let path = facts.titles(sentence.section);
            stated.push((name, path, time.clone(), sentence.said()));
        }
    }
    stated.truncate(MOST);
    for (at, (name, _, time, said)) in stated.iter().enumerate() {
        for (other_name, _, other, place) in stated.iter().skip(at + 1) {
            if name == other_name && time.low_hours(24) != other.low_hours(24) {
                findings.likely(format!("{name} has two values"), vec![said.clone(), place.clone()]);
            }
        }
    }
}

/// A threshold in a table and another one in a sentence about the same measure.
fn thresholds(facts: &Facts<'_>, findings: &mut Findings) {
    const BOUNDS: &[&str] = &["above", "over", "exceeds", "below", "under", "at least", "at most"];
    let bounded: Vec<(String, Figure, &Sentence)> = facts
        .sentences
        .iter()
        .filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
        .map(|sentence| (sentence.lower(), sentence))
        .filter(|(lower, _)| BOUNDS.iter().any(|word| lower.contains(word)))
        .filter_map(|(lower, sentence)| {
            let mut percents = figures(&lower).into_iter().filter(|figure| figure.is_percent);
            let first = percents.next()?;
            percents.next().is_none().then_some((lower, first, sentence))
        })
        .take(MOST)
        .collect();
    for grid in &facts.grids {
        let Some(column) = grid.column(super::facts::Role::Target) else { continue };
        for row in grid.body().take(MOST) {
            let compared = value::comparisons(row.cell(column));
            let ([bound], label) = (compared.as_slice(), row.cell(grid.label).to_lowercase()) else {
                continue;
            };
            if label.split_whitespace().count() < 2 || !bound.value.is_percent {
                continue;
            }
            let others = bounded
                .iter()
                .filter(|(lower, figure, _)| figure.value != bound.value.value && lower.contains(&label));
            for (_, figure, sentence) in others {
                let message = format!(
                    "the threshold of “{label}” is {} here and {} there",
                    row.cell(column),
                    figure.shown()
                );
                findings.certain(message, vec![row.said(), sentence.said()]);
            }
        }
    }
}
