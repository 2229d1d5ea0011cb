//! How many findings there are of a severity, by the summary, the sentences and the lists: all of
//! them must be one number.

use std::collections::BTreeMap;

use super::facts::figure::figure;
use super::facts::item::Source;
use super::facts::word::says;
use super::facts::{Facts, Grid, Item, Place, Role};
use super::kind::{Findings, Kind, Rule, Said};
use crate::value::{self, Severity};

pub(super) const RULE: Rule = Rule {
    id: "severity-total",
    kind: Kind::Count,
    why: "The number of findings of a severity decides; it must be the same wherever it is given.",
    find,
};

/// One place that says how many there are.
struct Total {
    count: u64,
    what: &'static str,
    /// Only those that are still open, by what stands above them.
    is_open: bool,
    places: Vec<Said>,
}

/// What says that a list is of the open ones.
const OPEN: &[&str] = &[
    "open",
    "remaining",
    "outstanding",
    "unresolved",
    "offen*",
    "verbleibend*",
    "ouvert*",
    "restant*",
    "abiert*",
    "pendient*",
    "apert*",
    "rimanent*",
    "openstaand*",
    "abert*",
    "otwart*",
];

/// Words for findings; a count of something else of that severity is another thing.
const FINDINGS: &[&str] = &[
    "finding",
    "findings",
    "issue",
    "issues",
    "blocker",
    "blockers",
    "item",
    "items",
    "risk",
    "risks",
    "defect",
    "defects",
    "gap",
    "gaps",
    "bug",
    "bugs",
    "anomalie",
    "anomalies",
    "mängel",
    "mangel",
    "severity",
    "must-fix",
    "priority",
    "problems",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for severity in Severity::ALL.into_iter().filter(|severity| *severity != Severity::Info) {
        let mut totals = columns(facts, severity);
        totals.extend(rows(facts, severity));
        totals.extend(sentences(facts, severity));
        totals.extend(lists(facts, severity));
        report(severity, totals, findings);
    }
}

fn report(severity: Severity, totals: Vec<Total>, findings: &mut Findings) {
    let counts: std::collections::BTreeSet<u64> = totals.iter().map(|total| total.count).collect();
    if counts.len() < 2 {
        return;
    }
    // A list of none is no statement about the others.
    let mut by_count: BTreeMap<u64, Vec<&Total>> = BTreeMap::new();
    totals.iter().for_each(|total| by_count.entry(total.count).or_default().push(total));
    let words: Vec<String> = by_count
        .iter()
        .map(|(count, totals)| {
            let whats: std::collections::BTreeSet<&str> = totals.iter().map(|total| total.what).collect();
            format!("{count} by {}", whats.into_iter().collect::<Vec<_>>().join(" and "))
        })
        .collect();
    let mut places: Vec<Said> = totals.iter().filter_map(|total| total.places.first().cloned()).collect();
    places.extend(totals.iter().flat_map(|total| total.places.iter().skip(1).cloned()));
    // A list of the open ones is shorter than all that were found.
    let is_mixed = totals.iter().any(|total| total.is_open) && totals.iter().any(|total| !total.is_open);
    findings.say(
        !is_mixed,
        format!("there is no one number of {} findings: {}", severity.word(), words.join(", ")),
        places,
    );
}

/// The sum of a column for this severity in a table of categories.
fn columns(facts: &Facts<'_>, severity: Severity) -> Vec<Total> {
    let mut found = Vec::new();
    for grid in facts.grids.iter().filter(|grid| grid.column(Role::Owner).is_none()) {
        for at in (0..grid.roles.len()).filter(|at| *at != grid.label && header_is(grid, *at, severity)) {
            let Some(figures) = grid.figures(at).filter(|figures| figures.len() >= 2) else { continue };
            let counts: Option<Vec<u64>> = figures.iter().map(|(_, figure)| figure.count()).collect();
            let Some(counts) = counts else { continue };
            let mut places: Vec<Said> = vec![grid.head()];
            places.extend(
                figures.iter().filter(|(_, figure)| figure.count() != Some(0)).map(|(row, _)| row.said()),
            );
            found.push(Total {
                count: counts.iter().sum(),
                what: "the columns of the tables",
                is_open: is_open(facts, grid.table.span.line),
                places,
            });
        }
    }
    found
}

fn header_is(grid: &Grid<'_>, at: usize, severity: Severity) -> bool {
    let header = grid.header(at);
    let found = value::severities(&header);
    found.len() == 1
        && found[0].value == severity
        && header.split_whitespace().count() <= 3
        && !header.contains('%')
}

/// The row of this severity in a table of severities: `High | 3`.
fn rows(facts: &Facts<'_>, severity: Severity) -> Vec<Total> {
    let mut found = Vec::new();
    for grid in &facts.grids {
        let label_is_severity =
            grid.body().count() >= 2 && grid.body().all(|row| value::severity(row.cell(0)).is_some());
        if !label_is_severity {
            continue;
        }
        let column = (1..grid.roles.len()).find(|at| {
            grid.figures(*at).is_some_and(|all| all.iter().all(|(_, figure)| figure.count().is_some()))
        });
        let row = grid.body().find(|row| value::severity(row.cell(0)) == Some(severity));
        if let (Some(column), Some(row)) = (column, row)
            && let Some(count) = figure(row.cell(column)).and_then(|figure| figure.count())
        {
            found.push(Total {
                count,
                what: "the table of severities",
                is_open: is_open(facts, grid.table.span.line),
                places: vec![row.said()],
            });
        }
    }
    found
}

/// `6 BLOCKER issues`, `2 high and 3 medium findings`.
fn sentences(facts: &Facts<'_>, severity: Severity) -> Vec<Total> {
    let mut found = Vec::new();
    for claim in facts
        .claims
        .iter()
        .filter(|claim| claim.severity == Some(severity) && !claim.is_about && claim.place != Place::Cell)
    {
        let Some(sentence) = facts.sentences.get(claim.sentence) else { continue };
        let lower = sentence.lower();
        let several = facts
            .claims
            .iter()
            .filter(|other| other.sentence == claim.sentence && other.severity.is_some())
            .count()
            > 1;
        let names = claim.noun.iter().any(|word| FINDINGS.contains(&word.as_str()));
        let about =
            several || names || FINDINGS.iter().any(|word| super::facts::verdict::has_phrase(&lower, word));
        // What is left at a time, or of one category, is no total.
        let partial = [
            "last week",
            "fixed",
            "closed",
            "resolved",
            "accepted",
            "must be",
            "needs",
            "requires zero",
            "no more",
            "at most",
            "each",
            "per ",
            "zero open",
            "category",
            "first",
        ];
        // The heading of a list counts that list.
        let is_partial = partial.iter().any(|word| lower.contains(word))
            || sentence.place == Place::Heading && claim.is_behind;
        let shares = super::facts::share::shares(&sentence.text.plain);
        let in_share = shares
            .iter()
            .any(|share| share.range.start <= claim.range.start && claim.range.start < share.range.end);
        if about && !is_partial && !in_share && in_whole(facts, sentence.section) {
            found.push(Total {
                count: claim.count,
                what: "the text",
                is_open: says(&lower, OPEN),
                places: vec![sentence.said()],
            });
        }
    }
    found
}

/// A section about the whole document, not one of its categories.
fn in_whole(facts: &Facts<'_>, section: crate::outline::SectionId) -> bool {
    let titles = facts.titles(facts.chapter(section));
    let title = titles.split(" / ").next().unwrap_or_default();
    let numbered = title.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let whole = [
        "summary",
        "verdict",
        "decision",
        "conclusion",
        "overview",
        "short",
        "result",
        "outcome",
        "finding",
        "risk",
        "synth",
        "anomal",
        "übersicht",
        "zusammen",
        "review",
        "assessment",
        "fazit",
        "rationale",
        "recommend",
    ];
    facts.section(facts.chapter(section)).level <= 1
        || whole.iter().any(|word| titles.contains(word))
        || !numbered
}

/// Lists and tables of findings that state a severity each, together, and headings that do.
fn lists(facts: &Facts<'_>, severity: Severity) -> Vec<Total> {
    let mut found = Vec::new();
    let registers: Vec<Vec<&Item>> = facts
        .groups
        .iter()
        .map(|group| group.items.iter().filter_map(|at| facts.items.get(*at)).collect::<Vec<&Item>>())
        .filter(|items| {
            !items.is_empty()
                && items
                    .iter()
                    .all(|item| item.severity.is_some() && item.id.is_some() && item.ticked.is_none())
        })
        .filter(|items| items.iter().all(|item| !facts.titles(item.section).contains("accept")))
        .collect();
    let ids: Vec<String> = registers
        .iter()
        .flatten()
        .filter_map(|item| item.id.as_ref())
        .map(|id| format!("{}-{}", id.prefix, id.number))
        .collect();
    let distinct: std::collections::BTreeSet<&String> = ids.iter().collect();
    // Where an id comes twice, the lists are not parts of one, unless one list has it twice.
    let largest = registers.iter().map(Vec::len).max().unwrap_or_default();
    if ids.len() >= 2 && (distinct.len() == ids.len() || registers.len() == 1) {
        found.extend(total_of(facts, registers.iter().flatten().copied(), severity, "the lists of findings"));
    } else if let Some(longest) =
        registers.iter().find(|items| items.len() == largest && largest * 2 > ids.len())
    {
        found.extend(total_of(facts, longest.iter().copied(), severity, "the list of findings"));
    }
    let headings =
        facts.items.iter().filter(|item| item.source == Source::Heading && item.severity.is_some());
    // `F-08 / F-09 (Low)` is a heading of two.
    let shared = facts
        .items
        .iter()
        .any(|item| item.source == Source::Heading && value::ids(&item.said.text).len() > 1);
    if headings.clone().count() >= 2 && !shared {
        found.extend(total_of(facts, headings, severity, "the findings that are written out"));
    }
    found.extend(labelled(facts, severity));
    found
}

fn total_of<'f>(
    facts: &Facts<'_>,
    items: impl Iterator<Item = &'f Item>,
    severity: Severity,
    what: &'static str,
) -> Option<Total> {
    let all: Vec<&Item> = items.filter(|item| item.severity == Some(severity)).collect();
    let places: Vec<Said> = all.iter().map(|item| item.said.clone()).collect();
    let is_open = places.first().is_some_and(|said| is_open(facts, said.span.line));
    (!places.is_empty()).then_some(Total { count: all.len() as u64, what, is_open, places })
}

/// Whether the last sentence above a table or list says that it is of the open ones.
fn is_open(facts: &Facts<'_>, line: u32) -> bool {
    let above = facts.between(line.saturating_sub(6), line).iter();
    let mut above =
        above.filter(|sentence| !matches!(sentence.place, Place::Cell | Place::Code | Place::Item));
    let is_told = |sentence: &super::facts::Sentence| {
        sentence.place != Place::Heading || sentence.text.plain.trim_end().ends_with(':')
    };
    above.next_back().is_some_and(|sentence| is_told(sentence) && says(&sentence.lower(), OPEN))
}

/// `BLOCKER: the door is open` is one finding, and the list below it says what it is like.
fn is_one_finding(title: &str) -> bool {
    let parts = title.split_once(": ");
    parts.is_some_and(|(first, rest)| value::severity(first).is_some() && rest.split_whitespace().count() > 1)
}

/// Lists under a heading of this severity in several sections, without ids: together.
fn labelled(facts: &Facts<'_>, severity: Severity) -> Option<Total> {
    let groups: Vec<_> = facts
        .groups
        .iter()
        .filter(|group| {
            group.grid.is_none()
                && !is_one_finding(&facts.section(group.section).title.plain)
                && super::facts::item::group_severity(facts.outline, group.section) == Some(severity)
        })
        .filter(|group| {
            group
                .items
                .iter()
                .filter_map(|at| facts.items.get(*at))
                .all(|item| item.id.is_none() && item.ticked.is_none())
        })
        .collect();
    let items: Vec<&Item> =
        groups.iter().flat_map(|group| &group.items).filter_map(|at| facts.items.get(*at)).collect();
    let is_list = groups.iter().all(|group| {
        let title = facts.section(group.section).title.plain.to_lowercase();
        ["issue", "finding", "blocker", "defect", "mängel", "anomal"].iter().any(|word| title.contains(word))
    });
    let several = groups.len() >= 2 || items.len() >= 3;
    (several && is_list).then(|| Total {
        count: items.len() as u64,
        what: "the lists in the sections",
        is_open: false,
        places: items.iter().map(|item| item.said.clone()).collect(),
    })
}
