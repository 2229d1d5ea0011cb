//! Told in one place not to have happened, or not to its end, and called verified in another.

use std::collections::BTreeSet;

use super::super::facts::word::{self, says};
use super::super::facts::{Facts, Place, Role, Sentence, Topic};
use super::super::kind::{Findings, Said};
use super::words::{COMING, COMMON, OTHER, REPORTS, UNDONE, UNREAL, WELL};
use crate::name::Name;
use crate::outline::SectionId;
use crate::value::{self, Polarity, State};

/// What is said to have gone well, or not to have been done.
struct Told {
    words: BTreeSet<String>,
    section: SectionId,
    /// Its subject is short and clear: the key of a field, the name of a row.
    is_named: bool,
    /// It is said to be still to come.
    is_coming: bool,
    has_date: bool,
    said: Said,
}

/// The most of either that are compared.
const MOST: usize = 150;

pub(super) fn find(facts: &Facts<'_>, findings: &mut Findings) {
    boxes(facts, findings);
    let mut undone = undone(facts);
    undone.extend(titles(facts).take(MOST));
    if undone.is_empty() {
        return;
    }
    let claims: Vec<Told> = claims(facts).chain(rows(facts, false)).take(MOST * 4).collect();
    compare(&undone, &claims, findings);
}

/// A ticked box, and a line of that name that says it was not done: `Restore test: not been done yet`.
fn boxes(facts: &Facts<'_>, findings: &mut Findings) {
    let ticked: Vec<_> = facts.items.iter().filter(|item| item.ticked == Some(true)).take(MOST * 2).collect();
    if ticked.is_empty() {
        return;
    }
    let told = facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Prose | Place::Item));
    for sentence in told {
        let lower = sentence.lower();
        let Some((from, _)) = word::first(&lower, UNDONE) else { continue };
        if says(&lower, UNREAL_CASES) || says(&lower, OTHER) || lower.contains('?') {
            continue;
        }
        let head = lower.get(..from).unwrap_or_default();
        let key = head.split_once(": ").map_or(head, |(key, _)| key);
        let articles =
            ["the ", "der ", "die ", "das ", "le ", "la ", "el ", "de ", "het ", "il ", "o ", "a "];
        let key = articles.iter().find_map(|word| key.strip_prefix(word)).unwrap_or(key);
        let aux = [
            " has", " was", " is", " wurde", " ist", " hat", " a été", " n'a", " n'est", " no se", " è",
            " foi",
        ];
        let key = aux.iter().find_map(|word| key.trim_end().strip_suffix(word)).unwrap_or(key).trim();
        if !(2..=5).contains(&key.split_whitespace().count()) {
            continue;
        }
        let same = ticked.iter().filter(|item| item.said.span.line != sentence.text.span.line);
        let mut same = same.filter(|item| word::find(&item.title.to_lowercase(), key) == Some(0));
        if let Some(item) = same.next() {
            let message = format!("«{}» is ticked, and «{}»", item.title, sentence.text.plain.trim());
            findings.certain(message, vec![item.said.clone(), sentence.said()]);
        }
    }
}

/// Findings that are called by what was not done: `M-5 Exercise outstanding`.
fn titles<'f>(facts: &'f Facts<'_>) -> impl Iterator<Item = Told> + 'f {
    let open = facts.items.iter().filter(|item| {
        let is_closed = item.mark.is_some_and(|mark| mark.polarity() == Polarity::Good);
        !is_closed && item.ticked.is_none()
    });
    open.filter_map(|item| {
        let lower = item.title.to_lowercase();
        let (from, found) = word::first(&lower, NEVER)?;
        let is_end = lower.get(from + found.trim_end_matches('*').len()..)?.split_whitespace().count() <= 1;
        let words = words(lower.get(..from)?);
        let is_long = words.len() >= 2 && is_end && item.title.split_whitespace().count() <= 8;
        is_long.then(|| Told {
            words,
            section: item.section,
            is_named: true,
            is_coming: false,
            has_date: false,
            said: item.said.clone(),
        })
    })
}

/// The end of a title of what was not done.
const NEVER: &[&str] = &[
    "outstanding",
    "not done",
    "not held",
    "not run",
    "never run",
    "never tested",
    "never tried",
    "not tested",
    "untested",
    "ausstehend",
    "steht aus",
    "nie getestet",
    "nicht getestet",
    "nie erprobt",
    "non testé*",
    "jamais testé*",
    "jamais essayé*",
    "sin probar",
    "nunca probad*",
    "no probad*",
    "mai provat*",
    "mai testat*",
    "non provat*",
    "nunca testad*",
    "não testad*",
    "nooit getest",
    "niet getest",
    "nie testowan*",
];

/// A row is done by its state, and a sentence says that it has not been done.
pub(in super::super) fn done_rows(facts: &Facts<'_>, findings: &mut Findings) {
    let rows: Vec<Told> = rows(facts, true).take(MOST * 4).collect();
    if !rows.is_empty() {
        compare(&undone(facts), &rows, findings);
    }
}

fn compare(undone: &[Told], claims: &[Told], findings: &mut Findings) {
    for one in undone {
        let alike = claims.iter().filter(|claim| claim.said.span.line != one.said.span.line);
        let far = |claim: &Told| claim.said.span.line.abs_diff(one.said.span.line) > 4;
        // What is told right beside may be how it went in the end, unless it is still to come.
        let alike = alike.filter(|claim| {
            if one.is_coming { !claim.has_date } else { claim.section != one.section || far(claim) }
        });
        let best = alike
            .filter_map(|claim| Some((fit(one, claim)?, claim)))
            .max_by_key(|((sure, shared), claim)| (*sure, *shared, std::cmp::Reverse(claim.said.span.line)));
        if let Some(((is_sure, _), claim)) = best {
            let message = format!("«{}», and «{}»", claim.said.text, one.said.text);
            findings.say(is_sure, message, vec![claim.said.clone(), one.said.clone()]);
        }
    }
}

/// Whether both are of one thing: whether that is sure, and how many words they share.
fn fit(undone: &Told, claim: &Told) -> Option<(bool, usize)> {
    let shared: Vec<&String> = undone.words.intersection(&claim.words).collect();
    let is_long = |word: &&&String| word.chars().count() >= 7 || word.ends_with(" h");
    let is_most = shared.len() * 2 >= undone.words.len();
    match shared.len() {
        0 => None,
        1 => (undone.words.len() == 1 && undone.is_named && shared.iter().any(|word| is_long(&word)))
            .then_some((true, 1)),
        _ => (is_most
            || shared.len() >= 3
            || undone.words.len() > 7 && shared.iter().any(|word| is_long(&word)))
        .then_some((is_most, shared.len())),
    }
}

/// Everything that did not happen.
fn undone(facts: &Facts<'_>) -> Vec<Told> {
    let mut found = Vec::new();
    for (at, sentence) in facts.sentences.iter().enumerate() {
        if found.len() == MOST || !matches!(sentence.place, Place::Prose | Place::Item) {
            continue;
        }
        let lower = sentence.lower();
        let Some((from, _)) = word::first(&lower, UNDONE) else { continue };
        if says(&lower, UNREAL_CASES) || says(&lower, OTHER) || lower.contains('?') {
            continue;
        }
        let before = at.checked_sub(1).and_then(|before| facts.sentences.get(before));
        let before = before.filter(|before| before.section == sentence.section);
        let (words, is_named) = subject(facts, sentence, &lower, from, before);
        let said = sentence.said();
        let is_coming = says(&lower, COMING);
        let told = Told { words, section: sentence.section, is_named, is_coming, has_date: false, said };
        found.extend(Some(told).filter(|told| !told.words.is_empty()));
    }
    found
}

/// Cases that are only thought of.
const UNREAL_CASES: &[&str] = &[
    "if", "unless", "would", "must", "should", "wenn", "falls", "muss", "si elle", "s'il", "debe", "deve",
    "moet",
];

/// What did not happen: the key of a field, what stands before the words that say so, the sentence
/// before where a pronoun stands for it.
fn subject(
    facts: &Facts<'_>,
    sentence: &Sentence,
    lower: &str,
    from: usize,
    before: Option<&Sentence>,
) -> (BTreeSet<String>, bool) {
    let head = reported(lower.get(..from).unwrap_or_default());
    // `**Dress rehearsal.** It was postponed.`
    let lead = before.filter(|before| {
        before.text.span.line == sentence.text.span.line && before.text.plain.split_whitespace().count() <= 4
    });
    let lead = lead.map(|before| words(&before.lower())).unwrap_or_default();
    if lead.len() >= 2 {
        return (lead, true);
    }
    // `### B-03 Restart` and `- Impact: …, no exercise has been held`: it is of the heading.
    let chapter = facts.chapter(sentence.section);
    let title = &facts.section(chapter).title.plain;
    // A field may go on behind a semicolon.
    let is_field = |told: &Sentence| {
        told.text.field().is_some_and(|field| field.key.plain.split_whitespace().count() <= 2)
    };
    let is_detail = is_field(sentence)
        || before.is_some_and(|before| {
            is_field(before)
                && before.text.plain.trim_end().ends_with(';')
                && before.text.span.line.abs_diff(sentence.text.span.line) <= 1
        });
    let has_id = value::ids(title).first().is_some_and(|id| id.range.start <= 4);
    if is_detail && has_id {
        let found = words(title);
        if !found.is_empty() {
            return (found, true);
        }
    }
    if let Some((key, _)) = head.split_once(": ").filter(|(key, _)| key.split_whitespace().count() <= 5) {
        return (words(key), true);
    }
    let mut found = words(head);
    // What cut it short is told behind.
    let is_cut = lower
        .get(from..)
        .is_some_and(|rest| says(rest, &["ended after", "broke off after", "stopped after"]));
    if is_cut {
        found.extend(words(lower));
    }
    let is_label = facts.section(sentence.section).level > 6;
    if found.is_empty() || head.split_whitespace().count() <= 3 && found.len() < 2 {
        found.extend(before.map(|before| words(&before.lower())).unwrap_or_default());
    }
    if found.is_empty() {
        found = words(lower);
    }
    if is_label && found.len() < 3 {
        found.extend(words(&facts.section(sentence.section).title.plain));
    }
    let is_short = found.len() <= 3;
    (found, is_short)
}

/// What is told, without who tells it: `Ann reports that the …`.
fn reported(head: &str) -> &str {
    let (at, length) =
        REPORTS.iter().filter_map(|word| head.find(word).map(|at| (at, word.len()))).min().unwrap_or((0, 0));
    let is_short = head.get(..at).is_some_and(|teller| teller.split_whitespace().count() <= 5);
    if is_short { head.get(at + length..).unwrap_or(head) } else { head }
}

/// The words of a text that tell things apart, and its times.
fn words(text: &str) -> BTreeSet<String> {
    let name = Name::of(text);
    let is_clear = |word: &String| {
        word.chars().count() >= 4 && !COMMON.contains(&word.as_str()) && word.chars().all(char::is_alphabetic)
    };
    let mut found: BTreeSet<String> = name.words.into_iter().filter(is_clear).collect();
    let is_pair = |word: &&str| {
        let (long, dash) = (word.chars().count() >= 7, word.contains('-'));
        long && dash && word.chars().all(|c| c.is_alphabetic() || c == '-')
    };
    // `red-team` is one word.
    found.extend(text.split_whitespace().filter(is_pair).map(str::to_lowercase));
    let times = value::durations(text).into_iter().filter(|time| time.value.low == time.value.high);
    found.extend(times.map(|time| format!("{} h", time.value.low_hours(24))));
    found
}

/// Everything that is said to have gone well: sentences, ticked boxes, good rows.
fn claims<'f>(facts: &'f Facts<'_>) -> impl Iterator<Item = Told> + 'f {
    let unticked: BTreeSet<u32> = facts
        .items
        .iter()
        .filter(|item| item.ticked == Some(false))
        .map(|item| item.said.span.line)
        .collect();
    let asked =
        [Topic::Forbids, Topic::Criteria, Topic::Conditions, Topic::MustFix, Topic::Actions, Topic::Deferred];
    let is_claim = move |sentence: &&Sentence| {
        let lower = sentence.lower();
        matches!(sentence.place, Place::Prose | Place::Item)
            && says(&lower, WELL)
            && !says(&lower, UNDONE)
            && !says(&lower, UNREAL)
            && !denies(&lower)
            && !lower.contains('?')
            && lower.split_whitespace().count() <= 40
            && !unticked.contains(&sentence.text.span.line)
            && !asked.iter().any(|topic| facts.is_under(sentence.section, *topic))
    };
    facts.sentences.iter().filter(is_claim).map(|sentence| Told {
        words: words(&sentence.lower()),
        section: sentence.section,
        is_named: false,
        is_coming: false,
        has_date: !facts.calendar.dates(&sentence.text.plain).is_empty(),
        said: sentence.said(),
    })
}

/// `no errors` denies nothing.
fn denies(lower: &str) -> bool {
    // `completed with no loss` tells how well it went.
    const SO_WELL: &[&str] = &["with no ", "ohne ", "sans ", "senza ", "sin ", "zonder ", "sem "];
    let done = word::first(lower, WELL).map_or(lower.len(), |(at, _)| at);
    let (head, tail) = lower.split_at_checked(done).unwrap_or((lower, ""));
    let tail = SO_WELL.iter().fold(tail.to_owned(), |tail, word| tail.replace(&format!(" {word}"), " "));
    let rest = format!("{head}{tail}")
        .replace("without error", "")
        .replace("no error", "")
        .replace("found no", "")
        .replace("nenhuma vulnerabilidade", "");
    word::denies(&rest)
}

/// Rows that are good by a cell, with the words of all their cells: what is done, or all else.
fn rows<'f>(facts: &'f Facts<'_>, is_done: bool) -> impl Iterator<Item = Told> + 'f {
    let all = facts.grids.iter().flat_map(|grid| grid.body().map(move |row| (grid, row)));
    all.filter_map(move |(grid, row)| {
        let state = grid.column(Role::Status).and_then(|at| value::mark(row.cell(at))?.state);
        if matches!(state, Some(State::Done | State::Resolved)) != is_done {
            return None;
        }
        let cells = (0..grid.roles.len()).filter(|at| *at != grid.label).map(|at| row.cell(at));
        let is_good = |cell: &str| {
            let mark = value::mark(cell);
            let short = cell.split_whitespace().count() <= 6;
            short
                && mark
                    .is_some_and(|mark| mark.polarity() == Polarity::Good || mark.state == Some(State::Yes))
        };
        let text = row.said().text.to_lowercase();
        let is_told = cells.clone().any(is_good) && !says(&text, UNDONE) && !word::denies(&text);
        is_told.then(|| Told {
            words: words(&text),
            section: grid.section,
            is_named: false,
            is_coming: false,
            has_date: false,
            said: row.said(),
        })
    })
}
