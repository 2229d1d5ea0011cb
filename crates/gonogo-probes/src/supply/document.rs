//! One JSON, TOML or YAML text as a tree in which every key and value knows its place. It knows
//! nothing of packages, and whatever the text is, it answers.

use gonogo_model::place::Place;
use gonogo_model::yaml::{self, Key, Kind, Limits, Node};
use serde_spanned::Spanned;
use toml::de::{DeTable, DeValue};

use super::json;

/// Bytes of one file. The largest lockfiles of real repositories have a few million.
pub(super) const LARGEST: u64 = 32 << 20;
/// Levels of nesting; the deepest lockfile of npm had 26.
pub(super) const DEEPEST: usize = 48;
/// Values of one file.
pub(super) const MOST: usize = 3_000_000;
/// Dots in one run of key characters: every dot of a TOML key is a level.
const DOTS: usize = 64;

/// Something wrong with a file, without any value of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Problem {
    pub(super) line: u32,
    pub(super) what: String,
}

impl Problem {
    pub(super) fn at(line: u32, what: impl Into<String>) -> Problem {
        Problem { line, what: what.into() }
    }
}

/// Reads JSON.
pub(super) fn json(text: &str) -> Result<Node, Problem> {
    json::parse(text)
}

/// Reads YAML.
pub(super) fn yaml(text: &str) -> Result<Node, Problem> {
    let limits =
        Limits { bytes: usize::try_from(LARGEST).unwrap_or(usize::MAX), nodes: MOST, depth: DEEPEST };
    yaml::parse(text, limits)
        .map_err(|error| Problem::at(error.place.map_or(1, |place| place.line), error.message))
}

/// Reads TOML.
pub(super) fn toml(text: &str) -> Result<Node, Problem> {
    if has_deep_key(text) {
        return Err(Problem::at(1, "this TOML is too deeply nested to be read"));
    }
    let lines = Lines::of(text);
    let table = DeTable::parse(text).map_err(|error| {
        let line = error.span().map_or(1, |span| lines.place(span.start).line);
        Problem::at(line, format!("this is not TOML that can be read: {}", error.message()))
    })?;
    Ok(lines.table(table.span().start, table.get_ref()))
}

fn has_deep_key(text: &str) -> bool {
    let mut dots = 0_usize;
    text.bytes().any(|byte| {
        match byte {
            b'.' => dots = dots.saturating_add(1),
            b'_' | b'-' | b' ' | b'\t' | b'"' | b'\'' => {}
            byte if byte.is_ascii_alphanumeric() => {}
            _ => dots = 0,
        }
        dots > DOTS
    })
}

/// Where the lines of a text start.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn of(text: &'t str) -> Lines<'t> {
        let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Lines { text, starts: std::iter::once(0).chain(breaks).collect() }
    }

    fn place(&self, at: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= at).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let column = self.text.get(start..at).map_or(0, |before| before.chars().count());
        let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        Place { line: number(line), column: number(column.saturating_add(1)), width: 1 }
    }

    /// Recursion is bounded: the TOML reader refuses deep arrays, and `has_deep_key` deep keys.
    fn table(&self, at: usize, table: &DeTable<'_>) -> Node {
        let mut entries: Vec<(Key, Node)> = table
            .iter()
            .map(|(key, value)| {
                let place = self.place(key.span().start);
                (Key { name: key.get_ref().to_string(), place }, self.node(value))
            })
            .collect();
        entries.sort_by_key(|(key, _)| key.place);
        Node { place: self.place(at), kind: Kind::Map(entries) }
    }

    fn node(&self, value: &Spanned<DeValue<'_>>) -> Node {
        let at = value.span().start;
        let kind = match value.get_ref() {
            DeValue::String(text) => Kind::Text(text.to_string()),
            DeValue::Integer(number) => {
                let parsed = i64::from_str_radix(number.as_str(), number.radix());
                parsed.map_or_else(|_| Kind::Text(number.as_str().to_owned()), Kind::Int)
            }
            DeValue::Float(number) => Kind::Text(number.as_str().to_owned()),
            DeValue::Boolean(value) => Kind::Bool(*value),
            DeValue::Datetime(moment) => Kind::Text(moment.to_string()),
            DeValue::Array(values) => Kind::List(values.iter().map(|value| self.node(value)).collect()),
            DeValue::Table(table) => return self.table(at, table),
        };
        Node { place: self.place(at), kind }
    }
}

/// The text under a key.
pub(super) fn text<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    node.get(key).and_then(Node::text)
}

/// The nodes of a list; none for anything else.
pub(super) fn each(node: Option<&Node>) -> &[Node] {
    match node.map(|node| &node.kind) {
        Some(Kind::List(nodes)) => nodes,
        _ => &[],
    }
}

/// The entries of a mapping under a key; none for anything else.
pub(super) fn entries<'n>(node: &'n Node, key: &str) -> &'n [(Key, Node)] {
    node.get(key).map_or(&[], Node::entries)
}

/// Whether the value under a key is `true`.
pub(super) fn is_true(node: &Node, key: &str) -> bool {
    node.get(key).is_some_and(|value| value.kind == Kind::Bool(true))
}

/// A scalar as text, numbers too.
pub(super) fn scalar(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Text(text) => Some(text.clone()),
        Kind::Int(number) => Some(number.to_string()),
        Kind::Float(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toml_values_know_their_place() {
        let node = toml("# é\n[[package]]\nname = \"é\"\nn = [1, { b.c = true }]\n").unwrap();
        let package = &each(node.get("package"))[0];
        assert_eq!((package.place.line, package.place.column), (2, 1));
        let name = package.get("name").unwrap();
        assert_eq!((name.place.line, name.place.column, name.text()), (3, 8, Some("é")));
        let inline = &each(package.get("n"))[1];
        assert!(is_true(inline.get("b").unwrap(), "c"));
    }

    #[test]
    fn deep_and_broken_toml_is_a_problem() {
        for text in ["a".to_owned() + &".a".repeat(100_000) + "=1", "a=".to_owned() + &"[".repeat(100_000)] {
            assert!(toml(&text).is_err());
        }
        let nested = format!("a={}1{}", "{a=".repeat(50_000), "}".repeat(50_000));
        assert!(toml(&nested).is_err());
        assert_eq!(toml("a = 1\nb = \n").unwrap_err().line, 2);
    }
}
