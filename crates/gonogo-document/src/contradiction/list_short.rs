//! One list in two places, and in the second some of it is gone.

use std::collections::BTreeSet;

use super::facts::{Facts, Group, Item};
use super::kind::{Findings, Kind, Rule, Said};
use crate::name::Likeness;
use crate::value::Id;

pub(super) const RULE: Rule = Rule {
    id: "list-short",
    kind: Kind::Count,
    why: "A list that is repeated must be repeated whole; what is gone from it is forgotten.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    confidences(facts, findings);
    let groups: Vec<(&Group, Vec<&Item>)> = facts
        .groups
        .iter()
        .map(|group| (group, group.items.iter().filter_map(|at| facts.items.get(*at)).collect::<Vec<_>>()))
        .filter(|(_, items)| (2..=60).contains(&items.len()))
        .filter(|(_, items)| items.iter().filter(|item| !item.name.is_empty()).count() >= 2)
        .take(60)
        .collect();
    for (at, (one, items)) in groups.iter().enumerate() {
        for (other, others) in groups.iter().skip(at + 1) {
            if !by_id(facts, (one, items), (other, others), findings) {
                by_name(facts, (one, items), (other, others), findings);
            }
        }
    }
}

fn ids(items: &[&Item]) -> BTreeSet<(String, u64)> {
    items.iter().filter_map(|item| item.id.as_ref()).map(|id: &Id| (id.prefix.clone(), id.number)).collect()
}

/// Both are lists of ids with one prefix, numbered from 1 on, and one ends earlier.
fn by_id(
    facts: &Facts<'_>,
    one: (&Group, &Vec<&Item>),
    other: (&Group, &Vec<&Item>),
    findings: &mut Findings,
) -> bool {
    let (first, second) = (ids(one.1), ids(other.1));
    let all_have = first.len() == one.1.len() && second.len() == other.1.len();
    let shared = first.intersection(&second).count();
    if !all_have || shared < 3 || first == second {
        return all_have && shared >= 3;
    }
    let (long, short) = if first.len() > second.len() { (one, other) } else { (other, one) };
    let (all, kept) = (ids(long.1), ids(short.1));
    if !kept.is_subset(&all) {
        return true;
    }
    let gone: Vec<&&Item> = long
        .1
        .iter()
        .filter(|item| item.id.as_ref().is_some_and(|id| !kept.contains(&(id.prefix.clone(), id.number))))
        .collect();
    // A selection names a part on purpose; a list that starts at 1 and stops is cut off.
    let last = kept.iter().map(|(_, number)| *number).max().unwrap_or_default();
    let cut = kept.len() as u64 == last
        && all.iter().all(|(prefix, _)| kept.iter().all(|(other, _)| other == prefix));
    report(facts, long.0, short.0, (all.len(), kept.len()), &gone, cut, findings);
    true
}

/// Most names of one are in the other, and the rest is not.
fn by_name(
    facts: &Facts<'_>,
    one: (&Group, &Vec<&Item>),
    other: (&Group, &Vec<&Item>),
    findings: &mut Findings,
) {
    if one.0.grid.is_some() && other.0.grid.is_some() {
        return;
    }
    let alike = |item: &Item, others: &[&Item]| {
        others.iter().any(|other| {
            item.name.likeness(&other.name) >= Likeness::Contained || item.name.is_like(&other.name)
        })
    };
    let matched = |items: &[&Item], others: &[&Item]| items.iter().filter(|item| alike(item, others)).count();
    let (long, short) = if one.1.len() > other.1.len() { (one, other) } else { (other, one) };
    let found = matched(short.1, long.1);
    // All of the short one are in the long one, which has one or two more.
    if found < 4 || found < short.1.len() {
        return;
    }
    let wanted: Vec<&&Item> = relevant(long.1, short.1);
    let gone: Vec<&&Item> = wanted.iter().copied().filter(|item| !alike(item, short.1)).collect();
    if !gone.is_empty() && gone.len() * 3 <= wanted.len() {
        report(facts, long.0, short.0, (wanted.len(), short.1.len()), &gone, false, findings);
    }
}

/// The items of a long list that have the same decision as those that come again.
fn relevant<'i, 'f>(long: &'i [&'f Item], short: &[&Item]) -> Vec<&'i &'f Item> {
    let again = |item: &Item| {
        short.iter().any(|other| {
            item.name.likeness(&other.name) >= Likeness::Contained || item.name.is_like(&other.name)
        })
    };
    let states: BTreeSet<String> =
        long.iter().filter(|item| again(item)).map(|item| format!("{:?}", item.state())).collect();
    long.iter().filter(|item| states.contains(&format!("{:?}", item.state()))).collect()
}

fn report(
    facts: &Facts<'_>,
    long: &Group,
    short: &Group,
    counts: (usize, usize),
    gone: &[&&Item],
    is_certain: bool,
    findings: &mut Findings,
) {
    let names: Vec<String> = gone
        .iter()
        .take(4)
        .map(|item| format!("“{}”", item.id.as_ref().map_or(item.title.clone(), |id| id.text.clone())))
        .collect();
    let message =
        format!("the list has {} items here and {} there; gone: {}", counts.0, counts.1, names.join(", "));
    let mut places: Vec<Said> = vec![facts.heading(short.section), facts.heading(long.section)];
    places.extend(gone.iter().map(|item| item.said.clone()));
    // The last one that is still there shows where it was cut.
    places.extend(short.items.last().and_then(|at| facts.items.get(*at)).map(|item| item.said.clone()));
    findings.say(is_certain, message, places);
}

/// Lists of confidences, by band, that have more or fewer entries than there are decisions with one.
fn confidences(facts: &Facts<'_>, findings: &mut Findings) {
    let stated: Vec<Said> = facts
        .sentences
        .iter()
        .filter(|sentence| {
            sentence.text.field().is_some_and(|field| field.key.plain.to_lowercase().trim() == "confidence")
        })
        .map(super::facts::Sentence::said)
        .collect();
    let bands: Vec<&Group> = facts
        .groups
        .iter()
        .filter(|group| {
            group.grid.is_none()
                && facts.section(group.section).title.plain.to_lowercase().contains("confidence")
        })
        .collect();
    let items: Vec<&Item> =
        bands.iter().flat_map(|group| &group.items).filter_map(|at| facts.items.get(*at)).collect();
    if bands.len() >= 2 && stated.len() >= 3 && !items.is_empty() && items.len() != stated.len() {
        let message = format!(
            "{} confidences are listed by band, but {} are stated one by one",
            items.len(),
            stated.len()
        );
        let mut places: Vec<Said> = bands.iter().rev().map(|group| facts.heading(group.section)).collect();
        places.extend(
            items
                .iter()
                .filter(|item| crate::value::percents(&item.said.text).is_empty())
                .map(|item| item.said.clone()),
        );
        places.extend(stated.into_iter().rev());
        findings.likely(message, places);
    }
}
