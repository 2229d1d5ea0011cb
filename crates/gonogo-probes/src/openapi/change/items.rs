//! From a comparison to items: one for each change, and one that sums each pair of documents up.

use std::collections::BTreeMap;

use gonogo_model::fact::{Item, Location};
use jiff::Timestamp;
use jiff::civil::Date;

use super::super::survey::{Document, numbered};
use super::comparison::Comparison;
use super::found::{Change, Kind, Side};
use super::shape::Edition;

/// Operations that are named for one change.
const NAMED: usize = 20;

/// What holds for all items of one pair of documents.
#[derive(Debug)]
pub(super) struct Setting<'d> {
    /// The document that the items are named for.
    pub(super) document: &'d Document,
    /// Where the old documents are, for locations: `../v1`, empty for the folder itself.
    pub(super) old_folder: &'d str,
    pub(super) now: Timestamp,
}

impl Setting<'_> {
    /// A change as an item. `numbers` tells items with the same key apart.
    pub(super) fn item(
        &self,
        change: &Change,
        operations: &[String],
        numbers: &mut BTreeMap<String, usize>,
    ) -> Item {
        let side = if change.side == Side::Whole { "" } else { change.side.name() };
        let key = format!("{}:{} {} {side}", self.document.path, change.subject, change.kind.name());
        let at = &change.at;
        let source = if at.is_old { self.old(&at.file) } else { at.file.clone() };
        let named: Vec<&str> = change
            .operations
            .iter()
            .filter_map(|number| operations.get(*number))
            .map(String::as_str)
            .take(NAMED)
            .collect();
        let first = named.first().copied().unwrap_or_default();
        let (method, path) = first.split_once(' ').unwrap_or_default();
        let notice = &change.notice;
        let item = Item::new(numbered(numbers, key.trim_end().to_owned()))
            .read_at(Location { source, line: Some(at.line), column: Some(at.column) })
            .fact("method", method)
            .fact("path", path)
            .fact("subject", change.subject.as_str())
            .fact("old", change.old.as_str())
            .fact("new", change.new.as_str())
            .fact("keyword", change.keyword)
            .fact("uses", change.operations.len())
            .fact("operations", named)
            .fact("was_deprecated", notice.deprecated)
            .fact("sunset", notice.sunset.as_str())
            .fact("sunset_passed", self.is_past(&notice.sunset));
        self.kind(item, change)
    }

    fn kind(&self, item: Item, change: &Change) -> Item {
        item.fact("summary", false)
            .fact("for_development", self.document.is_for_development)
            .fact("change", change.kind.name())
            .fact("side", change.side.name())
            .fact("variance", change.variance.name())
            .fact("breaks", change.kind.breaks(change.side))
            .fact("was_required", change.was_required)
            .fact("closed", change.closed)
            .fact("success", change.success)
    }

    /// A file of the old documents as people find it.
    pub(super) fn old(&self, file: &str) -> String {
        if self.old_folder.is_empty() { file.to_owned() } else { format!("{}/{file}", self.old_folder) }
    }

    /// Whether somebody who kept to the old document may notice, and was not told of the day.
    fn is_breaking(&self, change: &Change) -> bool {
        let is_announced = change.notice.deprecated && self.is_past(&change.notice.sunset);
        matches!(change.kind.breaks(change.side), "callers" | "senders" | "receivers") && !is_announced
    }

    /// Whether a day, or a moment, is over.
    fn is_past(&self, sunset: &str) -> bool {
        if let Ok(moment) = sunset.parse::<Timestamp>() {
            return moment <= self.now;
        }
        let day: Option<Date> = sunset.get(..10).unwrap_or(sunset).parse().ok();
        day.is_some_and(|day| day < self.now.to_zoned(jiff::tz::TimeZone::UTC).date())
    }

    /// The item that sums up, with what every item must say.
    fn summary(&self, location: Location) -> Item {
        Item::new(&self.document.path)
            .read_at(location)
            .fact("summary", true)
            .fact("for_development", self.document.is_for_development)
            .fact("change", "none")
            .fact("side", "whole")
            .fact("variance", "same")
            .fact("breaks", "nobody")
            .fact("subject", self.document.path.as_str())
            .fact("was_required", false)
            .fact("closed", false)
            .fact("success", false)
            .fact("was_deprecated", false)
            .fact("sunset", "")
            .fact("sunset_passed", false)
            .fact("keyword", "")
    }

    /// A document that could not be compared, or is new.
    pub(super) fn not_compared(&self, is_new: bool, why: &str, line: u32) -> Item {
        let location = Location { source: self.document.path.clone(), line: Some(line), column: Some(1) };
        self.summary(location)
            .fact("compared", false)
            .fact("added", is_new)
            .fact("why", why)
            .fact("changes", 0)
            .fact("breaking", 0)
            .fact("version_raised", false)
    }

    /// What came of two documents.
    pub(super) fn compared(&self, old: &Document, comparison: &Comparison<'_>, added: usize) -> Item {
        let changes = &comparison.changes;
        let breaking = changes.iter().filter(|change| self.is_breaking(change)).count();
        let not_compared = changes.iter().filter(|change| change.kind == Kind::NotCompared).count();
        let (before, after) = (version(&comparison.old), version(&comparison.new));
        let location = Location { source: self.document.path.clone(), line: Some(1), column: Some(1) };
        self.summary(location)
            .fact("compared", true)
            .fact("added", false)
            .fact("why", "")
            .fact("old_document", self.old(&old.path))
            .fact("old_version", before)
            .fact("new_version", after)
            .fact("version_raised", major(before) < major(after))
            .fact("operations_compared", comparison.operations.len())
            .fact("operations_added", added)
            .fact("changes", changes.len())
            .fact("breaking", breaking)
            .fact("not_compared", not_compared)
            .fact("refs_not_followed", comparison.not_followed.iter().cloned().collect::<Vec<_>>())
    }
}

fn version<'l>(edition: &Edition<'l>) -> &'l str {
    edition.root.get("info").and_then(|info| info.text("version")).unwrap_or_default()
}

/// `2` of `v2.1`. Below 1.0.0 the second number is the one that says so.
fn major(version: &str) -> Option<(u64, u64)> {
    let mut parts = version.trim_start_matches(['v', 'V']).split(['.', '-', '+']);
    let first: u64 = parts.next()?.parse().ok()?;
    let second = parts.next().and_then(|part| part.parse().ok()).unwrap_or(0);
    Some(if first == 0 { (0, second) } else { (first, 0) })
}
