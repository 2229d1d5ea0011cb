//! «Each threat has a mitigation», and the table of mitigations leaves one of the threats out.

use std::collections::{BTreeMap, BTreeSet};

use super::super::facts::token::{self, Token};
use super::super::facts::word::{self, says};
use super::super::facts::{Facts, Group, Sentence};
use super::super::kind::{Findings, Said};
use crate::name::Name;
use crate::value::State;

/// What makes a claim of all.
const EACH: &[&str] = &[
    "each",
    "every",
    "all",
    "jede*",
    "alle",
    "sämtliche",
    "chaque",
    "tous les",
    "toutes les",
    "cada",
    "todos los",
    "todas las",
    "todos os",
    "todas as",
    "elk",
    "elke",
    "iedere",
    "ieder",
    "ogni",
    "tutti",
    "tutte",
    "każd*",
    "wszystk*",
];
/// What all of them have.
const HAVE: &[&str] = &[
    "has",
    "have",
    "for each",
    "for every",
    "for all",
    "per",
    "covers",
    "cover",
    "covered",
    "gets",
    "get",
    "there is",
    "assigned",
    "addressed",
    "linked",
    "links",
    "link",
    "tested",
    "signed",
    "mapped",
    "followed up",
    "hat",
    "haben",
    "erhält",
    "bekommt",
    "zugeordnet",
    "abgedeckt",
    "für jede*",
    "ont",
    "dispose",
    "possède",
    "couvert*",
    "pour chaque",
    "tiene",
    "tienen",
    "cuenta con",
    "para cada",
    "cubiert*",
    "heeft",
    "hebben",
    "krijgt",
    "voor elk*",
    "ha",
    "hanno",
    "per ogni",
    "tem",
    "têm",
    "para todos",
    "ma",
    "mają",
    "a un",
    "a une",
    "a son",
    "a sa",
    "in the plan",
    "in plan",
    "becomes",
    "go into",
    "goes into",
    "are in",
    "is in",
    "appears",
    "appear",
    "listed",
    "taken up",
];
const UNREAL: &[&str] = &[
    "must", "should", "shall", "will", "if", "once", "when", "until", "unless", "needs", "need", "muss",
    "müssen", "soll*", "wenn", "doit", "doivent", "debe*", "cuando", "moet*", "deve", "devono", "devem",
    "may",
];
/// The most groups that are compared with a claim.
const MOST: usize = 60;

/// References of one family at the start of the items of a list, the rows of a table or headings.
pub(super) struct Register {
    words: BTreeSet<String>,
    entries: BTreeMap<Token, Said>,
    lines: (u32, u32),
}

pub(super) fn find(
    facts: &Facts<'_>,
    all: &[Register],
    (sentence, nouns): (&Sentence, &BTreeSet<String>),
    findings: &mut Findings,
) {
    let mut named = all.iter().filter(|register| !register.words.is_disjoint(nouns)).peekable();
    if named.peek().is_none() {
        return;
    }
    let mut targets: Vec<&Group> =
        facts.groups.iter().filter(|group| is_meant(facts, group, sentence, nouns)).collect();
    targets.sort_by_key(|group| group.span.line.abs_diff(sentence.text.span.line));
    for register in named {
        for group in targets.iter().take(MOST) {
            let missing = missing(facts, register, group);
            let Some(first) = missing.first() else { continue };
            let message = format!("«{}», and «{}» is left out", sentence.text.plain.trim(), first.text);
            let place = Said::at(crate::place::Span { end_line: group.span.line, ..group.span }, "");
            findings
                .certain(message, std::iter::once(sentence.said()).chain(missing).chain([place]).collect());
            return;
        }
    }
}

/// The nouns of a claim about all of them, up to the first comma.
pub(super) fn claimed(lower: &str) -> Option<BTreeSet<String>> {
    let is_short = lower.len() <= 400 && lower.split_whitespace().count() <= 26;
    let (at, _) = word::first(lower, EACH).filter(|_| is_short)?;
    let behind = lower.get(at..)?;
    let clause = behind.split([',', ';', '(']).next().unwrap_or_default();
    let head = lower.get(..at)?;
    let is_claim = says(lower, HAVE)
        && !word::denies(head)
        && !word::denies(clause)
        && !says(lower, UNREAL)
        && !lower.contains('?');
    let name = Name::of(clause);
    is_claim.then(|| name.words.into_iter().chain(name.deeds).collect())
}

/// The groups of the section of a claim, and those under a heading that it names.
fn is_meant(facts: &Facts<'_>, group: &Group, sentence: &Sentence, nouns: &BTreeSet<String>) -> bool {
    let is_near = facts.chapter(group.section) == facts.chapter(sentence.section);
    let title = Name::of(&facts.section(facts.chapter(group.section)).title.plain);
    is_near || title.words.iter().chain(&title.deeds).any(|word| nouns.contains(word))
}

/// Every family of at least three references, with what it is called.
pub(super) fn registers(facts: &Facts<'_>) -> Vec<Register> {
    let mut found = Vec::new();
    for group in facts.groups.iter().take(MOST * 5) {
        let items = group.items.iter().filter_map(|at| facts.items.get(*at));
        let lines = items.clone().filter(|item| !is_gone(item.state()));
        let entries = lines.filter_map(|item| Some((token::at_start(&item.said.text)?, item.said.clone())));
        let words = called(facts, group);
        let last = items.clone().next_back().map_or(group.span.line, |item| item.said.span.end_line);
        found.extend(of_entries(entries, words, (group.span.line, last)));
    }
    for id in facts.outline.ids() {
        let titles = facts.outline.children(id).map(|(_, section)| &section.title);
        let entries = titles
            .filter_map(|title| Some((token::at_start(&title.plain)?, Said::at(title.span, &title.plain))));
        let name = Name::of(&facts.section(id).title.plain);
        let span = facts.section(id).span;
        found.extend(of_entries(
            entries,
            name.words.into_iter().chain(name.deeds).collect(),
            (span.line, span.end_line),
        ));
    }
    found
}

fn is_gone(state: Option<State>) -> bool {
    matches!(state, Some(State::NotApplicable | State::Resolved | State::Accepted | State::Deferred))
}

fn of_entries(
    entries: impl Iterator<Item = (Token, Said)>,
    words: BTreeSet<String>,
    lines: (u32, u32),
) -> Option<Register> {
    let all: BTreeMap<Token, Said> = entries.take(300).collect();
    let family = all.keys().next()?.family.clone();
    let is_one = all.len() >= 3 && all.keys().all(|token| token.family == family);
    is_one.then_some(Register { words, entries: all, lines })
}

/// The words of the heading, of the headers and of the sentence right before.
fn called(facts: &Facts<'_>, group: &Group) -> BTreeSet<String> {
    let mut text = facts.section(group.section).title.plain.clone();
    text = format!("{text} {}", facts.section(facts.chapter(group.section)).title.plain);
    if let Some(grid) = group.grid.and_then(|at| facts.grids.get(at)) {
        text = format!("{text} {} {}", grid.header(0), grid.header(grid.label));
    }
    let line = group.span.line;
    for before in facts.between(line.saturating_sub(4), line) {
        text = format!("{text} {}", before.text.plain);
    }
    let name = Name::of(text.trim_start_matches(|c: char| !c.is_alphabetic()));
    name.words.into_iter().chain(name.deeds).collect()
}

/// What most of a register is referred to by, and this of it is not.
fn missing(facts: &Facts<'_>, register: &Register, group: &Group) -> Vec<Said> {
    let overlaps = group.span.line <= register.lines.1 && register.lines.0 <= group.span.end_line;
    if overlaps {
        return Vec::new();
    }
    let items = group.items.iter().filter_map(|at| facts.items.get(*at));
    let told: BTreeSet<Token> = items.flat_map(|item| token::all(&text_of(facts, item))).collect();
    let missing: Vec<(&Token, &Said)> =
        register.entries.iter().filter(|(token, _)| !told.contains(token)).collect();
    // What the section itself explains is not forgotten.
    let explained = |token: &Token| {
        let beside = facts.sentences.iter().filter(|sentence| {
            facts.chapter(sentence.section) == facts.chapter(group.section)
                && !covers(register.lines, sentence.text.span.line)
        });
        beside.into_iter().any(|sentence| token::all(&sentence.text.plain).contains(token))
    };
    let is_most = missing.len() * 2 < register.entries.len() && !missing.is_empty();
    if !is_most || missing.iter().any(|(token, _)| explained(token)) {
        return Vec::new();
    }
    missing.into_iter().map(|(_, said)| said.clone()).collect()
}

fn covers(lines: (u32, u32), line: u32) -> bool {
    (lines.0..=lines.1).contains(&line)
}

/// The whole text of an item; a row in full.
fn text_of(facts: &Facts<'_>, item: &super::super::facts::Item) -> String {
    let row = match item.source {
        super::super::facts::item::Source::Row(at) => facts
            .grids
            .get(at)
            .and_then(|grid| grid.rows.iter().find(|row| row.said().span.line == item.said.span.line)),
        _ => None,
    };
    match row {
        Some(row) => row.row.cells.iter().map(|cell| cell.plain.as_str()).collect::<Vec<_>>().join(" "),
        None => item.said.text.clone(),
    }
}
