//! A line of text with inks, before it is wrapped and coloured. Data enters here and is cleaned
//! here, so nothing that a judged system says can reach a terminal raw.

use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::{Call, StageState};
use unicode_width::UnicodeWidthStr;

use crate::clean;
use crate::words::mark;

/// What a piece of text is; the page knows its colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    Plain,
    Strong,
    Faint,
    Good,
    Warn,
    Bad,
    Command,
}

/// Pieces of text, one after the other. Words are separated by white space in the text.
#[derive(Debug, Clone, Default)]
pub(crate) struct Line {
    pieces: Vec<(Ink, String)>,
}

/// Pieces without white space between them; it is never broken.
#[derive(Debug, Clone, Default)]
pub(crate) struct Word {
    pub(crate) pieces: Vec<(Ink, String)>,
    pub(crate) width: usize,
}

impl Line {
    pub(crate) fn new() -> Line {
        Line::default()
    }

    pub(crate) fn ink(mut self, ink: Ink, text: impl AsRef<str>) -> Line {
        self.pieces.push((ink, clean::line(text.as_ref())));
        self
    }

    pub(crate) fn plain(self, text: impl AsRef<str>) -> Line {
        self.ink(Ink::Plain, text)
    }

    pub(crate) fn strong(self, text: impl AsRef<str>) -> Line {
        self.ink(Ink::Strong, text)
    }

    pub(crate) fn faint(self, text: impl AsRef<str>) -> Line {
        self.ink(Ink::Faint, text)
    }

    /// The status as mark and word.
    pub(crate) fn status(self, status: Status) -> Line {
        self.ink(of_status(status), format!("{} {status}", mark(status)))
    }

    /// The status as a word.
    pub(crate) fn status_word(self, status: Status) -> Line {
        self.ink(of_status(status), status.word())
    }

    pub(crate) fn severity(self, severity: Severity) -> Line {
        let ink = match severity {
            Severity::Blocker | Severity::High => Ink::Bad,
            Severity::Medium => Ink::Warn,
            Severity::Low => Ink::Plain,
        };
        self.ink(ink, severity.word())
    }

    pub(crate) fn call(self, call: Call) -> Line {
        self.ink(of_call(call), call.word())
    }

    /// The state of a stage as mark and word.
    pub(crate) fn stage(self, state: StageState) -> Line {
        let (ink, like) = match state {
            StageState::Passed => (Ink::Good, Status::Pass),
            StageState::NotPassed => (Ink::Bad, Status::Fail),
            StageState::Blocked => (Ink::Warn, Status::Blocked),
        };
        self.ink(ink, format!("{} {}", mark(like), state.word()))
    }

    pub(crate) fn then(mut self, next: Line) -> Line {
        self.pieces.extend(next.pieces);
        self
    }

    /// The lines in one, with `between` between them; empty ones are left out.
    pub(crate) fn joined(lines: impl IntoIterator<Item = Line>, between: &str) -> Line {
        let filled = lines.into_iter().filter(|line| !line.is_empty());
        filled.fold(Line::new(), |all, line| match all.is_empty() {
            true => line,
            false => all.plain(between).then(line),
        })
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.pieces.iter().all(|(_, text)| text.is_empty())
    }

    /// Columns it takes when it is not wrapped.
    pub(crate) fn width(&self) -> usize {
        let words = self.words();
        words.iter().map(|word| word.width).sum::<usize>() + words.len().saturating_sub(1)
    }

    /// Its words. A word that changes its ink stays one word.
    pub(crate) fn words(&self) -> Vec<Word> {
        let mut words = vec![Word::default()];
        for (ink, text) in &self.pieces {
            for (nth, part) in text.split(char::is_whitespace).enumerate() {
                if nth > 0 {
                    words.push(Word::default());
                }
                if let Some(word) = words.last_mut().filter(|_| !part.is_empty()) {
                    word.width += part.width();
                    word.pieces.push((*ink, part.to_owned()));
                }
            }
        }
        words.retain(|word| !word.pieces.is_empty());
        words
    }
}

impl<T: AsRef<str>> From<T> for Line {
    fn from(text: T) -> Line {
        Line::new().plain(text)
    }
}

/// The ink of an answer.
pub(crate) fn of_call(call: Call) -> Ink {
    match call {
        Call::Go => Ink::Good,
        Call::ConditionalGo => Ink::Warn,
        Call::NoGo => Ink::Bad,
    }
}

fn of_status(status: Status) -> Ink {
    match status {
        Status::Pass => Ink::Good,
        Status::Fail | Status::Error => Ink::Bad,
        Status::NotApplicable => Ink::Faint,
        Status::Partial | Status::Blocked | Status::NotRun | Status::Stale | Status::Attested => Ink::Warn,
    }
}
