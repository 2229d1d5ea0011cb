//! Wrong values for an operation, one thing wrong in each: a wrong type, something missing, too
//! long, out of its bounds, none of the choices. Only what the document itself forbids is wrong.

use gonogo_model::fact::Value;
use serde_json::{Map, json};

use super::fill::{Filled, Form};
use super::schema::{kind, limit, properties, required, whole};
use crate::openapi::served::{Input, Interface, Media, Operation};

/// More is not sent to one operation.
const MOST: usize = 24;
/// Longer texts are not sent.
const LONGEST: u64 = 100_000;

/// What is sent, and what is wrong with it in words without a value: `body /email missing`.
#[derive(Debug)]
pub(crate) struct Wrong {
    pub(crate) what: String,
    pub(crate) filled: Filled,
}

/// Everything wrong that is sent to an operation.
pub(crate) fn inputs(interface: &Interface, operation: &Operation, good: &Filled) -> Vec<Wrong> {
    let mut found = Vec::new();
    for (at, input) in operation.inputs.iter().enumerate() {
        // What a path takes cannot be missing, and everything in an address is a text.
        if input.place == "query" || input.place == "header" || input.place == "path" {
            found.extend(of_input(interface, input, at, good));
        }
    }
    found.extend(of_body(interface, operation, good));
    found.truncate(MOST);
    found
}

fn of_input(interface: &Interface, input: &Input, at: usize, good: &Filled) -> Vec<Wrong> {
    if matches!(input.name.to_lowercase().as_str(), "accept" | "content-type" | "authorization") {
        return Vec::new();
    }
    let whole = whole(&input.schema, &interface.sent);
    let mut values: Vec<(&str, Option<Value>)> = Vec::new();
    if input.required && input.place != "path" {
        values.push(("missing", None));
    }
    // Everything in an address and a header is text: a wrong type is a text that is no number.
    let in_address = wrong_values(&whole).into_iter().filter(|(what, value)| {
        *what != "of a wrong type"
            || matches!(kind(&whole), Some("integer" | "number" | "boolean")) && value.is_string()
    });
    values.extend(in_address.map(|(what, value)| (what, Some(value))));
    let changed = values.into_iter().map(|(what, value)| {
        let mut filled = good.clone();
        if let Some(place) = filled.inputs.get_mut(at) {
            *place = value;
        }
        Wrong { what: format!("{} {} {what}", input.place, input.name), filled }
    });
    changed.collect()
}

fn of_body(interface: &Interface, operation: &Operation, good: &Filled) -> Vec<Wrong> {
    let (Some(body), Some(content)) = (&operation.body, &good.body) else { return Vec::new() };
    let Form::Json(value) = &content.form else { return Vec::new() };
    let mut found = Vec::new();
    let with = |form: Option<Form>| {
        let mut filled = good.clone();
        filled.body = form.map(|form| super::fill::Content { media: content.media.clone(), form });
        filled
    };
    if body.required {
        found.push(Wrong { what: "body missing".to_owned(), filled: with(None) });
        let broken = Form::Raw("{\"gonogo\": ".to_owned());
        found.push(Wrong { what: "body broken".to_owned(), filled: with(Some(broken)) });
    }
    let schema = body.media.iter().find(|media| media.name == content.media).and_then(schema_of);
    for (what, value) in schema.map(|schema| changes(schema, &interface.sent, value)).unwrap_or_default() {
        found.push(Wrong { what: format!("body {what}"), filled: with(Some(Form::Json(value))) });
    }
    found
}

fn schema_of(media: &Media) -> Option<&Value> {
    media.schema.as_ref()
}

/// The value with one thing wrong in each: only the first level, which each handler reads first.
fn changes(schema: &Value, definitions: &Map<String, Value>, good: &Value) -> Vec<(String, Value)> {
    let all = whole(schema, definitions);
    let Some(entries) = good.as_object() else { return Vec::new() };
    let mut found = Vec::new();
    for name in required(&all).filter(|name| entries.contains_key(*name)) {
        let mut changed = entries.clone();
        changed.remove(name);
        found.push((format!("/{name} missing"), Value::Object(changed)));
    }
    for (name, schema) in properties(&all) {
        for (what, value) in wrong_values(&whole(schema, definitions)) {
            let mut changed = entries.clone();
            changed.insert(name.to_owned(), value);
            found.push((format!("/{name} {what}"), Value::Object(changed)));
        }
    }
    found
}

/// Values that the schema forbids.
fn wrong_values(whole: &Map<String, Value>) -> Vec<(&'static str, Value)> {
    let mut found = Vec::new();
    let allows_null = whole
        .get("type")
        .and_then(Value::as_array)
        .is_some_and(|kinds| kinds.iter().any(|kind| kind == "null"));
    match kind(whole) {
        Some("string") => found.push(("of a wrong type", json!({ "gonogo": [] }))),
        Some("object" | "array" | "integer" | "number" | "boolean") if !allows_null => {
            found.push(("of a wrong type", json!("gonogo-is-a-text")));
        }
        _ => {}
    }
    if whole.contains_key("enum") && kind(whole) == Some("string") {
        found.push(("none of the choices", json!("gonogo-none-of-these")));
    }
    if let Some(most) = limit(whole, "maxLength").filter(|most| *most < LONGEST) {
        let length = usize::try_from(most).unwrap_or_default().saturating_add(1);
        found.push(("too long", json!("a".repeat(length))));
    }
    if let Some(least) = limit(whole, "minLength").filter(|least| *least > 0) {
        let length = usize::try_from(least.min(LONGEST)).unwrap_or_default().saturating_sub(1);
        found.push(("too short", json!("a".repeat(length))));
    }
    if let Some(most) = whole.get("maximum").and_then(Value::as_i64) {
        found.push(("too large", json!(most.saturating_add(1))));
    }
    if let Some(least) = whole.get("minimum").and_then(Value::as_i64) {
        found.push(("too small", json!(least.saturating_sub(1))));
    }
    found
}
