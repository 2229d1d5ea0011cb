//! Estimates under a heading that calls them actual.

use super::facts::Facts;
use super::facts::word::says;
use super::kind::{Findings, Kind, Rule};

pub(super) const RULE: Rule = Rule {
    id: "estimate-actual",
    kind: Kind::Evidence,
    why: "An estimate is no measurement, and is not compared with a limit like one.",
    find,
};

const ACTUAL: &[&str] =
    &["actual", "measured", "observed", "tatsächlich*", "gemessen", "réel*", "mesuré*", "real"];
const ESTIMATED: &[&str] = &[
    "est",
    "est.",
    "estimated",
    "estimate",
    "estimates",
    "geschätzt",
    "estimé*",
    "estimad*",
    "geschat",
    "approximate",
    "projected",
    "extrapolated",
    "assumed",
    "hochgerechnet",
    "extrapolé*",
    "extrapolad*",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in &facts.grids {
        let header = (0..grid.roles.len())
            .map(|at| grid.header(at))
            .find(|header| says(header, ACTUAL) && says(header, ESTIMATED));
        let actual = (0..grid.roles.len()).find(|at| says(&grid.header(*at), ACTUAL));
        if let (None, Some(column)) = (&header, actual) {
            let guesses = grid.body().filter(|row| {
                says(&row.cell(column).to_lowercase(), ESTIMATED) || row.cell(column).starts_with(['~', '≈'])
            });
            let guesses: Vec<_> = guesses.map(|row| row.said()).collect();
            if let Some(first) = guesses.first() {
                findings.certain(
                    format!("«{}» is an estimate under «{}»", first.text, grid.header(column)),
                    guesses,
                );
            }
        }
        if let Some(header) = header {
            let rows = grid.rows.iter().map(|row| row.said()).take(12);
            findings.certain(
                format!("the column «{header}» calls estimates actual"),
                std::iter::once(grid.head()).chain(rows).collect(),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_column_of_estimates_called_actual_is_found() {
        assert_eq!(
            found(&RULE, "| Court | Actual users (estimated) |\n|---|---|\n| North | 900 |\n"),
            ["certain 1,3"]
        );
        assert_eq!(
            found(&RULE, "| Court | Measured |\n|---|---|\n| North | 900 (estimated) |\n| South | 12 |\n"),
            ["certain 3"]
        );
        assert!(
            found(
                &RULE,
                "| Court | Estimated users | Actual users |\n|---|---|---|\n| North | 900 | 870 |\n"
            )
            .is_empty()
        );
    }
}
