//! Marks of state: emoji, ticks and words such as PASS, in several languages.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Found, Scan, TokenKind};
use crate::words::ByWord;
use crate::words::state::{FORMS, PHRASES};

/// What a sign says by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sign {
    /// ✅ ✔ 🟢
    Good,
    /// ❌ ✗ 🔴
    Bad,
    /// ⚠ 🟡
    Warning,
    /// 🚫 ⛔ 🔒
    Stopped,
    /// ⏳ 🔄
    Waiting,
    /// ☐ ⚪
    Empty,
}

/// How a state counts for a launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Polarity {
    /// As it should be.
    Good,
    /// Neither.
    Middling,
    /// Not as it should be.
    Bad,
    /// Not known yet: open, waiting, not run.
    Open,
    /// It says nothing about readiness.
    Neutral,
}

/// What a word says about something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// PASS, OK, verified.
    Pass,
    /// GOOD, healthy: a judgement without a limit.
    Good,
    /// Done, implemented, complete, documented.
    Done,
    /// Resolved, fixed, closed.
    Resolved,
    /// PARTIAL.
    Partial,
    /// A warning.
    Warning,
    /// FAIL.
    Fail,
    /// Missing, not found, not implemented.
    Missing,
    /// BLOCKED.
    Blocked,
    /// Not run, not tested, skipped.
    NotRun,
    /// Pending, to do, waiting.
    Pending,
    /// Not started.
    NotStarted,
    /// In progress.
    InProgress,
    /// Open.
    Open,
    /// Deferred, postponed.
    Deferred,
    /// N/A.
    NotApplicable,
    /// Unknown, to be determined.
    Unknown,
    /// Yes.
    Yes,
    /// No.
    No,
    /// Accepted.
    Accepted,
    /// Not accepted.
    NotAccepted,
    /// Approved, signed.
    Approved,
    /// Rejected, not approved.
    Rejected,
}

impl State {
    /// How it counts.
    pub fn polarity(self) -> Polarity {
        match self {
            State::Pass | State::Good | State::Done | State::Resolved | State::Approved => Polarity::Good,
            State::Partial | State::Warning => Polarity::Middling,
            State::Fail | State::Missing | State::Blocked | State::NotAccepted | State::Rejected => {
                Polarity::Bad
            }
            State::NotRun
            | State::Pending
            | State::NotStarted
            | State::InProgress
            | State::Open
            | State::Deferred
            | State::Unknown => Polarity::Open,
            State::NotApplicable | State::Yes | State::No | State::Accepted => Polarity::Neutral,
        }
    }

    /// Whether it says that something was done and is as it should be.
    pub fn is_good(self) -> bool {
        self.polarity() == Polarity::Good
    }

    /// Whether the thing was not looked at, or is not finished.
    pub fn is_open(self) -> bool {
        matches!(self.polarity(), Polarity::Open) || matches!(self, State::Blocked)
    }
}

impl Sign {
    /// How it counts.
    pub fn polarity(self) -> Polarity {
        match self {
            Sign::Good => Polarity::Good,
            Sign::Bad | Sign::Stopped => Polarity::Bad,
            Sign::Warning => Polarity::Middling,
            Sign::Waiting | Sign::Empty => Polarity::Open,
        }
    }
}

/// A mark of a text: a sign, a word of state, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The first sign.
    pub sign: Option<Sign>,
    /// The first word of state.
    pub state: Option<State>,
}

impl Mark {
    /// How it counts: the word decides, a sign only where there is no word that says it.
    pub fn polarity(&self) -> Polarity {
        let by_word = self.state.map(State::polarity).filter(|polarity| *polarity != Polarity::Neutral);
        let by_sign = self.sign.map(Sign::polarity);
        by_word.or(by_sign).unwrap_or(Polarity::Neutral)
    }

    /// Whether sign and word say opposite things: ✅ FAIL, ❌ PASS.
    pub fn disagrees(&self) -> bool {
        let polarities = (self.sign.map(Sign::polarity), self.state.map(State::polarity));
        matches!(
            polarities,
            (Some(Polarity::Good), Some(Polarity::Bad)) | (Some(Polarity::Bad), Some(Polarity::Good))
        )
    }
}

/// What a sign means, if it means a state.
pub fn sign_of(letter: char) -> Option<Sign> {
    let sign = match letter {
        '✅' | '✔' | '☑' | '✓' | '🟢' | '👍' | '🆗' | '🟩' | '💚' => Sign::Good,
        '❌' | '✗' | '✘' | '✖' | '🔴' | '👎' | '❎' | '🛑' | '🟥' | '☒' | '⨯' | '💥' => {
            Sign::Bad
        }
        '⚠' | '🟡' | '🟠' | '🟨' | '🟧' | '◐' => Sign::Warning,
        '🚫' | '⛔' | '🔒' | '🚧' => Sign::Stopped,
        '⏳' | '⌛' | '🔄' | '⏸' | '🕐' | '🔜' | '⏱' => Sign::Waiting,
        '☐' | '⬜' | '⚪' | '🔲' | '❓' | '▢' => Sign::Empty,
        _ => return None,
    };
    Some(sign)
}

/// The mark at the start of a text, or the only one in it: `✅ PASS`, `⚠️ Partly done`, `[x]`.
pub fn mark(text: &str) -> Option<Mark> {
    let found = marks(text);
    let sign = found.iter().find_map(|found| found.value.sign);
    let state = found.iter().find_map(|found| found.value.state);
    (sign.is_some() || state.is_some()).then_some(Mark { sign, state })
}

/// Every sign and every word of state in a text.
pub fn marks(text: &str) -> Vec<Found<Mark>> {
    Scan::of(text).marks()
}

/// As [`marks`].
pub(super) fn marks_in(scan: &Scan<'_>) -> Vec<Found<Mark>> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < scan.tokens.len() {
        match mark_at(scan, at) {
            Some((mark, next)) => {
                found.push(Found::new(mark, scan.range(at, next - 1)));
                at = next;
            }
            None => at += 1,
        }
    }
    found
}

/// The mark at a token, and the token behind it.
pub(super) fn mark_at(scan: &Scan<'_>, at: usize) -> Option<(Mark, usize)> {
    match scan.kind(at)? {
        TokenKind::Sign('[') => boxed(scan, at),
        TokenKind::Sign(sign) => sign_of(sign).map(|sign| (Mark { sign: Some(sign), state: None }, at + 1)),
        TokenKind::Word => {
            phrase(scan, at).map(|(state, next)| (Mark { sign: None, state: Some(state) }, next))
        }
        TokenKind::Number => None,
    }
}

/// `[x]`, `[ ]`.
fn boxed(scan: &Scan<'_>, at: usize) -> Option<(Mark, usize)> {
    if scan.is_sign(at + 1, &[']']) && !scan.is_joined(at + 1) {
        return Some((Mark { sign: Some(Sign::Empty), state: None }, at + 2));
    }
    let ticked = scan.is_word(at + 1, &["x"]) && scan.is_sign(at + 2, &[']']);
    ticked.then_some((Mark { sign: Some(Sign::Good), state: None }, at + 3))
}

static BY_FIRST: LazyLock<ByWord<Vec<(&str, State)>>> = LazyLock::new(|| {
    let mut map: BTreeMap<&str, Vec<(&str, State)>> = BTreeMap::new();
    for (words, state) in PHRASES.iter().chain(FORMS) {
        map.entry(words.split(' ').next().unwrap_or(words)).or_default().push((words, *state));
    }
    ByWord::of(map)
});

/// The longest phrase of state that begins at a word.
fn phrase(scan: &Scan<'_>, at: usize) -> Option<(State, usize)> {
    let first = scan.word(at)?;
    let fitting = BY_FIRST.get(&first)?.iter().filter_map(|(words, state)| {
        let mut next = at;
        for word in words.split(' ') {
            // `not-run` and `N/A` are written with a sign between.
            if next > at && scan.is_sign(next, &['-', '/']) {
                next += 1;
            }
            if scan.word(next)? != *word {
                return None;
            }
            next += 1;
        }
        Some((*state, next))
    });
    fitting.max_by_key(|(_, next)| *next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_read_from_signs_and_words() {
        for (text, sign, state) in [
            ("✅ PASS", Some(Sign::Good), Some(State::Pass)),
            ("⚠️ PARTIAL", Some(Sign::Warning), Some(State::Partial)),
            ("❌ NOT IMPLEMENTED", Some(Sign::Bad), Some(State::Missing)),
            ("🚫 BLOCKED", Some(Sign::Stopped), Some(State::Blocked)),
            ("All Pending ⏳", Some(Sign::Waiting), Some(State::Pending)),
            ("Not Started", None, Some(State::NotStarted)),
            ("N/A", None, Some(State::NotApplicable)),
            ("[x] done", Some(Sign::Good), Some(State::Done)),
            ("[ ] later", Some(Sign::Empty), None),
            ("nicht bestanden", None, Some(State::Fail)),
            ("en cours", None, Some(State::InProgress)),
            ("no aceptado", None, Some(State::NotAccepted)),
            ("❌ NOT ACCEPTED", Some(Sign::Bad), Some(State::NotAccepted)),
            ("❌ NO", Some(Sign::Bad), Some(State::No)),
        ] {
            assert_eq!(mark(text), Some(Mark { sign, state }), "{text}");
        }
        assert_eq!(mark("8080"), None);
    }

    #[test]
    fn a_word_decides_and_a_sign_that_disagrees_is_seen() {
        let read = |text: &str| mark(text).unwrap();
        assert_eq!(read("✅ FAIL").polarity(), Polarity::Bad);
        assert!(read("✅ FAIL").disagrees() && read("❌ passed").disagrees());
        assert!(!read("❌ NO").disagrees() && !read("⚠️ PASS").disagrees());
        assert_eq!(read("❌ NO").polarity(), Polarity::Bad);
    }
}
