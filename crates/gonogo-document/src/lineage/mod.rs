//! Two documents side by side: what became of everything that the older one lists. A document only
//! claims, so a thing is fixed when the newer one says so, and vanished when it says nothing.
//!
//! Statements (`statement.rs`) are joined to things (`thing.rs`), things of both documents are
//! paired (`pairing.rs`), and what has no partner is looked for in the rest of the other text
//! (`mention.rs`). `figures.rs` lays verdicts, scores and counts side by side; `across/` finds what
//! one document says of the other and what does not follow from it. It knows no particular document.

mod across;
mod entry;
mod figures;
mod likeness;
mod mention;
mod pairing;
mod standing;
mod statement;
mod thing;

use std::cmp::Reverse;

use gonogo_model::lineage::document::{Counts, Document, DocumentLineage, Entry, FORMAT, Standing};
use jiff::civil::Date;

use crate::Report;
use crate::element::MetadataKey;
use crate::name::Name;
use crate::value;
use mention::Mentions;
use statement::{Statement, line};
use thing::{Ids, Thing};

/// What became of everything from `before` to `after`. Both are reports with the names of their
/// files.
pub fn lineage(before: (&str, &Report), after: (&str, &Report)) -> DocumentLineage {
    let (old, new) = (statement::all(before.1), statement::all(after.1));
    let (before, after) = (Side::of(before, &old), Side::of(after, &new));
    let pairing = pairing::pair(&before.things, &after.things);
    let pairs = entry::pairs(&before, &after, &pairing);
    let mut entries: Vec<Entry> =
        pairs.iter().filter_map(|pair| entry::entry(pair, &before, &after)).collect();
    entries.sort_by_key(order);
    let mut counts = Counts::default();
    entries.iter().for_each(|entry| counts.add(entry.state));
    DocumentLineage {
        format: FORMAT,
        doubts: doubts(&before, &after, pairing.pairs.len()),
        counts,
        entries,
        figures: figures::changed(before.report, after.report),
        mismatches: across::mismatches(&across::Both { before: &before, after: &after, pairs: &pairs }),
        before: before.document(),
        after: after.document(),
    }
}

/// Whether there is anything in a document that could be compared.
pub fn is_comparable(report: &Report) -> bool {
    let elements = &report.elements;
    !statement::all(report).0.is_empty() || !elements.verdicts.is_empty() || !elements.scores.is_empty()
}

/// What asks for a reader first: by state, the worst first, in the order of the document.
fn order(entry: &Entry) -> impl Ord + use<> {
    let worst = entry.severity.map_or((1, None), |severity| (0, Some(severity)));
    let changed = Reverse(!entry.changes.is_empty() || entry.mention.is_some());
    let place =
        entry.after.first().or(entry.before.first()).map(|statement| (statement.line, statement.column));
    (entry.state, worst, changed, entry.after.is_empty(), place)
}

/// One of the two documents.
struct Side<'a> {
    file: &'a str,
    report: &'a Report,
    things: Vec<Thing<'a>>,
    ids: Ids,
    mentions: Mentions,
    left_out: usize,
}

impl<'a> Side<'a> {
    fn of((file, report): (&'a str, &'a Report), statements: &'a (Vec<Statement>, usize)) -> Side<'a> {
        let things = thing::all(&statements.0);
        let ids = thing::ids(&things);
        Side { file, report, things, ids, mentions: Mentions::of(report), left_out: statements.1 }
    }

    /// The first thing the document says about itself under this key.
    fn fact(&self, key: MetadataKey) -> Option<&'a str> {
        let mut facts = self.report.elements.metadata.iter().filter(|fact| fact.key == key);
        facts.next().map(|fact| fact.value.plain.as_str())
    }

    fn date(&self) -> Option<Date> {
        value::dates(self.fact(MetadataKey::Date)?).first().map(|found| found.value)
    }

    fn document(&self) -> Document {
        let standing = |standing: Standing| {
            let all = self.things.iter().filter(|thing| thing.standing() == standing).count();
            u64::try_from(all).unwrap_or(u64::MAX)
        };
        let written = self.fact(MetadataKey::Date).map(line);
        Document {
            file: self.file.to_owned(),
            title: self.report.elements.title.as_ref().map(|title| line(&title.plain)),
            system: self.fact(MetadataKey::System).map(line),
            date: self.date().map(|date| date.to_string()).or(written),
            verdicts: figures::verdicts(self.report),
            scores: figures::scores(self.report),
            open: standing(Standing::Open),
            accepted: standing(Standing::Accepted),
            done: standing(Standing::Done),
            left_out: u64::try_from(self.left_out).unwrap_or(u64::MAX),
        }
    }
}

/// Why the two may not belong together.
fn doubts(before: &Side<'_>, after: &Side<'_>, paired: usize) -> Vec<String> {
    let mut found = Vec::new();
    let systems = (before.fact(MetadataKey::System), after.fact(MetadataKey::System));
    if let (Some(was), Some(is)) = systems
        && !Name::of(was).is_like(&Name::of(is))
    {
        found.push(format!("They name two systems: «{}» and «{}».", line(was), line(is)));
    }
    if let (Some(was), Some(is)) = (before.date(), after.date())
        && was > is
    {
        found.push(format!("The second is dated before the first: {is} and {was}."));
    }
    if before.things.is_empty() {
        found.push(format!("Nothing is listed in {}, so nothing can have vanished from it.", before.file));
    }
    let fewer = before.things.len().min(after.things.len());
    if fewer >= 5 && paired * 10 < fewer {
        found.push("Hardly anything is in both, so they may not be two versions of one document.".to_owned());
    }
    found
}
