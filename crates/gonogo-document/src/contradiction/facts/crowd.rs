//! Things of one table or list with how each stands, and what they are called together.

use std::collections::BTreeSet;

use super::grid::Grid;
use super::{Facts, Item, Role, Sentence};
use crate::contradiction::kind::Said;
use crate::name::Name;
use crate::outline::SectionId;
use crate::value::{self, Polarity, State};

/// One of them.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    /// How it stands by its own row or line.
    pub(crate) stands: Polarity,
    /// All that it says, in small letters.
    pub(crate) text: String,
    /// Its cells in small letters, of a table.
    pub(crate) cells: Vec<String>,
    pub(crate) said: Said,
}

/// All of them.
#[derive(Debug)]
pub(crate) struct Crowd {
    pub(crate) members: Vec<Member>,
    pub(crate) section: SectionId,
    /// Its first and last line.
    pub(crate) lines: (u32, u32),
    /// What they are called: the header of their column, the headings above.
    pub(crate) words: BTreeSet<String>,
}

/// Crowds that are looked at, and members of one.
const MOST: usize = 300;
const MOST_MEMBERS: usize = 300;

/// Every table and list of which most things have a state.
pub(crate) fn all(facts: &Facts<'_>) -> Vec<Crowd> {
    facts
        .groups
        .iter()
        .take(MOST)
        .filter_map(|group| {
            let items: Vec<&Item> =
                group.items.iter().filter_map(|at| facts.items.get(*at)).take(MOST_MEMBERS).collect();
            let grid = group.grid.and_then(|at| facts.grids.get(at));
            let members: Vec<Member> = match grid {
                Some(grid) => rows(grid)?,
                None => items.iter().map(|item| of_item(item)).collect(),
            };
            let told = members.iter().filter(|member| member.stands != Polarity::Neutral).count();
            let chapter = facts.chapter(group.section);
            let mut words = Name::of(&facts.section(group.section).title.plain).words;
            if facts.section(chapter).level > 1 {
                words.extend(Name::of(&facts.section(chapter).title.plain).words);
            }
            words.extend(grid.map(|grid| Name::of(&grid.header(grid.label)).words).unwrap_or_default());
            let last = items.last().map_or(group.span.line, |item| item.said.span.end_line);
            let is_crowd = members.len() >= 2 && told * 2 > members.len();
            is_crowd.then_some(Crowd {
                members,
                section: group.section,
                lines: (group.span.line, last),
                words,
            })
        })
        .collect()
}

/// The column that says how the rows of a table stand: the one that is called so, else the last one
/// with marks.
pub(crate) fn column(grid: &Grid<'_>) -> Option<usize> {
    let marked = |at: usize| {
        let told = grid.body().filter(|row| stands(&row.prose(at)) != Polarity::Neutral).count();
        told * 2 > grid.body().count()
    };
    grid.column(Role::Status).or_else(|| grid.column(Role::Decision)).filter(|at| marked(*at)).or_else(|| {
        (0..grid.roles.len()).rev().find(|at| {
            *at != grid.label && !matches!(grid.roles[*at], Role::Id | Role::Severity) && marked(*at)
        })
    })
}

fn rows(grid: &Grid<'_>) -> Option<Vec<Member>> {
    let column = column(grid)?;
    let made = grid.body().take(MOST_MEMBERS).map(|row| {
        let cells: Vec<String> = (0..grid.roles.len()).map(|at| row.cell(at).to_lowercase()).collect();
        let said: Vec<String> = (0..grid.roles.len()).map(|at| row.prose(at).to_lowercase()).collect();
        Member { stands: stands(&row.prose(column)), text: said.join(" | "), cells, said: row.said() }
    });
    Some(made.collect())
}

fn of_item(item: &Item) -> Member {
    let stands = match item.ticked {
        Some(true) => Polarity::Good,
        Some(false) => Polarity::Open,
        None => stands(&item.said.text),
    };
    Member { stands, text: item.said.text.to_lowercase(), cells: Vec::new(), said: item.said.clone() }
}

/// How a text stands; yes is good and no is bad.
pub(crate) fn stands(text: &str) -> Polarity {
    match value::mark(text) {
        Some(mark) => match (mark.polarity(), mark.state) {
            (Polarity::Neutral, Some(State::Yes | State::Accepted)) => Polarity::Good,
            (Polarity::Neutral, Some(State::No)) => Polarity::Bad,
            (polarity, _) => polarity,
        },
        None => Polarity::Neutral,
    }
}

impl Member {
    /// It is not as it should be, or nobody knows.
    pub(crate) fn is_short(&self) -> bool {
        matches!(self.stands, Polarity::Bad | Polarity::Open | Polarity::Middling)
    }
}

impl Crowd {
    /// How far a sentence is from it, in lines, if it is about it: it has a word of its name, the
    /// number of its members, or stands in its section.
    pub(crate) fn distance(
        &self,
        facts: &Facts<'_>,
        sentence: &Sentence,
        words: &BTreeSet<String>,
        numbers: &[u64],
    ) -> Option<u32> {
        let line = sentence.text.span.line;
        let far = if line < self.lines.0 { self.lines.0 - line } else { line.saturating_sub(self.lines.1) };
        let is_named = self.words.iter().any(|word| words.contains(word));
        let is_sized = numbers.contains(&(self.members.len() as u64));
        let is_beside = sentence.section == self.section && far <= 12;
        let is_near = facts.chapter(sentence.section) == facts.chapter(self.section);
        (is_named || (is_sized && (is_near || far <= 40)) || is_beside).then_some(far)
    }
}
