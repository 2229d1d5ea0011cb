//! A field of a thing in its section, and another value of it in the row of a table.

use super::facts::claim::number_word;
use super::facts::column::role;
use super::facts::word::{self, says};
use super::facts::{Facts, Grid, GridRow, Role, Sentence};
use super::kind::{Findings, Kind, Rule};
use crate::name::Name;
use crate::outline::SectionId;
use crate::value;

pub(super) const RULE: Rule = Rule {
    id: "field-twice",
    kind: Kind::Disagreement,
    why: "A thing that is told in a section and listed in a table has one owner, one date, one decision.",
    find,
};

/// The most rows and fields that are compared.
const MOST: usize = 2_000;

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let rows: Vec<(&Grid<'_>, &GridRow<'_>)> =
        facts.grids.iter().flat_map(|grid| grid.body().map(move |row| (grid, row))).take(MOST).collect();
    for id in facts.outline.ids() {
        let Some(token) = token(&facts.section(id).title.plain) else { continue };
        let own = rows
            .iter()
            .filter(|(grid, row)| is_called(grid, row, &token) && !is_inside(facts, grid.section, id));
        for (grid, row) in own.take(8) {
            for sentence in facts.sentences.iter().filter(|sentence| sentence.section == id).take(60) {
                compare(facts, grid, row, sentence, findings);
            }
        }
    }
}

/// The id that a heading begins with: `D-01`, `3.2`.
fn token(title: &str) -> Option<String> {
    let first = title.split_whitespace().next()?.trim_end_matches([':', '.', ')', ',']);
    let has_digits = first.bytes().any(|byte| byte.is_ascii_digit());
    let is_id = !value::ids(first).is_empty()
        || (first.contains('.') && first.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'));
    (has_digits && is_id && title.split_whitespace().count() > 1).then(|| first.to_lowercase())
}

fn is_called(grid: &Grid<'_>, row: &GridRow<'_>, token: &str) -> bool {
    let id = grid.column(Role::Id).unwrap_or(0);
    [0, id].iter().any(|at| row.cell(*at).to_lowercase() == token)
}

fn is_inside(facts: &Facts<'_>, table: SectionId, section: SectionId) -> bool {
    facts.outline.path(table).any(|outer| outer.title.span == facts.section(section).title.span)
}

fn compare(
    facts: &Facts<'_>,
    grid: &Grid<'_>,
    row: &GridRow<'_>,
    sentence: &Sentence,
    findings: &mut Findings,
) {
    for field in sentence.text.fields() {
        let key = field.key.plain.trim().to_lowercase();
        let column = (0..grid.roles.len()).find(|at| {
            !matches!(grid.roles[*at], Role::Severity | Role::Id | Role::Score)
                && is_called_so(grid, *at, &key)
        });
        let Some(column) = column else { continue };
        let (told, listed) = (field.value.plain.trim().trim_end_matches('.'), row.cell(column));
        if differ(facts, told, listed) {
            let message = format!(
                "the {key} of {} is «{told}» in its section and «{listed}» in the table",
                row.cell(0)
            );
            findings.certain(message, vec![row.said(), sentence.said()]);
        }
    }
}

/// Whether a field has the name of a column, or one with the word of it: `Next review`, `Review`.
fn is_called_so(grid: &Grid<'_>, at: usize, key: &str) -> bool {
    let header = grid.header(at);
    let header = header.trim();
    let few = key.split_whitespace().count() <= 3 && header.chars().count() >= 4;
    let is_same_role = matches!(grid.roles[at], Role::Owner | Role::Due) && role(key) == grid.roles[at];
    header == key || (few && word::find(key, header).is_some() && at != grid.label) || is_same_role
}

fn differ(facts: &Facts<'_>, told: &str, listed: &str) -> bool {
    let is_mute = |text: &str| !text.chars().any(char::is_alphanumeric);
    let is_long = |text: &str| text.split_whitespace().count() > 7;
    if is_mute(told) || is_mute(listed) || is_long(told) || is_long(listed) {
        return false;
    }
    let (one, two) = (facts.calendar.dates(told), facts.calendar.dates(listed));
    if let ([one], [two]) = (one.as_slice(), two.as_slice()) {
        return one.value != two.value;
    }
    if one.len() != two.len() {
        return false;
    }
    // `Fixed` is a state, and what was done is none.
    let is_grade = |text: &str| value::severity(text).is_some();
    if (value::mark(told).is_none() && value::mark(listed).is_some()) || (is_grade(listed) && !is_grade(told))
    {
        return false;
    }
    if let Some(is_other) = counted(told, listed) {
        return is_other;
    }
    let (told, listed) = (Name::of(told), Name::of(listed));
    let within = |one: &Name, two: &Name| one.plain.contains(&two.plain) || one.words.is_subset(&two.words);
    !told.is_empty()
        && !listed.is_empty()
        && !within(&told, &listed)
        && !within(&listed, &told)
        && told.words.is_disjoint(&listed.words)
        && !says(&listed.plain, &["see", "siehe", "voir"])
}

/// `Lyon, Porto, Graz` and `four cities`.
fn counted(told: &str, listed: &str) -> Option<bool> {
    let first = listed.split_whitespace().next()?.to_lowercase();
    let count = number_word(&first).or_else(|| first.parse().ok())?;
    let parts = told
        .split([',', ';'])
        .flat_map(|part| part.split(" and "))
        .filter(|part| !part.trim().is_empty())
        .count() as u64;
    Some(parts >= 2 && parts != count)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    fn text(owner: &str, due: &str, choice: &str) -> String {
        format!(
            "# R\n\n## D-01 Which cities?\n\n- **Owner:** {owner}\n- **Due:** {due}\n- **Decision:** {choice}\n\n## Overview\n\n| Id | Owner | Due | Decision |\n|---|---|---|---|\n| D-01 | Imke | 2026-07-15 | two cities |\n"
        )
    }

    #[test]
    fn two_values_of_one_field_are_found() {
        assert_eq!(found(&RULE, &text("Otto", "15 July 2026", "Lyon, Porto")), ["certain 13,5"]);
        assert_eq!(found(&RULE, &text("Imke", "15 August 2026", "Lyon, Porto")), ["certain 13,6"]);
        assert_eq!(found(&RULE, &text("Imke", "15 July 2026", "Lyon, Porto, Graz")), ["certain 13,7"]);
    }

    #[test]
    fn a_field_may_have_more_words_than_the_column() {
        let text = |date: &str| {
            format!(
                "# R\n\n| Id | Risk | Review |\n|---|---|---|\n| R-2 | Logs | 30/06/2025 |\n\n## R-2 Logs\n\n- Next review : {date}\n"
            )
        };
        assert_eq!(found(&RULE, &text("30 September 2025")), ["certain 5,9"]);
        assert!(found(&RULE, &text("30 June 2025")).is_empty());
    }

    #[test]
    fn the_same_in_other_words_is_silent() {
        assert!(found(&RULE, &text("Imke Falk", "15 July 2026", "Lyon, Porto")).is_empty());
    }
}
