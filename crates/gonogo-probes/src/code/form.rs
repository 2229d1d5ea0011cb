//! What a form is: words that a library gives a thing, and who reads what stands behind them.

use super::language::Language;
use super::site::Site;
use super::{Address, Detail, MetricKind, Unset};

/// Things of one file, with the place of each.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) said: Vec<(List, usize, String, Detail)>,
}

/// The list of the survey that something belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum List {
    Variables,
    Listens,
    ListensElsewhere,
    Metrics,
    Routes,
    Logs,
}

/// Words that start a form.
pub(super) struct Form {
    pub(super) words: &'static str,
    /// Languages that have it; empty for all.
    pub(super) languages: &'static [Language],
    /// Whether it may stand in a string.
    pub(super) anywhere: bool,
    pub(super) read: fn(&Site<'_>, &mut Found),
}

impl Form {
    /// A form of code.
    pub(super) const fn new(
        words: &'static str,
        languages: &'static [Language],
        read: fn(&Site<'_>, &mut Found),
    ) -> Form {
        Form { words, languages, anywhere: false, read }
    }

    /// A form that may stand in a string.
    pub(super) const fn anywhere(
        words: &'static str,
        languages: &'static [Language],
        read: fn(&Site<'_>, &mut Found),
    ) -> Form {
        Form { words, languages, anywhere: true, read }
    }
}

impl Found {
    fn say(&mut self, list: List, at: usize, name: &str, detail: Detail) {
        self.said.push((list, at, name.to_owned(), detail));
    }

    pub(super) fn variable(&mut self, at: usize, name: &str, unset: Unset) {
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.len() <= 120
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if is_name {
            self.say(List::Variables, at, name, Detail::Unset(unset));
        }
    }

    pub(super) fn listen(&mut self, at: usize, port: u64, address: Address, variable: Option<&str>) {
        // 0 lets the machine choose.
        if (1..=65_535).contains(&port) {
            let detail = Detail::Listen { address, variable: variable.map(str::to_owned) };
            self.say(List::Listens, at, &port.to_string(), detail);
        }
    }

    pub(super) fn listen_elsewhere(&mut self, at: usize, form: &str) {
        self.say(List::ListensElsewhere, at, form, Detail::None);
    }

    pub(super) fn metric(&mut self, at: usize, name: &str, kind: MetricKind) {
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == ':')
            && name.len() <= 200
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':');
        if is_name {
            self.say(List::Metrics, at, name, Detail::Metric(kind));
        }
    }

    pub(super) fn route(&mut self, at: usize, method: &str, path: &str, may_have_prefix: bool) {
        self.say(List::Routes, at, &format!("{method} {path}"), Detail::Route { may_have_prefix });
    }

    pub(super) fn log(&mut self, at: usize, path: &str) {
        self.say(List::Logs, at, path, Detail::None);
    }
}
