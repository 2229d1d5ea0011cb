//! Schemas that need themselves: `A` requires a `B`, and `B` requires an `A`. No value that ends
//! can fit them, so nobody can send one.

use std::collections::BTreeSet;

use gonogo_model::fact::Value;
use gonogo_model::yaml::{Kind, Node};
use serde_json::json;

use super::super::library::{Library, Spot};

/// Rounds until nothing new is found; a chain of schemas that is longer is not judged.
const ROUNDS: usize = 200;
/// Levels of schemas inside one component.
const DEEPEST: usize = 48;

type Known = BTreeSet<*const Node>;

/// Components of the document that no finite value fits, as `{name, line}`.
pub(super) fn of(library: &Library, root: Spot<'_>) -> Vec<Value> {
    let schemas = root.get("components").and_then(|components| components.get("schemas"));
    let schemas: Vec<_> = schemas.into_iter().flat_map(Spot::own_entries).collect();
    let components: Known = schemas.iter().map(|(_, schema)| std::ptr::from_ref(schema.node)).collect();
    let mut finite: Known = BTreeSet::new();
    for _ in 0..ROUNDS {
        let before = finite.len();
        for (_, schema) in &schemas {
            if !finite.contains(&std::ptr::from_ref(schema.node))
                && ends(library, *schema, &components, &finite, 0)
            {
                finite.insert(std::ptr::from_ref(schema.node));
            }
        }
        if finite.len() == before {
            let endless =
                schemas.iter().filter(|(_, schema)| !finite.contains(&std::ptr::from_ref(schema.node)));
            return endless.map(|(key, _)| json!({"name": key.name, "line": key.place.line})).collect();
        }
    }
    Vec::new()
}

/// Whether a value that ends fits the schema, when only the `finite` components are known to.
fn ends(library: &Library, schema: Spot<'_>, components: &Known, finite: &Known, depth: usize) -> bool {
    if depth > DEEPEST {
        return true;
    }
    let below = |part: Spot<'_>| ends(library, part, components, finite, depth.saturating_add(1));
    if let Some(text) = schema.reference() {
        let Ok(target) = library.resolve(schema.file, text) else { return true };
        let address = std::ptr::from_ref(target.node);
        return if components.contains(&address) { finite.contains(&address) } else { below(target) };
    }
    if may_be_null(schema) || schema.get("enum").is_some() || schema.get("const").is_some() {
        return true;
    }
    let all = schema.get("allOf").into_iter().flat_map(Spot::items).all(below);
    let any = ["anyOf", "oneOf"].iter().all(|key| {
        let parts: Vec<_> = schema.get(key).into_iter().flat_map(Spot::items).collect();
        parts.is_empty() || parts.into_iter().any(below)
    });
    all && any && properties_end(schema, below) && items_end(schema, below)
}

fn properties_end(schema: Spot<'_>, below: impl Fn(Spot<'_>) -> bool) -> bool {
    // Without `type: object` anything but an object fits.
    let Some(properties) = schema.get("properties").filter(|_| schema.text("type") == Some("object")) else {
        return true;
    };
    let required =
        schema.get("required").into_iter().flat_map(Spot::items).filter_map(|name| name.node.text());
    required.filter_map(|name| properties.get(name)).all(|property| {
        // What is for one direction only need not be there in the other.
        property.is_true("readOnly") || property.is_true("writeOnly") || below(property)
    })
}

fn items_end(schema: Spot<'_>, below: impl Fn(Spot<'_>) -> bool) -> bool {
    let needs_one =
        schema.get("minItems").is_some_and(|least| matches!(least.node.kind, Kind::Int(least) if least > 0));
    let items = schema.get("items").filter(|_| needs_one && schema.text("type") == Some("array"));
    items.is_none_or(below)
}

fn may_be_null(schema: Spot<'_>) -> bool {
    let names_null = |kind: Spot<'_>| {
        kind.node.text() == Some("null") || kind.items().any(|one| one.node.text() == Some("null"))
    };
    schema.is_true("nullable") || schema.get("type").is_some_and(names_null)
}
