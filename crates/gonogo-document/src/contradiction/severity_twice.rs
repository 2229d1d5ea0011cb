//! One thing with two severities: in two lists, in a row and in its finding, in its heading and in
//! its risk, in a table and in a sentence.

use std::collections::BTreeMap;

use super::facts::item::Source;
use super::facts::{Facts, Item, Place, Role};
use super::kind::{Findings, Kind, Rule, Said};
use crate::name::{Likeness, Name};
use crate::outline::SectionId;
use crate::value::{self, Polarity, Severity};

pub(super) const RULE: Rule = Rule {
    id: "severity-twice",
    kind: Kind::Disagreement,
    why: "A finding has one severity; with two, the milder one is used.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    lists(facts, findings);
    headings(facts, findings);
    rows_and_findings(facts, findings);
    sentences(facts, findings);
}

fn disagree(one: Severity, other: Severity) -> bool {
    one.rank() != other.rank()
}

/// The same id with a like name, or the same name, in two places.
fn lists(facts: &Facts<'_>, findings: &mut Findings) {
    let stated: Vec<&Item> =
        facts.items.iter().filter(|item| item.any_severity().is_some() && !item.name.is_empty()).collect();
    let mut groups: BTreeMap<String, Vec<&Item>> = BTreeMap::new();
    for item in &stated {
        let letters: usize = item.name.words.iter().map(|word| word.chars().count()).sum();
        if letters >= 6 && (item.name.words.len() >= 2 || item.id.is_some()) {
            let words: Vec<&str> = item.name.words.iter().map(String::as_str).collect();
            groups.entry(words.join(" ")).or_default().push(item);
        }
        if let Some(id) = item.id.as_ref().filter(|id| value::severity(&id.prefix).is_none()) {
            groups.entry(format!("#{}-{}", id.prefix, id.number)).or_default().push(item);
        }
    }
    for (key, items) in groups {
        let Some(first) = items.first() else { continue };
        // An id alone is not enough: each list may count from one.
        let fits = |item: &&&Item| {
            !key.starts_with('#')
                || item.name.likeness(&first.name) >= Likeness::Overlap(50)
                || item.title.is_empty()
                || is_reference(item)
        };
        let severity = |item: &Item| item.any_severity();
        let others: Vec<&&Item> = items.iter().filter(fits).filter(|item| matches!((severity(item), severity(first)), (Some(one), Some(other)) if disagree(one, other))).collect();
        if others.is_empty() {
            continue;
        }
        let mut words: Vec<&str> =
            items.iter().filter_map(|item| severity(item)).map(Severity::word).collect();
        words.dedup();
        let places: Vec<Said> = items.iter().map(|item| item.said.clone()).collect();
        let own = items.iter().all(|item| item.severity.is_some() || item.group_severity.is_some());
        findings.say(
            own,
            format!("“{}” has more than one severity: {}", first.title, words.join(", ")),
            places,
        );
    }
}

/// A row that names another thing by its id only.
fn is_reference(item: &Item) -> bool {
    item.id.as_ref().is_some_and(|id| item.title == id.text)
}

/// `### Issue 4: Scan uploads (HIGH)` and `**Risk:** LOW` below it; or both in one line.
fn headings(facts: &Facts<'_>, findings: &mut Findings) {
    let lines: BTreeMap<u32, &Item> = facts
        .items
        .iter()
        .filter(|item| item.severity.is_some())
        .map(|item| (item.said.span.line, item))
        .collect();
    let headings: BTreeMap<u32, &Item> = facts
        .items
        .iter()
        .filter(|item| item.source == Source::Heading)
        .map(|item| (item.said.span.line, item))
        .collect();
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        for (severity, text) in risks(&sentence.text) {
            let own = lines.get(&sentence.text.span.line).copied();
            let heading = facts
                .outline
                .path(sentence.section)
                .find_map(|section| headings.get(&section.title.span.line).copied());
            let chapter =
                || headings.get(&facts.section(facts.chapter(sentence.section)).title.span.line).copied();
            let Some(item) = own.or(heading).or_else(chapter) else { continue };
            let Some(label) = item.severity else { continue };
            // Risks have three steps, so a critical label has the highest of them.
            let step = |severity: Severity| severity.rank().max(1);
            if step(label) != step(severity) {
                let message = format!(
                    "it is {} by its label and {} by its risk (“{text}”)",
                    label.word(),
                    severity.word()
                );
                findings.certain(message, vec![item.said.clone(), sentence.said()]);
            }
        }
    }
}

/// `Risk: LOW - why` as a line, or `(risk: low)` in one.
fn risks(text: &crate::Text) -> Vec<(Severity, String)> {
    let plain = &text.plain;
    let lower = plain.to_lowercase();
    let Some(at) = ["risk:", "risk level:", "severity:", "risiko:", "risque :", "riesgo:", "schwere:"]
        .iter()
        .find_map(|key| {
            let at = lower.find(key)?;
            let before = lower.get(..at)?.trim_end_matches([' ', '*', '(']);
            (before.is_empty() || lower.get(..at)?.ends_with('(') || before.ends_with([',', ';']))
                .then_some(at + key.len())
        })
    else {
        return Vec::new();
    };
    let rest = plain.get(at..).unwrap_or_default();
    let word: String = rest
        .trim_start_matches([' ', '*', '⚠', '\u{fe0f}'])
        .chars()
        .take_while(|c| c.is_alphanumeric())
        .collect();
    value::severity(&word).map(|severity| (severity, word)).into_iter().collect()
}

/// The row of a component and the finding about it in the same section.
fn rows_and_findings(facts: &Facts<'_>, findings: &mut Findings) {
    for grid in facts.grids.iter() {
        let Some(status) = grid.column(Role::Status).or_else(|| grid.column(Role::Severity)) else {
            continue;
        };
        let chapter = facts.chapter(grid.section);
        let parent =
            facts.section(chapter).parent.filter(|_| facts.section(chapter).level >= 4).unwrap_or(chapter);
        let inside: Vec<SectionId> = facts.outline.below(parent).map(|(id, _)| id).collect();
        let own: Vec<&Item> = facts
            .items
            .iter()
            .filter(|item| {
                item.source == Source::Heading && item.severity.is_some() && inside.contains(&item.section)
            })
            .collect();
        for row in grid.body() {
            let name = Name::of(row.cell(grid.label));
            let severity = value::severity(row.cell(status));
            let good = value::mark(row.cell(status)).is_some_and(|mark| mark.polarity() == Polarity::Good);
            for finding in own.iter().filter(|finding| is_about(&name, &finding.name)) {
                let label = finding.severity.unwrap_or(Severity::Info);
                let differs = severity.is_some_and(|severity| disagree(severity, label));
                let passes = good && severity.is_none() && label.rank() <= 1;
                if differs || passes {
                    let message = format!(
                        "the row of “{}” says “{}”, the finding about it is {}",
                        row.cell(grid.label),
                        row.cell(status),
                        label.word()
                    );
                    findings.say(
                        differs || name.words.len() >= 2,
                        message,
                        vec![row.said(), finding.said.clone()],
                    );
                }
            }
        }
    }
}

/// All words of the row are in the title of the finding.
fn is_about(row: &Name, finding: &Name) -> bool {
    let letters: usize = row.words.iter().map(|word| word.chars().count()).sum();
    letters >= 5 && row.words.iter().all(|word| finding.words.contains(word))
}

/// `The launch depends on BLK-2 (P2)`, `SO-11 is low`.
fn sentences(facts: &Facts<'_>, findings: &mut Findings) {
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item))
    {
        let plain = &sentence.text.plain;
        for found in value::ids(plain) {
            let behind = plain.get(found.range.end..).unwrap_or_default();
            let Some((severity, text)) = said(behind) else { continue };
            let other = facts
                .with_id(&found.value)
                .find(|item| item.severity.is_some() && item.said.span.line != sentence.text.span.line);
            let Some(item) = other else { continue };
            if item.severity.is_some_and(|own| disagree(own, severity)) {
                let message = format!(
                    "{} is {} in its list and “{text}” here",
                    found.value.text,
                    item.severity.map_or("", Severity::word)
                );
                findings.certain(message, vec![sentence.said(), item.said.clone()]);
            }
        }
    }
}

/// A severity right behind an id: `(P2)`, `is low`, `, de niveau élevé`.
fn said(behind: &str) -> Option<(Severity, String)> {
    let trimmed = behind.trim_start();
    let until = trimmed.find([')', ';', '.']).unwrap_or(trimmed.len());
    let near: String = trimmed.get(..until)?.split_whitespace().take(4).collect::<Vec<_>>().join(" ");
    let starts = ["(", "is ", "ist ", "est ", "es ", ", de niveau", ", niveau", "[", "is now"]
        .iter()
        .any(|start| near.starts_with(start));
    let found = value::severities(&near);
    let [one] = found.as_slice() else { return None };
    let before = near.get(..one.range.start)?;
    let short = before.split_whitespace().count() <= 3 && !before.contains("not");
    (starts && short).then(|| (one.value, near.get(one.range.clone()).unwrap_or_default().to_owned()))
}
