//! The one place where secrets are taken out of text. Everything that leaves a probe passes
//! here before it is stored or shown. It knows values and names, not what they are used for.
//!
//! Two ways lead to a replacement by `[redacted:NAME]`:
//! - a value that was made known, in any form it is usually written in (JSON, percent-encoding,
//!   base64 at any offset, hex, HTML), see [`Redactor::learn`];
//! - a text that looks like a secret although nobody made it known: a password in a URL, an
//!   `Authorization` header, a cookie, `password=…`, a token of a well-known issuer, a private key.
//!
//! A replacement is never replaced again, so redacting twice is redacting once.

mod finder;
mod forms;
mod names;
mod patterns;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{LazyLock, Mutex, PoisonError};

use gonogo_model::fact::{Item, Value};
use regex::Regex;

use self::finder::{Finder, Known};
use crate::context::Environment;

pub use names::says_secret;

/// Shorter values are replaced only where they stand alone.
const LEAST: usize = 4;

/// Knows the secrets of a run and takes them out of text.
#[derive(Default)]
pub struct Redactor {
    known: Mutex<Known>,
}

/// Where a text looks like a secret, and what kind of one.
type Lookalike = (Range<usize>, &'static str);

impl Redactor {
    /// Makes a secret known under a name. Every later text is free of it, in every usual form;
    /// also of each line (8 bytes or more) of a secret with several lines, and of the password of
    /// a secret that is a URL. Values under 4 bytes are replaced only where they stand alone, and
    /// not at all when they are one character, a number, or a word such as `on` or `no`.
    pub fn learn(&self, name: &str, value: &str) {
        let name = forms::marker_name(name);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        for part in forms::parts(value) {
            if part.len() < LEAST && names::is_everyday(part.as_ref()) {
                continue;
            }
            for form in forms::of(&part) {
                known.learn(form, &name);
            }
        }
    }

    /// Makes a variable known that a spec refers to. Its value is a secret unless it is plainly
    /// none: a switch, a port, a host, a path, a URL without credentials.
    pub fn learn_variable(&self, name: &str, value: &str) {
        if forms::url_password(value).is_some() || !names::is_everyday(value) {
            self.learn(name, value);
        }
    }

    /// Makes a URL with a password known; any other value is left alone.
    pub fn learn_url(&self, name: &str, value: &str) {
        if forms::url_password(value).is_some() {
            self.learn(name, value);
        }
    }

    /// Makes every variable known whose name says that it holds a secret, or whose value is a URL
    /// with a password.
    pub fn learn_environment(&self, environment: &Environment) {
        for (name, value) in environment.iter() {
            match says_secret(name) && !names::is_everyday(value) {
                true => self.learn(name, value),
                false => self.learn_url(name, value),
            }
        }
    }

    /// Makes known every text that stands under a key that says it holds a secret, so that it is
    /// also taken out where it stands under another name.
    pub fn learn_json(&self, value: &Value) {
        match value {
            Value::Array(values) => values.iter().for_each(|value| self.learn_json(value)),
            Value::Object(entries) => {
                for (key, value) in entries {
                    match value {
                        Value::String(text) if patterns::is_secret_key(key) && patterns::is_literal(text) => {
                            self.learn_variable(key, text);
                        }
                        _ => self.learn_json(value),
                    }
                }
            }
            _ => {}
        }
    }

    /// The text without any secret; borrowed when there is none in it.
    pub fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.without_secrets(text, patterns::find)
    }

    /// The text without the secrets that were made known. For texts of our own, made from what
    /// was redacted already: in them `jwt-secret: FAIL` is no password.
    pub fn redact_known<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.without_secrets(text, |_| Vec::new())
    }

    fn without_secrets<'t>(&self, text: &'t str, lookalikes: fn(&str) -> Vec<Lookalike>) -> Cow<'t, str> {
        let finder = self.known.lock().unwrap_or_else(PoisonError::into_inner).finder();
        let Some(hits) = finder.find(text) else { return Cow::Borrowed("[redacted]") };
        let mut found: Vec<Found<'_>> = hits
            .into_iter()
            .filter(|(range, _)| range.len() >= LEAST || stands_alone(text, range.clone()))
            .map(|(range, name)| Found { range, name, known: true })
            .collect();
        found.extend(lookalikes(text).into_iter().map(|(range, name)| Found { range, name, known: false }));
        if found.is_empty() {
            return Cow::Borrowed(text);
        }
        replace(text, merge(without(found, &own_markers(&finder, text))))
    }

    /// Redacts every text below `value`, keys of mappings too. A text under a key that says it
    /// holds a secret (`password`, `token`, …) is replaced whole.
    pub fn redact_json(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Cow::Owned(clean) = self.redact(text) {
                    *text = clean;
                }
            }
            Value::Number(number) => {
                let text = number.to_string();
                if let Cow::Owned(clean) = self.redact(&text)
                    && !clean.contains(|c: char| c.is_ascii_digit())
                {
                    *value = Value::String(clean);
                }
            }
            Value::Array(values) => values.iter_mut().for_each(|value| self.redact_json(value)),
            Value::Object(entries) => {
                for (key, value) in entries.iter_mut() {
                    self.redact_entry(key, value);
                }
                if entries.keys().any(|key| matches!(self.redact(key), Cow::Owned(_))) {
                    *entries = self.with_clean_keys(std::mem::take(entries));
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// Redacts an item: its key, the values of its facts, its place. Names of facts stay.
    pub fn redact_item(&self, item: &mut Item) {
        item.key = self.redact(&item.key).into_owned();
        for value in item.facts.values_mut() {
            self.redact_json(value);
        }
        if let Some(location) = &mut item.location {
            location.source = self.redact(&location.source).into_owned();
        }
    }

    fn redact_entry(&self, key: &str, value: &mut Value) {
        match value {
            Value::String(text) if patterns::is_secret_key(key) && patterns::is_literal(text) => {
                if forms::marker(text).is_none() {
                    *text = format!("[redacted:{}]", patterns::NAMED);
                }
            }
            _ => self.redact_json(value),
        }
    }

    fn with_clean_keys(&self, entries: serde_json::Map<String, Value>) -> serde_json::Map<String, Value> {
        let mut clean = serde_json::Map::new();
        for (key, value) in entries {
            let key = self.redact(&key).into_owned();
            let mut unique = key.clone();
            let mut next = 2;
            while clean.contains_key(&unique) {
                unique = format!("{key} ({next})");
                next += 1;
            }
            clean.insert(unique, value);
        }
        clean
    }
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redactor(…)")
    }
}

/// Where earlier replacements stand. A marker with a name nobody gave is ordinary text: a system
/// could write a secret into one.
fn own_markers(finder: &Finder, text: &str) -> Vec<Range<usize>> {
    static MARKER: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"\[redacted:([^\[\]\n]{1,64})\]").ok());
    let all = MARKER.iter().flat_map(|marker| marker.captures_iter(text));
    let ours = |name: &str| finder.gave(name) || patterns::names().any(|known| known == name);
    all.filter(|hit| hit.get(1).is_some_and(|name| ours(name.as_str())))
        .filter_map(|hit| hit.get(0).map(|whole| whole.range()))
        .collect()
}

/// A stretch of text that must go.
#[derive(Debug, Clone)]
struct Found<'n> {
    range: Range<usize>,
    name: &'n str,
    /// Its value was made known; its name says more than a pattern's.
    known: bool,
}

fn stands_alone(text: &str, range: Range<usize>) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    !text[..range.start].ends_with(is_word) && !text[range.end..].starts_with(is_word)
}

/// The found stretches less what is a replacement already.
fn without<'n>(found: Vec<Found<'n>>, markers: &[Range<usize>]) -> Vec<Found<'n>> {
    if markers.is_empty() {
        return found;
    }
    let mut rest = Vec::new();
    for Found { range, name, known } in found {
        let mut from = range.start;
        for marker in markers.iter().filter(|marker| marker.start < range.end && marker.end > range.start) {
            if from < marker.start {
                rest.push(Found { range: from..marker.start, name, known });
            }
            from = from.max(marker.end);
        }
        if from < range.end {
            rest.push(Found { range: from..range.end, name, known });
        }
    }
    rest
}

/// Overlapping stretches become one, under the name that says most.
fn merge(mut found: Vec<Found<'_>>) -> Vec<Found<'_>> {
    found.sort_by_key(|found| (found.range.start, std::cmp::Reverse(found.range.end)));
    let mut merged: Vec<Found<'_>> = Vec::new();
    for next in found {
        match merged.last_mut() {
            Some(last) if next.range.start < last.range.end => {
                last.range.end = last.range.end.max(next.range.end);
                if next.known && !last.known {
                    (last.name, last.known) = (next.name, true);
                }
            }
            _ => merged.push(next),
        }
    }
    merged
}

fn replace<'t>(text: &'t str, found: Vec<Found<'_>>) -> Cow<'t, str> {
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut from = 0;
    for Found { range, name, .. } in found {
        clean.push_str(&text[from..range.start]);
        clean.push_str(&format!("[redacted:{name}]"));
        from = range.end;
    }
    clean.push_str(&text[from..]);
    Cow::Owned(clean)
}

#[cfg(test)]
mod tests;
