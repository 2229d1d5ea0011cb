//! Types, fixed values and bounds of one value.

use gonogo_model::yaml::{Kind, Node};
use regex::RegexBuilder;

use super::super::library::Spot;
use super::{Fit, Part, all};

/// Bytes of a compiled pattern, and of the pattern itself.
const PATTERN: usize = 1 << 20;
const LONGEST_PATTERN: usize = 2_000;
/// Digits of a whole number that the tree can hold as a number.
const DIGITS: usize = 18;

pub(super) fn kind(schema: Spot<'_>, value: Part<'_>) -> Fit {
    let Some(kind) = schema.get("type") else { return Fit::Fits };
    let names: Vec<&str> = match &kind.node.kind {
        Kind::Text(name) => vec![name],
        Kind::List(_) => kind.items().filter_map(|name| name.node.text()).collect(),
        _ => return Fit::Unknown,
    };
    if names.is_empty() || names.iter().any(|name| !TYPES.contains(name)) {
        return Fit::Unknown;
    }
    if names.iter().any(|name| is_of(value.node, name)) {
        return Fit::Fits;
    }
    if is_large_number(value.node) {
        return Fit::Unknown;
    }
    value.breaks(&format!("is {}, not {}", value.node.noun(), names.join(" or ")))
}

const TYPES: [&str; 7] = ["object", "array", "string", "number", "integer", "boolean", "null"];

fn is_of(value: &Node, name: &str) -> bool {
    match &value.kind {
        Kind::Null => name == "null",
        Kind::Bool(_) => name == "boolean",
        Kind::Int(_) => matches!(name, "integer" | "number"),
        Kind::Float(number) => name == "number" || name == "integer" && number.fract() == 0.0,
        Kind::Text(_) => name == "string",
        Kind::List(_) => name == "array",
        Kind::Map(_) => name == "object",
    }
}

/// Numbers beyond 64 bits are kept as text.
fn is_large_number(value: &Node) -> bool {
    value
        .text()
        .is_some_and(|text| text.len() > DIGITS && text.chars().all(|c| c.is_ascii_digit() || c == '-'))
}

/// `enum` and `const`.
pub(super) fn values(schema: Spot<'_>, value: Part<'_>) -> Fit {
    if let Some(fixed) = schema.get("const")
        && !same(fixed.node, value.node)
    {
        return value.breaks("is not the value of `const`");
    }
    let Some(list) = schema.get("enum") else { return Fit::Fits };
    let mut allowed = list.items().peekable();
    if allowed.peek().is_none() || allowed.any(|one| same(one.node, value.node)) {
        return Fit::Fits;
    }
    value.breaks("is none of the values of `enum`")
}

/// Whether two values are the same, wherever they stand.
pub(in super::super) fn same(a: &Node, b: &Node) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::List(a), Kind::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Kind::Map(a), Kind::Map(_)) => {
            a.len() == b.entries().len()
                && a.iter().all(|(key, one)| b.get(&key.name).is_some_and(|other| same(one, other)))
        }
        (a, b) => match (number(a), number(b)) {
            (Some(a), Some(b)) => a == b,
            _ => a == b,
        },
    }
}

/// The number a scalar is.
pub(in super::super) fn number(kind: &Kind) -> Option<f64> {
    match kind {
        #[expect(clippy::cast_precision_loss, reason = "bounds are compared as people write them")]
        Kind::Int(number) => Some(*number as f64),
        Kind::Float(number) => Some(*number),
        _ => None,
    }
}

pub(super) fn bounds(schema: Spot<'_>, value: Part<'_>) -> Fit {
    match &value.node.kind {
        Kind::Text(text) => {
            all([sizes(schema, value, text.chars().count(), "Length"), pattern(schema, value, text)])
        }
        kind => number(kind).map_or(Fit::Fits, |number| range(schema, value, number)),
    }
}

fn range(schema: Spot<'_>, value: Part<'_>, number: f64) -> Fit {
    let bound = |key: &str| schema.get(key).and_then(|bound| self::number(&bound.node.kind));
    // In 3.0 `exclusiveMinimum: true` sharpens `minimum`, in 3.1 it is a number itself.
    let low = bound("minimum")
        .is_some_and(|low| number < low || number == low && schema.is_true("exclusiveMinimum"))
        || bound("exclusiveMinimum").is_some_and(|low| number <= low);
    let high = bound("maximum")
        .is_some_and(|high| number > high || number == high && schema.is_true("exclusiveMaximum"))
        || bound("exclusiveMaximum").is_some_and(|high| number >= high);
    match (low, high) {
        (true, _) => value.breaks("is less than the minimum"),
        (_, true) => value.breaks("is more than the maximum"),
        _ => Fit::Fits,
    }
}

/// `minLength` and its like.
pub(super) fn sizes(schema: Spot<'_>, value: Part<'_>, size: usize, noun: &str) -> Fit {
    let bound = |key: String| match schema.get(&key)?.node.kind {
        Kind::Int(number) => usize::try_from(number).ok(),
        _ => None,
    };
    if bound(format!("min{noun}")).is_some_and(|least| size < least) {
        return value.breaks(&format!("is shorter than `min{noun}`"));
    }
    if bound(format!("max{noun}")).is_some_and(|most| size > most) {
        return value.breaks(&format!("is longer than `max{noun}`"));
    }
    Fit::Fits
}

fn pattern(schema: Spot<'_>, value: Part<'_>, text: &str) -> Fit {
    let Some(pattern) = schema.text("pattern") else { return Fit::Fits };
    // Patterns are of ECMAScript; what this engine cannot read is not judged.
    let read = RegexBuilder::new(pattern).size_limit(PATTERN).build();
    match read {
        _ if pattern.len() > LONGEST_PATTERN => Fit::Unknown,
        Ok(read) if !read.is_match(text) => value.breaks("does not match `pattern`"),
        Ok(_) => Fit::Fits,
        Err(_) => Fit::Unknown,
    }
}
