//! One finding under two ids: the same title, or the same place in the code and nearly the same title.

mod matter;

use std::collections::BTreeMap;

use super::facts::item::Source;
use super::facts::{Facts, Item, Role};
use super::kind::{Findings, Kind, Rule, Said};
use crate::name::Likeness;
use crate::outline::Block;
use crate::value::{self, Id};

pub(super) const RULE: Rule = Rule {
    id: "same-finding",
    kind: Kind::Duplicate,
    why: "One finding under two ids is counted, planned and closed twice, or only half.",
    find,
};

/// Items that are compared with one another; more are compared by their words alone.
const MOST: usize = 400;

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let named: Vec<&Item> = facts.items.iter().filter(|item| is_finding(facts, item)).collect();
    let mut by_words: BTreeMap<Vec<&String>, Vec<&Item>> = BTreeMap::new();
    for item in &named {
        by_words.entry(item.name.words.iter().collect()).or_default().push(item);
    }
    let mut renumbered = Vec::new();
    for items in by_words.values().filter(|items| items.len() > 1) {
        same(items, &mut renumbered, findings);
    }
    if let Some((first, _)) = renumbered.first().cloned() {
        let places = std::iter::once(first)
            .chain(renumbered.iter().flat_map(|(one, other)| [one.clone(), other.clone()]))
            .collect();
        let message = format!(
            "the list gives {} findings another id than their own section does, so a reference leads to the wrong one",
            renumbered.len()
        );
        findings.certain(message, places);
    }
    let kept: Vec<&&Item> = named.iter().take(MOST).collect();
    for (at, one) in kept.iter().enumerate() {
        for other in kept.iter().skip(at + 1).filter(|other| other.name.words != one.name.words) {
            similar(facts, one, other, findings);
        }
    }
    one_line(facts, &kept, findings);
    matter::check(facts, findings);
    rows_twice(facts, findings);
}

/// It has an id and a title, and is written down and not only pointed at.
fn is_finding(facts: &Facts<'_>, item: &Item) -> bool {
    let acts = ["next action", "actions", "next step", "checklist", "plan", "accept", "maßnahmen", "mesures"];
    let titles = facts.titles(item.section);
    let enough: usize = item.name.words.iter().map(|word| word.chars().count()).sum();
    // `TASK-40 is complete` says something of it, and is not its title.
    let first = item.title.split_whitespace().next().unwrap_or_default().to_lowercase();
    let is_said = [
        "is", "are", "was", "were", "has", "have", "ist", "sind", "est", "sont", "es", "está", "están", "è",
        "sono", "zijn", "é", "são", "jest", "są",
    ]
    .contains(&first.as_str());
    // A register with its dates in the second column has no titles there.
    let is_date = item.title.split_whitespace().count() <= 3 && !facts.calendar.dates(&item.title).is_empty();
    item.id.is_some()
        && !is_date
        && !is_said
        && item.ticked.is_none()
        && enough >= 6
        && !acts.iter().any(|word| titles.contains(word))
}

fn differ(one: &Item, other: &Item) -> bool {
    let ids: (Option<&Id>, Option<&Id>) = (one.id.as_ref(), other.id.as_ref());
    matches!(ids, (Some(one), Some(other)) if !one.is(other))
}

/// Items with the same words: those with different ids, and those written out twice. What only a
/// list renumbers goes to `renumbered`.
fn same(items: &[&Item], renumbered: &mut Vec<(Said, Said)>, findings: &mut Findings) {
    let Some(first) = items.first() else { return };
    let headings: Vec<&&Item> = items.iter().filter(|item| item.source == Source::Heading).collect();
    let mut ids: Vec<&Item> = vec![first];
    for item in items {
        if ids.iter().all(|known| differ(known, item)) {
            ids.push(item);
        }
    }
    let twice = headings.len() >= 2 && headings.iter().any(|item| item.section != headings[0].section);
    if ids.len() < 2 && !twice {
        return;
    }
    let one_severity = items.iter().all(|item| item.any_severity() == first.any_severity());
    let [one, other] = items else { return report_same(first, &ids, items, findings) };
    if !twice && one_severity && one.source != other.source {
        renumbered.push((other.said.clone(), one.said.clone()));
        return;
    }
    report_same(first, &ids, items, findings);
}

fn report_same(first: &Item, ids: &[&Item], items: &[&Item], findings: &mut Findings) {
    // What only the deed tells apart may be two things: add and remove.
    let is_certain =
        items.iter().all(|item| item.name.deeds == first.name.deeds || item.name.words.len() >= 3);
    let mut names: Vec<String> =
        ids.iter().filter_map(|item| item.id.as_ref()).map(|id| id.text.clone()).collect();
    names.dedup();
    let places: Vec<Said> = items.iter().map(|item| item.said.clone()).collect();
    findings.say(
        is_certain,
        format!("“{}” is one finding, written {} times as {}", first.title, items.len(), names.join(", ")),
        places,
    );
}

/// Two findings that name the same line of the same file as theirs.
fn one_line(facts: &Facts<'_>, items: &[&&Item], findings: &mut Findings) {
    let mut by_line: BTreeMap<String, Vec<&Item>> = BTreeMap::new();
    for item in items {
        if let Some(place) = location(facts, item).filter(|place| has_line(place)) {
            by_line.entry(place).or_default().push(item);
        }
    }
    for (place, items) in by_line {
        let [one, other] = items.as_slice() else { continue };
        if differ(one, other) && one.name.likeness(&other.name) < Likeness::Overlap(60) {
            let names =
                [one, other].map(|item| item.id.as_ref().map(|id| id.text.clone()).unwrap_or_default());
            let message =
                format!("{} and {} are both about {place}, so they may be one finding", names[0], names[1]);
            findings.likely(message, vec![other.said.clone(), one.said.clone()]);
        }
    }
}

/// `store.py:57`
fn has_line(place: &str) -> bool {
    place.rsplit_once(':').is_some_and(|(_, line)| line.starts_with(|c: char| c.is_ascii_digit()))
}

/// Nearly the same title, and the same file and line or the same cause.
fn similar(facts: &Facts<'_>, one: &Item, other: &Item, findings: &mut Findings) {
    let likeness = one.name.likeness(&other.name);
    if likeness < Likeness::Overlap(60) || (!differ(one, other) && one.section == other.section) {
        return;
    }
    let cause = (location(facts, one), location(facts, other));
    let same_cause = matches!(&cause, (Some(one), Some(other)) if one == other);
    // Under one id it is the same finding, in a list or a plan.
    if !same_cause && !differ(one, other) {
        return;
    }
    let contained = likeness == Likeness::Contained && one.name.words.len().min(other.name.words.len()) >= 3;
    if !same_cause && !contained && likeness < Likeness::Overlap(75) {
        return;
    }
    let names = [one, other].map(|item| item.id.as_ref().map(|id| id.text.clone()).unwrap_or_default());
    let how = if same_cause { "with the same cause" } else { "by their titles" };
    let message =
        format!("{} “{}” and {} “{}” are one finding {how}", names[0], one.title, names[1], other.title);
    findings.say(
        same_cause && differ_or_far(one, other),
        message,
        vec![one.said.clone(), other.said.clone()],
    );
}

fn differ_or_far(one: &Item, other: &Item) -> bool {
    differ(one, other) || one.section != other.section
}

/// The first file with a line that is named in the text of a finding, or its stated cause.
fn location(facts: &Facts<'_>, item: &Item) -> Option<String> {
    if item.source != Source::Heading {
        return None;
    }
    let section = facts.section(item.section);
    section.blocks.iter().flat_map(Block::with_inner).find_map(|block| match block {
        Block::List(list) => list.items.iter().find_map(|item| cause(&item.text.plain)),
        Block::Paragraph(text) => text.lines().iter().find_map(|line| cause(&line.plain)),
        _ => None,
    })
}

fn cause(line: &str) -> Option<String> {
    let lower = line.to_lowercase();
    let keys = [
        "root cause",
        "cause",
        "location",
        "where",
        "file",
        "ursache",
        "wo:",
        "datei",
        "stelle",
        "fichier",
        "lieu",
        "où",
        "causa",
        "archivo",
        "ubicación",
        "dónde",
        "posizione",
        "dove",
        "oorzaak",
        "bestand",
        "plaats",
        "arquivo",
        "onde",
        "plik",
        "gdzie",
    ];
    let is_cause = keys.iter().any(|key| lower.trim_start_matches(['-', '*', ' ']).starts_with(key));
    let file = value::files(line).into_iter().next()?;
    is_cause.then(|| line.get(file.range).map(str::to_owned)).flatten()
}

/// Two rows of one table that say the same.
fn rows_twice(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in facts.grids.iter().filter(|grid| grid.body().count() <= 2_000) {
        let id = grid.column(Role::Id);
        let mut seen: BTreeMap<Vec<String>, Said> = BTreeMap::new();
        for row in grid.body() {
            let cells: Vec<String> = (0..grid.roles.len())
                .filter(|at| Some(*at) != id)
                .map(|at| row.cell(at).to_lowercase())
                .collect();
            let label = row.cell(grid.label);
            let is_word = value::mark(label).is_some() || value::severity(label).is_some();
            let is_state = is_word && label.split_whitespace().count() <= 2;
            if is_state
                || label.chars().filter(|c| c.is_alphabetic()).count() < 4
                || cells.iter().filter(|cell| !cell.is_empty()).count() < 2
            {
                continue;
            }
            match seen.get(&cells) {
                Some(first) => findings
                    .certain(format!("“{label}” is in the table twice"), vec![row.said(), first.clone()]),
                None => drop(seen.insert(cells, row.said())),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn what_is_said_of_an_id_is_no_title() {
        assert!(
            found(&RULE, "Gate opens when:\n\n1. TASK-40 is complete\n2. TASK-41 is complete\n").is_empty()
        );
    }
}
