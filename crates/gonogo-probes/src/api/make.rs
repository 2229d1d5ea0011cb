//! A value that fits a schema: small, and the same at every look. What is written in the document
//! counts before what is made up. It sends nothing.

use std::collections::BTreeMap;

use gonogo_model::fact::Value;
use regex::Regex;
use serde_json::{Map, json};

use super::schema::{kind, limit, properties, required, whole};

/// Values inside values.
const DEEPEST: usize = 8;
/// No text that is made up is longer, whatever its schema asks for.
const LONGEST: u64 = 10_000;
/// Texts that fit many a pattern.
const TEXTS: [&str; 24] = [
    "gonogo",
    "GONOGO",
    "Gonogo1!",
    "a",
    "A",
    "1",
    "12",
    "123",
    "1234",
    "12345",
    "123456",
    "a1",
    "A1",
    "AB",
    "ABC",
    "en",
    "en-US",
    "EUR",
    "#aabbcc",
    "1.0.0",
    "+491701234567",
    "2026-01-01",
    "12:00",
    "01890a5d-ac96-774b-bcce-b302099a8057",
];

/// Makes values. Names in `values` count before all else, for properties of any depth.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Maker<'a> {
    pub(crate) definitions: &'a Map<String, Value>,
    pub(crate) values: &'a BTreeMap<String, Value>,
}

impl Maker<'_> {
    /// A value for the schema; `None` when it wants something that cannot be made up here.
    pub(crate) fn value(&self, schema: &Value) -> Option<Value> {
        self.at_depth(schema, 0)
    }

    fn at_depth(&self, schema: &Value, depth: usize) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        let whole = whole(schema, self.definitions);
        if let Some(written) = written(&whole) {
            return Some(self.with_values(written));
        }
        match kind(&whole) {
            Some("object") => self.object(&whole, depth),
            Some("array") => self.list(&whole, depth),
            Some("integer") => number(&whole, true),
            Some("number") => number(&whole, false),
            Some("boolean") => Some(json!(true)),
            Some("null") => Some(Value::Null),
            Some("string") => text(&whole).map(Value::String),
            _ => Some(json!("gonogo")),
        }
    }

    fn object(&self, whole: &Map<String, Value>, depth: usize) -> Option<Value> {
        let mut made = Map::new();
        for (name, schema) in properties(whole) {
            match self.values.get(name) {
                Some(value) => drop(made.insert(name.to_owned(), value.clone())),
                None if required(whole).any(|one| one == name) => {
                    made.insert(name.to_owned(), self.at_depth(schema, depth + 1)?);
                }
                None => {}
            }
        }
        for name in required(whole) {
            made.entry(name).or_insert_with(|| json!("gonogo"));
        }
        Some(Value::Object(made))
    }

    fn list(&self, whole: &Map<String, Value>, depth: usize) -> Option<Value> {
        let count = limit(whole, "minItems").unwrap_or(1).clamp(1, 100);
        let item = self.at_depth(whole.get("items").unwrap_or(&Value::Bool(true)), depth + 1)?;
        let distinct = |at: u64| match (&item, whole.get("uniqueItems")) {
            (Value::String(text), Some(Value::Bool(true))) if at > 0 => json!(format!("{text}{at}")),
            _ => item.clone(),
        };
        let count = if limit(whole, "maxItems") == Some(0) { 0 } else { count };
        Some((0..count).map(distinct).collect())
    }

    /// An example in which the names that the check gives a value have that.
    pub(crate) fn with_values(&self, mut written: Value) -> Value {
        for (name, value) in written.as_object_mut().into_iter().flatten() {
            if let Some(given) = self.values.get(name) {
                *value = given.clone();
            }
        }
        written
    }
}

fn written(whole: &Map<String, Value>) -> Option<Value> {
    let first = |key: &str| whole.get(key).and_then(Value::as_array).and_then(|values| values.first());
    let written = ["example", "const", "default"].iter().find_map(|key| whole.get(*key));
    let written = written.or_else(|| first("examples")).or_else(|| first("enum"))?;
    (!written.is_null()).then(|| written.clone())
}

fn number(whole: &Map<String, Value>, is_whole: bool) -> Option<Value> {
    let bound = |key: &str| whole.get(key).and_then(Value::as_f64);
    let step = if is_whole { 1.0 } else { 0.5 };
    let least = bound("minimum").or_else(|| bound("exclusiveMinimum").map(|bound| bound + step));
    let most = bound("maximum").or_else(|| bound("exclusiveMaximum").map(|bound| bound - step));
    let mut value = least.unwrap_or_else(|| most.map_or(1.0, |most| most.min(1.0)));
    if let Some(multiple) = bound("multipleOf").filter(|multiple| *multiple > 0.0) {
        value = (value / multiple).ceil() * multiple;
    }
    match is_whole {
        #[expect(clippy::cast_possible_truncation, reason = "bounds beyond 64 bits saturate")]
        true => Some(json!(value.ceil() as i64)),
        false => Some(json!(value)),
    }
}

fn text(whole: &Map<String, Value>) -> Option<String> {
    let least = limit(whole, "minLength").unwrap_or(0);
    let most = limit(whole, "maxLength").unwrap_or(LONGEST);
    if least > LONGEST {
        return None;
    }
    if let Some(pattern) = whole.get("pattern").and_then(Value::as_str) {
        let pattern = Regex::new(pattern).ok()?;
        let fits = |text: &&str| {
            let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
            pattern.is_match(text) && (least..=most).contains(&length)
        };
        return TEXTS.iter().copied().find(fits).map(str::to_owned);
    }
    let made = whole.get("format").and_then(Value::as_str).and_then(of_format).unwrap_or("gonogo");
    let mut made = made.to_owned();
    while u64::try_from(made.chars().count()).unwrap_or(u64::MAX) < least {
        made.push('a');
    }
    Some(made.chars().take(usize::try_from(most).unwrap_or(usize::MAX)).collect())
}

fn of_format(format: &str) -> Option<&'static str> {
    Some(match format {
        "date-time" => "2026-01-01T12:00:00Z",
        "date" => "2026-01-01",
        "time" => "12:00:00Z",
        "duration" => "PT1M",
        "email" | "idn-email" => "gonogo@gonogo.test",
        "hostname" | "idn-hostname" => "gonogo.test",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "uri" | "url" | "iri" => "https://gonogo.test/",
        "uuid" => "01890a5d-ac96-774b-bcce-b302099a8057",
        "byte" => "Z29ub2dv",
        "password" => "Go-nogo-2026-9z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(schema: Value) -> Option<Value> {
        let (definitions, values) = (Map::new(), BTreeMap::from([("owner".to_owned(), json!("ana"))]));
        Maker { definitions: &definitions, values: &values }.value(&schema)
    }

    #[test]
    fn a_value_fits_its_schema() {
        for schema in [
            json!({"type": "string", "minLength": 9, "maxLength": 9}),
            json!({"type": "string", "maxLength": 2}),
            json!({"type": "string", "pattern": "^[A-Z]{3}$"}),
            json!({"type": "string", "format": "date-time"}),
            json!({"type": "integer", "minimum": 5, "multipleOf": 4}),
            json!({"type": "integer", "maximum": -5}),
            json!({"type": "number", "exclusiveMinimum": 0, "maximum": 1}),
            json!({"type": "array", "minItems": 2, "uniqueItems": true, "items": {"type": "string"}}),
            json!({"type": ["null", "boolean"]}),
            json!({"oneOf": [{"type": "null"}, {"type": "object", "required": ["a"],
                "properties": {"a": {"allOf": [{"type": "string"}, {"enum": ["x"]}]}}}]}),
        ] {
            let value = made(schema.clone()).unwrap();
            let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
            assert!(validator.is_valid(&value), "{schema} made {value}");
        }
    }

    #[test]
    fn what_is_written_and_given_counts_before_what_is_made_up() {
        let schema = json!({"type": "object", "required": ["id"], "properties": {
            "id": {"type": "integer", "example": 7}, "owner": {"type": "string"}, "note": {"type": "string"}}});
        assert_eq!(made(schema), Some(json!({"id": 7, "owner": "ana"})));
        assert_eq!(made(json!({"example": {"owner": "somebody"}})), Some(json!({"owner": "ana"})));
    }

    #[test]
    fn what_cannot_be_made_up_is_said() {
        assert_eq!(made(json!({"type": "string", "pattern": "^urn:x:[0-9]{40}$"})), None);
        assert_eq!(made(json!({"type": "string", "minLength": 1_000_000})), None);
    }
}
