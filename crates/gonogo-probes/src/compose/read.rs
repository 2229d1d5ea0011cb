//! One compose file from bytes to a tree of parts, within limits. Whatever the bytes are, it gives
//! a tree or a problem with a place.

use std::collections::BTreeMap;

use gonogo_model::yaml::{self, Limits};

use super::interpolate::{self, Variables};
use super::tags::{Tag, Tagged};
use super::tree::{Entry, Kind, Part, Spot};

/// How large a compose file may be.
pub(super) const LIMITS: Limits = Limits { bytes: 1 << 20, nodes: 50_000, depth: 32 };
/// Bytes of one file, of compose or beside it.
pub(super) const FILE: u64 = LIMITS.bytes as u64;

/// Something about a file that people should know, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Problem {
    pub(super) at: Spot,
    /// What is wrong, without any value of the file.
    pub(super) what: String,
}

/// What was learned beside the tree.
#[derive(Debug, Default)]
pub(super) struct Notes {
    pub(super) problems: Vec<Problem>,
    /// Variables without value and without default, and where each is used first.
    pub(super) unset: BTreeMap<String, Spot>,
}

/// Reads the bytes of the file with number `file`; texts get their variables replaced.
pub(super) fn read(
    bytes: &[u8],
    file: usize,
    variables: &Variables,
    notes: &mut Notes,
) -> Result<Part, Problem> {
    let start = Spot { file, line: 1, column: 1 };
    let text = std::str::from_utf8(bytes)
        .map_err(|_| Problem { at: start, what: "the file is not UTF-8 text".to_owned() })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let node = yaml::parse(text, LIMITS).map_err(|error| {
        let at = error.place.map_or(start, |place| Spot { file, line: place.line, column: place.column });
        Problem { at, what: error.message }
    })?;
    if !matches!(node.kind, yaml::Kind::Map(_)) {
        let what = format!("the file holds {}, not a mapping with `services`", node.noun());
        return Err(Problem { at: start, what });
    }
    let tagged = Tagged::of(text);
    Ok(Reading { file, variables, notes, tagged }.part(node))
}

struct Reading<'r> {
    file: usize,
    variables: &'r Variables,
    notes: &'r mut Notes,
    tagged: Tagged<'r>,
}

impl Reading<'_> {
    /// Recursion is bounded: the YAML reader refuses what is nested deeper than its limit.
    fn part(&mut self, node: yaml::Node) -> Part {
        let at = Spot { file: self.file, line: node.place.line, column: node.place.column };
        let kind = match node.kind {
            yaml::Kind::Null => Kind::Null,
            yaml::Kind::Bool(value) => Kind::Bool(value),
            yaml::Kind::Int(value) => Kind::Number(value.to_string()),
            yaml::Kind::Float(value) => Kind::Number(value.to_string()),
            yaml::Kind::Text(raw) => self.text(&raw, at),
            yaml::Kind::List(nodes) => Kind::List(nodes.into_iter().map(|node| self.part(node)).collect()),
            yaml::Kind::Map(entries) => {
                Kind::Map(entries.into_iter().map(|(key, node)| self.entry(key, node)).collect())
            }
        };
        Part { at, kind }
    }

    fn entry(&mut self, key: yaml::Key, node: yaml::Node) -> Entry {
        let at = Spot { file: self.file, line: key.place.line, column: key.place.column };
        let tag = self.tagged.tag(at);
        let mut part = self.part(node);
        if tag == Some(Tag::Reset) {
            part.kind = Kind::Null;
        }
        Entry { name: key.name, at, part, replaces: tag == Some(Tag::Override) }
    }

    fn text(&mut self, raw: &str, at: Spot) -> Kind {
        let replaced = interpolate::replace(raw, self.variables);
        if replaced.malformed {
            let what = "a `$` here starts no variable that compose can read; write `$$` for the sign itself";
            self.notes.problems.push(Problem { at, what: what.to_owned() });
        }
        for name in replaced.unset {
            self.notes.unset.entry(name).or_insert(at);
        }
        Kind::Text(replaced.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> Result<Part, Problem> {
        read(text.as_bytes(), 0, &Variables::new(), &mut Notes::default())
    }

    #[test]
    fn anchors_and_merge_keys_are_expanded() {
        let part = tree("x: &x\n  a: 1\n  b: 2\ny:\n  <<: *x\n  b: 3\nz: {<<: [*x, {c: 4}]}\n").unwrap();
        let value = |map: &str, key: &str| part.get(map).and_then(|map| map.get(key)).and_then(Part::value);
        assert_eq!(value("y", "a").as_deref(), Some("1"));
        assert_eq!(value("y", "b").as_deref(), Some("3"));
        assert_eq!(value("z", "a").as_deref(), Some("1"));
        assert_eq!(value("z", "c").as_deref(), Some("4"));
    }

    #[test]
    fn compose_tags_are_read() {
        let part = tree("a: !reset null\nb: !override [x]\nc: !reset [y]\nd: !override {e: f}\n").unwrap();
        let replaces = |key: &str| part.entry(key).is_some_and(|entry| entry.replaces);
        assert!(part.get("a").is_some_and(Part::is_null) && part.get("c").is_some_and(Part::is_null));
        assert_eq!(part.get("b").map(|b| b.each().len()), Some(1));
        assert!(replaces("b") && replaces("d") && !replaces("a"));
    }

    #[test]
    fn what_cannot_be_read_is_a_problem() {
        for text in ["", "- a\n", "a: [", "a: 1\na: 2\n", "\t- x", "a: *nothing\n", "--- 1\n--- 2\n"] {
            assert!(tree(text).is_err(), "{text:?}");
        }
        assert!(read(&[0xff, 0xfe, 0], 0, &Variables::new(), &mut Notes::default()).is_err());
        assert!(tree(&"[".repeat(100_000)).is_err());
    }
}
