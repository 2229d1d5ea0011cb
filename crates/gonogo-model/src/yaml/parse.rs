//! Text to tree, within limits. Must never panic, recurse without bound, or take long,
//! whatever the text is: files of strangers are read with it.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

use super::node::{Key, Kind, Node};
use crate::diagnostic::Diagnostic;
use crate::place::Place;

/// How large a text may be before it is refused unread.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes of text.
    pub bytes: usize,
    /// Scalars, lists and mappings, after aliases are expanded.
    pub nodes: usize,
    /// Levels of nesting.
    pub depth: usize,
}

/// Bytes of stack for a level of nesting: unoptimised, the reader takes about half of it.
const STACK_OF_A_LEVEL: usize = 64 << 10;

impl Limits {
    /// Enough for a spec of thousands of checks.
    pub const SPEC: Limits = Limits { bytes: 4 << 20, nodes: 200_000, depth: 48 };
}

/// Parses one YAML document. Duplicate keys, several documents, merge bombs and
/// anything over the limits are errors with a place.
///
/// # Errors
/// One [`Diagnostic`] for the first thing that cannot be read.
pub fn parse(text: &str, limits: Limits) -> Result<Node, Diagnostic> {
    if text.len() > limits.bytes {
        return Err(Diagnostic::at(
            Place::START,
            format!("this file has {} bytes; at most {} are read", text.len(), limits.bytes),
        )
        .help("a spec is a page or two of YAML; is this the right file?"));
    }
    // The threads of a runtime are small, and unoptimised 64 levels would fill one. Each level takes a
    // byte of text at least: of a file with many short documents none needs a stack of its own.
    let levels = limits.depth.min(text.len());
    let stack = levels.saturating_add(1).saturating_mul(STACK_OF_A_LEVEL);
    stacker::maybe_grow(stack, stack, || {
        serde_saphyr::from_str_with_options::<Parsed>(text, options(limits))
            .map(|parsed| parsed.0)
            .map_err(|error| explain(&error))
    })
}

fn options(limits: Limits) -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_nodes: limits.nodes,
            max_events: limits.nodes * 4,
            max_depth: limits.depth,
            max_aliases: 2_000,
            max_anchors: 1_000,
            max_documents: 1,
            max_merge_keys: 1_000,
        },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 50_000 },
        duplicate_keys: serde_saphyr::options::DuplicateKeyPolicy::Error,
        strict_booleans: true,
        with_snippet: false,
    }
}

fn explain(error: &serde_saphyr::Error) -> Diagnostic {
    use serde_saphyr::Error;
    let place = error.location().map_or(Place::START, place_of);
    let said = error.render();
    let message = match cause(error) {
        Error::DuplicateMappingKey { key: Some(key), .. } => format!("the key `{key}` is written twice"),
        Error::Budget { .. } => format!("this YAML is too large or too deeply nested to be read ({said})"),
        Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => {
            "the aliases of this YAML expand to too much to be read".to_owned()
        }
        Error::MultipleDocuments { .. } => {
            "there is a second YAML document (`---`) in this file; one is read".to_owned()
        }
        Error::Eof { .. } => "the file is empty".to_owned(),
        _ => format!("this is not YAML that can be read: {said}"),
    };
    Diagnostic::at(place, message)
}

/// The error itself, below the wrappers for snippets and aliases.
fn cause(error: &serde_saphyr::Error) -> &serde_saphyr::Error {
    match error.without_snippet() {
        serde_saphyr::Error::AliasError { error, .. } => cause(error),
        other => other,
    }
}

fn place_of(location: Location) -> Place {
    let number = |value: u64| u32::try_from(value).unwrap_or(u32::MAX).max(1);
    Place {
        line: number(location.line()),
        column: number(location.column()),
        width: number(location.span().len()),
    }
}

struct Parsed(Node);

impl<'de> Deserialize<'de> for Parsed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Bare>::deserialize(deserializer)?;
        Ok(Parsed(Node { place: place_of(spanned.referenced), kind: spanned.value.0 }))
    }
}

struct Bare(Kind);

impl<'de> Deserialize<'de> for Bare {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BareVisitor).map(Bare)
    }
}

struct BareVisitor;

impl<'de> Visitor<'de> for BareVisitor {
    type Value = Kind;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Kind, E> {
        Ok(Kind::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Kind, E> {
        Ok(Kind::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Kind, E> {
        Ok(i64::try_from(value).map_or_else(|_| Kind::Text(value.to_string()), Kind::Int))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Kind, E> {
        Ok(Kind::Text(value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Kind, E> {
        Ok(Kind::Text(value.to_string()))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Kind, E> {
        if value.is_finite() { Ok(Kind::Float(value)) } else { Err(E::custom("a number must be finite")) }
    }

    fn visit_str<E>(self, value: &str) -> Result<Kind, E> {
        Ok(Kind::Text(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Kind, E> {
        Ok(Kind::Null)
    }

    fn visit_none<E>(self) -> Result<Kind, E> {
        Ok(Kind::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Kind, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Kind, A::Error> {
        let mut nodes = Vec::new();
        while let Some(Parsed(node)) = access.next_element()? {
            nodes.push(node);
        }
        Ok(Kind::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Kind, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = access.next_key::<Spanned<String>>()? {
            let Parsed(node) = access.next_value()?;
            entries.push((Key { name: key.value, place: place_of(key.referenced) }, node));
        }
        Ok(Kind::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_know_their_place() {
        let node = parse("a: 1\nbb:\n  - true\n  - 'x y'\n", Limits::SPEC).unwrap();
        let (key, value) = &node.entries()[1];
        assert_eq!((key.place.line, key.place.column), (2, 1));
        let Kind::List(items) = &value.kind else { panic!("not a list") };
        assert_eq!((items[1].place.line, items[1].place.column), (4, 5));
        assert_eq!(items[1].text(), Some("x y"));
        assert_eq!(items[0].kind, Kind::Bool(true));
    }

    #[test]
    fn a_duplicate_key_is_refused_at_its_second_place() {
        let error = parse("a: 1\nb: 2\na: 3\n", Limits::SPEC).unwrap_err();
        assert!(error.message.contains("`a` is written twice"), "{}", error.message);
        assert_eq!(error.place.map(|p| p.line), Some(3));
    }

    #[test]
    fn an_alias_bomb_is_refused() {
        let mut text = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for level in 1..12 {
            let alias = vec![format!("*a{}", level - 1); 10].join(",");
            text.push_str(&format!("a{level}: &a{level} [{alias}]\n"));
        }
        let error = parse(&text, Limits::SPEC).unwrap_err();
        assert!(error.message.contains("to be read"), "{}", error.message);
    }

    #[test]
    fn deep_nesting_is_refused() {
        assert!(parse(&"[".repeat(100_000), Limits::SPEC).is_err());
        assert!(parse(&"a:\n ".repeat(5_000), Limits::SPEC).is_err());
    }

    #[test]
    fn what_may_be_nested_fits_a_small_thread() {
        let limits = Limits { depth: 64, ..Limits::SPEC };
        let deep = |levels: usize| format!("{}{}", "{a: ".repeat(levels), "}".repeat(levels));
        let read = move || (parse(&deep(60), limits).is_ok(), parse(&deep(70), limits).is_ok());
        let reader = std::thread::Builder::new().stack_size(256 << 10).spawn(read).unwrap();
        assert_eq!(reader.join().unwrap(), (true, false));
    }

    #[test]
    fn an_empty_file_is_null() {
        assert_eq!(parse("", Limits::SPEC).map(|n| n.kind), Ok(Kind::Null));
        assert_eq!(parse("# only a comment\n", Limits::SPEC).map(|n| n.kind), Ok(Kind::Null));
    }
}
