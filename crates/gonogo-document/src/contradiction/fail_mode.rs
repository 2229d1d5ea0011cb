//! A failure is said to stay small, and a problem of the same section says how it spreads.

use super::facts::word::says;
use super::facts::{Facts, Grid, GridRow, Item, Openness};
use super::kind::{Findings, Kind, Rule};
use crate::name::Name;

pub(super) const RULE: Rule = Rule {
    id: "fail-mode",
    kind: Kind::Impossible,
    why: "A failure that loses data, blocks logins or hangs is neither harmless nor handled.",
    find,
};

const LOSES: &[&str] = &[
    "loses",
    "lose",
    "lost",
    "vanish*",
    "data loss",
    "is dropped",
    "are dropped",
    "verliert",
    "perd",
    "pierde",
];
const SPREADS: &[&str] = &[
    "block*",
    "cascad*",
    "system-wide",
    "outage",
    "cannot log in",
    "all operations",
    "blockiert",
    "bloque*",
    "users cannot",
    "stops everything",
    "takes down",
    "cannot login",
];
const HANGS: &[&str] = &["hang", "hangs", "indefinitely", "never returns", "waits forever", "hängt"];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in &facts.grids {
        let column = |words: &[&str]| (0..grid.roles.len()).find(|at| says(&grid.header(*at), words));
        let (cascades, loss, mode) = (
            column(&["cascade*", "spreads"]),
            column(&["data loss", "loss"]),
            column(&["fail behavior", "fail behaviour", "behaviour", "behavior", "mode", "fail mode"]),
        );
        if cascades.is_none() && loss.is_none() {
            continue;
        }
        for row in grid.body() {
            for item in problems(facts, grid, row) {
                let lower = item.said.text.to_lowercase();
                let is_no = |at: Option<usize>| {
                    at.is_some_and(|at| says(&row.cell(at).to_lowercase(), &["no", "none", "nein", "non"]))
                };
                let against = if is_no(loss) && says(&lower, LOSES) {
                    Some("no data loss")
                } else if (is_no(cascades)
                    || mode.is_some_and(|at| row.cell(at).to_lowercase().contains("open")))
                    && says(&lower, SPREADS)
                {
                    Some("that it does not spread")
                } else if mode.is_some_and(|at| row.cell(at).to_lowercase().contains("clos"))
                    && says(&lower, HANGS)
                {
                    Some("that it fails closed")
                } else {
                    None
                };
                if let Some(claim) = against {
                    findings.likely(
                        format!("«{}» says {claim}, and «{}»", row.cell(grid.label), item.said.text),
                        vec![row.said(), item.said.clone()],
                    );
                }
            }
        }
    }
}

/// Problems of the same chapter that name the same component.
fn problems<'a>(facts: &'a Facts<'_>, grid: &Grid<'_>, row: &GridRow<'_>) -> Vec<&'a Item> {
    let name = Name::of(row.cell(grid.label));
    let first = name.plain.split_whitespace().next().unwrap_or_default().to_owned();
    let near = facts.items.iter().filter(|item| facts.chapter(item.section) == facts.chapter(grid.section));
    let open = near.filter(|item| facts.openness(item) == Some(Openness::Problem));
    open.filter(|item| {
        first.len() >= 4
            && item.said.text.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|word| word == first)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_failure_that_is_called_small_and_is_not_is_found() {
        let text = |issue: &str| {
            format!(
                "| Scenario | Cascades | Data Loss | Behaviour |\n|---|---|---|---|\n| Broker down | NO | NO | FAIL-CLOSED |\n\n**Issues:**\n- ❌ {issue}\n"
            )
        };
        assert_eq!(found(&RULE, &text("Broker restart loses queued bids")), ["likely 3,6"]);
        assert_eq!(found(&RULE, &text("Broker calls hang")), ["likely 3,6"]);
        assert!(found(&RULE, &text("Printer loses pages")).is_empty());
        assert!(found(&RULE, &text("Broker has an old theme")).is_empty());
    }
}
