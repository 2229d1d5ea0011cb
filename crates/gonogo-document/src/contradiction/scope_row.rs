//! The scope names something that nothing assesses.

use std::collections::BTreeSet;

use super::facts::item::Source;
use super::facts::{Facts, Place};
use super::kind::{Findings, Kind, Rule};
use crate::name::Name;

pub(super) const RULE: Rule = Rule {
    id: "scope-row",
    kind: Kind::Omission,
    why: "What is in the scope and in no table was not assessed.",
    find,
};

const KEYS: &[&str] = &[
    "scope",
    "system",
    "in scope",
    "subsystems",
    "modules",
    "umfang",
    "périmètre",
    "alcance",
    "bereik",
    "components",
    "services",
    "components in scope",
    "covered",
    "systems",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for sentence in facts
        .sentences
        .iter()
        .filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item | Place::Heading))
    {
        for field in sentence.text.fields() {
            let key = field.key.plain.to_lowercase();
            let bare = key.split('(').next().unwrap_or_default().trim();
            let parts = parts(&field.value.plain);
            if !KEYS.contains(&bare) || parts.len() < 3 {
                continue;
            }
            let missing = missing(facts, &parts, sentence.text.span.line);
            if !missing.is_empty() && missing.len() * 3 <= parts.len() {
                let message = format!(
                    "the scope names {} things, and «{}» {} in no table",
                    parts.len(),
                    missing.join("», «"),
                    if missing.len() == 1 { "is" } else { "are" }
                );
                findings.likely(message, vec![sentence.said()]);
            }
        }
    }
}

/// What is named, one by one: behind the name of the system, in parentheses, or the whole value.
fn parts(value: &str) -> Vec<String> {
    let inner = match (value.find('('), value.rfind(')')) {
        (Some(open), Some(close)) if value.get(open..close).is_some_and(|inner| inner.contains(',')) => {
            value.get(open + 1..close)
        }
        _ => Some(value),
    };
    let all =
        inner.unwrap_or(value).split([',', ';']).map(|part| part.trim().trim_end_matches('.').to_owned());
    all.filter(|part| !part.is_empty() && part.split_whitespace().count() <= 4).collect()
}

/// Those that have no row or heading of their own. Each row stands for one of them, the closest.
fn missing(facts: &Facts<'_>, parts: &[String], line: u32) -> Vec<String> {
    let rows =
        facts.items.iter().filter(|item| matches!(item.source, Source::Row(_))).map(|item| item.name.clone());
    let headings = facts
        .outline
        .sections
        .iter()
        .filter(|section| section.level > 1 && section.level <= 6 && section.span.line != line);
    let things: BTreeSet<(BTreeSet<String>, String)> = rows
        .chain(headings.map(|section| Name::of(&section.title.plain)))
        .map(|name| (name.words, name.plain))
        .collect();
    let things: Vec<BTreeSet<String>> = things.into_iter().map(|(words, _)| words).take(2_000).collect();
    let mut pairs = Vec::new();
    for (part, name) in parts.iter().map(|part| Name::of(part)).enumerate() {
        for (thing, words) in things.iter().enumerate() {
            let shared = name.words.intersection(words).count();
            if shared * 2 >= name.words.len().max(1) && shared > 0 {
                pairs.push((
                    std::cmp::Reverse(shared * 100 / name.words.union(words).count().max(1)),
                    part,
                    thing,
                ));
            }
        }
    }
    pairs.sort_unstable();
    let (mut served, mut taken) = (BTreeSet::new(), BTreeSet::new());
    for (_, part, thing) in pairs {
        if !served.contains(&part) && !taken.contains(&things[thing]) {
            served.insert(part);
            taken.insert(things[thing].clone());
        }
    }
    let left = parts.iter().enumerate().filter(|(at, _)| !served.contains(at));
    left.map(|(_, part)| part.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    const TABLE: &str = "\n\n| Part | Result |\n|---|---|\n| Tracking | Pass |\n| Letter sorter | Pass |\n| Hotline | Pass |\n";

    #[test]
    fn a_part_of_the_scope_without_a_row_is_found() {
        assert_eq!(
            found(&RULE, &format!("**Scope:** Tracking, Letter sorter, Insurance, Hotline{TABLE}")),
            ["likely 1"]
        );
        assert!(found(&RULE, &format!("**Scope:** Tracking, Letter sorter, Hotline{TABLE}")).is_empty());
    }
}
