//! One thing that is scored or counted in two categories.

use std::collections::BTreeMap;

use super::facts::{Facts, Grid, GridRow, Item, Role};
use super::kind::{Findings, Kind, Rule, Said};
use crate::name::Name;
use crate::value;

pub(super) const RULE: Rule = Rule {
    id: "counted-twice",
    kind: Kind::Duplicate,
    why: "What counts in two categories weighs twice, and one failure shows as two.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let with_status =
        facts.grids.iter().filter(|grid| grid.column(Role::Status).is_some() && !is_overview(grid));
    let tables: Vec<Listed<'_, '_>> = with_status
        .take(80)
        .map(|grid| {
            let named = grid.body().map(|row| (Name::of(row.cell(grid.label)), row));
            let rows = named.filter(|(name, _)| !name.is_empty()).map(|(name, row)| (name.plain, row));
            Listed { grid, rows: single(rows) }
        })
        .collect();
    for (at, one) in tables.iter().enumerate() {
        let apart =
            |other: &&Listed<'_, '_>| facts.chapter(other.grid.section) != facts.chapter(one.grid.section);
        for other in tables.iter().skip(at + 1).filter(apart) {
            rows(facts, one, other, findings);
        }
    }
    evidence(facts, findings);
    folded(facts, findings);
    effort(facts, findings);
}

/// Rows by their names. A name that several rows of a table have is that of a kind, not of a thing.
fn single<'r, R>(rows: impl Iterator<Item = (String, &'r R)>) -> BTreeMap<String, &'r R> {
    let mut found: BTreeMap<String, Option<&R>> = BTreeMap::new();
    for (name, row) in rows {
        found.entry(name).and_modify(|known| *known = None).or_insert(Some(row));
    }
    found.into_iter().filter_map(|(name, row)| Some((name, row?))).collect()
}

/// A table of numbers is about groups: what it names is no thing that could count twice.
fn is_overview(grid: &Grid<'_>) -> bool {
    (0..grid.roles.len()).filter(|at| grid.figures(*at).is_some()).count() >= 4
}

fn rows(facts: &Facts<'_>, one: &Listed<'_, '_>, other: &Listed<'_, '_>, findings: &mut Findings) {
    let alike = one.grid.headers == other.grid.headers;
    let same: Vec<(&GridRow<'_>, &GridRow<'_>)> =
        one.rows.iter().filter_map(|(name, row)| Some((*row, *other.rows.get(name)?))).collect();
    // Two tables about the same things look at them from two sides.
    if same.len() * 2 > one.rows.len().min(other.rows.len()) {
        return;
    }
    let open = |row: &GridRow<'_>, grid: &Grid<'_>| {
        let mark = grid.column(Role::Status).and_then(|status| value::mark(row.cell(status)));
        mark.is_none_or(|mark| mark.polarity() != value::Polarity::Good)
    };
    for (row, twin) in same {
        if alike || (open(row, one.grid) && open(twin, other.grid)) {
            let titles =
                [one, other].map(|list| facts.section(facts.chapter(list.grid.section)).title.plain.clone());
            let label = row.cell(one.grid.label);
            let message = format!("“{label}” counts in “{}” and in “{}”", titles[0], titles[1]);
            findings.likely(message, vec![row.said(), twin.said()]);
        }
    }
}

/// A table with its rows by their names.
struct Listed<'g, 'a> {
    grid: &'g Grid<'a>,
    rows: BTreeMap<String, &'g GridRow<'a>>,
}

/// The same evidence in the lists of two categories.
fn evidence(facts: &Facts<'_>, findings: &mut Findings) {
    let lists: Vec<(crate::SectionId, &Item)> = facts
        .items
        .iter()
        .filter(|item| item.mark.is_some() && item.ticked.is_none() && item.id.is_none())
        .filter(|item| facts.section(item.section).title.plain.to_lowercase().starts_with("evidence"))
        .map(|item| (facts.chapter(item.section), item))
        .take(300)
        .collect();
    for (at, (chapter, one)) in lists.iter().enumerate() {
        for (other_chapter, other) in lists.iter().skip(at + 1).filter(|(other, _)| other != chapter) {
            let (one_subject, other_subject) = (subject(&one.title), subject(&other.title));
            let shared = one_subject.words.intersection(&other_subject.words).count();
            let least = one_subject.words.len().min(other_subject.words.len());
            if shared >= 2 && shared * 3 >= least * 2 {
                let titles = [chapter, other_chapter].map(|id| facts.section(*id).title.plain.clone());
                let message = format!("the same evidence counts for “{}” and for “{}”", titles[0], titles[1]);
                findings.likely(message, vec![one.said.clone(), other.said.clone()]);
            }
        }
    }
}

/// What stands before the colon.
fn subject(title: &str) -> Name {
    Name::of(title.split([':', '(']).next().unwrap_or_default())
}

/// A blocker of its own that is also said to be part of another.
fn folded(facts: &Facts<'_>, findings: &mut Findings) {
    let fields = facts.grids.iter().filter(|grid| grid.roles.len() == 2);
    for (grid, row) in fields.flat_map(|grid| grid.body().map(move |row| (grid, row))) {
        let key = row.cell(0).to_lowercase();
        let folds = ["add to", "part of", "merged into", "covered by", "duplicate of", "included in"]
            .iter()
            .any(|word| key.contains(word));
        let owner = || {
            let mut path = facts.outline.path(grid.section);
            path.find_map(|section| value::ids(&section.title.plain).into_iter().next())
        };
        let part_of = value::ids(row.cell(1)).into_iter().next().filter(|_| folds);
        let Some((owner, part_of)) = part_of.and_then(|part_of| Some((owner()?, part_of))) else { continue };
        if owner.value.is(&part_of.value) {
            continue;
        }
        let with = |id: &value::Id| {
            facts
                .with_id(id)
                .filter(|item| matches!(item.source, super::facts::item::Source::Row(_)))
                .map(|item| item.said.clone())
                .collect::<Vec<_>>()
        };
        let (own, other) = (with(&owner.value), with(&part_of.value));
        if !own.is_empty() && !other.is_empty() {
            let message = format!(
                "{} is listed by itself and is also part of {}, which is listed as well",
                owner.value.text, part_of.value.text
            );
            let places: Vec<Said> = std::iter::once(row.said()).chain(own).chain(other).collect();
            findings.certain(message, places);
        }
    }
}

/// A table of effort by severity that counts a finding under two severities.
fn effort(facts: &Facts<'_>, findings: &mut Findings) {
    let Some(grid) = facts.grids.iter().find(|grid| {
        grid.column(Role::Duration).is_some()
            && grid.body().count() >= 2
            && grid.body().all(|row| value::severity(row.cell(0)).is_some())
    }) else {
        return;
    };
    let lists: Vec<&Item> = facts
        .items
        .iter()
        .filter(|item| {
            item.source == super::facts::item::Source::List
                && item.id.is_some()
                && item.ticked.is_none()
                && item.severity.is_some()
        })
        .take(300)
        .collect();
    let mut twice = Vec::new();
    for (at, one) in lists.iter().enumerate() {
        let twin = lists
            .iter()
            .skip(at + 1)
            .find(|other| other.name.words == one.name.words && other.severity != one.severity);
        twice.extend(twin.map(|twin| (one.said.clone(), twin.said.clone())));
    }
    if !twice.is_empty() {
        let mut places: Vec<Said> = grid.body().take(2).map(|row| row.said()).collect();
        places.extend(twice.iter().flat_map(|(one, other)| [one.clone(), other.clone()]));
        findings.certain(format!("the effort counts {} findings under two severities", twice.len()), places);
    }
}
