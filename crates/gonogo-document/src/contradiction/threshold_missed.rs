//! A measured value misses its target and is called met.

use super::facts::word::says;
use super::facts::{Facts, Grid, GridRow, Place, Role, Sentence};
use super::kind::{Findings, Kind, Rule};
use crate::value::{self, Exact, Polarity, Relation, State};

pub(super) const RULE: Rule = Rule {
    id: "threshold-missed",
    kind: Kind::Verdict,
    why: "What was measured is beyond the limit beside it.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        in_sentence(sentence, findings);
    }
    for grid in &facts.grids {
        // `Objective` names the row, `Target` has its figure.
        let target = (0..grid.roles.len())
            .find(|at| grid.roles[*at] == Role::Target && *at != grid.label && has_figures(grid, *at));
        let (Some(target), Some(actual), Some(status)) =
            (target, grid.column(Role::Actual), grid.column(Role::Status))
        else {
            continue;
        };
        for row in grid.body().filter(|row| is_met(row.cell(status))) {
            if misses(row, target, actual) == Some(true) {
                let message = format!(
                    "«{}» is {} with a limit of {}, and is called {}",
                    row.cell(grid.label),
                    row.cell(actual),
                    row.cell(target),
                    row.cell(status)
                );
                findings.certain(message, vec![row.said()]);
            }
        }
    }
}

/// `p95 was 820 ms against a limit of 500 ms: passed`.
fn in_sentence(sentence: &Sentence, findings: &mut Findings) {
    let lower = sentence.lower();
    let limits = [
        "limit",
        "target",
        "allowed",
        "maximum",
        "at most",
        "budget",
        "slo",
        "objective",
        "grenze",
        "ziel",
        "limite",
        "cible",
        "objetivo",
        "doel",
    ];
    let good = [
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
    ];
    let Some((at, _)) = super::facts::word::first(&lower, &limits) else { return };
    let is_met = says(&lower, &good) || lower.contains(['✅', '✔']);
    let times = value::durations(&lower);
    let [one, two] = times.as_slice() else { return };
    // The limit is the one behind its word.
    let (limit, measured) = if one.range.start > at { (one, two) } else { (two, one) };
    let is_exact = |time: &value::Duration| time.low == time.high && !time.is_about;
    let is_fit = is_met
        && !super::facts::word::denies(&lower)
        && is_exact(&limit.value)
        && is_exact(&measured.value)
        && limit.range.start > at;
    if is_fit && measured.value.low_hours(24) > limit.value.low_hours(24) {
        findings.certain(
            format!("«{}»: it took longer than its limit", sentence.text.plain.trim()),
            vec![sentence.said()],
        );
    }
}

fn has_figures(grid: &Grid<'_>, column: usize) -> bool {
    grid.body().any(|row| quantity(row.cell(column)).is_some())
}

fn is_met(cell: &str) -> bool {
    value::mark(cell).is_some_and(|mark| mark.polarity() == Polarity::Good || mark.state == Some(State::Yes))
}

/// Whether the value is on the wrong side; none when the two cannot be compared.
fn misses(row: &GridRow<'_>, target: usize, actual: usize) -> Option<bool> {
    let (limit, measured) = (row.cell(target), row.cell(actual));
    let bound = value::comparisons(limit).into_iter().next().map(|found| found.value);
    let (limit_value, limit_unit) = quantity(limit)?;
    let (value, unit) = quantity(measured)?;
    if unit != limit_unit {
        return None;
    }
    if let Some(bound) = bound {
        return Some(match bound.relation {
            Relation::Below => value >= limit_value,
            Relation::AtMost => value > limit_value,
            Relation::Above => value <= limit_value,
            Relation::AtLeast => value < limit_value,
        });
    }
    // Without a sign, a time to recover is a most, and nothing else is clear.
    let name = row.said().text.to_lowercase();
    let is_most =
        ["rto", "rpo", "recovery", "latency", "response time", "downtime", "duration", "wait", "p95", "p99"];
    (unit == "hours" && is_most.iter().any(|word| name.contains(word))).then(|| value > limit_value)
}

/// The only value of a cell, and in what it is measured: hours, percent, or the word behind it.
fn quantity(cell: &str) -> Option<(Exact, String)> {
    if let [time] = value::durations(cell).as_slice() {
        return (time.value.low == time.value.high).then(|| (time.value.low_hours(24), "hours".to_owned()));
    }
    let numbers = value::numbers(cell);
    let [number] = numbers.as_slice() else { return None };
    let behind = cell.get(number.range.end..)?.trim_start();
    let unit: String = behind.chars().take_while(|c| c.is_alphabetic() || *c == '%').collect();
    Some((number.value.clone(), unit.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    fn row(text: &str) -> Vec<String> {
        found(&RULE, &format!("| Objective | Target | Actual | Met |\n|---|---|---|---|\n| {text} |\n"))
    }

    #[test]
    fn values_beyond_their_limit_are_found() {
        for text in [
            "RTO | 60 minutes | 95 minutes | Yes",
            "Search | < 2 s | 2.4 s | ✔",
            "Crash-free | ≥ 99.5 % | 99.1 % | ✅ pass",
        ] {
            assert_eq!(row(text), ["certain 3"], "{text}");
        }
    }

    #[test]
    fn a_sentence_can_miss_its_limit() {
        assert_eq!(found(&RULE, "p95 was 820 ms against a limit of 500 ms: passed.\n"), ["certain 1"]);
        assert!(found(&RULE, "p95 was 410 ms against a limit of 500 ms: passed.\n").is_empty());
        assert!(found(&RULE, "p95 was 820 ms against a limit of 500 ms.\n").is_empty());
    }

    #[test]
    fn kept_limits_and_what_cannot_be_compared_are_silent() {
        for text in [
            "RTO | 60 minutes | 1 hour | Yes",
            "RTO | 60 minutes | 95 minutes | No",
            "Size | ≤ 2 GB | 900 MB | Yes",
            "Users | 500 | 400 | Yes",
            "Wait | ≤ 40 s | 31 s | pass",
        ] {
            assert!(row(text).is_empty(), "{text}");
        }
    }
}
