//! Evidence that is none: an empty cell, a number of lines, words that point at nothing.

use super::facts::grid::is_blank;
use super::facts::word::says;
use super::facts::{Facts, Grid, Place, Role};
use super::kind::{Findings, Kind, Rule, Said};
use crate::value::{self, Polarity};

pub(super) const RULE: Rule = Rule {
    id: "evidence-empty",
    kind: Kind::Evidence,
    why: "Evidence can be looked up: a file, a link, a run, a number of tries.",
    find,
};

const NOTHING: &[&str] = &[
    "fehlt",
    "manque",
    "falta",
    "ontbreekt",
    "none",
    "none yet",
    "verbal",
    "oral",
    "by word of mouth",
    "not available",
    "unknown",
    "?",
    "mündlich",
    "à venir",
    "oralement",
    "verbal only",
    "not recorded",
    "lost",
    "to be added",
    "will follow",
    "nachzureichen",
    "por entregar",
    "volgt",
    "tbd",
    "to follow",
    "pending",
    "missing",
    "not yet",
    "n/a yet",
    "todo",
    "keine",
    "folgt",
    "aucune",
    "ninguna",
    "geen",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in &facts.grids {
        if let Some(column) = grid.column(Role::Evidence) {
            table(grid, column, findings);
        }
    }
    demanded(facts, findings);
    for sentence in facts.sentences.iter().filter(|sentence| sentence.place == Place::Prose) {
        let lower = sentence.lower();
        let rests = says(
            &lower,
            &["based on comprehensive", "based on all prior", "based on extensive", "based on a thorough"],
        );
        let names = says(&lower, &["analysis", "reports", "testing", "review"]);
        if rests && names && cites_nothing(&sentence.text) && !lower.chars().any(|c| c.is_ascii_digit()) {
            findings.likely("it rests on reports of which it names none".to_owned(), vec![sentence.said()]);
        }
    }
}

fn table(grid: &Grid<'_>, column: usize, findings: &mut Findings) {
    let (mut bare, mut lines): (Vec<Said>, Vec<Said>) = (Vec::new(), Vec::new());
    for row in grid.body() {
        let cell = row.cell(column);
        let lower = cell.to_lowercase();
        let others = || row.row.cells.iter().enumerate().filter(|(at, _)| *at != grid.label);
        let is_open = others().any(|(_, cell)| matches!(cell.plain.trim(), "[ ]" | "[]" | "☐"));
        let ticked = !is_open
            && others().any(|(_, cell)| {
                value::mark(&cell.plain).is_some_and(|mark| {
                    mark.polarity() == Polarity::Good || mark.state == Some(value::State::Yes)
                })
            });
        let is_good = ticked && grid.column(Role::Status).is_none()
            || grid.column(Role::Status).and_then(|at| value::mark(row.cell(at))).is_some_and(|mark| {
                mark.polarity() == Polarity::Good || mark.state == Some(value::State::Yes)
            });
        let is_nothing = is_blank(cell)
            || NOTHING.iter().any(|word| lower.starts_with(word) && lower.len() <= word.len() + 4);
        if is_good && is_nothing {
            findings.certain(
                format!("«{}» is done, and its evidence is «{cell}»", row.cell(grid.label)),
                vec![row.said()],
            );
        } else if is_good
            && (is_lines(&lower) || says(&lower, &["referenced in", "mentioned in", "see document"]))
        {
            lines.push(row.said());
        } else if is_good
            && row.row.cells.get(column).is_some_and(cites_nothing)
            && !lower.chars().any(|c| c.is_ascii_digit())
        {
            bare.push(row.said());
        }
    }
    if let Some(first) = lines.first() {
        findings.likely(format!("«{}» says that a text exists, and not that it is right", first.text), lines);
    }
    if bare.len() >= 7 && bare.len() * 4 >= grid.body().count() * 3 {
        let message = format!(
            "{} of {} rows have words as evidence that point at no file, run or number",
            bare.len(),
            grid.body().count()
        );
        findings.likely(message, bare);
    }
}

/// `333 lines`.
fn is_lines(lower: &str) -> bool {
    let mut words = lower.split_whitespace();
    let is_number = words.next().is_some_and(|word| word.chars().all(|c| c.is_ascii_digit() || c == ','));
    is_number && words.next().is_some_and(|word| word.trim_end_matches(',').starts_with("line"))
}

fn cites_nothing(text: &crate::outline::Text) -> bool {
    text.links.is_empty()
        && value::files(&text.plain).is_empty()
        && value::ids(&text.plain).is_empty()
        && value::dates(&text.plain).is_empty()
        && !text.plain.contains('/')
}

/// The document demands evidence, and its lists of evidence cite nothing.
fn demanded(facts: &Facts<'_>, findings: &mut Findings) {
    let demand = facts.sentences.iter().find(|sentence| {
        says(
            &sentence.lower(),
            &[
                "must cite evidence",
                "must cite its evidence",
                "with a link to the evidence",
                "evidence must be linked",
                "cite evidence",
            ],
        )
    });
    let Some(demand) = demand else { return };
    let under = facts.sentences.iter().filter(|sentence| {
        sentence.place == Place::Item
            && says(&facts.section(sentence.section).title.plain.to_lowercase(), &["evidence"])
    });
    let items: Vec<_> = under.collect();
    let bare: Vec<Said> = items
        .iter()
        .filter(|sentence| cites_nothing(&sentence.text))
        .map(|sentence| sentence.said())
        .collect();
    if bare.len() >= 5 && bare.len() * 4 >= items.len() * 3 {
        let message = format!(
            "«{}», and {} of {} pieces of evidence cite no file, run or link",
            demand.text.plain.trim(),
            bare.len(),
            items.len()
        );
        findings.likely(message, std::iter::once(demand.said()).chain(bare).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    const HEAD: &str = "| Statement | State | Evidence |\n|---|---|---|\n";

    #[test]
    fn cells_without_evidence_are_found() {
        assert_eq!(
            found(&RULE, &format!("{HEAD}| Blind people can buy | Done | none yet |\n")),
            ["certain 3"]
        );
        assert_eq!(
            found(&RULE, &format!("{HEAD}| Rollback | Done | 120 lines, two kinds |\n")),
            ["likely 3"]
        );
        assert!(
            found(
                &RULE,
                &format!("{HEAD}| Restore | Done | log of 6 January |\n| Load | Open | none yet |\n")
            )
            .is_empty()
        );
    }

    #[test]
    fn a_demand_that_nothing_follows_is_found() {
        let text = "Each decision must cite evidence.\n\n**Evidence:**\n- no errors\n- no loss\n- works\n- fast\n- safe\n";
        assert_eq!(found(&RULE, text), ["likely 1,4,5,6,7,8"]);
    }
}
