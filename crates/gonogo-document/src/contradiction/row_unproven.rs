//! A row is called good, and its own notes say that it was not looked at or is not there yet.

use super::facts::word::says;
use super::facts::{Facts, Grid, GridRow, Role};
use super::kind::{Findings, Kind, Rule};
use crate::value::{self, Polarity, State};

pub(super) const RULE: Rule = Rule {
    id: "row-unproven",
    kind: Kind::Evidence,
    why: "A row cannot be good by one of its cells and not looked at by another.",
    find,
};

/// Something that is still to come.
const COMING: &[&str] = &[
    "todo",
    "to do",
    "tbd",
    "tba",
    "tbc",
    "to be attached",
    "to be added",
    "to follow",
    "follows later",
    "not finished",
    "not yet",
    "not exported",
    "not available yet",
    "nobody yet",
    "nobody",
    "no one yet",
    "noch nicht",
    "noch offen",
    "folgt",
    "niemand",
    "pas encore",
    "à compléter",
    "à venir",
    "personne",
    "todavía no",
    "por hacer",
    "nadie",
    "aún no",
    "non ancora",
    "da fare",
    "nessuno",
    "ainda não",
    "a fazer",
    "ninguém",
    "jeszcze nie",
    "nog niet",
    "niemand",
    "placeholder",
    "stopped at",
    "aborted",
    "broke off",
    "saturated",
    "abgebrochen",
    "interrompu*",
    "interrumpid*",
    "interrott*",
    "afgebroken",
    "in draft",
];
/// Something of it is left.
const STILL: &[&str] = &[
    "still", "noch", "encore", "todavía", "ancora", "ainda", "nog", "except", "ausser", "außer", "sauf",
    "salvo",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in &facts.grids {
        let column = grid.column(Role::Status).or_else(|| grid.column(Role::Decision));
        let Some(status) = column.or_else(|| boxes(grid)) else {
            continue;
        };
        for row in grid.body().filter(|row| is_good(row.cell(status))) {
            let Some((cell, is_sure)) = against(grid, row, status) else { continue };
            let message = format!(
                "«{}» is called {}, and its row says «{cell}»",
                row.cell(grid.label),
                row.cell(status)
            );
            findings.say(is_sure, message, vec![row.said()]);
        }
    }
}

/// The column of boxes, where a row is ticked in its cell.
fn boxes(grid: &Grid<'_>) -> Option<usize> {
    let is_box = |cell: &str| cell.trim().len() == 3 && cell.trim().starts_with('[');
    (0..grid.roles.len()).find(|at| grid.body().count() > 0 && grid.body().all(|row| is_box(row.cell(*at))))
}

fn is_good(cell: &str) -> bool {
    if cell.trim().eq_ignore_ascii_case("[x]") {
        return true;
    }
    let Some(mark) = value::mark(cell) else { return false };
    // `Fixed in 2.1` is a plan as often; a short cell is a state.
    let is_short = cell.split_whitespace().count() <= 4;
    is_short
        && matches!(mark.state, Some(State::Pass | State::Good | State::Done | State::Yes | State::Resolved))
        && mark.polarity() != Polarity::Bad
}

/// The cell that speaks against the row, and whether nothing else can be meant.
fn against<'g>(grid: &Grid<'_>, row: &'g GridRow<'_>, status: usize) -> Option<(&'g str, bool)> {
    let others = (0..grid.roles.len()).filter(|at| {
        *at != status
            && *at != grid.label
            && !matches!(
                grid.roles[*at],
                Role::Id | Role::Title | Role::Owner | Role::Due | Role::Needs | Role::Target
            )
    });
    // A plan says what is next, and that is no contradiction.
    let looks_back = |at: &usize| {
        !says(
            &grid.header(*at),
            &[
                "next*",
                "plan*",
                "action*",
                "follow-up",
                "before",
                "last",
                "old",
                "previous",
                "impact",
                "risk",
                "rehearsal 1",
            ],
        )
    };
    others.filter(looks_back).find_map(|at| {
        let cell = row.cell(at);
        let lower = row.words(at).to_lowercase();
        let state = value::mark(cell).and_then(|mark| mark.state);
        let is_idle = state == Some(State::NotRun);
        let is_coming = says(&lower, COMING);
        let is_left = says(&lower, STILL) && lower.split_whitespace().count() >= 4;
        (is_idle || is_coming || is_left).then_some((cell, is_idle || is_coming))
    })
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    fn row(text: &str) -> Vec<String> {
        found(
            &RULE,
            &format!("| Check | Found | Result |\n|---|---|---|\n| {text} |\n| Other | 3 of 3 | met |\n"),
        )
    }

    #[test]
    fn rows_that_were_not_looked_at_are_found() {
        for text in [
            "Customs | nicht geprüft | erfüllt",
            "Chaos | TODO attach report | Met",
            "Radio | non eseguita | superata",
        ] {
            assert_eq!(row(text), ["certain 3"], "{text}");
        }
        assert_eq!(row("Vault | one password still in the chart | Met"), ["likely 3"]);
    }

    #[test]
    fn a_ticked_row_that_was_stopped_is_found() {
        let text = |proof: &str| {
            format!(
                "| Mark | Id | Item | Proof |\n|---|---|---|---|\n| [x] | 06 | Load test | {proof} |\n| [ ] | 07 | Radio | - |\n"
            )
        };
        assert_eq!(found(&RULE, &text("report: stopped at 410,000")), ["certain 3"]);
        assert!(found(&RULE, &text("report of 9 May")).is_empty());
    }

    #[test]
    fn code_and_titles_are_silent() {
        let table = "| Check | Item | Result | Measured |\n|---|---|---|---|\n| merges | Nobody merges | met | 3 of 3 |\n| alerts | `web` | met | `placeholder = false`, as `as nobody` |\n";
        assert!(found(&RULE, table).is_empty());
        assert_eq!(found(&RULE, &table.replace("`placeholder = false`", "a placeholder")), ["certain 4"]);
    }

    #[test]
    fn rows_that_are_open_or_done_are_silent() {
        for text in ["Customs | not tested | open", "Chaos | report 17 | met", "Radio | not yet | not met"] {
            assert!(row(text).is_empty(), "{text}");
        }
    }
}
