//! Things that wait for each other.

mod circle;
mod fields;

use std::collections::BTreeMap;

use super::clock_span::clock;
use super::facts::{Facts, Grid, GridRow, Place, Role, need};
use super::kind::{Findings, Kind, Rule, Said};

pub(super) const RULE: Rule =
    Rule { id: "phase-order", kind: Kind::Impossible, why: "What waits for itself never starts.", find };

/// What needs what: names in small letters.
struct Edge {
    of: String,
    on: String,
    said: Said,
}

const VERBS: &[&str] = &[
    " needs ",
    " depends on ",
    " waits for ",
    " requires ",
    " braucht ",
    " hängt ab von ",
    " dépend de ",
    " depende de ",
    " is blocked by ",
    " comes after ",
    " can start after ",
    " starts after ",
    " wartet auf ",
    " setzt voraus ",
    " attend ",
    " espera a ",
    " wacht op ",
    " hangt af van ",
    " follows ",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in &facts.grids {
        let Some(column) = grid.column(Role::Needs) else { continue };
        let edges = need::of_table(grid, column).into_iter().filter_map(|need| {
            let (row, on) = (grid.rows.get(need.row)?, grid.rows.get(need.on?)?);
            let name = |row: &super::facts::GridRow<'_>| row.cell(grid.label).to_lowercase();
            Some(Edge { of: name(row), on: name(on), said: row.said() })
        });
        circle::report(&edges.collect::<Vec<_>>(), findings);
        too_early(facts, grid, column, findings);
    }
    let mut by_section: BTreeMap<usize, Vec<Edge>> = BTreeMap::new();
    let said = facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Item | Place::Prose));
    for sentence in said.filter(|sentence| sentence.text.plain.split_whitespace().count() <= 14) {
        let lower = sentence.lower();
        // What is said with ids is looked at in the whole document.
        let by_ids = fields::of_verb(sentence).is_some_and(|edges| !edges.is_empty());
        if let Some((of, on)) = VERBS.iter().find_map(|verb| lower.split_once(verb)).filter(|_| !by_ids) {
            let bare = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
            by_section.entry(sentence.section.0).or_default().push(Edge {
                of: bare(of),
                on: bare(on),
                said: sentence.said(),
            });
        }
    }
    by_section.values().for_each(|edges| circle::report(edges, findings));
    circle::report(&fields::edges(facts), findings);
}

/// A row that begins before the one that it waits for ends.
fn too_early(facts: &Facts<'_>, grid: &Grid<'_>, column: usize, findings: &mut Findings) {
    let (Some(start), Some(end)) = (grid.column(Role::Start), grid.column(Role::End)) else { return };
    let date =
        |row: &GridRow<'_>, at: usize| facts.calendar.dates(row.cell(at)).first().map(|found| found.value);
    for need in need::of_table(grid, column) {
        let (Some(row), Some(other)) = (grid.rows.get(need.row), need.on.and_then(|at| grid.rows.get(at)))
        else {
            continue;
        };
        by_clock(grid, (row, start), (other, end), findings);
        if let (Some(begins), Some(ends)) = (date(row, start), date(other, end))
            && begins < ends
        {
            let message = format!(
                "«{}» begins on {begins} and waits for «{}», which ends on {ends}",
                row.cell(grid.label),
                other.cell(grid.label)
            );
            findings.certain(message, vec![row.said(), other.said()]);
        }
    }
}

/// As above, by the clock: what is more than half a day earlier is after midnight.
fn by_clock(
    grid: &Grid<'_>,
    (row, start): (&GridRow<'_>, usize),
    (other, end): (&GridRow<'_>, usize),
    findings: &mut Findings,
) {
    let (Some(begins), Some(ends)) = (clock(row.cell(start)), clock(other.cell(end))) else { return };
    if (ends + 1440 - begins) % 1440 > 12 * 60 || begins == ends {
        return;
    }
    let message = format!(
        "«{}» begins at {} and waits for «{}», which ends at {}",
        row.cell(grid.label),
        row.cell(start),
        other.cell(grid.label),
        other.cell(end)
    );
    findings.certain(message, vec![row.said(), other.said()]);
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    const HEAD: &str = "| Phase | Opens after | State |\n|---|---|---|\n";

    #[test]
    fn a_table_that_goes_on_waits_for_one_above() {
        let text = |need: &str| {
            format!(
                "| Id | Item | After |\n|---|---|---|\n| 06 | Load test | {need} |\n| 07 | Doubled | 06 |\n"
            )
        };
        assert!(found(&super::super::phase_unknown::RULE, &text("03")).is_empty());
        assert_eq!(found(&super::super::phase_unknown::RULE, &text("12")), ["certain 3"]);
    }

    #[test]
    fn circles_are_found_in_tables_and_lists() {
        assert_eq!(
            found(&RULE, &format!("{HEAD}| A Net | B | Planned |\n| B Desk | A | Planned |\n")),
            ["certain 3,4"]
        );
        assert_eq!(
            found(&RULE, "- Alarm needs the network\n- Network needs alarm\n- Lamp needs network\n"),
            ["certain 1,2"]
        );
    }

    #[test]
    fn phases_in_order_are_silent() {
        assert!(
            found(
                &RULE,
                &format!("{HEAD}| A Net | – | Done |\n| B Desk | A | Open |\n| C Door | A, B | Planned |\n")
            )
            .is_empty()
        );
        assert!(
            found(
                &RULE,
                "| Phase | Opens when |\n|---|---|\n| 0 Lab | – |\n| 1 Street | phase 0 ended well |\n"
            )
            .is_empty()
        );
    }

    #[test]
    fn circles_of_ids_are_found_under_headings() {
        let part = |id: &str, on: &str| format!("### {id} What it is\n\nText.\n\n**Depends on:** {on}.\n\n");
        let text = part("ED-001", "nothing") + &part("ED-003", "ED-001, and ED-006 being in effect");
        assert!(found(&RULE, &(text.clone() + &part("ED-006", "ED-001"))).is_empty());
        assert_eq!(found(&RULE, &(text + &part("ED-006", "ED-003"))), ["certain 11,17"]);
        assert_eq!(found(&RULE, "R-2 needs R-5. And so on.\n\nR-5 waits for R-2.\n"), ["certain 1,3"]);
    }

    #[test]
    fn circles_of_ids_are_found_in_cells() {
        let table = |last: &str| {
            format!(
                "| Id | Thing | State |\n|---|---|---|\n| R-2 | Guide (needs the standard, R-3) | OPEN |\n| R-3 | Standard, depends on R-4 | OPEN |\n| R-4 | List frozen{last} | OPEN |\n"
            )
        };
        assert_eq!(found(&RULE, &table(" (needs the guide, R-2)")), ["certain 3,4,5"]);
        assert!(found(&RULE, &table("")).is_empty());
        assert!(found(&RULE, &table(" (needs the text) as R-2 does")).is_empty());
    }

    #[test]
    fn a_step_that_begins_before_what_it_waits_for_ends_is_found() {
        let plan = |start: &str| {
            format!(
                "| # | Start | End | Step | After |\n|---|---|---|---|---|\n| 7 | 22:30 | 23:50 | Load | |\n| 8 | {start} | 01:20 | Open | 7 |\n"
            )
        };
        assert_eq!(found(&RULE, &plan("23:10")), ["certain 4,3"]);
        assert!(found(&RULE, &plan("23:50")).is_empty());
        assert!(found(&RULE, &plan("00:10")).is_empty());
    }
}
