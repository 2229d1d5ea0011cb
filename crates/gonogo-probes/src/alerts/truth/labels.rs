//! Labels that a selector matches: a value for each matcher, regular expressions included. It knows
//! no values of series.

use std::collections::BTreeMap;

use promql_parser::label::{MatchOp, Matcher};
use promql_parser::parser::VectorSelector;
use regex::Regex;

/// Values that are tried for a regular expression when what it says is no value.
const GUESSES: [&str; 12] =
    ["a", "0", "500", "200", "5", "404", "GET", "/", "node", "x.y", "10.0.0.1:9100", "default"];

/// Labels by name.
pub(super) type Labels = BTreeMap<String, String>;

/// Labels that the matchers of a selector demand; an error says for which there is no value.
pub(super) fn demanded(selector: &VectorSelector) -> Result<Labels, String> {
    let mut labels = Labels::new();
    if !selector.matchers.or_matchers.is_empty() {
        return Err("it has matchers with `or`".to_owned());
    }
    for matcher in &selector.matchers.matchers {
        let of_same: Vec<&Matcher> =
            selector.matchers.matchers.iter().filter(|one| one.name == matcher.name).collect();
        if labels.contains_key(&matcher.name) || matcher.name == "__name__" {
            continue;
        }
        let value =
            candidates(&of_same).into_iter().find(|value| of_same.iter().all(|one| holds(one, value)));
        match value {
            Some(value) if value.is_empty() => {}
            Some(value) => drop(labels.insert(matcher.name.clone(), value)),
            None => return Err(format!("no value was found that `{matcher}` takes")),
        }
    }
    Ok(labels)
}

/// Whether a label with this value (empty: without it) is matched.
fn holds(matcher: &Matcher, value: &str) -> bool {
    match &matcher.op {
        MatchOp::Equal => matcher.value == value,
        MatchOp::NotEqual => matcher.value != value,
        MatchOp::Re(_) => whole(&matcher.value).is_some_and(|regex| regex.is_match(value)),
        MatchOp::NotRe(_) => whole(&matcher.value).is_some_and(|regex| !regex.is_match(value)),
    }
}

/// Whether all matchers of the selector that name a label of the series, or one it lacks, hold.
pub(super) fn matches(selector: &VectorSelector, labels: &Labels) -> bool {
    let value = |name: &str| labels.get(name).map(String::as_str).unwrap_or_default();
    selector
        .matchers
        .matchers
        .iter()
        .filter(|one| one.name != "__name__")
        .all(|one| holds(one, value(&one.name)))
}

fn whole(pattern: &str) -> Option<Regex> {
    Regex::new(&format!("^(?s:{pattern})$")).ok()
}

fn candidates(matchers: &[&Matcher]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for matcher in matchers {
        match &matcher.op {
            MatchOp::Equal => found.push(matcher.value.clone()),
            MatchOp::Re(_) => {
                let parts =
                    matcher.value.trim_matches(['^', '$']).trim_start_matches('(').trim_end_matches(')');
                found.extend(parts.split('|').flat_map(|part| [part.to_owned(), plain(part)]));
            }
            _ => {}
        }
    }
    // Where nothing is demanded, the label may be missing; values that are there are likelier.
    if found.is_empty() {
        found.push(String::new());
    }
    found.extend(GUESSES.map(str::to_owned));
    found
}

/// A simple pattern with something in the place of what it leaves open.
fn plain(pattern: &str) -> String {
    let mut value = String::new();
    let mut characters = pattern.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '.' => value.push('0'),
            '*' | '+' | '?' | '^' | '$' | '(' | ')' => {}
            '\\' => match characters.next() {
                Some('d') => value.push('0'),
                Some('w') => value.push('a'),
                Some(other) => value.push(other),
                None => {}
            },
            '[' => {
                value.extend(characters.peek().copied());
                characters.by_ref().find(|character| *character == ']');
            }
            other => value.push(other),
        }
    }
    value
}
