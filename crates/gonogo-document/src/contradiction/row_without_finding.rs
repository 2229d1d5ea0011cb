//! A row that failed, in a section whose findings do not name it.

use super::facts::{Facts, Grid, GridRow, Item, Role, Topic};
use super::kind::{Findings, Kind, Rule, Said};
use crate::name::Name;
use crate::value::{self, Severity, State};

pub(super) const RULE: Rule = Rule {
    id: "row-without-finding",
    kind: Kind::Omission,
    why: "A row that is not as it should be has a finding, or nobody repairs it.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let problems: Vec<&Item> = facts
        .items
        .iter()
        .filter(|item| item.id.is_some() && item.severity.is_some() && item.ticked.is_none())
        .collect();
    // A document that writes its findings out, in several sections.
    let mut chapters: Vec<_> = problems.iter().map(|item| facts.chapter(item.section)).collect();
    chapters.dedup();
    if problems.len() < 3 || chapters.len() < 3 {
        return;
    }
    for grid in &facts.grids {
        let Some(status) = grid.roles.iter().rposition(|role| *role == Role::Status) else { continue };
        let home = top(facts, grid);
        let is_home =
            |item: &&Item| facts.outline.path(item.section).any(|section| section.span.line == home);
        let listed = facts.items.iter().filter(|item| facts.is_directly_under(item.section, Topic::Problems));
        let near: Vec<&Item> = problems.iter().copied().chain(listed).filter(is_home).take(300).collect();
        let lost: Vec<&GridRow<'_>> = grid
            .body()
            .filter(|row| is_bad(row.cell(status)) && !is_named(row.cell(grid.label), &near))
            .collect();
        if lost.is_empty() || lost.len() == grid.rows.len() {
            continue;
        }
        let names: Vec<&str> = lost.iter().map(|row| row.cell(grid.label)).collect();
        let message = format!(
            "«{}» {} not as it should be, and the section has no finding about it",
            names.join("», «"),
            if names.len() == 1 { "is" } else { "are" }
        );
        findings.likely(message, lost.iter().map(|row| row.said()).collect::<Vec<Said>>());
    }
}

/// The line of the highest heading below the title that a table stands under.
fn top(facts: &Facts<'_>, grid: &Grid<'_>) -> u32 {
    let numbered = facts.outline.path(grid.section).filter(|section| section.level > 1 && section.level <= 6);
    let with_number = |section: &&crate::outline::Section| {
        section.title.plain.trim_start().starts_with(|c: char| c.is_ascii_digit())
    };
    let all: Vec<_> = numbered.collect();
    all.iter().find(|section| with_number(section)).or(all.last()).map_or(0, |section| section.span.line)
}

fn is_bad(cell: &str) -> bool {
    let severity = value::severity(cell).is_some_and(|severity| severity <= Severity::Medium);
    let state = value::mark(cell).and_then(|mark| mark.state);
    severity || matches!(state, Some(State::Fail | State::Missing))
}

fn is_named(row: &str, problems: &[&Item]) -> bool {
    let name = Name::of(row);
    problems.iter().any(|item| name.words.intersection(&item.name.words).count() > 0)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    fn text(row: &str) -> String {
        format!(
            "# R\n## 1. Net\n\n| Part | Status |\n|---|---|\n| Router | FAIL |\n| Switch | {row} |\n\n**HIGH-1: Router drops packets**\n- fix\n\n\
             ## 2. Disk\n\n**HIGH-1: Volume is full**\n- fix\n\n## 3. Power\n\n**HIGH-1: Battery is old**\n- fix\n"
        )
    }

    #[test]
    fn a_failed_row_without_finding_is_found() {
        assert_eq!(found(&RULE, &text("FAIL")), ["likely 7"]);
        assert!(found(&RULE, &text("PASS")).is_empty());
        assert!(found(&RULE, "| Part | Status |\n|---|---|\n| Router | FAIL |\n").is_empty());
    }
}
