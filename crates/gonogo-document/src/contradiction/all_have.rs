//! «All have an owner», and one has no row.

mod cells;
mod register;

use super::facts::word::{self, says};
use super::facts::{Facts, Group, Item, Openness, Place};
use super::kind::{Findings, Kind, Rule};
use crate::name::Likeness;

pub(super) const RULE: Rule = Rule {
    id: "all-have",
    kind: Kind::Omission,
    why: "One that is left out is enough for «all» to be wrong.",
    find,
};

const ALL: &[&str] =
    &["all", "every", "each", "alle", "jede*", "tous", "toutes", "chaque", "todos", "todas", "cada", "elk*"];
const HAVE: &[&str] = &[
    "have an owner",
    "has an owner",
    "have an action",
    "has an action",
    "has an action and an owner",
    "have owners",
    "have a date",
    "has a date",
    "hat einen",
    "haben einen",
    "a un responsable",
    "ont un responsable",
    "tiene responsable",
    "tienen responsable",
    "heeft een",
    "hebben een",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let (registers, tables) = (register::registers(facts), cells::tables(facts));
    // A sentence that introduces a table is read as its heading.
    for sentence in facts
        .sentences
        .iter()
        .filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item | Place::Heading))
    {
        let lower = sentence.lower();
        if let Some(nouns) = register::claimed(&lower) {
            register::find(facts, &registers, (sentence, &nouns), findings);
            cells::find(&tables, (sentence, &lower), &nouns, findings);
        }
        if !says(&lower, ALL) || !says(&lower, HAVE) || word::denies(&lower) {
            continue;
        }
        let only_open = says(&lower, &["open", "offen*", "ouvert*", "abiert*"]);
        for table in facts.groups.iter().filter(|group| group.grid.is_some()).take(20) {
            for list in facts.groups.iter().filter(|group| group.grid.is_none()).take(20) {
                let missing = missing(facts, list, table, only_open);
                if let Some(first) = missing.first() {
                    let message =
                        format!("«{}», and «{}» has no row", sentence.text.plain.trim(), first.title);
                    let places = std::iter::once(sentence.said())
                        .chain(missing.iter().map(|item| item.said.clone()))
                        .collect();
                    findings.certain(message, places);
                }
            }
        }
    }
}

/// The things of a list that a table about most of them leaves out.
fn missing<'a>(facts: &'a Facts<'_>, list: &Group, table: &Group, only_open: bool) -> Vec<&'a Item> {
    let of = |group: &Group| -> Vec<&'a Item> {
        group.items.iter().filter_map(|at| facts.items.get(*at)).take(200).collect()
    };
    let rows = of(table);
    let wanted: Vec<&Item> = of(list)
        .into_iter()
        .filter(|item| !only_open || facts.openness(item) == Some(Openness::Unticked))
        .collect();
    let has = |item: &Item| {
        rows.iter().any(|row| {
            row.name.likeness(&item.name) >= Likeness::Contained || row.name.plain == item.name.plain
        })
    };
    let missing: Vec<&Item> = wanted.iter().copied().filter(|item| !has(item)).collect();
    if missing.len() * 2 < wanted.len() { missing } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn one_without_a_row_is_found() {
        let text = |claim: &str| {
            format!(
                "1. Blank code is refused\n2. Zone of stamps is lost\n3. Cargo without contract is dropped\n\n| Issue | Action |\n|---|---|\n| Blank code is refused | map |\n| Zone of stamps is lost | convert |\n\n{claim}\n"
            )
        };
        assert_eq!(found(&RULE, &text("Every issue has an action and an owner.")), ["certain 10,3"]);
        assert!(found(&RULE, &text("Two issues have an action.")).is_empty());
        let table = |row: &str| {
            format!(
                "## Threats\n\n1. T1 Theft\n2. T2 Fire\n3. T3 Fog\n\nEach of the three threats has an answer:\n\n| Threat | Answer |\n|---|---|\n| T1 | lock |\n| T3 | lamp |\n{row}"
            )
        };
        assert_eq!(found(&RULE, &table("")), ["certain 7,4,9"]);
        assert!(found(&RULE, &table("| T2 | water |\n")).is_empty());
        assert!(found(&RULE, &table("\nT2 is answered by the landlord.\n")).is_empty());
        let table =
            "Every alert has a runbook.\n\n| Alert | Runbook |\n|---|---|\n| Fog | R1 |\n| Ice | tbd |\n";
        assert_eq!(found(&RULE, table), ["certain 1,6"]);
        let table = "All risks have an owner.\n\n| Risk | Owner |\n|---|---|\n| Fog | A. B. |\n| Ice | |\n";
        assert_eq!(found(&RULE, table), ["certain 1,6"]);
    }
}
