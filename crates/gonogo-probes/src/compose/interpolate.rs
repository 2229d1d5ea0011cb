//! Variables in compose text: `$X`, `${X}`, `${X:-y}`, `${X-y}`, `${X:?why}`, `${X:+y}` and `$$`.
//! Values come from the given variables only, never from the environment of gonogo.

use std::collections::BTreeMap;

use super::tree::{Origin, Text};

/// Variables by name, from `.env`.
pub(super) type Variables = BTreeMap<String, String>;

/// Defaults may hold variables; nobody nests them deeper.
const DEEPEST: usize = 8;
/// Characters between `${` and `}`; a longer search would make hostile texts slow.
const LONGEST: usize = 1_024;

/// What came of replacing the variables of one text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Replaced {
    pub(super) text: Text,
    /// Variables without a value and without a default.
    pub(super) unset: Vec<String>,
    /// Whether compose would refuse the text.
    pub(super) malformed: bool,
}

/// Replaces the variables of `raw`.
pub(super) fn replace(raw: &str, variables: &Variables) -> Replaced {
    let mut scan = Scan { variables, unset: Vec::new(), origin: Origin::Literal, malformed: false };
    let value = if raw.contains('$') { scan.text(raw, 0) } else { raw.to_owned() };
    Replaced {
        text: Text { raw: raw.to_owned(), value, origin: scan.origin },
        unset: scan.unset,
        malformed: scan.malformed,
    }
}

/// Variables of an env file: `NAME=value` lines. A line that is none is skipped.
pub(super) fn variables_of(text: &str) -> Variables {
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    lines.filter(|line| !line.starts_with('#')).filter_map(assignment).collect()
}

fn assignment(line: &str) -> Option<(String, String)> {
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (name, value) = line.split_once('=')?;
    let name = name.trim();
    let value = value.trim();
    let value = match value.chars().next() {
        Some(quote @ ('"' | '\'')) => value[1..].split(quote).next().unwrap_or_default(),
        _ => value.split(" #").next().unwrap_or_default().trim_end(),
    };
    is_name(name).then(|| (name.to_owned(), value.to_owned()))
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

struct Scan<'v> {
    variables: &'v Variables,
    unset: Vec<String>,
    origin: Origin,
    malformed: bool,
}

impl Scan<'_> {
    fn text(&mut self, mut rest: &str, depth: usize) -> String {
        let mut value = String::new();
        while let Some(at) = rest.find('$') {
            value.push_str(&rest[..at]);
            rest = self.dollar(&rest[at + 1..], &mut value, depth);
        }
        value.push_str(rest);
        value
    }

    /// Takes what stands behind a `$`; gives the rest.
    fn dollar<'t>(&mut self, rest: &'t str, value: &mut String, depth: usize) -> &'t str {
        if let Some(rest) = rest.strip_prefix('$') {
            value.push('$');
            return rest;
        }
        if let Some(inside) = rest.strip_prefix('{') {
            let Some(end) = closing(inside).filter(|_| depth < DEEPEST) else {
                self.malformed = true;
                value.push_str("${");
                return inside;
            };
            value.push_str(&self.braced(&inside[..end], depth));
            return &inside[end + 1..];
        }
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        if is_name(name) {
            value.push_str(&self.variable(name));
        } else {
            self.malformed = true;
            value.push('$');
            value.push_str(name);
        }
        rest
    }

    fn braced(&mut self, inside: &str, depth: usize) -> String {
        let end = inside.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(inside.len());
        let (name, modifier) = inside.split_at(end);
        if !is_name(name) {
            self.malformed = true;
            return format!("${{{inside}}}");
        }
        let (empty_counts, modifier) = match modifier.strip_prefix(':') {
            Some(modifier) => (false, modifier),
            None => (true, modifier),
        };
        let set = self.variables.get(name).filter(|value| empty_counts || !value.is_empty()).cloned();
        let mut letters = modifier.chars();
        let Some(sign) = letters.next() else {
            self.malformed |= !empty_counts;
            return self.variable(name);
        };
        let word = letters.as_str();
        match (sign, set) {
            ('-' | '?', Some(value)) => self.found(value),
            ('-', None) => {
                self.comes_from(Origin::Default);
                self.text(word, depth + 1)
            }
            // Who deploys must set it, or nothing starts.
            ('?', None) => self.unknown(name),
            ('+', Some(_)) => {
                self.comes_from(Origin::EnvFile);
                self.text(word, depth + 1)
            }
            ('+', None) => {
                self.comes_from(Origin::Unknown);
                String::new()
            }
            _ => {
                self.malformed = true;
                format!("${{{name}}}")
            }
        }
    }

    fn variable(&mut self, name: &str) -> String {
        match self.variables.get(name).cloned() {
            Some(value) => self.found(value),
            None => {
                self.unset.push(name.to_owned());
                self.unknown(name)
            }
        }
    }

    fn found(&mut self, value: String) -> String {
        self.comes_from(Origin::EnvFile);
        value
    }

    fn unknown(&mut self, name: &str) -> String {
        self.comes_from(Origin::Unknown);
        format!("${{{name}}}")
    }

    fn comes_from(&mut self, origin: Origin) {
        self.origin = self.origin.max(origin);
    }
}

/// The place of the `}` that closes a `${` before this text.
fn closing(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (at, c) in text.char_indices().take(LONGEST) {
        match c {
            '{' => open += 1,
            '}' if open == 0 => return Some(at),
            '}' => open -= 1,
            '\n' => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(raw: &str) -> (String, Origin) {
        let variables = variables_of("A=1\nEMPTY=\n# B=2\nexport Q=\"a b\" # no\nS='x'\nnonsense\nC=d # e\n");
        let Replaced { text, .. } = replace(raw, &variables);
        (text.value, text.origin)
    }

    #[test]
    fn each_form_is_replaced() {
        for (raw, value, origin) in [
            ("plain", "plain", Origin::Literal),
            ("$$A costs $$5", "$A costs $5", Origin::Literal),
            ("$A-${A}", "1-1", Origin::EnvFile),
            ("${Q}${S}${C}", "a bxd", Origin::EnvFile),
            ("${Aéy}", "${A}", Origin::Literal),
            ("${B:-y}", "y", Origin::Default),
            ("${B-y}", "y", Origin::Default),
            ("${EMPTY:-y}", "y", Origin::Default),
            ("${EMPTY-y}", "", Origin::EnvFile),
            ("${B:-${A}}", "1", Origin::EnvFile),
            ("${B:-${D:-z}}", "z", Origin::Default),
            ("${B}", "${B}", Origin::Unknown),
            ("${B:?say it}", "${B}", Origin::Unknown),
            ("${A:?say it}", "1", Origin::EnvFile),
            ("${A:+y}", "y", Origin::EnvFile),
            ("${B:+y}", "", Origin::Unknown),
        ] {
            assert_eq!(replaced(raw), (value.to_owned(), origin), "{raw}");
        }
    }

    #[test]
    fn what_is_malformed_or_unset_is_said() {
        for raw in ["${", "${A", "${1}", "${A:}", "${A!x}", "$", "$-", "${}"] {
            assert!(replace(raw, &Variables::new()).malformed, "{raw}");
        }
        assert_eq!(replace("$X ${Y} ${Z:-z} ${W:?}", &Variables::new()).unset, ["X", "Y"]);
        let deep = "${A:-".repeat(5_000);
        assert!(replace(&deep, &Variables::new()).malformed);
    }
}
