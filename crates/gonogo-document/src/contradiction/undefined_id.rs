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
                || family.is_some_and(|family| family.contains(&id.number))
                || named.contains(&(id.prefix.clone(), id.number))
            {
                continue;
            }
            let has_family = family.is_some_and(|family| family.len() >= 2);
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
    fn withdrawn_ids_and_those_of_the_world_are_silent() {
        for text in
            ["WRK-3 was withdrawn in June.", "Keys are AES-256.", "See DC-4.", "WRK-1 to WRK-2 are open."]
        {
            assert!(found(&RULE, &format!("{TABLE}{text}\n")).is_empty(), "{text}");
        }
    }
}
