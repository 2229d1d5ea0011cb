//! PASS in a table for what the checklist still wants verified.

use super::facts::item::Source;
use super::facts::{Facts, Grid, Item, Role, domain};
use super::kind::{Findings, Kind, Rule, Said};
use crate::value::{self, Polarity};

pub(super) const RULE: Rule = Rule {
    id: "pass-unverified",
    kind: Kind::Evidence,
    why: "What is still to be verified or set up has not passed.",
    find,
};

const VERIFIES: &[&str] = &[
    "verify",
    "test",
    "confirm",
    "validate",
    "set up",
    "configure",
    "generate",
    "check that",
    "check the",
    "prüfen",
    "testen",
    "vérifier",
    "verificar",
    "controleren",
    "verificare",
    "install",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for item in facts
        .items
        .iter()
        .filter(|item| item.ticked == Some(false) && item.source == Source::List && item.id.is_none())
    {
        let lower = item.said.text.to_lowercase();
        let bare = lower.trim_start_matches(|c: char| !c.is_alphanumeric());
        let begins = VERIFIES.iter().any(|verb| bare.starts_with(verb));
        let fields = domain::of(&lower);
        if !begins || fields.is_empty() {
            continue;
        }
        let rows = passed(facts, item, &fields);
        if let Some(first) = rows.first() {
            let message = format!("«{}» is still to be done, and «{}»", item.said.text, first.text);
            findings.likely(message, std::iter::once(item.said.clone()).chain(rows).collect());
        }
    }
}

/// Rows that passed in tables about the same field, or that are about it themselves.
fn passed(facts: &Facts<'_>, item: &Item, fields: &[domain::Domain]) -> Vec<Said> {
    let mut found = Vec::new();
    for grid in facts.grids.iter().filter(|grid| grid.table.span.line < item.said.span.line) {
        let Some(status) = grid.roles.iter().rposition(|role| *role == Role::Status) else { continue };
        let title = facts.section(grid.section).title.plain.to_lowercase();
        let is_table_about = domain::of(&about(grid, &title)).iter().any(|field| fields.contains(field));
        for row in grid.body() {
            let is_good = value::mark(row.cell(status)).is_some_and(|mark| mark.polarity() == Polarity::Good);
            let by_row = || {
                domain::of(&row.cell(grid.label).to_lowercase()).iter().any(|field| fields.contains(field))
            };
            if is_good && (is_table_about || by_row()) && found.len() < 12 {
                found.push(row.said());
            }
        }
    }
    found
}

/// The heading and the first columns of a table.
fn about(grid: &Grid<'_>, title: &str) -> String {
    format!("{title} {}", grid.header(0))
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_pass_of_what_is_to_be_verified_is_found() {
        let text = |line: &str| {
            format!(
                "## Alerts\n\n| Alert | Status |\n|---|---|\n| Disk | PASS |\n| Net | FAIL |\n\n## Before launch\n\n{line}\n"
            )
        };
        assert_eq!(found(&RULE, &text("- [ ] Verify that alerts fire")), ["likely 10,5"]);
        assert!(found(&RULE, &text("- [x] Verify that alerts fire")).is_empty());
        assert!(found(&RULE, &text("- [ ] Verify the leaflet")).is_empty());
    }
}
