//! A score and a call beside it, and no limit that says which score leads to which call.

use super::facts::figure::{figure, figures};
use super::facts::word::says;
use super::facts::{Facts, Place, Role};
use super::kind::{Findings, Kind, Rule, Said};
use crate::value;

pub(super) const RULE: Rule = Rule {
    id: "no-threshold",
    kind: Kind::Verdict,
    why: "Without a limit nobody knows which score would have been enough.",
    find,
};

const LIMITS: &[&str] = &[
    "at least",
    "minimum",
    "threshold",
    "needed",
    "needs",
    "required score",
    "floor",
    "≥",
    ">=",
    "must score",
    "opens at",
    "pass mark",
    "go at",
    "legend",
    "mindestens",
    "schwelle",
    "au moins",
    "seuil",
    "al menos",
    "umbral",
    "minstens",
    "drempel",
    "bar",
    "cut-off",
    "target score",
    "limit",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let has_limit = facts.sentences.iter().any(|sentence| {
        let lower = sentence.lower();
        sentence.place != Place::Cell
            && sentence.place != Place::Code
            && says(&lower, LIMITS)
            && !figures(&lower).is_empty()
    });
    if has_limit {
        return;
    }
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        let lower = sentence.lower();
        let percents = figures(&lower).into_iter().filter(|figure| figure.is_percent).count();
        let calls = says(
            &lower,
            &[
                "not ready",
                "ready for go-live",
                "ready for production",
                "nicht bereit",
                "non prêt",
                "no listo",
                "niet gereed",
            ],
        );
        if percents == 1 && calls && lower.split_whitespace().count() <= 10 {
            findings.likely(
                format!("«{}», and no limit says which score is ready", sentence.text.plain.trim()),
                vec![sentence.said()],
            );
        }
    }
    for grid in &facts.grids {
        words(grid, findings);
    }
}

/// Two state words for one score, or a better word for a worse score.
fn words(grid: &super::facts::Grid<'_>, findings: &mut Findings) {
    let (Some(score), Some(status)) = (grid.column(Role::Score), grid.column(Role::Status)) else { return };
    let rows: Vec<_> = grid
        .body()
        .filter_map(|row| Some((row, figure(row.cell(score))?, value::mark(row.cell(status))?.state?)))
        .collect();
    let mut places: Vec<Said> = Vec::new();
    for (at, (row, one, state)) in rows.iter().enumerate().take(200) {
        for (other, two, second) in rows.iter().skip(at + 1).take(200) {
            if one.value == two.value && state != second {
                places.extend([row.said(), other.said()]);
            }
        }
    }
    if let [first, second, ..] = places.as_slice() {
        findings.likely(
            format!(
                "one score has two words, «{}» and «{}», and no limit tells them apart",
                first.text, second.text
            ),
            places,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_call_without_a_limit_is_found() {
        assert_eq!(found(&RULE, "Readiness 41 % – not ready.\n"), ["likely 1"]);
        assert!(found(&RULE, "Readiness 41 % – not ready.\n\nReady needs at least 90 %.\n").is_empty());
        let table = "| Area | Status | Score |\n|---|---|---|\n| A | PASS | 85% |\n| B | GOOD | 85% |\n";
        assert_eq!(found(&RULE, table), ["likely 3,4"]);
        assert!(found(&RULE, &table.replace("GOOD | 85", "PASS | 85")).is_empty());
    }
}
