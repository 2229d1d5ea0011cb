//! Schemas in one piece: references followed, parts put together, the first of several ways taken.
//! It knows no values.

use gonogo_model::fact::Value;
use serde_json::Map;

/// References that lead to references, and parts inside parts.
const DEEPEST: usize = 16;

/// The schema with what it refers to and all of `allOf`; of `oneOf` and `anyOf` the first that is
/// not only null. What is deeper than it may be is left out.
pub(crate) fn whole(schema: &Value, definitions: &Map<String, Value>) -> Map<String, Value> {
    let mut made = Map::new();
    gather(schema, definitions, &mut made, 0);
    made
}

fn gather(schema: &Value, definitions: &Map<String, Value>, made: &mut Map<String, Value>, depth: usize) {
    let Some(entries) = schema.as_object().filter(|_| depth < DEEPEST) else { return };
    for (key, value) in entries {
        match key.as_str() {
            "$ref" => {
                if let Some(target) = target(value, definitions) {
                    gather(target, definitions, made, depth + 1);
                }
            }
            "allOf" => {
                let parts = value.as_array().into_iter().flatten();
                parts.for_each(|part| gather(part, definitions, made, depth + 1));
            }
            "oneOf" | "anyOf" => {
                let mut ways = value.as_array().into_iter().flatten();
                if let Some(way) = ways.find(|way| way.get("type").and_then(Value::as_str) != Some("null")) {
                    gather(way, definitions, made, depth + 1);
                }
            }
            _ => add(made, key, value),
        }
    }
}

fn target<'d>(reference: &Value, definitions: &'d Map<String, Value>) -> Option<&'d Value> {
    definitions.get(reference.as_str()?.strip_prefix("#/$defs/")?)
}

/// What two parts say of properties is added up; of anything else the first counts.
fn add(made: &mut Map<String, Value>, key: &str, value: &Value) {
    match (made.get_mut(key), value) {
        (Some(Value::Object(there)), Value::Object(more)) if key == "properties" => {
            for (name, schema) in more {
                there.entry(name).or_insert_with(|| schema.clone());
            }
        }
        (Some(Value::Array(there)), Value::Array(more)) if key == "required" => {
            there.extend(more.iter().cloned());
        }
        (Some(_), _) => {}
        (None, _) => drop(made.insert(key.to_owned(), value.clone())),
    }
}

/// The type that counts: the first that is not null, or what other keywords make of it.
pub(crate) fn kind(whole: &Map<String, Value>) -> Option<&str> {
    match whole.get("type") {
        Some(Value::String(kind)) => Some(kind),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        _ if whole.contains_key("properties") || whole.contains_key("required") => Some("object"),
        _ if whole.contains_key("items") => Some("array"),
        _ if ["minLength", "maxLength", "pattern", "format"].iter().any(|key| whole.contains_key(*key)) => {
            Some("string")
        }
        _ => None,
    }
}

/// The names of properties that must be there.
pub(crate) fn required(whole: &Map<String, Value>) -> impl Iterator<Item = &str> {
    whole.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// The properties by name.
pub(crate) fn properties(whole: &Map<String, Value>) -> impl Iterator<Item = (&str, &Value)> {
    let properties = whole.get("properties").and_then(Value::as_object).into_iter().flatten();
    properties.map(|(name, schema)| (name.as_str(), schema))
}

/// A limit such as `maxLength`.
pub(crate) fn limit(whole: &Map<String, Value>, key: &str) -> Option<u64> {
    whole.get(key)?.as_u64()
}
