//! Schemas of a document as JSON Schema 2020-12 that stands alone: references lead to `$defs`, and
//! what 3.0 says in words of its own is said as everybody else does. It knows no operations.

use std::collections::BTreeMap;

use gonogo_model::fact::Value;
use gonogo_model::yaml::Kind;
use serde_json::{Map, json};

use super::library::{Library, Spot};
use super::schema::Direction;
use super::survey::Dialect;

/// Keys whose value is data and no schema.
const DATA: [&str; 5] = ["example", "examples", "default", "enum", "const"];
/// Keys whose value maps names that people choose to schemas.
const NAMES: [&str; 3] = ["properties", "patternProperties", "dependentSchemas"];
/// Keys that would give a part a name of its own; what they lead to is written where it is needed.
const IDENTITY: [&str; 8] =
    ["$id", "$schema", "$anchor", "$dynamicAnchor", "$dynamicRef", "$defs", "definitions", "discriminator"];

/// Makes schemas for one direction; all of them share their definitions.
#[derive(Debug)]
pub(super) struct Bundle<'l> {
    library: &'l Library,
    dialect: Dialect,
    direction: Direction,
    names: BTreeMap<usize, String>,
    waiting: Vec<(String, Spot<'l>)>,
    definitions: Map<String, Value>,
}

impl<'l> Bundle<'l> {
    pub(super) fn new(library: &'l Library, dialect: Dialect, direction: Direction) -> Bundle<'l> {
        Bundle {
            library,
            dialect,
            direction,
            names: BTreeMap::new(),
            waiting: Vec::new(),
            definitions: Map::new(),
        }
    }

    /// The schema, and everything it leads to among the definitions.
    pub(super) fn schema(&mut self, spot: Spot<'l>) -> Value {
        let made = self.convert(spot);
        while let Some((name, spot)) = self.waiting.pop() {
            let definition = self.convert(spot);
            self.definitions.insert(name, definition);
        }
        made
    }

    pub(super) fn into_definitions(self) -> Map<String, Value> {
        self.definitions
    }

    /// Recursion is bounded by the depth of the file.
    fn convert(&mut self, spot: Spot<'l>) -> Value {
        match &spot.node.kind {
            Kind::List(_) => spot.items().map(|item| self.convert(item)).collect(),
            Kind::Map(_) => self.map(spot),
            _ => spot.node.to_json(),
        }
    }

    fn map(&mut self, spot: Spot<'l>) -> Value {
        let mut made = Map::new();
        if let Some(text) = spot.reference() {
            // What leads nowhere forbids nothing.
            let Ok(target) = self.library.resolve(spot.file, text) else { return Value::Bool(true) };
            made.insert("$ref".to_owned(), format!("#/$defs/{}", self.name(target)).into());
            if self.dialect == Dialect::V30 {
                return Value::Object(made);
            }
        }
        for (key, child) in spot.own_entries() {
            let name = key.name.as_str();
            let value = match name {
                "$ref" => continue,
                _ if IDENTITY.contains(&name) => continue,
                _ if DATA.contains(&name) => child.node.to_json(),
                _ if NAMES.contains(&name) => {
                    let entries = child.entries();
                    entries.map(|(key, schema)| (key.name.clone(), self.convert(schema))).collect()
                }
                _ => self.convert(child),
            };
            made.insert(name.to_owned(), value);
        }
        if self.dialect == Dialect::V30 {
            made = modern(made);
        }
        not_required_this_way(&mut made, self.direction);
        Value::Object(made)
    }

    fn name(&mut self, target: Spot<'l>) -> String {
        let identity = std::ptr::from_ref(target.node).addr();
        if let Some(name) = self.names.get(&identity) {
            return name.clone();
        }
        let name = format!("d{}", self.names.len());
        self.names.insert(identity, name.clone());
        self.waiting.push((name.clone(), target));
        name
    }
}

/// The schema of 3.0 in the words of JSON Schema.
fn modern(mut schema: Map<String, Value>) -> Map<String, Value> {
    for (strict, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        match schema.remove(strict) {
            Some(Value::Bool(true)) => {
                if let Some(limit) = schema.remove(bound) {
                    schema.insert(strict.to_owned(), limit);
                }
            }
            Some(limit @ Value::Number(_)) => drop(schema.insert(strict.to_owned(), limit)),
            _ => {}
        }
    }
    match schema.remove("nullable") {
        Some(Value::Bool(true)) if schema.is_empty() => schema,
        Some(Value::Bool(true)) => {
            let either = json!({ "anyOf": [Value::Object(schema), { "type": "null" }] });
            either.as_object().cloned().unwrap_or_default()
        }
        _ => schema,
    }
}

/// What is only read is not sent, and what is only written is not answered.
fn not_required_this_way(schema: &mut Map<String, Value>, direction: Direction) {
    let flag = match direction {
        Direction::Request => "readOnly",
        Direction::Response => "writeOnly",
        Direction::Both => return,
    };
    let only: Vec<String> = schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter(|(_, property)| property.get(flag) == Some(&Value::Bool(true)))
        .map(|(name, _)| name.clone())
        .collect();
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| !name.as_str().is_some_and(|name| only.iter().any(|one| one == name)));
    }
}
