//! What the rules look at: the document as tables with columns that mean something, things with
//! names, and sentences. It judges nothing.

pub(crate) mod bound;
pub(crate) mod calendar;
pub(crate) mod call;
pub(crate) mod claim;
pub(crate) mod column;
pub(crate) mod crowd;
pub(crate) mod domain;
pub(crate) mod figure;
pub(crate) mod grid;
pub(crate) mod item;
pub(crate) mod moment;
pub(crate) mod need;
pub(crate) mod open;
pub(crate) mod praise;
pub(crate) mod sentence;
pub(crate) mod share;
pub(crate) mod token;
pub(crate) mod topic;
pub(crate) mod verdict;
pub(crate) mod word;

use std::collections::{BTreeMap, BTreeSet};

use crate::Report;
use crate::name::Name;
use crate::outline::{Outline, Section, SectionId};

pub(crate) use calendar::Calendar;
pub(crate) use call::{Call, Launch};
pub(crate) use claim::Claim;
pub(crate) use column::Role;
pub(crate) use crowd::Crowd;
pub(crate) use figure::Figure;
pub(crate) use grid::{Grid, GridRow, RowKind};
pub(crate) use item::{Group, Item};
pub(crate) use open::Openness;
pub(crate) use praise::Praise;
pub(crate) use sentence::{Place, Sentence};
pub(crate) use topic::Topic;

use super::kind::Said;
use crate::value::Id;

/// Everything that rules ask of a document.
#[derive(Debug)]
pub(crate) struct Facts<'a> {
    pub(crate) outline: &'a Outline,
    /// Every table.
    pub(crate) grids: Vec<Grid<'a>>,
    /// Every thing with a name: rows, list items, headings.
    pub(crate) items: Vec<Item>,
    /// Lists and tables of them.
    pub(crate) groups: Vec<Group>,
    /// Everything that is said, in order.
    pub(crate) sentences: Vec<Sentence>,
    /// `5 conditions`, `two high findings`, in order.
    pub(crate) claims: Vec<Claim>,
    /// Every verdict, in order.
    pub(crate) calls: Vec<Call>,
    /// Findings, blockers and conditions that the reader found and that are no row or list item.
    pub(crate) read: Vec<Item>,
    /// Tables and lists of things that have a state.
    pub(crate) crowds: Vec<Crowd>,
    /// What each section is for.
    pub(crate) topics: Vec<Vec<Topic>>,
    /// How it writes dates.
    pub(crate) calendar: Calendar,
    /// Sections by the words of their headings, with and without what stands behind a colon.
    names: BTreeMap<String, SectionId>,
    /// Items by their ids.
    ids: BTreeMap<(String, u64), Vec<usize>>,
    /// Sections in which a question is asked.
    asked: BTreeSet<SectionId>,
}

impl<'a> Facts<'a> {
    pub(crate) fn of(report: &'a Report) -> Facts<'a> {
        let outline = &report.outline;
        let grids = grid::all(outline);
        let sentences = sentence::all(outline);
        let calendar = Calendar::of(&sentences);
        let (items, groups) = item::all(outline, &grids, calendar);
        let mut claims = claim::all(&sentences);
        claims.retain(|claim| !claim.is_of_date(&sentences, calendar));
        let mut calls = call::all(outline, &grids, &sentences);
        call::add_read(&mut calls, &report.elements.verdicts);
        let read = open::read(&report.elements, &items);
        let topics = topic::all(outline);
        let mut ids: BTreeMap<(String, u64), Vec<usize>> = BTreeMap::new();
        for (at, item) in items.iter().enumerate() {
            if let Some(id) = &item.id {
                ids.entry((id.prefix.clone(), id.number)).or_default().push(at);
            }
        }
        let questions = sentences.iter().filter(|sentence| sentence.lower().starts_with("question"));
        let asked = questions.map(|sentence| sentence.section).collect();
        let mut facts = Facts {
            outline,
            grids,
            items,
            groups,
            sentences,
            claims,
            calls,
            read,
            topics,
            calendar,
            names: names(outline),
            ids,
            asked,
            crowds: Vec::new(),
        };
        facts.crowds = crowd::all(&facts);
        facts
    }

    /// A section; the document when there is no such.
    pub(crate) fn section(&self, id: SectionId) -> &Section {
        self.outline.section(id).unwrap_or_else(|| &self.outline.sections[0])
    }

    /// The titles of a section and of those it is in, in small letters.
    pub(crate) fn titles(&self, id: SectionId) -> String {
        let titles: Vec<String> =
            self.outline.path(id).map(|section| section.title.plain.to_lowercase()).collect();
        titles.join(" / ")
    }

    /// A section's heading as a place.
    pub(crate) fn heading(&self, id: SectionId) -> Said {
        let section = self.section(id);
        Said::at(section.title.span, &section.title.plain)
    }

    /// The section that is the heading proper of a place: not a bold line or a label.
    pub(crate) fn chapter(&self, id: SectionId) -> SectionId {
        let mut at = id;
        while let Some(section) = self.outline.section(at) {
            match section.parent {
                Some(parent) if section.level > 6 => at = parent,
                _ => break,
            }
        }
        at
    }

    /// The section with a name: its heading has the same words.
    pub(crate) fn named(&self, name: &Name) -> Option<SectionId> {
        self.names.get(&words(name)?).copied()
    }

    /// The items with an id.
    pub(crate) fn with_id(&self, id: &Id) -> impl Iterator<Item = &Item> {
        let found = self.ids.get(&(id.prefix.clone(), id.number)).into_iter().flatten();
        found.filter_map(|at| self.items.get(*at))
    }

    /// Whether a section asks a question, as the categories of a register do.
    pub(crate) fn asks(&self, id: SectionId) -> bool {
        self.asked.contains(&id)
    }

    /// The sentences between two lines, both left out.
    pub(crate) fn between(&self, from: u32, to: u32) -> &[Sentence] {
        let start = self.sentences.partition_point(|sentence| sentence.text.span.line <= from);
        let end = self.sentences.partition_point(|sentence| sentence.text.span.line < to);
        self.sentences.get(start..end).unwrap_or_default()
    }
}

fn words(name: &Name) -> Option<String> {
    let all: Vec<&str> = name.words.iter().map(String::as_str).collect();
    (!all.is_empty()).then(|| all.join(" "))
}

/// Headings proper by their words. Where two have the same, the first counts.
fn names(outline: &Outline) -> BTreeMap<String, SectionId> {
    let mut found = BTreeMap::new();
    for id in outline.ids() {
        let Some(section) = outline.section(id).filter(|section| (1..=6).contains(&section.level)) else {
            continue;
        };
        let title = &section.title.plain;
        let bare = title.split([':', '(', '—', '–']).next().unwrap_or_default();
        for text in [bare, title] {
            let name = Name::of(text.trim_start_matches(|c: char| !c.is_alphabetic()));
            if let Some(key) = words(&name) {
                found.entry(key).or_insert(id);
            }
        }
    }
    found
}
