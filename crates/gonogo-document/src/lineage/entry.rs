//! What became of each thing, and what changed about it. Every thing of both documents is in
//! exactly one entry.

use std::collections::BTreeMap;

use gonogo_model::lineage::document::{Change, Entry, Kind, Standing, State, StatedSeverity};

use super::Side;
use super::mention::Mention;
use super::pairing::Pairing;
use super::statement::{Statement, line};
use super::thing::Thing;
use crate::element::Disposition;
use crate::name::Name;
use crate::value::{self, Severity};

/// A thing as it is in one of the two documents or in both, and where else it is named.
pub(super) struct Pair<'a> {
    pub(super) before: Option<&'a Thing<'a>>,
    pub(super) after: Option<&'a Thing<'a>>,
    /// Where the document that does not list it names it.
    pub(super) mention: Option<Mention>,
    pub(super) notes: Vec<String>,
}

impl<'a> Pair<'a> {
    /// The thing as the newer document has it, else as the older one does.
    pub(super) fn thing(&self) -> Option<&'a Thing<'a>> {
        self.after.or(self.before)
    }

    pub(super) fn state(&self) -> State {
        let (before, after) = (self.before.map(Thing::standing), self.after.map(Thing::standing));
        // What is only named stands as it is said to; when nothing is said, as before.
        let named = self.mention.as_ref().map(|mention| mention.standing.or(before).or(after));
        let (before, after) = (before.or(named.flatten()), after.or(named.flatten()));
        state(before, after)
    }

    pub(super) fn severity(&self) -> Option<Severity> {
        let of = |thing: Option<&Thing<'_>>| thing.and_then(Thing::severity);
        of(self.after).or(of(self.before))
    }
}

fn state(before: Option<Standing>, after: Option<Standing>) -> State {
    use Standing::{Accepted, Done, Open};
    match (before, after) {
        (Some(Open | Accepted), None) => State::Vanished,
        (None, Some(Open | Accepted)) => State::New,
        (Some(Done), None) | (None, None) => State::Untold,
        (None, Some(Done)) => State::ToldDone,
        (Some(Open), Some(Open)) => State::Open,
        (Some(Open), Some(Accepted)) => State::Accepted,
        (Some(Open | Accepted), Some(Done)) => State::ClaimedFixed,
        (Some(Accepted | Done), Some(Open)) | (Some(Done), Some(Accepted)) => State::Regressed,
        (Some(Done), Some(Done)) | (Some(Accepted), Some(Accepted)) => State::Unchanged,
    }
}

/// Every thing of both documents, paired.
pub(super) fn pairs<'a>(before: &'a Side<'a>, after: &'a Side<'a>, pairing: &Pairing) -> Vec<Pair<'a>> {
    let of = |pairs: &BTreeMap<usize, usize>| -> BTreeMap<usize, usize> {
        pairs.iter().map(|(old, new)| (*new, *old)).collect()
    };
    let (paired, resembling) = (of(&pairing.pairs), of(&pairing.resembling));
    let mut all = Vec::new();
    for (at, thing) in before.things.iter().enumerate() {
        let partner = pairing.pairs.get(&at).and_then(|new| after.things.get(*new));
        let mut notes = notes(Some(thing), partner);
        let mention = if partner.is_none() { named(thing, before, after) } else { None };
        if partner.is_none() && mention.is_none() {
            let near = pairing.resembling.get(&at).and_then(|new| after.things.get(*new));
            notes.extend(near.map(|near| nearest(near, after)).or_else(|| hint(thing, after)));
        }
        let reused = pairing.reused.iter().filter(|(old, _)| *old == at);
        notes.extend(reused.filter_map(|(_, new)| Some(reuse(thing, after.things.get(*new)?, after))));
        all.push(Pair { before: Some(thing), after: partner, mention, notes });
    }
    for (at, thing) in after.things.iter().enumerate().filter(|(at, _)| !paired.contains_key(at)) {
        let near = resembling.get(&at).and_then(|old| before.things.get(*old));
        let mention = named(thing, after, before);
        let mut notes = notes(None, Some(thing));
        let near = near.filter(|_| mention.is_none());
        notes.extend(near.map(|near| nearest(near, before)));
        let reused = pairing.reused.iter().filter(|(_, new)| *new == at);
        notes.extend(reused.filter_map(|(old, _)| Some(reuse(thing, before.things.get(*old)?, before))));
        all.push(Pair { before: None, after: Some(thing), mention, notes });
    }
    all
}

/// Where the other document names a thing that it does not list. Nobody asks that of what is done.
fn named(thing: &Thing<'_>, own: &Side<'_>, other: &Side<'_>) -> Option<Mention> {
    let is_done = thing.standing() == Standing::Done;
    if is_done { None } else { other.mentions.find(thing, &own.ids, &other.ids) }
}

fn notes(before: Option<&Thing<'_>>, after: Option<&Thing<'_>>) -> Vec<String> {
    let disputed = |name: &str, thing: Option<&Thing<'_>>| {
        let (done, open) = thing?.disputed()?;
        let (done, open) = (done.span.line, open.span.line);
        Some(format!("the {name} document says both: done in line {done}, open in line {open}"))
    };
    [disputed("older", before), disputed("newer", after)].into_iter().flatten().collect()
}

/// What resembles a thing in the other document, which has no thing of that name.
fn nearest(near: &Thing<'_>, other: &Side<'_>) -> String {
    format!("it resembles «{}» ({}:{})", near.first.title, other.file, near.first.span.line)
}

/// A sentence that may be about a thing that nobody lists any more.
fn hint(thing: &Thing<'_>, other: &Side<'_>) -> Option<String> {
    let is_done = thing.standing() == Standing::Done;
    let quote = other.mentions.hint(thing).filter(|_| !is_done)?;
    Some(format!("«{}» may speak of it ({}:{})", quote.text, other.file, quote.line))
}

/// An id that stands for something else in the other document.
fn reuse(thing: &Thing<'_>, other: &Thing<'_>, side: &Side<'_>) -> String {
    let id = thing.id().map_or("its id", |id| id.text.as_str());
    let title = &other.first.title;
    format!("the id {id} was reused: it stands for «{title}» ({}:{})", side.file, other.first.span.line)
}

/// The entry of a pair.
pub(super) fn entry(pair: &Pair<'_>, before: &Side<'_>, after: &Side<'_>) -> Option<Entry> {
    let thing = pair.thing()?;
    let side = if pair.after.is_some() { after } else { before };
    let section = side.report.outline.section(thing.first.list.2);
    let statements = |thing: Option<&Thing<'_>>| {
        thing
            .map(|thing| thing.statements.iter().map(|statement| told(statement)).collect())
            .unwrap_or_default()
    };
    Some(Entry {
        state: pair.state(),
        kind: thing.kind(),
        id: thing.id().map(|id| id.text.clone()),
        title: thing.first.title.clone(),
        section: section.map(|section| line(&section.title.plain)).filter(|title| !title.is_empty()),
        severity: pair.severity().map(severity),
        was: pair.before.map(Thing::standing),
        is: pair.after.map(Thing::standing),
        changes: changes(pair),
        notes: pair.notes.clone(),
        before: statements(pair.before),
        after: statements(pair.after),
        mention: pair.mention.as_ref().map(|mention| mention.quote.clone()),
    })
}

fn told(statement: &Statement) -> gonogo_model::lineage::document::Statement {
    gonogo_model::lineage::document::Statement {
        kind: statement.kind,
        text: statement.title.clone(),
        standing: statement.standing(),
        line: statement.span.line,
        column: statement.span.column,
    }
}

pub(super) fn severity(severity: Severity) -> StatedSeverity {
    match severity {
        Severity::Blocker => StatedSeverity::Blocker,
        Severity::Critical => StatedSeverity::Critical,
        Severity::High => StatedSeverity::High,
        Severity::Medium => StatedSeverity::Medium,
        Severity::Low => StatedSeverity::Low,
        Severity::Info => StatedSeverity::Info,
    }
}

fn changes(pair: &Pair<'_>) -> Vec<Change> {
    let (Some(before), Some(after)) = (pair.before, pair.after) else { return Vec::new() };
    // Who has done something need not say again by whom and when.
    let is_over = after.standing() == Standing::Done || after.kind() != before.kind();
    let mut found = Vec::new();
    let mut changed = |what: &str, before: Option<&str>, after: Option<&str>, is_same: bool| {
        if !is_same && (before.is_some() || after.is_some()) {
            let owned = |text: Option<&str>| text.map(str::to_owned);
            found.push(Change { what: what.to_owned(), before: owned(before), after: owned(after) });
        }
    };
    let (was, is) = (before.severity(), after.severity());
    // A task or a row has none more often than not, which changes nothing.
    let is_told = was.is_some() && is.is_some();
    changed("severity", was.map(Severity::word), is.map(Severity::word), was == is || !is_told);
    let (was, is) = (before.disposition(), after.disposition());
    let is_told = was.is_some() && is.is_some();
    changed("to be done", was.map(wanted), is.map(wanted), was == is || !is_told);
    let (was, is) = (before.owner(), after.owner());
    changed("owner", was, is, same(was, is) || is.is_none() && is_over);
    let (was, is) = (before.due(), after.due());
    changed("due", was, is, same_day(was, is) || is.is_none() && is_over);
    let (was, is) = (before.effort(), after.effort());
    let is_same = match (was, is) {
        (Some((was, _)), Some((is, _))) => was == is,
        _ => true,
    };
    let words = |effort: Option<&'_ (value::Duration, String)>| effort.map(|(_, text)| text.clone());
    changed("effort", words(was).as_deref(), words(is).as_deref(), is_same);
    let (was, is) = (before.choice(), after.choice());
    changed("choice", was, is, same(was, is) || before.kind() != Kind::Decision);
    found
}

fn wanted(disposition: Disposition) -> &'static str {
    match disposition {
        Disposition::MustFix => "before launch",
        Disposition::ShouldFix => "before launch, if possible",
        Disposition::Deferred => "after launch",
        Disposition::Accepted => "nothing",
    }
}

/// Whether two texts say the same but for signs and case.
fn same(one: Option<&str>, other: Option<&str>) -> bool {
    let plain = |text: Option<&str>| text.map(|text| Name::of(text).plain);
    plain(one) == plain(other)
}

/// Whether two texts name the same day, or say the same.
fn same_day(one: Option<&str>, other: Option<&str>) -> bool {
    let day = |text: Option<&str>| text.and_then(|text| value::dates(text).first().map(|found| found.value));
    match (day(one), day(other)) {
        (Some(one), Some(other)) => one == other,
        _ => same(one, other),
    }
}
