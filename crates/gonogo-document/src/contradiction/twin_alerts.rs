//! Two alerts with one expression.

use super::facts::{Facts, Role};
use super::kind::{Findings, Kind, Rule};

pub(super) const RULE: Rule = Rule {
    id: "twin-alerts",
    kind: Kind::Impossible,
    why: "They always fire together; with two severities one of them is wrong.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in &facts.grids {
        let Some(column) = grid.column(Role::Expression) else { continue };
        let rows: Vec<(String, _)> = grid
            .body()
            .map(|row| (plain(row.cell(column)), row))
            .filter(|(text, _)| text.contains(['<', '>', '=']))
            .take(300)
            .collect();
        for (at, (text, row)) in rows.iter().enumerate() {
            if let Some((_, other)) = rows.iter().skip(at + 1).find(|(second, _)| second == text) {
                let severity = |row: &super::facts::GridRow<'_>| {
                    grid.column(Role::Severity).map(|at| row.cell(at).to_lowercase()).unwrap_or_default()
                };
                let (one, two) = (severity(row), severity(other));
                let differ =
                    if one == two { String::new() } else { format!(", one is {one} and one is {two}") };
                let message = format!(
                    "«{}» and «{}» have the same expression{differ}",
                    row.cell(grid.label),
                    other.cell(grid.label)
                );
                findings.certain(message, vec![other.said(), row.said()]);
            }
        }
    }
}

/// Without spaces and quotes of code.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != '`').collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn two_alerts_with_one_expression_are_found() {
        let table = |second: &str| {
            format!(
                "| Alert | Expression | Severity |\n|---|---|---|\n| Gone | `up == 0` | critical |\n| Sick | `{second}` | warning |\n"
            )
        };
        assert_eq!(found(&RULE, &table("up==0")), ["certain 4,3"]);
        assert!(found(&RULE, &table("up == 1")).is_empty());
    }
}
