//! Where a document names a thing that it does not list: in a sentence, a heading, a row of a table
//! that means nothing else. What is named has not vanished.

use std::collections::{BTreeMap, BTreeSet};

use gonogo_model::lineage::document::{Quote, Standing};

use super::standing;
use super::statement::line;
use super::thing::{Ids, Thing};
use crate::Report;
use crate::name::Name;
use crate::outline::{Block, SectionId, Text};
use crate::place::Span;
use crate::value::{self, Id, IdRange};

/// Places that are looked at; a document of more is no report that people read.
const MOST: usize = 20_000;
/// A word in more places than these names nothing; only the first of them are looked at.
const MOST_OF_A_WORD: usize = 200;
/// Ranges of ids that are looked at.
const MOST_RANGES: usize = 200;
/// Words of a sentence in which a name is found; in a longer one the words may be there by chance.
const LONGEST: usize = 40;
/// The same for a name of two words.
const SHORT: usize = 8;
/// Ids of these kinds count places in a document and name nothing outside of it.
const ORDERS: [&str; 8] = ["PRIORITY", "PHASE", "STEP", "ITEM", "SECTION", "CATEGORY", "ACTION", "T"];

/// Everything a document says, place by place.
#[derive(Debug)]
pub(super) struct Mentions {
    places: Vec<Place>,
    by_word: BTreeMap<String, Vec<usize>>,
    by_id: BTreeMap<(String, u64), Vec<usize>>,
    /// Places that name a range of ids: `F-1 to F-7`.
    with_range: Vec<usize>,
}

#[derive(Debug)]
struct Place {
    text: String,
    span: Span,
    words: BTreeSet<String>,
    ids: Vec<Id>,
    ranges: Vec<IdRange>,
    standing: Option<Standing>,
}

/// That a thing is named, and how it is said to stand there.
#[derive(Debug, Clone)]
pub(super) struct Mention {
    pub(super) quote: Quote,
    pub(super) standing: Option<Standing>,
}

impl Mentions {
    pub(super) fn of(report: &Report) -> Mentions {
        let mut places = places(report);
        places.truncate(MOST);
        let mut by_word: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, place) in places.iter().enumerate() {
            for word in &place.words {
                by_word.entry(word.clone()).or_default().push(at);
            }
        }
        let mut by_id: BTreeMap<(String, u64), Vec<usize>> = BTreeMap::new();
        for (at, place) in places.iter().enumerate() {
            for id in &place.ids {
                by_id.entry((id.prefix.clone(), id.number)).or_default().push(at);
            }
        }
        let has_range = |(_, place): &(usize, &Place)| !place.ranges.is_empty();
        let with_range =
            places.iter().enumerate().filter(has_range).map(|(at, _)| at).take(MOST_RANGES).collect();
        Mentions { places, by_word, by_id, with_range }
    }

    /// Headings, sentences, items and rows, in order.
    pub(super) fn sentences(&self) -> impl Iterator<Item = (&str, Span)> {
        self.places.iter().map(|place| (place.text.as_str(), place.span))
    }

    /// Where a thing of another document is named. Of several places, that counts which says that
    /// it is open, then one that says anything, then the first. `own` are the ids of that other
    /// document, `listed` those of this one.
    pub(super) fn find(&self, thing: &Thing<'_>, own: &Ids, listed: &Ids) -> Option<Mention> {
        // A short name says enough only if the thing is called so where most is said of it.
        let others = thing
            .statements
            .iter()
            .flat_map(|statement| &statement.names)
            .filter(|name| name.words.len() > 2);
        let by_name = thing.first.names.iter().chain(others);
        let mut found: BTreeSet<usize> = by_name.flat_map(|name| self.with_name(name)).collect();
        let is_known = |all: &Ids, id: &Id, most: usize| {
            all.get(&(id.prefix.clone(), id.number)).map_or(0, Vec::len) <= most
        };
        let of_thing = thing.statements.iter().filter_map(|statement| statement.id.as_ref());
        for id in of_thing.filter(|id| !ORDERS.contains(&id.prefix.as_str())) {
            if is_known(own, id, 1) && is_known(listed, id, 0) {
                found.extend(self.with_id(id));
            }
        }
        let places = found.into_iter().filter_map(|at| self.places.get(at));
        let best = places.min_by_key(|place| {
            let order = match place.standing {
                Some(Standing::Open) => 0,
                Some(_) => 1,
                None => 2,
            };
            (order, place.span)
        })?;
        let quote = Quote { text: line(&best.text), line: best.span.line, column: best.span.column };
        Some(Mention { quote, standing: best.standing })
    }

    /// A sentence that has all the words by which a thing is called in short, where they are too few
    /// to be sure that it is meant.
    pub(super) fn hint(&self, thing: &Thing<'_>) -> Option<Quote> {
        let name = thing.first.names.iter().min_by_key(|name| name.words.len())?;
        let letters: usize = name.words.iter().map(|word| word.chars().count()).sum();
        let places = self
            .by_word
            .get(name.words.first()?)?
            .iter()
            .take(MOST_OF_A_WORD)
            .filter_map(|at| self.places.get(*at));
        let with_all =
            places.filter(|place| name.words.is_subset(&place.words) && place.words.len() <= LONGEST);
        let nearest = with_all.min_by_key(|place| (place.words.len(), place.span))?;
        let quote =
            || Quote { text: line(&nearest.text), line: nearest.span.line, column: nearest.span.column };
        (letters >= 7).then(quote)
    }

    fn with_name(&self, name: &Name) -> Vec<usize> {
        if name.words.len() < 2 {
            return Vec::new();
        }
        let rarest = name
            .words
            .iter()
            .map(|word| self.by_word.get(word).map_or(&[][..], Vec::as_slice))
            .min_by_key(|at| at.len());
        let longest = if name.words.len() == 2 { SHORT } else { LONGEST };
        let is_in = |at: &&usize| {
            self.places
                .get(**at)
                .is_some_and(|place| place.words.len() <= longest && name.words.is_subset(&place.words))
        };
        rarest.unwrap_or_default().iter().take(MOST_OF_A_WORD).filter(is_in).copied().collect()
    }

    fn with_id<'a>(&'a self, id: &'a Id) -> impl Iterator<Item = usize> + 'a {
        let named = self.by_id.get(&(id.prefix.clone(), id.number)).into_iter().flatten();
        let is_in = |at: &&usize| {
            self.places.get(**at).is_some_and(|place| place.ranges.iter().any(|range| range.has(id)))
        };
        named.chain(self.with_range.iter().filter(is_in)).copied()
    }
}

fn places(report: &Report) -> Vec<Place> {
    let headings = standing::of_headings(&report.outline);
    let heading = |section: SectionId| headings.get(section.0).copied().flatten();
    let mut found = Vec::new();
    for id in report.outline.ids() {
        let Some(section) = report.outline.section(id).filter(|_| found.len() < MOST) else { continue };
        found.push(Place::of(&section.title, heading(id)));
        for block in section.blocks.iter().flat_map(Block::with_inner) {
            match block {
                Block::Paragraph(text) => {
                    found.extend(sentences(text).iter().map(|text| Place::of(text, heading(id))))
                }
                Block::List(list) => {
                    found.extend(list.items.iter().map(|item| Place::of(&item.text, heading(id))))
                }
                Block::Table(table) => {
                    found.extend(table.rows.iter().flat_map(|row| of_row(&row.cells, row.span, heading(id))));
                }
                _ => {}
            }
        }
    }
    found
}

/// The cells of a row. All of it stands as the last of its short cells says.
fn of_row(cells: &[Text], span: Span, heading: Option<Standing>) -> Vec<Place> {
    let short = cells.iter().skip(1).rev().filter(|cell| cell.plain.split_whitespace().count() <= 4);
    let standing = short.map(|cell| standing::of_cell(&cell.plain)).find_map(|standing| standing);
    let texts: Vec<&str> = cells.iter().map(|cell| cell.plain.as_str()).collect();
    let whole = texts.join(" | ");
    let of_cell = |cell: &Text| Place {
        text: whole.clone(),
        ..Place::made(cell.plain.clone(), span, standing.or(heading))
    };
    cells.iter().map(of_cell).collect()
}

impl Place {
    fn of(text: &Text, heading: Option<Standing>) -> Place {
        let standing = standing::of_text(&text.plain).or(heading);
        Place::made(text.plain.clone(), text.span, standing)
    }

    fn made(text: String, span: Span, standing: Option<Standing>) -> Place {
        // Nobody names a thing in a text that is longer.
        let is_read = text.len() <= 2_000;
        let name = if is_read { Name::of(&text) } else { Name::default() };
        let ids = if is_read { value::ids(&text) } else { Vec::new() };
        let ranges = if is_read { value::id_ranges(&text) } else { Vec::new() };
        Place {
            words: name.words.into_iter().chain(name.deeds).collect(),
            ids: ids.into_iter().map(|found| found.value).collect(),
            ranges: ranges.into_iter().map(|found| found.value).collect(),
            text,
            span,
            standing,
        }
    }
}

/// A paragraph, cut behind full stops and at its line breaks.
fn sentences(text: &Text) -> Vec<Text> {
    text.lines().iter().flat_map(of_line).collect()
}

fn of_line(line: &Text) -> Vec<Text> {
    let mut found = Vec::new();
    let mut from = 0;
    for (at, _) in line.plain.match_indices(['.', '!', '?', ';']) {
        let before = line.plain.get(from..at).unwrap_or_default();
        let behind = line.plain.get(at + 1..).unwrap_or_default();
        // `e.g. this` and `1. First` go on.
        let is_short = before.rsplit(char::is_whitespace).next().is_some_and(|word| word.len() <= 2);
        if behind.starts_with(char::is_whitespace) && !is_short {
            found.push(line.slice(from..at + 1));
            from = at + 1;
        }
    }
    found.push(line.slice(from..line.plain.len()));
    found.retain(|sentence| !sentence.is_empty());
    found
}
