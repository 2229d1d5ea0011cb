//! Ids that documents give to things, and ranges of them: `BLOCKER-1`, `P0`, `LATER-001 through
//! LATER-011`, `Priority 1-5`.

use std::ops::Range;

use super::{Found, Scan, TokenKind, has_digit, small};

/// An id: a prefix in capitals and a number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    /// In capitals, without the last dash: `ISSUE-NEW`, `P`, `PRIORITY`.
    pub prefix: String,
    /// The number; `001` is 1.
    pub number: u64,
    /// As written.
    pub text: String,
}

impl Id {
    /// Whether both mean the same thing, however they are written.
    pub fn is(&self, other: &Id) -> bool {
        self.prefix == other.prefix && self.number == other.number
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// A range of ids, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdRange {
    /// As in [`Id::prefix`].
    pub prefix: String,
    /// The first number.
    pub first: u64,
    /// The last number.
    pub last: u64,
}

impl IdRange {
    /// How many ids it has.
    pub fn count(&self) -> u64 {
        self.last.saturating_sub(self.first).saturating_add(1)
    }

    /// Whether an id is in it.
    pub fn has(&self, id: &Id) -> bool {
        self.prefix == id.prefix && (self.first..=self.last).contains(&id.number)
    }
}

/// Names that look like ids and are none.
const NO_IDS: [&str; 37] = [
    "UTF", "SHA", "ISO", "RFC", "AES", "TLS", "SSL", "HTTP", "COVID", "GPT", "MD", "RS", "ES", "HS", "PS",
    "IEC", "IEEE", "T", "X", "BASE", "UTC", "GMT", "CVE", "CWE", "GHSA", "RSA", "ED", "EC", "SOC", "NIST",
    "OWASP", "V", "L", "H", "S", "E", "WIN",
];
/// Those that lists use too.
const LETTERS: [&str; 6] = ["X", "V", "L", "H", "S", "E"];
/// Those that are numbered by others.
const STANDARDS: [&str; 9] = ["RFC", "ISO", "IEC", "IEEE", "CVE", "CWE", "GHSA", "NIST", "COVID"];
/// Words before a number that name a thing of a document.
const LABELS: [&str; 34] = [
    "priority",
    "phase",
    "step",
    "category",
    "item",
    "issue",
    "blocker",
    "finding",
    "risk",
    "stage",
    "section",
    "task",
    "gate",
    "action",
    "decision",
    "condition",
    "milestone",
    "sprint",
    "wave",
    "requirement",
    "criterion",
    "priorität",
    "schritt",
    "kategorie",
    "phasen",
    "étape",
    "fase",
    "paso",
    "riesgo",
    "risiko",
    "befund",
    "maßnahme",
    "priorité",
    "prioridad",
];
const THROUGH: [&str; 10] = ["through", "thru", "to", "until", "bis", "à", "hasta", "tot", "até", "al"];
const DASHES: [char; 5] = ['-', '–', '—', '~', '…'];

/// Every id in a text. Ends of ranges are ids too.
pub fn ids(text: &str) -> Vec<Found<Id>> {
    if has_digit(text) { Scan::of(text).ids() } else { Vec::new() }
}

/// As [`ids`].
pub(super) fn ids_in(scan: &Scan<'_>) -> Vec<Found<Id>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < scan.tokens.len() {
        match id_at(scan, at) {
            Some((id, next)) => {
                found.push(Found::new(id, scan.range(at, next - 1)));
                at = next;
            }
            None => at += 1,
        }
    }
    found
}

/// Every range of ids in a text.
pub fn id_ranges(text: &str) -> Vec<Found<IdRange>> {
    if !has_digit(text) {
        return Vec::new();
    }
    let scan = Scan::of(text);
    let mut found: Vec<Found<IdRange>> = Vec::new();
    let mut at = 0;
    while at < scan.tokens.len() {
        match range_at(&scan, at) {
            Some((range, bytes, next)) => {
                found.push(Found::new(range, bytes));
                at = next.max(at + 1);
            }
            None => at += 1,
        }
    }
    found
}

/// The id at a token and the token behind it.
fn id_at(scan: &Scan<'_>, at: usize) -> Option<(Id, usize)> {
    if scan.kind(at)? != TokenKind::Word || (at > 0 && scan.is_joined(at) && is_tied(scan, at - 1)) {
        return None;
    }
    id_here(scan, at)
}

/// As [`id_at`], whatever it is tied to.
fn id_here(scan: &Scan<'_>, at: usize) -> Option<(Id, usize)> {
    dashed(scan, at).or_else(|| short(scan, at)).or_else(|| labelled(scan, at))
}

/// Part of a path, an address or a longer name.
fn is_tied(scan: &Scan<'_>, before: usize) -> bool {
    scan.is_sign(before, &['/', '.', '_', '@', '-', '$', '{'])
}

/// `BLOCKER-1`, `ISSUE-NEW-001`, `REQ_12`.
fn dashed(scan: &Scan<'_>, at: usize) -> Option<(Id, usize)> {
    let mut next = at;
    let mut words = Vec::new();
    loop {
        let word = scan.text_of(next);
        if let Some((prefix, digits)) = word.rsplit_once('_').filter(|(_, digits)| is_number(digits)) {
            words.push(prefix.to_owned());
            return made(scan, at, next, &words, digits);
        }
        if scan.kind(next) != Some(TokenKind::Word)
            || words.len() == 4
            || !scan.is_sign(next + 1, &['-', '#'])
            || !scan.is_joined(next + 1)
            || !scan.is_joined(next + 2)
        {
            return None;
        }
        let capital = word.chars().any(char::is_uppercase) && !word.chars().any(char::is_lowercase);
        if !capital && !is_label(word) {
            return None;
        }
        words.push(word.to_owned());
        next += 2;
        if scan.whole(next).is_some() {
            return made(scan, at, next, &words, scan.text_of(next));
        }
    }
}

/// `P0`, `AC3`, `R12`: one to four capitals and a number.
fn short(scan: &Scan<'_>, at: usize) -> Option<(Id, usize)> {
    let word = scan.text_of(at);
    let digits = word.find(|c: char| c.is_ascii_digit())?;
    let (prefix, number) = word.split_at_checked(digits)?;
    let capitals = (1..=4).contains(&prefix.len()) && prefix.bytes().all(|byte| byte.is_ascii_uppercase());
    if !capitals || !is_number(number) {
        return None;
    }
    // `GAP1-2` and `H2O` are no such ids; `P6-P12` is a range of them.
    made(scan, at, at, &[prefix.to_owned()], number)
}

/// `Priority 7`, `Phase #26`.
fn labelled(scan: &Scan<'_>, at: usize) -> Option<(Id, usize)> {
    let next = if scan.is_sign(at + 1, &['#']) { at + 2 } else { at + 1 };
    scan.whole(next)?;
    if !is_label(scan.text_of(at)) {
        return None;
    }
    made(scan, at, next, &[scan.text_of(at).to_owned()], scan.text_of(next))
}

fn is_label(word: &str) -> bool {
    let word = small(word);
    LABELS.contains(&&*word)
        || word.strip_suffix('s').is_some_and(|word| LABELS.contains(&word))
        || word == "priorities"
}

fn is_number(digits: &str) -> bool {
    (1..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn made(scan: &Scan<'_>, at: usize, last: usize, words: &[String], digits: &str) -> Option<(Id, usize)> {
    if !is_number(digits) {
        return None;
    }
    let mut prefix = words.join("-").to_uppercase();
    if prefix == "PRIORITIES" {
        prefix = "PRIORITY".to_owned();
    } else if is_label(&prefix) && prefix.ends_with('S') {
        prefix.pop();
    }
    // `ED-003` and `V01` are numbered as a list is, `ED-25519` is not.
    let is_dashed = last > at;
    let is_padded = digits.starts_with('0') && digits.len() >= 2;
    // `F2-a` is a part of `F2`, and has an id of its own that is not read.
    let is_part = scan.is_sign(last + 1, &['-'])
        && scan.is_joined(last + 1)
        && scan.is_joined(last + 2)
        && scan.kind(last + 2) == Some(TokenKind::Word)
        && scan.text_of(last + 2).len() == 1;
    // `L-3` is in a list of its own, `L2` is a cache; `T-7` is a week before.
    let is_listed = is_dashed && digits.len() <= 2 && LETTERS.contains(&prefix.as_str());
    if is_part {
        return None;
    }
    if NO_IDS.contains(&prefix.as_str()) && !is_listed && (!is_padded || STANDARDS.contains(&prefix.as_str()))
    {
        return None;
    }
    let text = scan.text.get(scan.range(at, last))?.to_owned();
    Some((Id { prefix, number: digits.parse().ok()?, text }, last + 1))
}

fn range_at(scan: &Scan<'_>, at: usize) -> Option<(IdRange, Range<usize>, usize)> {
    let (first, next) = id_at(scan, at)?;
    let to = if scan.is_sign(next, &['.']) && scan.is_sign(next + 1, &['.']) {
        next + if scan.is_sign(next + 2, &['.']) { 3 } else { 2 }
    } else if scan.is_sign(next, &DASHES) || scan.is_word(next, &THROUGH) {
        next + 1
    } else {
        return None;
    };
    let (last, behind) = match id_here(scan, to) {
        Some((last, behind)) if last.prefix == first.prefix => (last.number, behind),
        Some(_) => return None,
        // `LATER-001-011`, `Priority 1-5`.
        None => (scan.whole(to)?, to + 1),
    };
    let range = IdRange { prefix: first.prefix, first: first.number, last };
    (range.last > range.first).then(|| (range, scan.range(at, behind - 1), behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        ids(text).into_iter().map(|found| format!("{} {}", found.value.prefix, found.value.number)).collect()
    }

    #[test]
    fn ids_are_found_and_names_are_not() {
        assert_eq!(read("BLOCKER-1: x, ISSUE-NEW-001 and REQ_12"), ["BLOCKER 1", "ISSUE-NEW 1", "REQ 12"]);
        assert_eq!(read("P0 and AC3, Priority 7, Phase 26"), ["P 0", "AC 3", "PRIORITY 7", "PHASE 26"]);
        assert_eq!(read("DEC-001=A, ACTION-040 (Feature)"), ["DEC 1", "ACTION 40"]);
        assert_eq!(
            read("UTF-8, SHA-256, T-7 days, CVE-2024-1234, v1, p95, s3, ISO-27001, a/P0.md"),
            Vec::<String>::new()
        );
        assert_eq!(read("ED-002, V01 and T-03"), ["ED 2", "V 1", "T 3"]);
        assert_eq!(read("ED-003, S-01, UTF-8, RFC-0042, ED-25519"), ["ED 3", "S 1"]);
        assert_eq!(read("L-3, H-12, S-2; T-7, F2-a, H-264, L2"), ["L 3", "H 12", "S 2"]);
        let found = ids("LATER-001");
        assert_eq!((found[0].value.to_string(), found[0].range.clone()), ("LATER-001".to_owned(), 0..9));
    }

    #[test]
    fn ranges_are_read_in_all_their_forms() {
        for (text, first, last) in [
            ("LATER-001 through LATER-011", 1, 11),
            ("LATER-001-011: External", 1, 11),
            ("P6-P12", 6, 12),
            ("Priority 1-5", 1, 5),
            ("Priorities 6–12", 6, 12),
            ("HIGH-1..HIGH-10", 1, 10),
            ("Phase 2 bis Phase 4", 2, 4),
        ] {
            let found = id_ranges(text);
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!((found[0].value.first, found[0].value.last), (first, last), "{text}");
        }
        for text in ["BLOCKER-1: 2 things", "P0 and P1", "LATER-011 to LATER-001", "REQ-1 to ABC-4"] {
            assert!(id_ranges(text).is_empty(), "{text}");
        }
        assert_eq!(id_ranges("P6-P12")[0].value.count(), 7);
    }
}
