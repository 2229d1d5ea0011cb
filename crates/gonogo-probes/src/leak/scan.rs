//! What in the bytes of one file looks like a credential: one pass for marks, and a closer look
//! only where one stands. Places and lengths come out, never a part of a value.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use regex::bytes::Regex;

use super::{address, assignment, pem, proof};
use crate::credential::issuers::{ISSUED, Issued, Sure, Try};

/// Bytes before and behind a mark that are looked at; the rest of a line is another place.
const NEAR: usize = 400;
/// Bytes of the longest token.
const LONGEST: usize = 8_192;
/// Matches of one file; more say nothing new.
const MOST: usize = 200;

/// What is known about a file before it is scanned.
#[derive(Debug, Clone, Copy)]
pub(super) struct About {
    /// Whether a value that is only called a secret counts here.
    pub(super) names_count: bool,
    /// Whether values stand without quotes.
    pub(super) is_settings: bool,
    /// Seconds since 1970: what expired before opens nothing.
    pub(super) now: i64,
}

/// Something that looks like a credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Match {
    pub(super) kind: &'static str,
    pub(super) sure: Sure,
    /// From 1.
    pub(super) line: u32,
    /// In characters, from 1.
    pub(super) column: u32,
    /// Of the value, in bytes.
    pub(super) length: usize,
}

/// A match before its line is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spot {
    pub(super) kind: &'static str,
    pub(super) sure: Sure,
    pub(super) range: Range<usize>,
}

/// Who looks closer at a mark.
#[derive(Debug, Clone, Copy)]
enum Reader {
    Issued(usize),
    Pem,
    Address,
    Assignment,
}

struct Marks {
    finder: AhoCorasick,
    /// For each mark of the finder.
    readers: Vec<Vec<Reader>>,
    /// For each of `ISSUED`.
    patterns: Vec<Regex>,
}

#[expect(clippy::expect_used, reason = "the patterns are constants; a test compiles them")]
static MARKS: LazyLock<Marks> = LazyLock::new(|| {
    let mut marks: BTreeMap<String, Vec<Reader>> = BTreeMap::new();
    for (at, issued) in ISSUED.iter().enumerate() {
        for mark in issued.marks {
            marks.entry(mark.to_ascii_lowercase()).or_default().push(Reader::Issued(at));
        }
    }
    marks.entry(pem::MARK.to_ascii_lowercase()).or_default().push(Reader::Pem);
    marks.entry("://".to_owned()).or_default().push(Reader::Address);
    for word in assignment::MARKS {
        marks.entry(word.to_owned()).or_default().push(Reader::Assignment);
    }
    let mut finder = AhoCorasick::builder();
    finder.ascii_case_insensitive(true).match_kind(MatchKind::Standard).kind(Some(AhoCorasickKind::DFA));
    let pattern = |issued: &Issued| match issued.place {
        Try::At(_) => format!("(?-u)^(?:{})", issued.pattern),
        Try::Near => format!("(?-u){}", issued.pattern),
    };
    Marks {
        finder: finder.build(marks.keys()).expect("the marks are few"),
        readers: marks.into_values().collect(),
        patterns: ISSUED
            .iter()
            .map(|issued| Regex::new(&pattern(issued)).expect("the pattern is valid"))
            .collect(),
    }
});

/// Every match of a file, in the order of the lines.
pub(super) fn scan(bytes: &[u8], about: &About) -> Vec<Match> {
    let marks = &*MARKS;
    let mut spots = Vec::new();
    // Where each reader has looked already: no place is read twice, however many marks it has.
    let mut read_until = vec![0_usize; ISSUED.len() + 1];
    for hit in marks.finder.find_overlapping_iter(bytes) {
        let readers = marks.readers.get(hit.pattern().as_usize()).map(Vec::as_slice).unwrap_or_default();
        for reader in readers {
            match reader {
                Reader::Issued(at) => marks.look(bytes, hit.range(), *at, about, &mut read_until, &mut spots),
                Reader::Pem => spots.extend(pem::read(bytes, hit.start())),
                Reader::Address => spots.extend(address::read(bytes, hit.range())),
                Reader::Assignment if about.names_count => {
                    if let Some(place) = fresh(bytes, hit.range(), read_until.last_mut()) {
                        assignment::read(bytes, place, about.is_settings, &mut spots);
                    }
                }
                Reader::Assignment => {}
            }
        }
        if spots.len() >= MOST {
            break;
        }
    }
    placed(bytes, distinct(spots))
}

impl Marks {
    fn look(
        &self,
        bytes: &[u8],
        mark: Range<usize>,
        at: usize,
        about: &About,
        read_until: &mut [usize],
        spots: &mut Vec<Spot>,
    ) {
        let (Some(issued), Some(pattern)) = (ISSUED.get(at), self.patterns.get(at)) else { return };
        match issued.place {
            Try::At(back) => {
                let Some(start) = mark.start.checked_sub(back) else { return };
                if !starts_alone(bytes, start) {
                    return;
                }
                let end = bytes.len().min(start.saturating_add(LONGEST));
                let found = bytes.get(start..end).and_then(|rest| pattern.find(rest));
                let Some(found) = found.filter(|found| ends_alone(bytes, start + found.len())) else {
                    return;
                };
                spots.extend(proof::proven(issued, found.as_bytes(), start, about.now));
            }
            Try::Near => {
                let Some(place) = fresh(bytes, mark, read_until.get_mut(at)) else { return };
                let start = place.start;
                for found in bytes.get(place).into_iter().flat_map(|line| pattern.captures_iter(line)) {
                    if let Some(value) = found.name("s") {
                        spots.extend(proof::proven(
                            issued,
                            value.as_bytes(),
                            start + value.start(),
                            about.now,
                        ));
                    }
                }
            }
        }
    }
}

/// The line around a mark, as far as it is near and this reader has not read it yet.
fn fresh(bytes: &[u8], mark: Range<usize>, read_until: Option<&mut usize>) -> Option<Range<usize>> {
    let read_until = read_until?;
    if mark.end <= *read_until {
        return None;
    }
    let from = mark.start.saturating_sub(NEAR).max(*read_until);
    let to = bytes.len().min(mark.end.saturating_add(NEAR));
    let is_end = |byte: &u8| *byte == b'\n';
    let before = bytes.get(from..mark.start).unwrap_or_default();
    let behind = bytes.get(mark.end..to).unwrap_or_default();
    let from = before.iter().rposition(is_end).map_or(from, |at| from + at + 1);
    let to = behind.iter().position(is_end).map_or(to, |at| mark.end + at);
    *read_until = to;
    Some(from..to)
}

/// Whether nothing that could belong to a longer word is before it.
fn starts_alone(bytes: &[u8], start: usize) -> bool {
    let before = bytes.get(start.saturating_sub(48)..start).unwrap_or_default();
    // `\n` and `\t` as two characters are no letters.
    let is_escape = matches!(before, [.., b'\\', b'n' | b'r' | b't']);
    let is_free = is_escape || before.last().is_none_or(|byte| !is_word(*byte));
    // In the middle of base64 everything occurs.
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    is_free && !(before.len() == 48 && before.iter().all(is_base64))
}

fn ends_alone(bytes: &[u8], end: usize) -> bool {
    bytes.get(end).is_none_or(|byte| !is_word(*byte))
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Of matches that overlap, the one that says most.
fn distinct(mut spots: Vec<Spot>) -> Vec<Spot> {
    let rank = |spot: &Spot| match spot.sure {
        Sure::Checksum => 0,
        Sure::Form => 1,
        Sure::Not => 2,
    };
    spots.sort_by_key(|spot| (rank(spot), spot.range.start, std::cmp::Reverse(spot.range.end)));
    let mut kept: Vec<Spot> = Vec::new();
    for spot in spots {
        let overlaps =
            |other: &Spot| spot.range.start < other.range.end && other.range.start < spot.range.end;
        if !kept.iter().any(overlaps) {
            kept.push(spot);
        }
    }
    kept.sort_by_key(|spot| spot.range.start);
    kept
}

/// The matches with lines and columns; they are in order.
fn placed(bytes: &[u8], spots: Vec<Spot>) -> Vec<Match> {
    let (mut line, mut line_start, mut read) = (1_u32, 0, 0);
    let mut matches = Vec::new();
    for Spot { kind, sure, range } in spots {
        for (at, byte) in bytes.get(read..range.start).unwrap_or_default().iter().enumerate() {
            if *byte == b'\n' {
                line = line.saturating_add(1);
                line_start = read + at + 1;
            }
        }
        read = read.max(range.start);
        let before = bytes.get(line_start..range.start).unwrap_or_default();
        // Bytes that go on a character of UTF-8 are none of their own.
        let column = before.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        let column = u32::try_from(column).unwrap_or(u32::MAX).saturating_add(1);
        matches.push(Match { kind, sure, line, column, length: range.len() });
    }
    matches
}
