//! The order of the migrations of a folder: what comes twice, what is missing between two, what
//! stands elsewhere by name than by number, and what has no way back.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::history::{History, Migration};
use super::layout::{Direction, Naming};
use super::tool::Tool;

/// A number from which on a version is a date.
const DATES: u64 = 10_000_000;
/// Gaps that a folder may have before its numbers are no row.
const SPARSE: usize = 4;

/// The version as a person writes it.
fn shown(version: &[u64]) -> String {
    let parts: Vec<String> = version.iter().map(u64::to_string).collect();
    parts.join(".")
}

/// Versions of several files that go the same way.
pub(super) fn duplicates(history: &History) -> Vec<Value> {
    let mut found = Vec::new();
    for files in [&history.ups, &history.downs] {
        let mut by_version: BTreeMap<&[u64], Vec<&str>> = BTreeMap::new();
        for migration in files.iter().filter(|migration| !migration.place.version.is_empty()) {
            by_version.entry(significant(migration)).or_default().push(&migration.path);
        }
        let twice = by_version.into_iter().filter(|(_, paths)| paths.len() > 1);
        found.extend(twice.map(|(version, paths)| json!({"version": shown(version), "paths": paths})));
    }
    found
}

/// To Flyway `1` and `1.0` are one version; a base is none.
fn significant(migration: &Migration) -> &[u64] {
    let version = migration.place.version.as_slice();
    let zeros = version.iter().rev().take_while(|number| **number == 0).count();
    version.get(..version.len().saturating_sub(zeros).max(1)).unwrap_or(version)
}

/// The one number of each version, when all have one.
fn numbers(history: &History) -> BTreeSet<u64> {
    let versioned = history.ups.iter().filter(|migration| migration.place.direction == Direction::Up);
    let mut numbers = BTreeSet::new();
    for migration in versioned {
        match migration.place.version.as_slice() {
            [one] => drop(numbers.insert(*one)),
            _ => return BTreeSet::new(),
        }
    }
    numbers
}

/// Numbers that are missing in a row.
pub(super) fn gaps(history: &History) -> Vec<u64> {
    let numbers = numbers(history);
    let (Some(first), Some(last)) = (numbers.first().copied(), numbers.last().copied()) else {
        return Vec::new();
    };
    let has_dates = last >= DATES;
    let whole = usize::try_from(last.saturating_sub(first)).unwrap_or(usize::MAX);
    let missing = whole.saturating_add(1).saturating_sub(numbers.len());
    // Numbers by tens, or with many gaps, are no row.
    if has_dates || numbers.len() < SPARSE || missing.saturating_mul(SPARSE) > numbers.len() {
        return Vec::new();
    }
    (first..=last).filter(|number| !numbers.contains(number)).collect()
}

/// Whether some versions are small numbers and some are dates.
pub(super) fn is_mixed(history: &History) -> bool {
    let numbers = numbers(history);
    let small = numbers.iter().filter(|number| **number < DATES).count();
    // A first migration is often numbered 0 or 1.
    small > 2 && small < numbers.len()
}

/// Files that stand elsewhere when the names are sorted as text.
pub(super) fn misplaced(history: &History) -> Vec<&str> {
    if !history.tool.sorts_by_name() {
        return Vec::new();
    }
    let numbered: Vec<&Migration> =
        history.ups.iter().filter(|migration| migration.place.version.len() == 1).collect();
    let pairs = numbered.windows(2).filter_map(|pair| match pair {
        [one, next] => {
            (one.place.version < next.place.version && one.path > next.path).then_some(one.path.as_str())
        }
        _ => None,
    });
    pairs.collect()
}

/// Migrations without a way back where most have one.
pub(super) fn without_down(history: &History) -> Vec<&str> {
    let downs: BTreeSet<&[u64]> = history.downs.iter().map(|down| down.place.version.as_slice()).collect();
    let counted = history.ups.iter().filter(|up| up.place.direction == Direction::Up);
    let (with, without): (Vec<&Migration>, Vec<&Migration>) =
        counted.partition(|up| up.has_down || downs.contains(up.place.version.as_slice()));
    let is_pair = |up: &Migration| up.has_naming(Naming::UpDown) || history.tool == Tool::Diesel;
    let expected = with.len() > without.len() || without.iter().all(|up| is_pair(up));
    let asked = without.into_iter().filter(|_| expected && history.tool != Tool::Prisma);
    asked.map(|up| up.path.as_str()).collect()
}
