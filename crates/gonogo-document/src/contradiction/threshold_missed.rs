//! A measured value misses its target and is called met.

mod answer;
mod every;

use super::facts::bound::{Bound, bound, quantity, relation};
use super::facts::word::{self, says};
use super::facts::{Facts, Grid, GridRow, Place, Role, Sentence};
use super::kind::{Findings, Kind, Rule};
use crate::value::{self, Polarity, Relation, State};

pub(super) const RULE: Rule = Rule {
    id: "threshold-missed",
    kind: Kind::Verdict,
    why: "What was measured is beyond the limit beside it.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for (at, sentence) in facts.sentences.iter().enumerate() {
        if matches!(sentence.place, Place::Prose | Place::Item) {
            in_sentence(sentence, findings);
            answer::find(facts, at, findings);
        }
    }
    facts.grids.iter().for_each(|grid| in_table(grid, findings));
    every::find(facts, findings);
}

fn in_table(grid: &Grid<'_>, findings: &mut Findings) {
    let Some(status) = status(grid) else { return };
    for (target, actual) in pairs(grid, status) {
        for row in grid.body().filter(|row| is_met(row.cell(status))) {
            let Some(is_sure) = misses(grid, row, target, actual) else { continue };
            let message = format!(
                "«{}» is {} with a limit of {}, and is called {}",
                row.cell(grid.label),
                row.cell(actual),
                row.cell(target),
                row.cell(status)
            );
            findings.say(is_sure, message, vec![row.said()]);
        }
    }
}

/// The column that says whether a row is met.
fn status(grid: &Grid<'_>) -> Option<usize> {
    let marked = |at: usize| {
        let marked = grid.body().filter(|row| {
            let mark = value::mark(row.cell(at));
            mark.is_some_and(|mark| mark.polarity() != Polarity::Neutral || mark.state == Some(State::Yes))
        });
        marked.count() * 2 >= grid.body().count().max(1)
    };
    grid.column(Role::Status).filter(|at| marked(*at)).or_else(|| {
        (0..grid.roles.len()).rev().find(|at| *at != grid.label && grid.roles[*at] != Role::Id && marked(*at))
    })
}

/// Each column of limits with the column of what was measured against it.
fn pairs(grid: &Grid<'_>, status: usize) -> Vec<(usize, usize)> {
    let measured = |at: usize| grid.body().filter(|row| quantity(row.cell(at)).is_some()).count() > 0;
    let is_value = |at: &usize| {
        *at != status
            && *at != grid.label
            && !matches!(
                grid.roles[*at],
                Role::Target | Role::Id | Role::Owner | Role::Due | Role::Start | Role::End
            )
            && measured(*at)
    };
    // `Objective` names the row, `Target` has its figure.
    let targets: Vec<usize> = (0..grid.roles.len())
        .filter(|at| {
            let is_asked =
                grid.roles[*at] == Role::Target || has_signs(grid, *at) || says(&grid.header(*at), ASKED);
            *at != grid.label && *at != status && is_asked
        })
        .filter(|at| measured(*at))
        .collect();
    let mut found = Vec::new();
    for (number, target) in targets.iter().enumerate() {
        let end = targets.get(number + 1).copied().unwrap_or(grid.roles.len());
        // `Bar for recall` is of the column `Recall`.
        let named = (0..grid.roles.len()).filter(is_value).find(|at| {
            targets.len() == 1
                && at != target
                && grid.roles[*at] != Role::Actual
                && says(&grid.header(*target), &[grid.header(*at).as_str()])
        });
        let actual = (0..grid.roles.len())
            .filter(is_value)
            .find(|at| grid.roles[*at] == Role::Actual && targets.len() == 1);
        let behind = (target + 1..end).find(is_value);
        // `2.4 s, green` has both in one cell.
        let both = Some(status).filter(|at| at > target && measured(*at));
        found.extend(named.or(actual).or(behind).or(both).map(|actual| (*target, actual)));
    }
    found
}

/// Headers of columns with what is asked.
const ASKED: &[&str] = &[
    "bar",
    "bar for",
    "asked",
    "required value",
    "minimum",
    "maximum",
    "threshold",
    "upper limit",
    "lower limit",
];

/// Whether most cells of a column have a sign or word of comparison.
fn has_signs(grid: &Grid<'_>, column: usize) -> bool {
    let signs = grid
        .body()
        .filter(|row| relation(row.cell(column)).is_some() && quantity(row.cell(column)).is_some());
    {
        let signs = signs.count();
        signs >= 2 && signs * 3 >= grid.body().count()
    }
}

/// `p95 was 820 ms against a limit of 500 ms: passed`.
fn in_sentence(sentence: &Sentence, findings: &mut Findings) {
    let lower = sentence.lower();
    let Some((at, _)) = word::first(&lower, LIMITS) else { return };
    let is_met = says(&lower, answer::GOOD) || lower.contains(['✅', '✔']);
    let times = value::durations(&lower);
    let [one, two] = times.as_slice() else { return };
    // The limit is the one behind its word.
    let (limit, measured) = if one.range.start > at { (one, two) } else { (two, one) };
    let is_exact = |time: &value::Duration| time.low == time.high && !time.is_about;
    let is_fit = is_met
        && !word::denies(&lower)
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

const LIMITS: &[&str] = &[
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
    "meta",
    "obiettivo",
    "goal",
    "vorgabe",
];

fn is_met(cell: &str) -> bool {
    value::mark(cell).is_some_and(|mark| mark.polarity() == Polarity::Good || mark.state == Some(State::Yes))
}

/// Whether the value is on the wrong side, and that for sure; none when it is not, or nobody can tell.
fn misses(grid: &Grid<'_>, row: &GridRow<'_>, target: usize, actual: usize) -> Option<bool> {
    let mut limit = bound(row.cell(target))?;
    let measured = quantity(row.cell(actual)).filter(|_| row.cell(actual) != row.cell(target))?;
    let mut is_sure = true;
    if limit.relation.is_none() {
        let (relation, sure) = implied(grid, row, target, &limit)?;
        (limit.relation, is_sure) = (Some(relation), sure);
    }
    (limit.is_missed_by(&measured)?).then_some(is_sure)
}

/// Which side is meant where no sign says it, and whether nothing else can be.
fn implied(grid: &Grid<'_>, row: &GridRow<'_>, target: usize, limit: &Bound) -> Option<(Relation, bool)> {
    let header = grid.header(target);
    let name = row.said().text.to_lowercase();
    if let Some(relation) = relation(&format!("{header} 1")) {
        return Some((relation, true));
    }
    let most =
        ["rto", "rpo", "recovery", "latency", "response time", "downtime", "duration", "wait", "p95", "p99"];
    let times = ["time", "delay", "dauer", "durée", "délai", "temps", "tiempo", "tempo", "czas", "tijd"];
    if limit.of.unit == "hours" {
        let is_known = most.iter().any(|word| name.contains(word) || header.contains(word));
        let is_time = times.iter().any(|word| name.contains(word));
        return (is_known || is_time).then_some((Relation::AtMost, is_known));
    }
    // Nothing is above all of it.
    let hundred = super::facts::figure::whole(100);
    if limit.of.unit == "%" && limit.of.value == hundred {
        return Some((Relation::AtLeast, true));
    }
    let least = [
        "availability",
        "coverage",
        "uptime",
        "recall",
        "precision",
        "accuracy",
        "success",
        "verfügbarkeit",
        "abdeckung",
        "disponibilité",
        "couverture",
        "disponibilidad",
        "disponibilità",
        "disponibilidade",
        "dostępność",
        "beschikbaarheid",
        "crash-free",
    ];
    let is_least = least.iter().any(|word| name.contains(word) || header.contains(word));
    let is_bar = says(
        &header,
        &[
            "bar",
            "required",
            "requirement",
            "erforderlich",
            "requis",
            "requerido",
            "richiesto",
            "wymagane",
            "vereist",
        ],
    );
    (is_least || (is_bar && limit.of.unit == "%") || says(&header, &["bar"]))
        .then_some((Relation::AtLeast, is_least || is_bar))
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
            "RPO | 1 h | 1 h 45 min | met",
            "Tests zaliczone | 100 % | 96 % | spełnione",
            "Battery | at least 10 years | 8 years (estimate) | superata",
        ] {
            assert_eq!(row(text), ["certain 3"], "{text}");
        }
    }

    #[test]
    fn one_of_all_can_miss_a_bound_on_each() {
        let text = |last: u32| {
            format!(
                "Verdict: PASS\n\n- p99 at most 400 ms in every window\n\nMilliseconds, measured.\n\n| Window | p50 | p99 |\n|---|---|---|\n| W1 | 80 | 301 |\n| W2 | 81 | {last} |\n| W3 | 82 | 312 |\n"
            )
        };
        assert_eq!(found(&RULE, &text(437)), ["certain 3,10,1"]);
        assert!(found(&RULE, &text(399)).is_empty());
        let text = |share: &str| {
            format!(
                "| Site | Trained |\n|---|---|\n| North | 94 % |\n| East | {share} |\n| West | 92 % |\n\n| Criterion | Proof | Met |\n|---|---|---|\n| K3 Trained at every site at least 90 % | 91 % | yes |\n"
            )
        };
        assert_eq!(found(&RULE, &text("84 %")), ["certain 9,4"]);
        assert!(found(&RULE, &text("91 %")).is_empty());
    }

    #[test]
    fn figures_and_words_may_stand_in_one_cell() {
        let text = |value: &str| {
            format!(
                "| Gate | Rule | Result |\n|---|---|---|\n| Cold start | at most 2.0 s | {value}, green |\n| Size | below 60 MB | 58 MB, green |\n"
            )
        };
        assert_eq!(found(&RULE, &text("2.4 s")), ["certain 3"]);
        assert!(found(&RULE, &text("1.9 s")).is_empty());
        assert_eq!(row("Error of the forecast | at most 8 % | 9.4 % | yes"), ["certain 3"]);
    }

    #[test]
    fn a_sentence_can_miss_its_limit() {
        assert_eq!(found(&RULE, "p95 was 820 ms against a limit of 500 ms: passed.\n"), ["certain 1"]);
        assert!(found(&RULE, "p95 was 410 ms against a limit of 500 ms: passed.\n").is_empty());
        assert!(found(&RULE, "p95 was 820 ms against a limit of 500 ms.\n").is_empty());
    }

    #[test]
    fn an_answer_can_miss_its_question() {
        let text =
            "**Is a release rolled back in under ten minutes?**\nYes. The last rollback took 14 minutes.\n";
        assert_eq!(found(&RULE, text), ["certain 2,1"]);
        assert!(found(&RULE, &text.replace("14", "9")).is_empty());
        assert!(found(&RULE, &text.replace("Yes", "No")).is_empty());
        let text = "p95 was 410 ms and p99 1.9 s. The goal of p99 is 1.5 s and was met.\n";
        assert_eq!(found(&RULE, text).len(), 1);
        assert!(found(&RULE, &text.replace("1.9", "1.4")).is_empty());
    }

    #[test]
    fn limits_in_several_pairs_are_each_compared() {
        let text = "| System | RTO | Reached | RPO | Reached | Result |\n|---|---|---|---|---|---|\n| Tide | 60 min | 75 min | 5 min | 2 min | met |\n| Bills | 4 h | 3 h 20 min | 1 h | 1 h 45 min | met |\n";
        assert_eq!(found(&RULE, text), ["certain 3", "certain 4"]);
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
