//! Bodies that an operation takes: which of their parts may be of any size.

use std::collections::BTreeSet;

use gonogo_model::fact::Value;
use gonogo_model::yaml::{Kind, Node};
use serde_json::json;

use super::super::library::{Library, Spot};
use super::super::operations::{Operation, is_json};

const MOST: usize = 20;
/// Levels of schemas inside schemas.
const DEEPEST: usize = 24;
/// Schemas of one body.
const SCHEMAS: usize = 2_000;

/// Whether the operation takes a body with anything in it: generators write empty ones.
pub(super) fn says_something(library: &Library, operation: &Operation<'_>) -> bool {
    operation.request_media(library).iter().any(|(_, part)| {
        let schema = library.get(*part, "schema");
        schema.is_none_or(|schema| match schema.get("properties") {
            Some(properties) => !properties.node.entries().is_empty(),
            None => schema.text("type") != Some("object") || schema.get("additionalProperties").is_some(),
        })
    })
}

/// Texts and lists without a limit.
pub(super) fn unbounded(library: &Library, operation: &Operation<'_>) -> Vec<Value> {
    let mut walk = Walk { library, seen: BTreeSet::new(), found: Vec::new() };
    for (kind, part) in operation.request_media(library) {
        if let Some(schema) = part.get("schema").filter(|_| is_json(kind)) {
            walk.schema(schema, "", 0);
        }
    }
    walk.found
}

struct Walk<'l> {
    library: &'l Library,
    seen: BTreeSet<*const Node>,
    found: Vec<Value>,
}

impl Walk<'_> {
    fn schema(&mut self, schema: Spot<'_>, path: &str, depth: usize) {
        let Ok(schema) = self.library.follow(schema) else { return };
        let is_new = self.seen.len() < SCHEMAS && self.seen.insert(std::ptr::from_ref(schema.node));
        // What is only answered is not sent.
        if !is_new || depth > DEEPEST || self.found.len() >= MOST || schema.is_true("readOnly") {
            return;
        }
        let is_of = |name: &str| match schema.get("type").map(|kind| &kind.node.kind) {
            Some(Kind::Text(kind)) => kind == name,
            Some(Kind::List(kinds)) => kinds.iter().any(|kind| kind.text() == Some(name)),
            _ => false,
        };
        let has = |keys: &[&str]| keys.iter().any(|key| schema.get(key).is_some());
        let place = if path.is_empty() { "the body" } else { path };
        if is_of("string") && !has(&["maxLength", "enum", "const", "pattern", "format"])
            || is_of("array") && !has(&["maxItems", "prefixItems"])
        {
            self.found.push(json!({"where": place, "line": schema.line()}));
        }
        let below = depth.saturating_add(1);
        if let Some(items) = schema.get("items") {
            self.schema(items, &format!("{path}/*"), below);
        }
        for (key, property) in schema.get("properties").into_iter().flat_map(Spot::entries) {
            self.schema(property, &format!("{path}/{}", key.name), below);
        }
        for part in ["allOf", "anyOf", "oneOf"].iter().filter_map(|key| schema.get(key)).flat_map(Spot::items)
        {
            self.schema(part, path, below);
        }
    }
}
