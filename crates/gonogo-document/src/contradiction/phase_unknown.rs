//! A phase waits for one that the table does not have.

use super::facts::need::{self, Need};
use super::facts::{Facts, Role};
use super::kind::{Findings, Kind, Rule};

pub(super) const RULE: Rule = Rule {
    id: "phase-unknown",
    kind: Kind::Omission,
    why: "What waits for a phase that nobody describes never starts.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in &facts.grids {
        let Some(column) = grid.column(Role::Needs) else { continue };
        let short = grid.body().any(|row| need::keys(grid, row).iter().any(|key| key.chars().count() <= 2));
        for Need { row, name, on } in need::of_table(grid, column) {
            // Only letters and numbers: a longer text may be anything.
            if let (None, Some(row), true) = (on, grid.rows.get(row), short && name.chars().count() <= 2) {
                let message = format!(
                    "«{}» waits for {}, and the table has no such row",
                    row.cell(grid.label),
                    name.to_uppercase()
                );
                findings.certain(message, vec![row.said()]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_phase_that_is_nowhere_is_found() {
        let table = |need: &str| {
            format!(
                "| Phase | Opens after | State |\n|---|---|---|\n| A Net | – | Done |\n| B Desk | {need} | Planned |\n"
            )
        };
        assert_eq!(found(&RULE, &table("F")), ["certain 4"]);
        assert!(found(&RULE, &table("A")).is_empty());
        assert!(found(&RULE, &table("ninety calls a week")).is_empty());
    }
}
