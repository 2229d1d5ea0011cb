//! Advisories: what is known to be wrong with which versions of a package, from a folder of OSV
//! or RustSec files. It knows no lockfile.

mod cvss;
mod osv;
mod rustsec;

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::inventory::Ecosystem;
use super::order::compare;
use super::range::holds;
use crate::repository::{Repository, name_of};

/// Bytes of one advisory.
const LARGEST: u64 = 8 << 20;

/// How bad it is; the worst is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Severity {
    /// Nothing that can be exploited: the package is given up, or may be used wrongly.
    Informational,
    Unknown,
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    /// Its name in facts.
    pub(super) fn name(self) -> &'static str {
        match self {
            Severity::Informational => "informational",
            Severity::Unknown => "unknown",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }

    /// The rating of a score, as the CVSS specification has it.
    fn of_score(score: f64) -> Severity {
        match score {
            score if score >= 9.0 => Severity::Critical,
            score if score >= 7.0 => Severity::High,
            score if score >= 4.0 => Severity::Medium,
            score if score > 0.0 => Severity::Low,
            _ => Severity::Unknown,
        }
    }

    /// A rating as a database writes it.
    fn of_word(word: &str) -> Option<Severity> {
        match word.to_lowercase().as_str() {
            "critical" => Some(Severity::Critical),
            "high" | "important" => Some(Severity::High),
            "medium" | "moderate" => Some(Severity::Medium),
            "low" => Some(Severity::Low),
            _ => None,
        }
    }
}

/// One advisory.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Advisory {
    pub(super) id: String,
    /// Other names of the same.
    pub(super) aliases: BTreeSet<String>,
    pub(super) summary: String,
    pub(super) severity: Severity,
    /// The CVSS 3 base score, where there is a vector.
    pub(super) score: Option<f64>,
    /// Whether the package was made to do harm.
    pub(super) malicious: bool,
    pub(super) modified: Option<Timestamp>,
    affected: Vec<Affected>,
}

/// A package and its versions that an advisory is about.
#[derive(Debug, Clone, PartialEq)]
struct Affected {
    ecosystem: Ecosystem,
    /// As the registry compares it.
    name: String,
    spans: Spans,
}

#[derive(Debug, Clone, PartialEq)]
enum Spans {
    /// OSV: versions one by one, and ranges of events.
    Listed { versions: Vec<String>, ranges: Vec<Vec<Event>> },
    /// RustSec: all versions but these.
    Except { patched: Vec<String>, unaffected: Vec<String> },
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Event {
    Introduced(String),
    Fixed(String),
    LastAffected(String),
    Limit(String),
}

impl Event {
    fn version(&self) -> &str {
        match self {
            Event::Introduced(version)
            | Event::Fixed(version)
            | Event::LastAffected(version)
            | Event::Limit(version) => version,
        }
    }
}

/// What an advisory says of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    Affected {
        /// The first later version without the fault, when there is one.
        fixed: Option<String>,
    },
    NotAffected,
    /// The version cannot be compared with those of the advisory.
    Unknown,
}

impl Advisory {
    /// What it says of a version of a package; `name` as the registry compares it.
    pub(super) fn says(&self, ecosystem: Ecosystem, name: &str, version: &str) -> Said {
        let about = self.affected.iter().filter(|one| one.ecosystem == ecosystem && one.name == name);
        let mut all = Said::NotAffected;
        for said in about.map(|one| one.says(version)) {
            match said {
                Said::Affected { .. } => return said,
                Said::Unknown => all = Said::Unknown,
                Said::NotAffected => {}
            }
        }
        all
    }
}

impl Affected {
    fn says(&self, version: &str) -> Said {
        match &self.spans {
            Spans::Except { patched, unaffected } => without(version, patched, unaffected),
            Spans::Listed { versions, ranges } => self.listed(version, versions, ranges),
        }
    }

    fn listed(&self, version: &str, versions: &[String], ranges: &[Vec<Event>]) -> Said {
        let same = |other: &String| compare(self.ecosystem, version, other) == Some(Ordering::Equal);
        let is_listed = versions.iter().any(|other| other == version || same(other));
        let judged: Vec<Said> =
            ranges.iter().map(|events| in_range(self.ecosystem, version, events)).collect();
        if let Some(said) = judged.iter().find(|said| matches!(said, Said::Affected { .. })) {
            return said.clone();
        }
        match () {
            () if is_listed => Said::Affected { fixed: next_fix(self.ecosystem, version, ranges) },
            () if judged.contains(&Said::Unknown) => Said::Unknown,
            () => Said::NotAffected,
        }
    }
}

/// The algorithm of the OSV schema: the last event at or before the version decides.
fn in_range(ecosystem: Ecosystem, version: &str, events: &[Event]) -> Said {
    let mut placed: Vec<(&Event, Ordering)> = Vec::new();
    for event in events {
        let order = match event {
            Event::Introduced(first) if first == "0" => Some(Ordering::Greater),
            Event::Limit(end) if end == "*" => Some(Ordering::Less),
            event => compare(ecosystem, version, event.version()),
        };
        match order {
            Some(order) => placed.push((event, order)),
            None => return Said::Unknown,
        }
    }
    let limits: Vec<Ordering> = placed
        .iter()
        .filter(|(event, _)| matches!(event, Event::Limit(_)))
        .map(|(_, order)| *order)
        .collect();
    if !limits.is_empty() && !limits.contains(&Ordering::Less) {
        return Said::NotAffected;
    }
    placed.sort_by(|(left, _), (right, _)| by_version(ecosystem, left, right));
    let affected = placed.iter().fold(false, |affected, (event, order)| match event {
        Event::Introduced(_) if order.is_ge() => true,
        Event::Fixed(_) if order.is_ge() => false,
        Event::LastAffected(_) if order.is_gt() => false,
        _ => affected,
    });
    match affected {
        true => {
            Said::Affected { fixed: next_fix(ecosystem, version, std::slice::from_ref(&events.to_vec())) }
        }
        false => Said::NotAffected,
    }
}

fn by_version(ecosystem: Ecosystem, left: &Event, right: &Event) -> Ordering {
    let is_start = |event: &Event| matches!(event, Event::Introduced(version) if version == "0");
    match (is_start(left), is_start(right)) {
        (true, false) => Ordering::Less,
        (false, true) => Ordering::Greater,
        _ => compare(ecosystem, left.version(), right.version()).unwrap_or(Ordering::Equal),
    }
}

/// The first fixed version after this one.
fn next_fix(ecosystem: Ecosystem, version: &str, ranges: &[Vec<Event>]) -> Option<String> {
    let fixes = ranges.iter().flatten().filter_map(|event| match event {
        Event::Fixed(fixed) => Some(fixed),
        _ => None,
    });
    let later = fixes.filter(|fixed| compare(ecosystem, version, fixed) == Some(Ordering::Less));
    later.min_by(|left, right| compare(ecosystem, left, right).unwrap_or(Ordering::Equal)).cloned()
}

/// RustSec: affected is what is neither patched nor unaffected.
fn without(version: &str, patched: &[String], unaffected: &[String]) -> Said {
    let sound: Option<Vec<bool>> =
        patched.iter().chain(unaffected).map(|range| holds(range, version)).collect();
    match sound {
        None => Said::Unknown,
        Some(sound) if sound.contains(&true) => Said::NotAffected,
        Some(_) => Said::Affected { fixed: first_patched(version, patched) },
    }
}

/// The smallest version that the patched ranges start with, after this one.
fn first_patched(version: &str, patched: &[String]) -> Option<String> {
    let starts = patched.iter().filter_map(|range| {
        let first = range.split(',').next()?.trim();
        let start = first.trim_start_matches(['>', '=', '^', '~', ' ']);
        (!first.starts_with('<')).then(|| start.to_owned())
    });
    let later = starts.filter(|start| compare(Ecosystem::Cargo, version, start) == Some(Ordering::Less));
    later.min_by(|left, right| compare(Ecosystem::Cargo, left, right).unwrap_or(Ordering::Equal))
}

/// The advisories of a folder about certain packages.
#[derive(Debug, Default)]
pub(super) struct Database {
    /// By ecosystem and name as the registry compares it.
    by_package: BTreeMap<(Ecosystem, String), Vec<usize>>,
    advisories: Vec<Advisory>,
    /// How many advisories there are, about whatever package.
    pub(super) count: usize,
    /// The ecosystems that some advisory is about.
    pub(super) ecosystems: BTreeSet<Ecosystem>,
    /// When the newest of them was changed.
    pub(super) newest: Option<Timestamp>,
    /// Files that should be advisories and cannot be read, with the reason.
    pub(super) unreadable: Vec<(String, String)>,
}

impl Database {
    /// Reads the advisories of a folder, and keeps those about the wanted packages.
    pub(super) fn read(folder: &Repository, wanted: &BTreeSet<(Ecosystem, String)>) -> Database {
        let mut database = Database::default();
        for file in folder.files() {
            let parse: fn(&[u8]) -> Parsed = match name_of(&file.path).rsplit_once('.') {
                Some((_, "json")) => osv::parse,
                Some((_, "yaml" | "yml")) => osv::parse_yaml,
                Some((_, "md")) => rustsec::parse,
                _ => continue,
            };
            match folder.source().read(&file.path, LARGEST).map(|bytes| parse(&bytes)) {
                Ok(Parsed::Advisory(advisory)) => database.add(*advisory, wanted),
                Ok(Parsed::NotForUs) => {}
                Ok(Parsed::Broken(why)) | Err(why) => database.unreadable.push((file.path.clone(), why)),
            }
        }
        database
    }

    fn add(&mut self, advisory: Advisory, wanted: &BTreeSet<(Ecosystem, String)>) {
        self.count = self.count.saturating_add(1);
        self.newest = self.newest.max(advisory.modified);
        self.ecosystems.extend(advisory.affected.iter().map(|one| one.ecosystem));
        let keys: BTreeSet<(Ecosystem, String)> =
            advisory.affected.iter().map(|one| (one.ecosystem, one.name.clone())).collect();
        let keys: Vec<_> = keys.into_iter().filter(|key| wanted.contains(key)).collect();
        if !keys.is_empty() {
            let at = self.advisories.len();
            keys.into_iter().for_each(|key| self.by_package.entry(key).or_default().push(at));
            self.advisories.push(advisory);
        }
    }

    /// The advisories about a package.
    pub(super) fn about(&self, ecosystem: Ecosystem, name: &str) -> impl Iterator<Item = &Advisory> {
        let found = self.by_package.get(&(ecosystem, name.to_owned())).into_iter().flatten();
        found.filter_map(|at| self.advisories.get(*at))
    }
}

/// What a file is.
enum Parsed {
    Advisory(Box<Advisory>),
    /// Something else, or withdrawn.
    NotForUs,
    Broken(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(events: &[Event], version: &str) -> Said {
        in_range(Ecosystem::Npm, version, events)
    }

    #[test]
    fn the_last_event_before_a_version_decides() {
        use Event::{Fixed, Introduced, LastAffected, Limit};
        let v = |text: &str| text.to_owned();
        let events = [Introduced(v("0")), Fixed(v("1.2.0")), Introduced(v("2.0.0")), Fixed(v("2.1.0"))];
        let affected = |fixed: &str| Said::Affected { fixed: Some(fixed.to_owned()) };
        assert_eq!(said(&events, "1.0.0"), affected("1.2.0"));
        assert_eq!(said(&events, "1.2.0"), Said::NotAffected);
        assert_eq!(said(&events, "2.0.0-rc.1"), Said::NotAffected);
        assert_eq!(said(&events, "2.0.5"), affected("2.1.0"));
        assert_eq!(said(&events, "main"), Said::Unknown);
        // The order of the events in the file does not count.
        let mut shuffled = events.to_vec();
        shuffled.reverse();
        assert_eq!(said(&shuffled, "1.0.0"), affected("1.2.0"));
        let last = [Introduced(v("1.0.0")), LastAffected(v("1.5.0"))];
        assert_eq!(said(&last, "1.5.0"), Said::Affected { fixed: None });
        assert_eq!(said(&last, "1.5.1"), Said::NotAffected);
        assert_eq!(said(&last, "0.9.0"), Said::NotAffected);
        let limited = [Introduced(v("0")), Limit(v("2.0.0"))];
        assert_eq!(said(&limited, "1.0.0"), Said::Affected { fixed: None });
        assert_eq!(said(&limited, "2.0.0"), Said::NotAffected);
    }

    #[test]
    fn versions_count_beside_ranges() {
        let spans = Spans::Listed { versions: vec!["1.0".into()], ranges: Vec::new() };
        let affected = Affected { ecosystem: Ecosystem::Python, name: "a".into(), spans };
        assert_eq!(affected.says("1.0.0"), Said::Affected { fixed: None });
        assert_eq!(affected.says("1.1"), Said::NotAffected);
    }

    #[test]
    fn patched_and_unaffected_versions_are_sound() {
        let patched = [">= 1.2.5, < 2.0.0".to_owned(), ">= 2.1.0".to_owned()];
        let unaffected = ["< 1.0.0".to_owned()];
        let fixed = |version: &str| Said::Affected { fixed: Some(version.to_owned()) };
        assert_eq!(without("1.1.0", &patched, &unaffected), fixed("1.2.5"));
        assert_eq!(without("2.0.0", &patched, &unaffected), fixed("2.1.0"));
        for version in ["0.9.0", "1.2.5", "2.1.0-rc.1"] {
            let expected = if version.contains("rc") { fixed("2.1.0") } else { Said::NotAffected };
            assert_eq!(without(version, &patched, &unaffected), expected, "{version}");
        }
        assert_eq!(without("1.0.0", &[], &[]), Said::Affected { fixed: None });
    }
}
