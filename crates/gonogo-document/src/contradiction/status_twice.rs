//! One thing with two states: in the summary and in its section, in two tables, in a checklist and
//! in a table.

use super::facts::item::Source;
use super::facts::{Facts, Grid, GridRow, Item, Place, Role};
use super::kind::{Findings, Kind, Rule, Said};
use super::summary_cell::section_of;
use crate::name::{Likeness, Name};
use crate::value::{self, Mark, Polarity, State};

pub(super) const RULE: Rule = Rule {
    id: "status-twice",
    kind: Kind::Disagreement,
    why: "A thing is in one state; where the document gives two, the better one is believed.",
    find,
};

/// Rows of one table, or things of one sort, that are compared with others.
const MOST: usize = 400;

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for (at, grid) in facts.grids.iter().enumerate() {
        let Some(status) = grid.column(Role::Status) else { continue };
        for row in grid.body().take(MOST) {
            let Some(mark) = state(row.cell(status)) else { continue };
            section(facts, grid, row, mark, findings);
            tables(facts, at, grid, row, mark, findings);
        }
    }
    boxes(facts, findings);
    lists(facts, findings);
    by_id(facts, findings);
    super::result_not_run::undone::done_rows(facts, findings);
}

/// The mark of a cell, if it says how the thing stands.
fn state(cell: &str) -> Option<Mark> {
    let lower = cell.to_lowercase();
    let colours = [
        ("amber", State::Partial),
        ("yellow", State::Partial),
        ("red", State::Fail),
        ("on track", State::Good),
        ("at risk", State::Partial),
        ("conditional", State::Partial),
    ];
    let by_word = colours
        .into_iter()
        .find(|(word, _)| super::facts::verdict::has_phrase(&lower, word))
        .map(|(_, state)| Mark { sign: None, state: Some(state) });
    by_word.or_else(|| value::mark(cell)).filter(|mark| mark.polarity() != Polarity::Neutral)
}

/// Good against anything that is not.
fn opposed(one: Mark, other: Mark) -> bool {
    let pair = (one.polarity(), other.polarity());
    pair.0 != pair.1 && (pair.0 == Polarity::Good || pair.1 == Polarity::Good)
}

/// `### 3.3 Reconciliation (AMBER)` against the row that says GREEN.
fn section(facts: &Facts<'_>, grid: &Grid<'_>, row: &GridRow<'_>, mark: Mark, findings: &mut Findings) {
    let Some(section) = section_of(facts, grid, row.cell(grid.label)) else { return };
    let title = facts.section(section).title.plain.clone();
    let Some(behind) = title.find(['(', ':', '–', '—']).and_then(|at| title.get(at..)) else { return };
    // `(🔴 Critical)` says how bad it was.
    if value::severities(behind).is_empty() && state(behind).is_some_and(|own| opposed(mark, own)) {
        let message = format!(
            "“{}” is “{}” in the table and “{}” in the heading of its section",
            row.cell(grid.label),
            row.cell(grid.column(Role::Status).unwrap_or_default()),
            title
        );
        findings.certain(message, vec![row.said(), facts.heading(section)]);
    }
}

/// Two tables with the same columns, or with mostly the same rows.
fn tables(
    facts: &Facts<'_>,
    at: usize,
    grid: &Grid<'_>,
    row: &GridRow<'_>,
    mark: Mark,
    findings: &mut Findings,
) {
    for other in facts.grids.iter().skip(at + 1).take(60) {
        let Some(status) = other.column(Role::Status).filter(|_| other.headers == grid.headers) else {
            continue;
        };
        let label = row.cell(grid.label).to_lowercase();
        let twin = other
            .body()
            .take(MOST)
            .find(|twin| !label.is_empty() && twin.cell(other.label).to_lowercase() == label);
        let Some(twin) = twin else { continue };
        if state(twin.cell(status)).is_some_and(|own| opposed(mark, own)) {
            let message = format!(
                "“{}” is “{}” here and “{}” there",
                row.cell(grid.label),
                row.cell(status),
                twin.cell(status)
            );
            findings.certain(message, vec![row.said(), twin.said()]);
        }
    }
}

/// Ticked against open, not ticked against done.
fn boxes(facts: &Facts<'_>, findings: &mut Findings) {
    let boxed: Vec<&Item> = facts.items.iter().filter(|item| item.ticked.is_some()).take(400).collect();
    let rows: Vec<&Item> = facts
        .items
        .iter()
        .filter(|item| matches!(item.source, Source::Row(_)) && item.mark.is_some())
        .take(400)
        .collect();
    for item in boxed {
        for row in &rows {
            let likeness = item.name.likeness(&row.name);
            let is_same = likeness >= Likeness::SameWords && item.name.deeds == row.name.deeds
                || likeness == Likeness::Exact;
            let Some(mark) = row.mark.filter(|_| is_same) else { continue };
            let done = matches!(mark.state, Some(State::Done | State::Resolved | State::Pass));
            let wrong = match item.ticked {
                Some(true) => matches!(mark.polarity(), Polarity::Open | Polarity::Bad),
                _ => done,
            };
            if wrong {
                let ticked = if item.ticked == Some(true) { "ticked" } else { "not ticked" };
                let message =
                    format!("“{}” is {ticked} in the checklist, but the table has another state", item.title);
                findings.certain(message, vec![item.said.clone(), row.said.clone()]);
            }
        }
    }
}

/// `1. **Network** – ready` against `### Network (not ready)`.
fn lists(facts: &Facts<'_>, findings: &mut Findings) {
    let headings: Vec<(String, Mark, Said)> = facts
        .sentences
        .iter()
        .filter(|sentence| sentence.place == Place::Heading)
        .filter_map(|heading| {
            let (name, behind) = heading.text.plain.split_at(heading.text.plain.find(['(', ':', '–'])?);
            let name = Name::of(name.trim_start_matches(|c: char| !c.is_alphabetic()));
            Some((name.plain, state(behind)?, heading.said()))
        })
        .take(MOST)
        .collect();
    let stated = |item: &&Item| item.source == Source::List && item.ticked.is_none() && item.mark.is_some();
    for item in facts.items.iter().filter(stated).take(MOST) {
        let name = Name::of(&item.title).plain;
        let Some(mark) = item.mark.filter(|_| !name.is_empty()) else { continue };
        for (_, _, heading) in headings.iter().filter(|(title, own, _)| *title == name && opposed(mark, *own))
        {
            let message = format!(
                "“{}” has one state in the list and another in the heading of its section",
                item.title
            );
            findings.certain(message, vec![item.said.clone(), heading.clone()]);
        }
    }
}

/// One id with two states: done here, open there; not started here, blocked in a diagram.
fn by_id(facts: &Facts<'_>, findings: &mut Findings) {
    let stated: Vec<&Item> = facts
        .items
        .iter()
        .filter(|item| item.id.is_some() && item.mark.is_some() && item.ticked.is_none())
        .take(500)
        .collect();
    for (at, one) in stated.iter().enumerate() {
        for other in stated.iter().skip(at + 1) {
            let same = matches!((&one.id, &other.id), (Some(a), Some(b)) if a.is(b))
                && one.name.likeness(&other.name) >= Likeness::Overlap(50);
            let (Some(mark), Some(own)) = (one.mark, other.mark) else { continue };
            let both = mark.polarity() != Polarity::Neutral && own.polarity() != Polarity::Neutral;
            let tables = matches!((one.source, other.source), (Source::Row(_), Source::Row(_)));
            if same && both && opposed(mark, own) && tables {
                let message = format!(
                    "{} has two states",
                    one.id.as_ref().map(|id| id.text.clone()).unwrap_or_default()
                );
                findings.certain(message, vec![one.said.clone(), other.said.clone()]);
            }
        }
    }
    diagrams(facts, findings);
    listed_as_done(facts, findings);
}

/// A line with an id in a diagram, and `Status:` in the lines below it.
fn diagrams(facts: &Facts<'_>, findings: &mut Findings) {
    let code: Vec<&super::facts::Sentence> =
        facts.sentences.iter().filter(|sentence| sentence.place == Place::Code).collect();
    for pair in code.windows(2) {
        let [title, status] = pair else { continue };
        let Some(id) = value::ids(&title.text.plain).into_iter().next() else { continue };
        let Some(at) = status.lower().find("status:") else { continue };
        let Some(own) = status.text.plain.get(at..).and_then(value::mark).and_then(|mark| mark.state) else {
            continue;
        };
        for item in facts.with_id(&id.value) {
            if item.state().is_some_and(|state| state != own) {
                let message =
                    format!("{} is in one state in its table and in another in the diagram", id.value.text);
                findings.likely(message, vec![item.said.clone(), status.said(), title.said()]);
            }
        }
    }
}

/// A list of what is still to be closed, by its heading or the line before it.
fn is_of_open(facts: &Facts<'_>, item: &Item, titles: &str) -> bool {
    const OPEN: &[&str] = &[
        "must be closed",
        "must still be",
        "still open",
        "list of open",
        "remaining",
        "to be closed",
        "are open",
        "noch offen",
        "noch zu",
        "zu schließen",
        "encore ouvert*",
        "reste à",
        "à fermer",
        "siguen abiert*",
        "por cerrar",
        "nog open",
        "ancora apert*",
        "em aberto",
    ];
    let line = item.said.span.line;
    let near = facts.between(line.saturating_sub(20), line);
    let mut own =
        near.iter().filter(|sentence| sentence.section == item.section && sentence.place != Place::Item);
    let names = |id: &value::Id| value::ids(&item.said.text).len() == 1 && item.id.as_ref() == Some(id);
    item.id.as_ref().is_some_and(names)
        && (super::facts::word::says(titles, OPEN)
            || own.next_back().is_some_and(|sentence| super::facts::word::says(&sentence.lower(), OPEN)))
}

/// A row of what is pending that another table calls done.
fn listed_as_done(facts: &Facts<'_>, findings: &mut Findings) {
    let is_open = |item: &&Item| {
        let titles = facts.titles(item.section);
        let words = ["external", "pending", "blocker", "open", "waiting"];
        let is_row = matches!(item.source, Source::Row(_));
        item.mark.is_none()
            && (is_row && words.iter().any(|word| titles.contains(word))
                || item.source == Source::List && is_of_open(facts, item, &titles))
    };
    for open in facts
        .items
        .iter()
        .filter(|item| item.source != Source::Heading && item.id.is_some())
        .filter(is_open)
        .take(300)
    {
        let Some(id) = &open.id else { continue };
        let done = facts.with_id(id).find(|item| matches!(item.state(), Some(State::Done | State::Resolved)));
        if let Some(done) = done {
            let message = format!(
                "{} waits in one table and is done in another",
                open.id.as_ref().map(|id| id.text.clone()).unwrap_or_default()
            );
            findings.certain(message, vec![done.said.clone(), open.said.clone()]);
        }
    }
}
