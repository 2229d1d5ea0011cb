//! How sure it is that two statements are about one thing, as a number that can be ordered. It
//! compares names, ids and files, and is the same both ways round.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::lineage::document::Kind;

use super::statement::Statement;
use crate::name::{Likeness, Name};

/// How sure, the surest first when ordered down.
pub(super) type Strength = u32;

const SAME_ID: Strength = 1_000;
const EXACT: Strength = 900;
const SAME_WORDS: Strength = 800;
/// The same single word, which says less.
const SAME_WORD: Strength = 700;
/// Most words in common, and how many percent of all.
const ALIKE: Strength = 500;
/// Half of the words in common, and a file that both name.
const SUPPORTED: Strength = 400;
/// Of names of which one contains the other, so many percent of the words must be in both; in one
/// document, where a problem is told again in short, fewer do.
const ACROSS: u32 = 60;
const WITHIN: u32 = 50;
/// What a person should look at has two words and this many percent in common.
const RESEMBLES: u32 = 30;

/// Things of one family can be one thing.
pub(super) fn family(kind: Kind) -> u8 {
    match kind {
        Kind::Decision => 1,
        Kind::Phase => 2,
        _ => 0,
    }
}

/// How many percent of all words of both are in both.
fn percent(one: &Name, other: &Name) -> u32 {
    let shared = one.words.intersection(&other.words).count();
    let all = (one.words.len() + other.words.len()).saturating_sub(shared).max(1);
    u32::try_from(shared * 100 / all).unwrap_or(100)
}

fn pairs<'a>(one: &'a Statement, other: &'a Statement) -> impl Iterator<Item = (&'a Name, &'a Name)> {
    one.names.iter().flat_map(move |name| other.names.iter().map(move |theirs| (name, theirs)))
}

/// How alike two statements are by their names, if they most likely name one thing.
fn by_names(one: &Statement, other: &Statement, contained: u32) -> Option<Strength> {
    pairs(one, other).filter_map(|(name, theirs)| of_names(name, theirs, contained)).max()
}

fn of_names(one: &Name, other: &Name, contained: u32) -> Option<Strength> {
    let percent = percent(one, other);
    match one.likeness(other) {
        Likeness::Exact => Some(EXACT),
        Likeness::SameWords if one.words.len() > 1 => Some(SAME_WORDS),
        Likeness::SameWords => Some(SAME_WORD),
        Likeness::Contained if percent >= contained => Some(ALIKE + percent),
        Likeness::Overlap(_) if percent >= 75 => Some(ALIKE + percent),
        _ => None,
    }
}

/// How many percent of their words the most alike names have in common.
fn shared(one: &Statement, other: &Statement) -> u32 {
    pairs(one, other).map(|(name, theirs)| percent(name, theirs)).max().unwrap_or(0)
}

/// Whether two statements carry ids of one kind that differ.
fn ids_differ(one: &Statement, other: &Statement) -> bool {
    matches!((&one.id, &other.id), (Some(one), Some(other)) if one.prefix == other.prefix && one.number != other.number)
}

fn same_id(one: &Statement, other: &Statement) -> bool {
    matches!((&one.id, &other.id), (Some(one), Some(other)) if one.is(other))
}

/// Whether two statements of one document are about one thing, and how sure that is. `is_id` says
/// whether the id that both may carry stands for one thing in that document.
pub(super) fn within(one: &Statement, other: &Statement, is_id: bool) -> Option<Strength> {
    if family(one.kind) != family(other.kind) || one.list == other.list {
        return None;
    }
    // Boxes and rows with a state are things of their own, each in its own list.
    let is_own = |kind: Kind| matches!(kind, Kind::Task | Kind::Item);
    if is_own(one.kind) && is_own(other.kind) {
        return None;
    }
    let most = shared(one, other);
    // Where each section counts its own problems, what is to be done about them still has the id.
    let is_task = (one.kind == Kind::Task || other.kind == Kind::Task) && most > 0;
    if same_id(one, other) && (is_id || is_task || most >= RESEMBLES) {
        return Some(SAME_ID + most);
    }
    let is_alike = one.kind == other.kind && one.form == other.form;
    let least = if is_alike || ids_differ(one, other) { SAME_WORDS } else { ALIKE };
    let contained = if is_own(one.kind) || is_own(other.kind) { ACROSS } else { WITHIN };
    by_names(one, other, contained).filter(|strength| *strength >= least)
}

/// Whether a statement of one document is about the same thing as one of another, and how sure
/// that is. `is_id` says whether the id that both may carry stands for one thing only in each.
pub(super) fn across(one: &Statement, other: &Statement, is_id: bool) -> Option<Strength> {
    if family(one.kind) != family(other.kind) {
        return None;
    }
    let (found, most) = (by_names(one, other, ACROSS), shared(one, other));
    if is_id && same_id(one, other) && most > 0 {
        return Some(SAME_ID + found.unwrap_or(most));
    }
    let bonus = u32::from(one.kind == other.kind) * 5 + u32::from(one.form == other.form);
    // A row is called by the name of a part, so the same words may mean less: `Redis metrics` passed
    // in one document is no word on the metrics of its degraded mode in the other.
    let is_row = one.kind == Kind::Item || other.kind == Kind::Item;
    let is_task = one.kind == Kind::Task || other.kind == Kind::Task;
    let least = match () {
        () if is_row && one.kind == other.kind => SAME_WORD,
        () if is_row && is_task || one.is_passed_row() || other.is_passed_row() => SAME_WORDS,
        () if is_id && ids_differ(one, other) => SAME_WORDS,
        () => ALIKE,
    };
    let supported =
        || (most >= WITHIN && !is_row && !one.files.is_disjoint(&other.files)).then_some(SUPPORTED + most);
    found.filter(|strength| *strength >= least).or_else(supported).map(|strength| strength + bonus)
}

/// Whether two statements that were not matched may be about one thing all the same.
pub(super) fn resembles(one: &Statement, other: &Statement) -> Option<Strength> {
    if family(one.kind) != family(other.kind) {
        return None;
    }
    let is_near = |(name, theirs): (&Name, &Name)| {
        let shared = name.words.intersection(&theirs.words).count();
        let percent = percent(name, theirs);
        (shared >= 2 && percent >= RESEMBLES).then_some(percent)
    };
    pairs(one, other).filter_map(is_near).max()
}

/// A word in more things than these says too little to compare all of them.
const FREQUENT: usize = 64;
/// So far from its own place a thing is looked for whose words are all frequent.
const REACH: usize = 30;

/// Words that too many things of a document have.
pub(super) fn frequent<'a>(statements: impl IntoIterator<Item = &'a Statement>) -> BTreeSet<&'a str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for word in statements.into_iter().flat_map(|statement| &statement.names).flat_map(|name| &name.words) {
        *counts.entry(word.as_str()).or_default() += 1;
    }
    counts.into_iter().filter(|(_, count)| *count > FREQUENT).map(|(word, _)| word).collect()
}

/// Things by the words of their names, so that only those are compared that share one.
#[derive(Debug)]
pub(super) struct Index<'a> {
    frequent: &'a BTreeSet<&'a str>,
    by_word: BTreeMap<&'a str, BTreeSet<usize>>,
    /// By whole names, for those that have nothing but frequent words.
    by_name: BTreeMap<&'a str, BTreeSet<usize>>,
}

impl<'a> Index<'a> {
    /// An empty one. Words that are `frequent` in either document count only as part of a whole name.
    pub(super) fn without(frequent: &'a BTreeSet<&'a str>) -> Index<'a> {
        Index { frequent, by_word: BTreeMap::new(), by_name: BTreeMap::new() }
    }

    /// Adds a statement of the thing with this number.
    pub(super) fn add(&mut self, thing: usize, statement: &'a Statement) {
        for name in &statement.names {
            self.by_name.entry(name.plain.as_str()).or_default().insert(thing);
            for word in name.words.iter().filter(|word| !self.frequent.contains(word.as_str())) {
                self.by_word.entry(word.as_str()).or_default().insert(thing);
            }
        }
    }

    /// The numbers of the things that share a word with a statement of a thing at `place`, in order.
    pub(super) fn near(&self, place: usize, statement: &Statement) -> BTreeSet<usize> {
        let words = statement.names.iter().flat_map(|name| &name.words);
        let mut found: BTreeSet<usize> =
            words.filter_map(|word| self.by_word.get(word.as_str())).flatten().copied().collect();
        for same in statement.names.iter().filter_map(|name| self.by_name.get(name.plain.as_str())) {
            let few = same.len() <= FREQUENT;
            found.extend(same.iter().filter(|at| few || at.abs_diff(place) <= REACH));
        }
        found
    }
}
