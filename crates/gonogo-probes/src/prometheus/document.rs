//! YAML files of several documents with the line of each part, and durations as Prometheus writes
//! them. It does not know which keys a file has.

use std::time::Duration;

use gonogo_model::yaml::{self, Kind, Limits, Node};

/// How large a file may be.
pub(super) const LIMITS: Limits = Limits { bytes: 2 << 20, nodes: 120_000, depth: 32 };
/// Bytes of one file.
pub(super) const FILE: u64 = LIMITS.bytes as u64;
/// Documents of one file.
const MOST: usize = 400;

/// Where something is written, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    pub(super) line: u32,
    pub(super) column: u32,
}

/// The first character.
pub(super) const START: Spot = Spot { line: 1, column: 1 };

/// Something wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Problem {
    pub(super) at: Spot,
    /// What is wrong, without any value that could be a secret.
    pub(super) what: String,
}

impl Problem {
    pub(super) fn new(at: Spot, what: impl Into<String>) -> Problem {
        Problem { at, what: what.into() }
    }
}

/// One document and the lines before it.
#[derive(Debug, Clone)]
pub(super) struct Document {
    pub(super) node: Node,
    before: u32,
}

impl Document {
    pub(super) fn spot(&self, place: gonogo_model::place::Place) -> Spot {
        Spot { line: place.line.saturating_add(self.before), column: place.column }
    }

    /// Where a key of a mapping is written, or else the mapping.
    pub(super) fn key(&self, node: &Node, name: &str) -> Spot {
        let key = node.entries().iter().find(|(key, _)| key.name == name);
        self.spot(key.map_or(node.place, |(key, _)| key.place))
    }
}

/// Every document of a file.
pub(super) fn documents(text: &str) -> Result<Vec<Document>, Problem> {
    let mut found = Vec::new();
    for (before, part) in parts(text).into_iter().take(MOST) {
        if part.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
            continue;
        }
        let wrong = |error: gonogo_model::diagnostic::Diagnostic| {
            let place = error.place.unwrap_or(gonogo_model::place::Place::START);
            let at = Spot { line: place.line.saturating_add(before), column: place.column };
            Problem::new(at, error.message)
        };
        let node = yaml::parse(&part, LIMITS).map_err(wrong)?;
        found.push(Document { node, before });
    }
    match found.is_empty() {
        true => Err(Problem::new(START, "the file is empty")),
        false => Ok(found),
    }
}

/// The text between lines that start a document, with the lines before each.
fn parts(text: &str) -> Vec<(u32, String)> {
    let mut parts = vec![(0, String::new())];
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let is_border =
            line.strip_prefix("---").is_some_and(|rest| rest.trim().is_empty() || rest.starts_with(" #"));
        if is_border {
            let before = u32::try_from(number).unwrap_or(u32::MAX).saturating_add(1);
            parts.push((before, String::new()));
        } else if let Some((_, part)) = parts.last_mut() {
            part.push_str(line);
        }
    }
    parts
}

/// A scalar as text.
pub(super) fn scalar(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Text(text) => Some(text.clone()),
        Kind::Int(value) => Some(value.to_string()),
        Kind::Float(value) => Some(value.to_string()),
        Kind::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// The nodes of a list; nothing of anything else.
pub(super) fn list(node: Option<&Node>) -> &[Node] {
    match node.map(|node| &node.kind) {
        Some(Kind::List(nodes)) => nodes,
        _ => &[],
    }
}

/// A duration as Prometheus writes it: `1h30m`, `15s`, `0`.
pub(super) fn duration(text: &str) -> Option<Duration> {
    if text == "0" {
        return Some(Duration::ZERO);
    }
    let (mut rest, mut sum, mut last) = (text, 0_u64, u64::MAX);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest.get(..digits)?.parse().ok()?;
        rest = rest.get(digits..)?;
        let letters = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let unit = match rest.get(..letters)? {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            "w" => 7 * 86_400_000,
            "y" => 365 * 86_400_000,
            _ => return None,
        };
        if unit >= last {
            return None;
        }
        last = unit;
        sum = sum.checked_add(number.checked_mul(unit)?)?;
        rest = rest.get(letters..)?;
    }
    (!text.is_empty()).then(|| Duration::from_millis(sum))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_prometheus() {
        for (text, expected) in [
            ("0", Some(0)),
            ("15s", Some(15_000)),
            ("1h30m", Some(5_400_000)),
            ("0m", Some(0)),
            ("500ms", Some(500)),
            ("", None),
            ("5", None),
            ("m", None),
            ("5 m", None),
            ("30m1h", None),
            ("99999999999999999999s", None),
            ("5é", None),
        ] {
            assert_eq!(duration(text), expected.map(Duration::from_millis), "{text}");
        }
    }

    #[test]
    fn documents_keep_their_lines() {
        let found = documents("# a\n---\na: 1\n---\n\nb: 2\n").unwrap();
        let lines: Vec<u32> = found.iter().map(|one| one.key(&one.node, "b").line).collect();
        assert_eq!((found.len(), lines.last()), (2, Some(&6)));
        assert!(documents("").is_err());
        assert_eq!(documents("a: 1\n---\nb: [\n").unwrap_err().at.line, 3);
    }
}
