//! Every file of a repository, scanned; and every file that was not, with the reason.

use std::collections::BTreeMap;

use super::holder::{self, Holder};
use super::scan::{About, Match, scan};
use crate::credential::issuers::Sure;
use crate::repository::purpose::is_for_development;
use crate::repository::{Repository, name_of};

/// Bytes of a file that is scanned; what is larger is data.
pub(super) const LARGEST: u64 = 1 << 20;
/// Bytes in which a NUL says that a file is no text.
const HEAD: usize = 8 << 10;

/// What was scanned.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub(super) found: Vec<Found>,
    /// Files and bytes that were scanned.
    pub(super) files: u64,
    pub(super) bytes: u64,
    /// Files that need no look, by reason.
    pub(super) passed: BTreeMap<&'static str, u64>,
    /// Files that could not be looked at, with the reason as it is said behind the path.
    pub(super) unread: Vec<(String, String)>,
}

/// A file with something in it.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) path: String,
    pub(super) for_tests: bool,
    pub(super) for_development: bool,
    pub(super) matches: Vec<Match>,
    /// What the file is there to hold, how many credentials it holds, and where the first is.
    pub(super) holder: Option<(Holder, usize, u32)>,
}

/// What the bytes of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    Text,
    Binary,
    /// Text of two bytes a character, which is not looked into.
    Utf16,
}

/// Scans every file of the repository.
pub(super) fn survey(repository: &Repository, now: i64) -> Survey {
    let mut survey = Survey::default();
    let only = repository.only();
    for file in repository.files().iter().filter(|file| only.is_none_or(|only| file.path == only)) {
        let is_held = holder::of_path(&file.path).is_some();
        if file.bytes > LARGEST && !is_held {
            survey.pass("larger than 1 MiB");
            continue;
        }
        match repository.source().read(&file.path, LARGEST * 16) {
            Ok(bytes) => survey.add(&file.path, &bytes, now),
            Err(why) => survey.unread.push((file.path.clone(), why)),
        }
    }
    let passed = repository.passed().iter().filter(|_| only.is_none());
    survey.unread.extend(passed.cloned());
    survey.unread.sort();
    survey
}

impl Survey {
    fn pass(&mut self, why: &'static str) {
        *self.passed.entry(why).or_default() += 1;
    }

    fn add(&mut self, path: &str, bytes: &[u8], now: i64) {
        let content = content(bytes);
        let holder = holder::of_path(path);
        let held =
            holder.map(|holder| (holder, holder::held(holder, bytes))).filter(|(_, (_, count))| *count > 0);
        let matches = match content {
            Content::Text => scanned(path, bytes, now, false),
            Content::Binary | Content::Utf16 => Vec::new(),
        };
        match content {
            Content::Text => {
                self.files += 1;
                self.bytes += bytes.len() as u64;
            }
            Content::Binary => self.pass("not text"),
            Content::Utf16 => {
                let why = "is UTF-16 text, which is not looked into; store it as UTF-8";
                self.unread.push((path.to_owned(), why.to_owned()));
            }
        }
        if held.is_some() || !matches.is_empty() {
            self.found.push(Found {
                path: path.to_owned(),
                for_tests: is_for_tests(path),
                for_development: is_for_development(path),
                matches,
                holder: held.map(|(holder, (offset, count))| (holder, count, line_of(bytes, offset))),
            });
        }
    }
}

/// What is in the text of a file. What a Rust file has behind the start of its tests, and what
/// prose shows, was mostly made to be seen. `by_names`: also what a file that is there to hold
/// credentials has under their names, where nothing else says that it holds some.
pub(super) fn scanned(path: &str, bytes: &[u8], now: i64, by_names: bool) -> Vec<Match> {
    let mut about = about(path, bytes, now);
    about.names_count |= by_names && holder::of_path(path).is_some() && !is_for_tests(path);
    let mut matches = scan(bytes, &about);
    if matches.is_empty() {
        return matches;
    }
    let tests = bytes.windows(12).position(|window| window == b"#[cfg(test)]");
    let tests = tests.filter(|_| path.ends_with(".rs")).map_or(u32::MAX, |offset| line_of(bytes, offset));
    let is_prose = PROSE.iter().any(|ending| path.to_lowercase().ends_with(ending));
    matches.retain(|one| one.line < tests && !is_prose || one.sure != Sure::Not);
    for one in &mut matches {
        if one.sure == Sure::Form && (one.line >= tests || is_prose && one.kind == "private-key") {
            one.sure = Sure::Not;
        }
    }
    matches
}

/// Texts for people show examples.
const PROSE: [&str; 5] = [".md", ".markdown", ".rst", ".adoc", ".txt"];
/// Pages, pictures and tables; what is in them was put there by a program.
const SHOWN: [&str; 7] = [".html", ".svg", ".ipynb", ".po", ".csv", ".tsv", ".d.ts"];
/// What machines write is full of hashes.
const MADE: [&str; 9] =
    [".lock", ".lockb", "-lock.json", "-lock.yaml", ".sum", ".min.js", ".min.css", ".map", ".snap"];
/// Values stand without quotes.
const SETTINGS: [&str; 10] =
    [".yml", ".yaml", ".ini", ".cfg", ".conf", ".properties", ".toml", ".env", ".tfvars", ".config"];

/// How a file is to be scanned.
fn about(path: &str, bytes: &[u8], now: i64) -> About {
    let lower = path.to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    let is_shown = ends(&PROSE) || ends(&SHOWN) || ends(&MADE);
    let head = bytes.get(..bytes.len().min(64 << 10)).unwrap_or_default();
    let is_dense = head.len() / lines(head) > 400;
    let is_sealed =
        ["$ANSIBLE_VAULT", "ENC[AES256_GCM", "kind: SealedSecret"].iter().any(|seal| find(head, seal));
    let is_held = holder::of_path(path).is_some();
    About {
        names_count: !(is_shown || is_sealed || is_dense || is_held || is_for_tests(path)),
        is_settings: ends(&SETTINGS) || name_of(&lower).starts_with(".env"),
        now,
    }
}

/// Whether a path says that what is in it was made to be seen. What is for development opens
/// something as well; what is for tests seldom does.
pub(super) fn is_for_tests(path: &str) -> bool {
    const WORDS: [&str; 26] = [
        "test",
        "tests",
        "testing",
        "testdata",
        "testcase",
        "testcases",
        "testutil",
        "testutils",
        "fixture",
        "fixtures",
        "example",
        "examples",
        "sample",
        "samples",
        "mock",
        "mocks",
        "mocked",
        "stub",
        "stubs",
        "spec",
        "specs",
        "e2e",
        "bench",
        "benches",
        "benchmark",
        "snapshots",
    ];
    let lower = path.to_lowercase();
    let is_named_so = lower.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| WORDS.contains(&part));
    // `ApiTest.java`, `TokenTests.cs`
    let stem = name_of(path).split('.').next().unwrap_or_default();
    is_named_so || ["Test", "Tests", "Spec", "IT"].iter().any(|end| stem.ends_with(end))
}

/// Whether bytes are text that can be scanned.
pub(super) fn content(bytes: &[u8]) -> Content {
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Content::Utf16,
        _ if bytes.iter().take(HEAD).any(|byte| *byte == 0) => Content::Binary,
        _ => Content::Text,
    }
}

fn find(bytes: &[u8], text: &str) -> bool {
    let head = bytes.get(..bytes.len().min(4_096)).unwrap_or_default();
    head.windows(text.len()).any(|window| window == text.as_bytes())
}

fn lines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte == b'\n').count() + 1
}

fn line_of(bytes: &[u8], offset: usize) -> u32 {
    u32::try_from(lines(bytes.get(..offset).unwrap_or_default())).unwrap_or(u32::MAX)
}
