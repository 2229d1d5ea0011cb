//! A launch is allowed with a score under the document's own limit.

use super::facts::figure::{Figure, figures};
use super::facts::word::says;
use super::facts::{Facts, Launch, Place, Role, RowKind, Sentence};
use super::kind::{Findings, Kind, Rule, Said};

pub(super) const RULE: Rule = Rule {
    id: "score-floor",
    kind: Kind::Verdict,
    why: "The document states the score that it needs, and goes on with less.",
    find,
};

/// What makes a sentence state a limit.
const LIMITS: &[&str] = &[
    "may be below",
    "may be under",
    "no area below",
    "no dimension below",
    "no category below",
    "kein bereich unter",
    "keine kategorie unter",
    "aucun domaine sous",
    "ningún área por debajo",
    "nessuna area sotto",
    "geen gebied onder",
    "may score under",
    "or more",
    "passes with",
    "and above",
    "oder mehr",
    "ou plus",
    "o más",
    "of meer",
    "at least",
    "minimum",
    "opens at",
    "needs",
    "needed",
    "floor",
    "not below",
    "threshold",
    "must score",
    "no less than",
    "mindestens",
    "au moins",
    "al menos",
    "minstens",
    "almeno",
    "pelo menos",
    "≥",
    ">=",
    "required score",
    "go at",
    "pass mark",
    "requires",
    "from",
    "bar is",
];
const EACH: &[&str] = &[
    "each",
    "every",
    "any area",
    "no area",
    "no dimension",
    "no category",
    "kein bereich",
    "keine kategorie",
    "aucun domaine",
    "ningún área",
    "nessuna area",
    "geen gebied",
    "per area",
    "jede*",
    "chaque",
    "cada",
    "elk*",
    "ogni",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(go) = launch(facts) else { return };
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        let lower = sentence.lower();
        let found = figures(&lower);
        let ([limit], true) = (found.as_slice(), says(&lower, LIMITS)) else { continue };
        if limit.is_about
            || !(limit.is_percent || says(&lower, &["point*", "score*", "floor", "punkte", "puntos"]))
        {
            continue;
        }
        let under = if says(&lower, EACH) || lower.contains("floor") {
            rows(facts, limit)
        } else {
            total(facts, sentence, limit)
        };
        if let Some(first) = under.first() {
            let message = format!(
                "«{}», and the verdict stands although «{}» is under it",
                sentence.text.plain.trim(),
                first.text
            );
            let places = [go.clone(), sentence.said()].into_iter().chain(under).collect();
            findings.certain(message, places);
        }
    }
}

/// The verdict that lets a launch happen, or a gate that is said to be open.
fn launch(facts: &Facts<'_>) -> Option<Said> {
    let by_call = facts
        .calls
        .iter()
        .filter(|call| call.is_overall && call.launch == Launch::Yes)
        .map(|call| call.said.clone());
    let gate =
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Heading));
    let open =
        gate.filter(|sentence| says(&sentence.lower(), &["gate"]) && sentence.text.plain.contains("OPEN"));
    let refused = facts.calls.iter().any(|call| call.is_overall && call.launch == Launch::No);
    if refused { None } else { by_call.chain(open.map(|sentence| sentence.said())).next() }
}

/// The rows of tables of scores that are under the limit.
fn rows(facts: &Facts<'_>, limit: &Figure) -> Vec<Said> {
    let mut found = Vec::new();
    for grid in &facts.grids {
        let Some(column) = grid.column(Role::Score) else { continue };
        let Some(values) = grid.figures(column) else { continue };
        found.extend(
            values.iter().filter(|(_, figure)| figure.value < limit.value).map(|(row, _)| row.said()),
        );
    }
    found
}

/// The stated total, mean or share of passed that is under the limit.
fn total(facts: &Facts<'_>, sentence: &Sentence, limit: &Figure) -> Vec<Said> {
    let wanted = sentence.lower();
    let cases = !says(&wanted, &["point*", "punkte", "puntos"])
        && says(&wanted, &["case*", "test*", "check*", "cas", "casos", "fälle*", "pass*"]);
    let mut found = Vec::new();
    for grid in facts.grids.iter().filter(|_| !cases) {
        for row in grid.rows.iter().filter(|row| matches!(row.kind, RowKind::Total | RowKind::Average)) {
            let last = (0..grid.roles.len())
                .rev()
                .filter(|at| matches!(grid.roles[*at], Role::Weighted | Role::Score));
            let figure = last.filter_map(|at| super::facts::figure::figure(row.cell(at))).next();
            if figure
                .is_some_and(|figure| figure.value < limit.value && figure.is_percent == limit.is_percent)
            {
                found.push(row.said());
            }
        }
    }
    for other in facts.sentences.iter().filter(|other| {
        matches!(other.place, Place::Prose | Place::Item) && other.text.span != sentence.text.span
    }) {
        let lower = other.lower();
        let is_total = if cases {
            says(
                &lower,
                &[
                    "passed",
                    "pass rate",
                    "success rate",
                    "erfolgsquote",
                    "taux de réussite",
                    "tasa de éxito",
                    "réussis",
                    "bestanden",
                    "aprobados",
                    "geslaagd",
                ],
            )
        } else {
            says(&lower, &["overall", "total", "mean", "average", "gesamt*"])
        };
        let alike: Vec<Figure> =
            figures(&lower).into_iter().filter(|figure| figure.is_percent == limit.is_percent).collect();
        let is_points = limit.is_percent || says(&lower, &["point*", "punkte", "puntos", "score*"]);
        if let ([one], true, true) = (alike.as_slice(), is_total, is_points)
            && one.value < limit.value
            && !says(&lower, LIMITS)
        {
            found.push(other.said());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    const TABLE: &str = "| Area | Score |\n|---|---|\n| Import | 78 |\n| Export | 58 |\n";

    #[test]
    fn scores_under_the_limit_are_found() {
        assert_eq!(
            found(&RULE, &format!("{TABLE}\nFloor for each area: 60.\n\nCall: GO\n")),
            ["certain 8,6,4"]
        );
        let text = "At least 95 % of the cases pass.\n\n131 of 164 cases passed (80 %).\n\nDecision: GO\n";
        assert_eq!(found(&RULE, text), ["certain 5,1,3"]);
    }

    #[test]
    fn kept_limits_and_refused_launches_are_silent() {
        assert!(found(&RULE, &format!("{TABLE}\nFloor for each area: 55.\n\nCall: GO\n")).is_empty());
        assert!(found(&RULE, &format!("{TABLE}\nFloor for each area: 60.\n\nCall: NO-GO\n")).is_empty());
    }
}
