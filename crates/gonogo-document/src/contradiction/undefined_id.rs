//! An id that is referred to and stands nowhere.

use std::collections::{BTreeMap, BTreeSet};

use super::facts::word::says;
use super::facts::{Facts, Place, Sentence};
use super::kind::{Findings, Kind, Rule, Said};
use crate::value;

pub(super) const RULE: Rule = Rule {
    id: "undefined-id",
    kind: Kind::Omission,
    why: "Nobody can look up what an id stands for when no table or heading has it.",
    find,
};

/// Then it is said why there is none.
const GONE: &[&str] = &[
    "withdrawn",
    "retired",
    "removed",
    "renumbered",
    "not used",
    "merged",
    "superseded",
    "earlier",
    "previous*",
    "last review",
    "obsolete",
    "cancelled",
    "canceled",
    "dropped",
    "zurückgezogen",
    "entfällt",
    "retiré*",
    "retirad*",
    "ingetrokken",
    "deleted",
    "version",
    "tracker",
    "was closed",
    "were closed",
    "closed before",
    "closed in",
    "not listed",
    "no longer",
    "geschlossen",
    "clôturé*",
    "cerrad*",
    "gesloten",
];
/// Sections that look back at what another document has.
const PAST: &[&str] = &[
    "last meeting",
    "last minutes",
    "previous meeting",
    "previous minutes",
    "letzte sitzung",
    "letztes protokoll",
    "dernière réunion",
    "última reunión",
    "última reunião",
    "vorige vergadering",
    "ultima riunione",
];
/// Ids of the world outside.
const KNOWN: &[&str] = &[
    "ISO", "RFC", "CVE", "AES", "SHA", "UTF", "HTTP", "TLS", "SSL", "IPV", "PCI", "SOC", "NIST", "IEC", "EN",
    "DIN", "OWASP", "CWE", "RSA", "MD", "ES", "EU", "US", "CET", "UTC", "GMT", "KW", "Q", "T", "V",
];
const STARTS: &[&str] = &[
    "start",
    "begin",
    "finish",
    "complete",
    "close",
    "depends on",
    "waits for",
    "unblock",
    "blocked on",
    "blocked by",
    "needs",
    "after",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let mut defined: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    for id in facts.items.iter().filter_map(|item| item.id.as_ref()) {
        defined.entry(id.prefix.clone()).or_default().insert(id.number);
    }
    for grid in &facts.grids {
        for id in
            grid.rows.iter().flat_map(|row| row.row.cells.first()).flat_map(|cell| value::ids(&cell.plain))
        {
            defined.entry(id.value.prefix).or_default().insert(id.value.number);
        }
    }
    for section in &facts.outline.sections {
        for id in value::ids(&section.title.plain) {
            defined.entry(id.value.prefix).or_default().insert(id.value.number);
        }
    }
    // `step 12` is the row with the number 12 of a table of steps.
    for grid in &facts.grids {
        let numbers = grid.body().filter_map(|row| row.cell(0).trim_end_matches('.').parse::<u64>().ok());
        let numbers: BTreeSet<u64> = numbers.collect();
        if numbers.len() >= 2 {
            for prefix in labels(facts, grid) {
                defined.entry(prefix).or_default().extend(&numbers);
            }
        }
    }
    for group in facts.groups.iter().filter(|group| group.grid.is_none()) {
        let count = group.items.len() as u64;
        for prefix in words_of(&facts.titles(group.section)) {
            defined.entry(prefix).or_default().extend(1..=count);
        }
    }
    let named: BTreeSet<(String, u64)> =
        facts.sentences.iter().filter_map(named).map(|id| (id.prefix, id.number)).collect();
    let mut missing: BTreeMap<(String, u64), (String, bool, Vec<Said>)> = BTreeMap::new();
    for sentence in
        facts.sentences.iter().filter(|sentence| !matches!(sentence.place, Place::Code | Place::Heading))
    {
        let lower = sentence.lower();
        let ranges: Vec<_> =
            value::id_ranges(&sentence.text.plain).into_iter().map(|found| found.range).collect();
        for found in value::ids(&sentence.text.plain) {
            let id = found.value;
            let in_range =
                ranges.iter().any(|range| range.start <= found.range.start && found.range.end <= range.end);
            let is_known = KNOWN.contains(&id.prefix.as_str()) || value::severity(&id.prefix).is_some();
            let family = defined.get(&id.prefix);
            if in_range
                || is_known
                || says(&lower, GONE)
                || says(&facts.titles(sentence.section), PAST)
                || family.is_some_and(|family| family.contains(&id.number))
                || named.contains(&(id.prefix.clone(), id.number))
            {
                continue;
            }
            let has_family =
                family.is_some_and(|family| family.len() >= 2 && is_register(facts, &id.prefix, family));
            let is_work = says(&lower, STARTS)
                && id.prefix.len() >= 3
                && defined.values().filter(|family| family.len() >= 2).count() >= 2;
            if has_family || is_work {
                let entry = missing
                    .entry((id.prefix.clone(), id.number))
                    .or_insert_with(|| (id.text.clone(), has_family, Vec::new()));
                entry.2.push(sentence.said());
            }
        }
    }
    for (_, (text, has_family, places)) in missing {
        let message = format!("{text} is referred to, and no table, list or heading has it");
        findings.say(has_family, message, places);
    }
}

/// What the numbered rows of a table are: the words of its headers and headings.
fn labels(facts: &Facts<'_>, grid: &super::facts::Grid<'_>) -> Vec<String> {
    words_of(&format!("{} {}", grid.headers.join(" "), facts.titles(grid.section)))
}

/// Words of a text as the prefix of an id, each in the singular too.
fn words_of(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= 3);
    let forms = words.flat_map(|word| [word.to_uppercase(), word.trim_end_matches('s').to_uppercase()]);
    forms.collect()
}

/// Whether the ids of a family are listed in one place, from the first to the last: only then one
/// that is missing there is nowhere.
fn is_register(facts: &Facts<'_>, prefix: &str, family: &BTreeSet<u64>) -> bool {
    let highest = family.iter().next_back().copied().unwrap_or(0);
    let is_dense = highest <= family.len() as u64 * 2;
    let of_table = facts.groups.iter().any(|group| {
        let items = group.items.iter().filter_map(|at| facts.items.get(*at)?.id.as_ref());
        items.filter(|id| id.prefix == prefix).count() * 4 >= family.len() * 3
    });
    is_dense || of_table
}

/// `Fix: P6: broadcast typing` says what P6 is.
fn named(sentence: &Sentence) -> Option<value::Id> {
    let text = &sentence.text.plain;
    let found = value::ids(text).into_iter().next()?;
    let before = text.get(..found.range.start)?.trim();
    let behind = text.get(found.range.end..)?.strip_prefix(": ")?;
    let at_start = before.is_empty() || before.ends_with(':') && before.split_whitespace().count() <= 3;
    (at_start && behind.chars().any(char::is_alphabetic)).then_some(found.value)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    const TABLE: &str = "| ID | Work |\n|---|---|\n| WRK-1 | Lamp |\n| WRK-2 | Door |\n\n";

    #[test]
    fn an_id_without_a_row_is_found() {
        assert_eq!(found(&RULE, &format!("{TABLE}The launch depends on WRK-1 and WRK-5.\n")), ["certain 6"]);
    }

    #[test]
    fn an_id_before_what_it_is_called_is_known() {
        let said = "- Fix: WRK-3: oil the hinge\n\nWRK-3 comes first.\n";
        assert!(found(&RULE, &format!("{TABLE}{said}")).is_empty());
        assert_eq!(found(&RULE, &format!("{TABLE}{}", said.replace("WRK-3: oil", "WRK-3 oil"))).len(), 1);
    }

    #[test]
    fn numbered_rows_and_ids_of_a_tracker_are_known() {
        let steps = "## Steps\n\n| # | Step |\n|---|---|\n| 1 | Stop |\n| 2 | Load |\n| 3 | Open |\n\nUntil step 2 we can go back; step 3 is the last. Step 7 is the party.\n\n- Step 8 Tea\n- Step 9 Cake\n";
        assert_eq!(found(&RULE, steps), ["certain 9"]);
        let stories = "Done:\n\n1. CP-201 Photos\n2. CP-207 Letters\n\n- [ ] CP-222 Test\n- [ ] CP-225, CP-226 and CP-230\n";
        assert!(found(&RULE, stories).is_empty());
    }

    #[test]
    fn withdrawn_ids_and_those_of_the_world_are_silent() {
        for text in
            ["WRK-3 was withdrawn in June.", "Keys are AES-256.", "See DC-4.", "WRK-1 to WRK-2 are open."]
        {
            assert!(found(&RULE, &format!("{TABLE}{text}\n")).is_empty(), "{text}");
        }
    }
}
