//! Percentages of a whole that are over 100.

use super::facts::figure::{figures, shown, whole};
use super::facts::{Facts, Place, Role, RowKind};
use super::kind::{Findings, Kind, Rule};

pub(super) const RULE: Rule = Rule {
    id: "percent-range",
    kind: Kind::Arithmetic,
    why: "Nothing can be more than all of itself: a share, a score or a coverage ends at 100 %.",
    find,
};

/// What is a part of a whole. Growth, utilisation of a plan and the like may be over 100 %.
const SHARES: &[&str] = &[
    "coverage",
    "covered",
    "of the",
    "score",
    "confidence",
    "readiness",
    "passed",
    "complete",
    "availability",
    "uptime",
    "share",
    "disk",
    "used_percent",
    "error rate",
    "of uploads",
    "of requests",
    "of all",
    "abdeckung",
    "couverture",
    "cobertura",
    "success rate",
    "pass rate",
];
const MAY_GROW: &[&str] = &[
    "growth",
    "increase",
    "more than",
    "faster",
    "slower",
    "higher",
    "larger",
    "compared",
    "scale",
    "budget",
    "overload",
    "rise",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for sentence in &facts.sentences {
        let lower = sentence.with_code();
        let over = figures(&lower).into_iter().find(|figure| {
            figure.value > whole(100)
                && (figure.is_percent || (lower.contains("percent") && lower.contains('>')))
        });
        let Some(over) = over else { continue };
        let fits = SHARES.iter().any(|word| lower.contains(word))
            && !MAY_GROW.iter().any(|word| lower.contains(word));
        if fits && matches!(sentence.place, Place::Prose | Place::Item | Place::Cell | Place::Heading) {
            findings
                .certain(format!("{} % is more than all of it", shown(&over.value)), vec![sentence.said()]);
        }
    }
    for grid in &facts.grids {
        let scores = (0..grid.roles.len())
            .filter(|at| matches!(grid.roles[*at], Role::Score | Role::Confidence | Role::Weight));
        for column in scores {
            for row in grid.rows.iter().filter(|row| row.kind == RowKind::Body) {
                let Some(figure) = super::facts::figure::figure(row.cell(column)) else { continue };
                if figure.is_percent && figure.value > whole(100) {
                    findings.certain(
                        format!("a {} of {} is over 100 %", grid.header(column), figure.shown()),
                        vec![row.said()],
                    );
                }
            }
        }
    }
}
