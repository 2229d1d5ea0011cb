//! `Five conditions:` above a list of four; `Known issues (3)` above four of them.

mod colon;

use std::collections::{BTreeMap, BTreeSet};

use super::facts::{Claim, Facts, Group, Item, Place, Sentence};
use super::kind::{Findings, Kind, Rule};
use crate::name::Name;
use crate::outline::SectionId;
use crate::value::{Polarity, State};

pub(super) const RULE: Rule = Rule {
    id: "list-count",
    kind: Kind::Count,
    why: "A number that introduces a list is the number of its items; else something was left out or added later.",
    find,
};

/// Words by which a sentence is about some of the things, not all that follow.
const SOME: &[&str] = &[
    "above", "over", "below", "under", "at least", "at most", "may", "might", "each", "every", "score",
    "belong", "than", "per", "other",
];
/// Words by which a number is a bound, and no number of what is there.
const BOUNDS: &[&str] = &[
    "at least",
    "at most",
    "no more than",
    "not more than",
    "fewer than",
    "less than",
    "more than",
    "höchstens",
    "mindestens",
    "nicht mehr als",
    "au plus",
    "au moins",
    "pas plus de",
    "como máximo",
    "al menos",
    "no más de",
    "al massimo",
    "almeno",
    "non più di",
    "hoogstens",
    "minstens",
    "niet meer dan",
    "no máximo",
    "pelo menos",
];
/// Lists that are looked at.
const MOST: usize = 600;
/// Nouns of things that are listed, in several languages.
const LISTABLE: &[&str] = &[
    "item",
    "step",
    "condition",
    "issue",
    "finding",
    "gap",
    "fix",
    "fixes",
    "follow-up",
    "follow",
    "story",
    "stories",
    "blocker",
    "action",
    "question",
    "scenario",
    "phase",
    "alert",
    "defect",
    "point",
    "task",
    "risk",
    "check",
    "measure",
    "reason",
    "problem",
    "bug",
    "ticket",
    "test",
    "service",
    "control",
    "area",
    "subsystem",
    "change",
    "requirement",
    "criterion",
    "criteria",
    "market",
    "punkt",
    "punkte",
    "schritt",
    "schritte",
    "mangel",
    "mängel",
    "befund",
    "befunde",
    "mesure",
    "mesures",
    "anomalie",
    "anomalies",
    "défaut",
    "défauts",
    "étape",
    "étapes",
    "defecto",
    "defectos",
    "paso",
    "pasos",
    "riesgo",
    "riesgos",
    "stap",
    "stappen",
    "punten",
    "risico",
    "must",
    "category",
    "categories",
    "milestone",
    "decision",
    "exception",
    "weakness",
    "strength",
    "limitation",
    "incident",
    "acceptance",
    "dependency",
    "dependencies",
    "feature",
    "component",
    "stage",
    "gate",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    subsections(facts, findings);
    colon::inside(facts, findings);
    let lists = lists(facts);
    for claim in facts.claims.iter().filter(|claim| {
        !claim.is_about && claim.count >= 1 && claim.place != Place::Cell && !is_of_some(claim)
    }) {
        let Some(sentence) = facts.sentences.get(claim.sentence) else { continue };
        let found = introduced(facts, &lists, claim);
        let found = found.or_else(|| just_above(facts, &lists, claim).map(|group| (group, true)));
        let Some((group, is_direct)) = found else {
            colon::below(facts, &lists, claim, sentence, findings);
            continue;
        };
        let Some(listed) = counted(facts, group, claim).filter(|_| !is_sum(facts, group, claim)) else {
            continue;
        };
        // One item may say several things; the list of a range of ids is another rule's.
        if listed.len() as u64 == claim.count || listed.len() < 2 || claim.count > 60 {
            continue;
        }
        // `2 of the 5` and its like are shares.
        let shares = super::facts::share::shares(&sentence.text.plain);
        // `Of the 28, 17 are fixed. The 11 that are open:` names the list by its other number.
        let size = listed.len() as u64;
        if claim.place == Place::Heading && numbers(sentence).skip(1).any(|number| number == size) {
            continue;
        }
        if shares
            .iter()
            .any(|share| share.range.start <= claim.range.start && claim.range.start < share.range.end)
        {
            colon::below(facts, &lists, claim, sentence, findings);
            continue;
        }
        let message = format!("it says {}, but {} are listed", claim.shown().trim(), listed.len());
        let mut places = vec![sentence.said()];
        places.extend(listed.iter().map(|item| item.said.clone()));
        findings.say(is_direct, message, places);
    }
}

/// `Must be done (three items)` above two headings.
fn subsections(facts: &Facts<'_>, findings: &mut Findings) {
    for claim in facts
        .claims
        .iter()
        .filter(|claim| claim.place == Place::Heading && !claim.is_about && names_list(claim))
    {
        let Some(sentence) = facts.sentences.get(claim.sentence) else { continue };
        let children: Vec<_> =
            facts.outline.children(sentence.section).filter(|(_, child)| child.level <= 6).collect();
        let numbered = children.iter().all(|(_, child)| !crate::value::ids(&child.title.plain).is_empty());
        let own_list = facts.groups.iter().any(|group| group.section == sentence.section);
        if children.len() >= 2 && numbered && !own_list && children.len() as u64 != claim.count {
            let places = std::iter::once(sentence.said())
                .chain(children.iter().map(|(id, _)| facts.heading(*id)))
                .collect();
            findings.certain(
                format!("it says {}, but {} are written out", claim.shown().trim(), children.len()),
                places,
            );
        }
    }
}

/// The list or table that a claim is about, and whether there is no doubt about it.
fn introduced<'f>(facts: &Facts<'_>, lists: &[Listed<'f>], claim: &Claim) -> Option<(&'f Group, bool)> {
    let sentence = facts.sentences.get(claim.sentence)?;
    let line = sentence.text.span.end_line;
    if claim.place == Place::Heading {
        return under_heading(facts, lists, claim, sentence);
    }
    // The claim is about what comes next, with nothing but a label between.
    let next = lists.get(lists.partition_point(|list| list.group.span.line <= line))?.group;
    let same = facts.chapter(next.section) == facts.chapter(sentence.section);
    let gap = next.span.line - line <= 4 && no_prose_between(facts, claim, line, next.span.line);
    let lower = sentence.lower();
    let about_some = SOME.iter().any(|word| super::facts::verdict::has_phrase(&pointed(&lower), word));
    if same && gap && !about_some && (names_list(claim) || names_group(facts, claim, next)) {
        return Some((next, true));
    }
    // Or about the only list with that name.
    let noun: Vec<&str> = claim.noun.iter().filter(|word| !is_qualifier(word)).map(String::as_str).collect();
    let stems = Name::of(&noun.join(" ")).words;
    let mut named = lists.iter().filter(|list| names_exactly(&stems, list));
    let only = named.next()?;
    let is_bound = BOUNDS.iter().any(|word| super::facts::verdict::has_phrase(&lower, word));
    // What was open on another day is another list.
    let is_dated = !facts.calendar.dates(&lower).is_empty();
    let is_it = named.next().is_none() && !is_bound && !is_dated && !is_introduced(facts, only.group);
    is_it.then_some((only.group, true))
}

/// Without the word that only points to the list: `The seven scenarios below were tried`.
fn pointed(lower: &str) -> String {
    let points = |text: String, verb: &&str| text.replace(&format!(" below {verb} "), " ");
    ["were", "are", "was", "have", "had", "has", "cover", "show"].iter().fold(lower.to_owned(), points)
}

/// `All five criteria are described in the annex`, right below the only table of them.
fn just_above<'f>(facts: &Facts<'_>, lists: &[Listed<'f>], claim: &Claim) -> Option<&'f Group> {
    let sentence = facts.sentences.get(claim.sentence)?;
    let line = sentence.text.span.line;
    let at = lists.partition_point(|list| list.group.span.line < line).checked_sub(1)?;
    let last = lists.get(at)?.group;
    let near = (1..=4).contains(&line.saturating_sub(last.span.end_line));
    let own = |list: &&Listed<'_>| list.group.section == sentence.section;
    let is_only = last.section == sentence.section && lists.iter().filter(own).count() == 1;
    let is_table = last.grid.and_then(|at| facts.grids.get(at)).is_some_and(|grid| {
        let header = Name::of(&grid.header(grid.label)).words;
        claim.stems.iter().any(|stem| stem.chars().count() > 3 && header.contains(stem))
    });
    (near && is_only && is_table && is_of_all(facts, claim)).then_some(last)
}

fn under_heading<'f>(
    facts: &Facts<'_>,
    lists: &[Listed<'f>],
    claim: &Claim,
    heading: &Sentence,
) -> Option<(&'f Group, bool)> {
    let end = facts.section(heading.section).span.end_line;
    let from = lists.partition_point(|list| list.group.span.line < heading.text.span.line);
    let inside: Vec<&Listed<'f>> =
        lists.get(from..)?.iter().take_while(|list| list.group.span.line <= end).take(2).collect();
    let titled = names_list(claim) || claim.is_behind;
    let near = |list: &Listed<'_>| {
        list.group.section == heading.section && list.group.span.line - heading.text.span.end_line <= 2
    };
    match inside.as_slice() {
        [only] if titled => Some((only.group, true)),
        [first, ..] if titled && near(first) => Some((first.group, false)),
        _ => None,
    }
}

/// Whether the number of its items stands right above a list: `17 are fixed. The 11 that are open:`.
fn is_introduced(facts: &Facts<'_>, group: &Group) -> bool {
    let above = facts.between(group.span.line.saturating_sub(5), group.span.line).iter();
    let size = group.items.len() as u64;
    let mut above = above.filter(|sentence| !matches!(sentence.place, Place::Cell | Place::Code));
    above.any(|sentence| numbers(sentence).any(|number| number == size))
}

/// The whole numbers of a sentence, in digits or as words.
fn numbers(sentence: &Sentence) -> impl Iterator<Item = u64> + use<> {
    let lower = sentence.lower();
    let words = lower.split(|c: char| !c.is_alphanumeric());
    let found: Vec<u64> = words
        .filter_map(|word| super::facts::claim::number_word(word).or_else(|| word.parse().ok()))
        .collect();
    found.into_iter()
}

/// Others are in the list too, and do not count.
fn is_of_some(claim: &Claim) -> bool {
    const SOME: &[&str] = &["applicable", "relevant", "anwendbar", "applicables", "aplicables"];
    claim.noun.iter().any(|word| SOME.iter().any(|some| word.starts_with(some)))
}

/// Labels may stand between, and headings that name the same thing.
fn no_prose_between(facts: &Facts<'_>, claim: &Claim, from: u32, to: u32) -> bool {
    // Sentences of the same line count too.
    let behind = facts.sentences.get(claim.sentence + 1..).unwrap_or_default().iter();
    let same_line = behind.clone().take_while(|sentence| sentence.text.span.line <= from);
    let mut between = same_line.chain(facts.between(from, to));
    between.all(|sentence| {
        let is_own = || {
            let counts = facts.claims.iter().any(|other| {
                facts.sentences.get(other.sentence).is_some_and(|own| own.text.span == sentence.text.span)
            });
            !counts || !Name::of(&sentence.text.plain).words.is_disjoint(&claim.stems)
        };
        sentence.text.plain.trim_end().ends_with(':') || sentence.place == Place::Heading && is_own()
    })
}

/// Whether the number is the sum of a column: the things are counted in the table and not listed.
fn is_sum(facts: &Facts<'_>, group: &Group, claim: &Claim) -> bool {
    let Some(grid) = group.grid.and_then(|at| facts.grids.get(at)) else { return false };
    (0..grid.roles.len()).filter(|at| *at != grid.label).any(|at| {
        let figures = grid.figures(at).unwrap_or_default();
        let sum: crate::value::Exact = figures.iter().map(|(_, figure)| figure.value.clone()).sum();
        figures.len() >= 2 && sum == claim.value()
    })
}

fn names_list(claim: &Claim) -> bool {
    claim.noun.iter().any(|word| {
        let bare = word.strip_suffix('s').unwrap_or(word);
        LISTABLE.contains(&word.as_str()) || LISTABLE.contains(&bare)
    })
}

/// Whether the noun is in a header or a title of the group.
fn names_group(facts: &Facts<'_>, claim: &Claim, group: &Group) -> bool {
    let title = Name::of(&facts.section(group.section).title.plain).words;
    let chapter = Name::of(&facts.section(facts.chapter(group.section)).title.plain).words;
    let grid = group.grid.and_then(|grid| facts.grids.get(grid));
    let first = grid.map(|grid| Name::of(&grid.header(0)).words).unwrap_or_default();
    let header = grid.map(|grid| Name::of(&grid.header(grid.label)).words).unwrap_or_default();
    let is_in = |stem: &String| [&title, &chapter, &first, &header].iter().any(|words| words.contains(stem));
    claim.stems.iter().any(|stem| stem.chars().count() > 3 && is_in(stem))
}

/// Whether the noun is the title of the group's chapter or the header of its rows, and nothing more.
fn names_exactly(stems: &BTreeSet<String>, list: &Listed<'_>) -> bool {
    !stems.is_empty() && ((list.alone && *stems == list.title) || (list.is_register && *stems == list.header))
}

/// A list or table that is not in another, and what it can be called.
struct Listed<'f> {
    group: &'f Group,
    /// Words of the heading it stands under.
    title: BTreeSet<String>,
    /// Words of the header of what it lists.
    header: BTreeSet<String>,
    /// It is the only one under its heading.
    alone: bool,
    /// Its items have ids.
    is_register: bool,
}

/// All of them, in document order.
fn lists<'f>(facts: &'f Facts<'_>) -> Vec<Listed<'f>> {
    let mut all: Vec<&Group> = facts.groups.iter().collect();
    all.sort_by_key(|group| (group.span.line, std::cmp::Reverse(group.span.end_line)));
    let mut end = 0;
    all.retain(|group| {
        let inner = group.span.end_line < end;
        end = end.max(group.span.end_line);
        !inner
    });
    let mut in_chapter: BTreeMap<SectionId, usize> = BTreeMap::new();
    for group in &facts.groups {
        *in_chapter.entry(facts.chapter(group.section)).or_default() += 1;
    }
    let listed = all.into_iter().take(MOST).map(|group| {
        let chapter = facts.chapter(group.section);
        let title = &facts.section(chapter).title.plain;
        let bare = title.split(['(', ':', '–', '—']).next().unwrap_or_default();
        let bare = bare.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == ' ');
        let grid = group.grid.and_then(|grid| facts.grids.get(grid));
        // A row of several ids is a group of things.
        let with_id = |at: &&usize| {
            facts
                .items
                .get(**at)
                .is_some_and(|item| item.id.is_some() && crate::value::ids(&item.said.text).len() == 1)
        };
        Listed {
            group,
            title: if is_partial(bare) { BTreeSet::new() } else { Name::of(bare).words },
            header: grid.map(|grid| Name::of(&grid.header(grid.label)).words).unwrap_or_default(),
            alone: in_chapter.get(&chapter) == Some(&1),
            is_register: group.items.iter().filter(with_id).count() * 2 > group.items.len(),
        }
    });
    listed.collect()
}

/// `P2 findings`, `High findings`: some of them, by their title.
fn is_partial(title: &str) -> bool {
    !crate::value::ids(title).is_empty()
        || !crate::value::severities(title).is_empty() && !title.to_lowercase().contains("blocker")
}

fn is_qualifier(word: &str) -> bool {
    !crate::value::severities(word).is_empty() && word != "blocker" && word != "blockers"
        || crate::value::marks(word).iter().any(|mark| mark.value.state.is_some())
        || matches!(word, "risk" | "new" | "more" | "known")
}

/// The items of a group that a claim counts: all, those of a severity, those in a state.
fn counted<'f>(facts: &'f Facts<'_>, group: &Group, claim: &Claim) -> Option<Vec<&'f Item>> {
    let items: Vec<&Item> = group.items.iter().filter_map(|at| facts.items.get(*at)).collect();
    let mut kept = items.clone();
    if let Some(severity) = claim.severity {
        let stated: Vec<&Item> = items.iter().copied().filter(|item| item.any_severity().is_some()).collect();
        if stated.len() * 2 > items.len() {
            let named_so =
                claim.noun.iter().any(|word| word.starts_with("blocker")) && titled(facts, group, "blocker");
            if !named_so {
                kept.retain(|item| item.any_severity() == Some(severity));
            }
        } else if !claim.noun.iter().any(|word| word.starts_with("blocker"))
            && !titled(facts, group, severity.word())
        {
            return None;
        }
    }
    // `All six passed` counts six of them; whether they passed is another question.
    if let Some(state) = claim.state.filter(|_| !is_of_all(facts, claim)) {
        let stated = items.iter().filter(|item| item.mark.is_some()).count();
        if stated * 2 > items.len() {
            kept.retain(|item| is_in(item, state));
        } else if group.has_boxes && state.is_good() {
            kept.retain(|item| item.ticked == Some(true));
        }
    }
    (!kept.is_empty()).then_some(kept)
}

/// Whether `all` stands directly before the number.
fn is_of_all(facts: &Facts<'_>, claim: &Claim) -> bool {
    let text = facts.sentences.get(claim.sentence).map(Sentence::lower).unwrap_or_default();
    let word = text.get(..claim.range.start).and_then(|head| head.split_whitespace().next_back());
    let word = word.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let all = ["all", "alle", "tous", "toutes", "todos", "todas", "tutti", "tutte", "wszystkie"];
    word.is_some_and(|word| all.contains(&word))
}

fn titled(facts: &Facts<'_>, group: &Group, word: &str) -> bool {
    facts.titles(group.section).contains(word)
}

/// Whether an item is in the state that is claimed.
fn is_in(item: &Item, state: State) -> bool {
    let Some(mark) = item.mark else { return false };
    match state {
        State::Deferred | State::Blocked | State::NotRun | State::Partial => mark.state == Some(state),
        State::Accepted | State::NotAccepted | State::Yes | State::No | State::NotApplicable => {
            mark.state == Some(state)
        }
        _ => {
            let wanted = state.polarity();
            match wanted {
                Polarity::Open => matches!(mark.polarity(), Polarity::Open),
                other => mark.polarity() == other,
            }
        }
    }
}
