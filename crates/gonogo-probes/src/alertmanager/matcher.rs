//! Matchers of labels: `severity="critical"`, `team=~"a|b"`. It says which labels they let
//! through, and which matchers follow from others. It knows no routes.

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};

/// Characters of a pattern that is tried.
const LONGEST: usize = 2_000;
/// Bytes of one compiled pattern.
const LARGEST: usize = 1 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Is,
    IsNot,
    Fits,
    FitsNot,
}

/// One condition on one label.
#[derive(Debug, Clone)]
pub(super) struct Matcher {
    pub(super) label: String,
    pub(super) operator: Operator,
    pub(super) value: String,
    /// The whole pattern, when it can be tried.
    pattern: Option<Regex>,
}

impl PartialEq for Matcher {
    fn eq(&self, other: &Matcher) -> bool {
        (&self.label, self.operator, &self.value) == (&other.label, other.operator, &other.value)
    }
}

/// Whether an alert has what is asked; labels that come from the metric are not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    Maybe,
}

impl Matcher {
    pub(super) fn new(label: &str, operator: Operator, value: &str) -> Matcher {
        let is_pattern = matches!(operator, Operator::Fits | Operator::FitsNot);
        let pattern = if is_pattern { compiled(value) } else { None };
        Matcher { label: label.to_owned(), operator, value: value.to_owned(), pattern }
    }

    /// As people write it.
    pub(super) fn text(&self) -> String {
        let sign = match self.operator {
            Operator::Is => "=",
            Operator::IsNot => "!=",
            Operator::Fits => "=~",
            Operator::FitsNot => "!~",
        };
        format!("{}{sign}{}", self.label, self.value)
    }

    /// Whether it is a pattern that no regular expression engine reads.
    pub(super) fn is_broken(&self) -> bool {
        let is_pattern = matches!(self.operator, Operator::Fits | Operator::FitsNot);
        // What a backslash starts differs between engines.
        let is_plain = !self.value.contains(['\\', '$', '{']) && self.value.len() <= LONGEST;
        is_pattern
            && is_plain
            && matches!(regex::Regex::new(&anchored(&self.value)), Err(regex::Error::Syntax(_)))
    }

    /// Whether a label with this value passes; `None` when the pattern cannot be tried.
    pub(super) fn takes(&self, value: &str) -> Option<bool> {
        let fits = || self.pattern.as_ref().map(|pattern| pattern.is_match(value));
        match self.operator {
            Operator::Is => Some(self.value == value),
            Operator::IsNot => Some(self.value != value),
            Operator::Fits => fits(),
            Operator::FitsNot => fits().map(|fits| !fits),
        }
    }

    /// Whether everything that passes `others` passes this one too.
    pub(super) fn follows_from(&self, others: &[Matcher]) -> bool {
        let same = others.iter().filter(|other| other.label == self.label);
        self.takes_everything()
            || same.clone().any(|other| other == self)
            || same.filter_map(Matcher::values).any(|values| {
                !values.is_empty() && values.iter().all(|value| self.takes(value) == Some(true))
            })
    }

    fn takes_everything(&self) -> bool {
        self.operator == Operator::Fits && matches!(self.value.as_str(), ".*" | "(.*)" | ".*.*")
    }

    /// Every value that passes, when they are few.
    fn values(&self) -> Option<Vec<&str>> {
        match self.operator {
            Operator::Is => Some(vec![&self.value]),
            Operator::Fits => {
                let inside = self.value.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'));
                let value = inside.unwrap_or(&self.value).trim_start_matches("?:");
                let is_plain = value.chars().all(|c| c.is_alphanumeric() || "|_- ".contains(c));
                (is_plain && value.len() <= LONGEST).then(|| value.split('|').collect())
            }
            Operator::IsNot | Operator::FitsNot => None,
        }
    }
}

/// Whether no alert can pass all of them: two want different values of one label.
pub(super) fn exclude_each_other(matchers: &[Matcher]) -> bool {
    let certain = matchers.iter().filter_map(|one| Some((one, one.values()?)));
    let mut certain = certain.filter(|(_, values)| !values.is_empty());
    certain.any(|(one, values)| {
        let same = || matchers.iter().filter(|other| other.label == one.label);
        values.iter().all(|value| same().any(|other| other.takes(value) == Some(false)))
    })
}

/// Whether an alert with these labels passes all of them. A label whose value is `None`, or that
/// is not named, may be anything.
pub(super) fn answer(matchers: &[Matcher], labels: &BTreeMap<&str, Option<&str>>) -> Answer {
    let mut all = Answer::Yes;
    for matcher in matchers {
        let known = labels.get(matcher.label.as_str()).copied().flatten();
        match known.and_then(|value| matcher.takes(value)) {
            Some(true) => {}
            Some(false) => return Answer::No,
            None => all = Answer::Maybe,
        }
    }
    all
}

fn anchored(pattern: &str) -> String {
    format!("^(?:{pattern})$")
}

fn compiled(pattern: &str) -> Option<Regex> {
    if pattern.len() > LONGEST {
        return None;
    }
    let mut builder = RegexBuilder::new(&anchored(pattern));
    builder.size_limit(LARGEST).dfa_size_limit(LARGEST).build().ok()
}

/// The matchers of one text, `a="b", c=~"d"` with or without braces; `None` when it is none.
pub(super) fn read(text: &str) -> Option<Vec<Matcher>> {
    let text = text.trim();
    let bare = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
    parts(bare).into_iter().map(str::trim).filter(|part| !part.is_empty()).map(one).collect()
}

/// Parts between commas that stand outside quotes.
fn parts(text: &str) -> Vec<&str> {
    let (mut found, mut start, mut is_quoted, mut is_escaped) = (Vec::new(), 0, false, false);
    for (at, character) in text.char_indices() {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => {
                found.push(text.get(start..at).unwrap_or_default());
                start = at.saturating_add(1);
            }
            _ => {}
        }
    }
    found.push(text.get(start..).unwrap_or_default());
    found
}

fn one(text: &str) -> Option<Matcher> {
    let at = text.find(['=', '!'])?;
    let (label, rest) = (text.get(..at)?.trim(), text.get(at..)?);
    let signs =
        [("=~", Operator::Fits), ("!~", Operator::FitsNot), ("!=", Operator::IsNot), ("=", Operator::Is)];
    let (operator, value) =
        signs.iter().find_map(|(sign, operator)| Some((*operator, rest.strip_prefix(sign)?)))?;
    let label = unquoted(label);
    (!label.is_empty()).then(|| Matcher::new(&label, operator, &unquoted(value.trim())))
}

/// The text inside double quotes, or the text itself.
fn unquoted(text: &str) -> String {
    let Some(inside) = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return text.to_owned();
    };
    let mut found = String::new();
    let mut characters = inside.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n') => found.push('\n'),
                Some(quoted @ ('"' | '\\')) => found.push(quoted),
                Some(other) => found.extend(['\\', other]),
                None => found.push('\\'),
            },
            other => found.push(other),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<Matcher> {
        read(text).unwrap()
    }

    #[test]
    fn matchers_are_read_in_every_form() {
        for (text, expected) in [
            ("severity=\"critical\"", "severity=critical"),
            ("severity = critical", "severity=critical"),
            ("{a=\"b,c\", d=~\"e|f\"}", "a=b,c d=~e|f"),
            ("a!=b,c!~d", "a!=b c!~d"),
            ("\"team name\"=\"x\\\"y\"", "team name=x\"y"),
            ("", ""),
        ] {
            let texts: Vec<String> = all(text).iter().map(Matcher::text).collect();
            assert_eq!(texts.join(" "), expected, "{text}");
        }
        for text in ["severity", "=x", "a!b"] {
            assert!(read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_matcher_follows_only_where_every_value_passes() {
        for (wide, narrow, expected) in [
            ("a=b", "a=b", true),
            ("a=~\"b|c\"", "a=b", true),
            ("a=~\"b|c\"", "a=~\"c|b\"", true),
            ("a=~\"b|c\"", "a=~\"b|c|d\"", false),
            ("a!=x", "a=b", true),
            ("a!~\"x.*\"", "a=xy", false),
            ("a=~\".*\"", "c=d", true),
            ("a=~\".+\"", "c=d", false),
            ("a=b", "a!=c", false),
            ("a!=b", "c=d", false),
            ("a=~\"(b|c)\"", "a=~\"(?:b)\"", true),
        ] {
            assert_eq!(all(wide)[0].follows_from(&all(narrow)), expected, "{wide} {narrow}");
        }
    }

    #[test]
    fn what_cannot_be_together_is_seen() {
        assert!(exclude_each_other(&all("a=b, a=c")));
        assert!(exclude_each_other(&all("a=~\"b|c\", a=d")));
        assert!(exclude_each_other(&all("a=b, a!~\"b.*\"")));
        assert!(!exclude_each_other(&all("a=b, a!=c, d=e")));
        assert!(!exclude_each_other(&all("a=~\"b|c\", a=b")));
        assert!(!exclude_each_other(&all("a=~\"b.*\", a=~\"c.*\"")));
    }

    #[test]
    fn labels_that_are_not_known_may_be_anything() {
        let labels = BTreeMap::from([("severity", Some("critical")), ("team", None)]);
        for (text, expected) in [
            ("severity=critical", Answer::Yes),
            ("severity!=critical", Answer::No),
            ("severity=~\"c.*\", team=a", Answer::Maybe),
            ("service=a", Answer::Maybe),
            ("service=a, severity=info", Answer::No),
        ] {
            assert_eq!(answer(&all(text), &labels), expected, "{text}");
        }
    }

    #[test]
    fn broken_patterns_are_seen_and_hostile_ones_not_tried() {
        assert!(all("a=~\"(b\"")[0].is_broken());
        assert!(!all("a=~\"b\\\\Qx\"")[0].is_broken());
        assert!(!all("a=\"(b\"")[0].is_broken());
        let hostile = Matcher::new("a", Operator::Fits, "((a{900}){900}){900}");
        assert_eq!(hostile.takes("a"), None);
    }
}
