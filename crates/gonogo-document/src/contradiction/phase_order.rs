//! Things that wait for each other.

use std::collections::BTreeMap;

use super::facts::{Facts, Grid, GridRow, Place, Role, need};
use super::kind::{Findings, Kind, Rule, Said};
use crate::name::Name;

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
        circles(&edges.collect::<Vec<_>>(), findings);
        too_early(facts, grid, column, findings);
    }
    let mut by_section: BTreeMap<usize, Vec<Edge>> = BTreeMap::new();
    let said = facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Item | Place::Prose));
    for sentence in said.filter(|sentence| sentence.text.plain.split_whitespace().count() <= 14) {
        let lower = sentence.lower();
        if let Some((of, on)) = VERBS.iter().find_map(|verb| lower.split_once(verb)) {
            let bare = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
            by_section.entry(sentence.section.0).or_default().push(Edge {
                of: bare(of),
                on: bare(on),
                said: sentence.said(),
            });
        }
    }
    by_section.values().for_each(|edges| circles(edges, findings));
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

/// Needs that lead back to where they start, each circle once.
fn circles(edges: &[Edge], findings: &mut Findings) {
    let edges = edges.get(..edges.len().min(300)).unwrap_or_default();
    let same = |one: &str, two: &str| one == two || Name::of(one).words == Name::of(two).words;
    let next: Vec<Option<usize>> =
        edges.iter().map(|edge| edges.iter().position(|other| same(&other.of, &edge.on))).collect();
    let mut told = vec![false; edges.len()];
    for start in 0..edges.len() {
        let mut path = vec![start];
        let mut at = start;
        while let Some(Some(after)) = next.get(at).copied() {
            if after == start || path.contains(&after) {
                at = after;
                break;
            }
            path.push(after);
            at = after;
        }
        let closes =
            next.get(path.last().copied().unwrap_or(start)).copied().flatten() == Some(start) && at == start;
        if closes && !path.iter().any(|at| told[*at]) {
            let names: Vec<&str> =
                path.iter().filter_map(|at| edges.get(*at)).map(|edge| edge.of.as_str()).collect();
            let message =
                format!("a circle: {} needs {}", names.join(" needs "), names.first().unwrap_or(&""));
            findings.certain(
                message,
                path.iter().filter_map(|at| edges.get(*at)).map(|edge| edge.said.clone()).collect(),
            );
            path.iter().for_each(|at| told[*at] = true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    const HEAD: &str = "| Phase | Opens after | State |\n|---|---|---|\n";

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
}
