//! References: what a `$ref` says, and where in a tree they stand. It does not follow them.

use gonogo_model::yaml::{Kind, Node};
use percent_encoding::percent_decode_str;

/// What a `$ref` says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reference {
    /// A pointer in the same file.
    Here(Vec<String>),
    /// A pointer in a file beside it.
    File(String, Vec<String>),
    /// Another machine, or a name that only a whole registry of schemas could know.
    Elsewhere,
}

impl Reference {
    pub(super) fn parse(text: &str) -> Reference {
        let (file, fragment) = text.split_once('#').unwrap_or((text, ""));
        let is_remote =
            file.starts_with("//") || file.split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme));
        if is_remote || !(fragment.is_empty() || fragment.starts_with('/')) {
            return Reference::Elsewhere;
        }
        let decode = |part: &str| percent_decode_str(part).decode_utf8_lossy().into_owned();
        let pointer: Vec<String> = fragment
            .split('/')
            .skip(1)
            .map(|part| decode(part).replace("~1", "/").replace("~0", "~"))
            .collect();
        match decode(file) {
            file if file.is_empty() => Reference::Here(pointer),
            file => Reference::File(file, pointer),
        }
    }
}

fn is_scheme(text: &str) -> bool {
    text.len() > 1 && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}

/// A `$ref` in a tree.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'n> {
    pub(super) text: &'n str,
    /// The text of the reference.
    pub(super) node: &'n Node,
    /// Below a key that starts with `x-`: only the tool it is for knows what it means.
    pub(super) in_extension: bool,
}

/// Calls `visit` on every reference of a tree. What is data (examples, defaults) holds none.
pub(super) fn each<'n>(root: &'n Node, visit: &mut impl FnMut(Found<'n>)) {
    walk(root, false, false, visit);
}

/// Keys whose value maps names that people choose to parts.
const NAMES: [&str; 19] = [
    "properties",
    "patternProperties",
    "definitions",
    "$defs",
    "dependentSchemas",
    "schemas",
    "responses",
    "parameters",
    "examples",
    "requestBodies",
    "headers",
    "securitySchemes",
    "links",
    "callbacks",
    "pathItems",
    "paths",
    "webhooks",
    "content",
    "encoding",
];
/// Keys whose value is data.
const DATA: [&str; 5] = ["example", "default", "enum", "const", "value"];

/// Recursion is bounded: the YAML reader refuses what is nested deeper than its limit.
fn walk<'n>(node: &'n Node, has_names: bool, in_extension: bool, visit: &mut impl FnMut(Found<'n>)) {
    match &node.kind {
        Kind::List(nodes) => nodes.iter().for_each(|node| walk(node, false, in_extension, visit)),
        Kind::Map(entries) => {
            for (key, child) in entries {
                let name = key.name.as_str();
                match child.text() {
                    Some(text) if name == "$ref" => visit(Found { text, node: child, in_extension }),
                    _ if has_names => walk(child, false, in_extension, visit),
                    // Schemas have examples as a list of data.
                    _ if name == "examples" && matches!(child.kind, Kind::List(_)) => {}
                    _ if DATA.contains(&name) => {}
                    _ => {
                        let names = NAMES.contains(&name);
                        walk(child, names, in_extension || name.starts_with("x-"), visit);
                    }
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::library::parse;
    use super::*;

    #[test]
    fn pointers_are_decoded_and_strangers_are_told_apart() {
        let here = |parts: &[&str]| Reference::Here(parts.iter().map(|&part| part.to_owned()).collect());
        assert_eq!(Reference::parse("#/paths/~1a~1%7Bid%7D/get"), here(&["paths", "/a/{id}", "get"]));
        assert_eq!(Reference::parse("#"), here(&[]));
        let file = Reference::File("../a b.yaml".into(), vec!["X".into()]);
        assert_eq!(Reference::parse("../a%20b.yaml#/X"), file);
        for elsewhere in ["https://a.example/x.yaml#/A", "//a/b", "#name", "urn:a"] {
            assert_eq!(Reference::parse(elsewhere), Reference::Elsewhere, "{elsewhere}");
        }
    }

    #[test]
    fn names_that_look_like_keywords_are_walked_and_data_is_not() {
        let text = "properties: { example: { $ref: a }, default: { $ref: b }, $ref: { type: string } }\nexample: { $ref: no }\nexamples: { one: { $ref: c, value: { $ref: no } } }\nx-a: { $ref: d }\nitems: { examples: [{ $ref: no }] }\n";
        let root = parse(text).unwrap();
        let mut found = Vec::new();
        each(&root, &mut |one| found.push((one.text, one.in_extension)));
        assert_eq!(found, [("a", false), ("b", false), ("c", false), ("d", true)]);
    }
}
