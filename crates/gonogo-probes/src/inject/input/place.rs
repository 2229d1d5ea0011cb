//! Where payloads are put: every input of an operation that takes text, one at a time. It makes what
//! is sent and sends nothing.

use gonogo_model::fact::Value;
use serde_json::json;

use crate::api::fill::{Content, Filled, Form, text};
use crate::api::schema::{kind, properties, whole};
use crate::openapi::served::{Interface, Operation};

/// Properties inside properties.
const DEEPEST: usize = 3;

/// One input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// The parameter with this number.
    Input(usize),
    /// The property at these names in the body.
    Body(Vec<String>),
}

/// The places of an operation with their names, such as `query q` and `body /title`.
pub(super) fn all(interface: &Interface, operation: &Operation, good: &Filled) -> Vec<(String, Place)> {
    let mut found = Vec::new();
    for (at, input) in operation.inputs.iter().enumerate() {
        let takes_text = matches!(kind(&whole(&input.schema, &interface.sent)), Some("string") | None);
        let is_ours =
            matches!(input.name.to_lowercase().as_str(), "accept" | "content-type" | "authorization");
        if takes_text && !is_ours && input.place != "cookie" {
            found.push((format!("{} {}", input.place, input.name), Place::Input(at)));
        }
    }
    if let (Some(body), Some(content)) = (&operation.body, &good.body)
        && let Some(schema) = body
            .media
            .iter()
            .find(|media| media.name == content.media)
            .and_then(|media| media.schema.as_ref())
        && matches!(content.form, Form::Json(_) | Form::Fields(_))
    {
        let mut names = Vec::new();
        of_body(interface, schema, &mut names, &mut found);
    }
    found
}

fn of_body(interface: &Interface, schema: &Value, names: &mut Vec<String>, found: &mut Vec<(String, Place)>) {
    if names.len() >= DEEPEST {
        return;
    }
    for (name, schema) in properties(&whole(schema, &interface.sent)) {
        names.push(name.to_owned());
        let all = whole(schema, &interface.sent);
        match kind(&all) {
            Some("string") if !all.contains_key("enum") => {
                found.push((format!("body /{}", names.join("/")), Place::Body(names.clone())));
            }
            Some("object") => of_body(interface, schema, names, found),
            _ => {}
        }
        names.pop();
    }
}

/// The good value at a place; what is not sent there is a short word.
pub(super) fn value(filled: &Filled, place: &Place) -> String {
    let found = match place {
        Place::Input(at) => filled.inputs.get(*at).and_then(Option::as_ref).map(text),
        Place::Body(names) => body(filled).and_then(|body| {
            let value = names.iter().try_fold(body, |value, name| value.get(name))?;
            value.as_str().map(str::to_owned)
        }),
    };
    found.unwrap_or_else(|| "gonogo".to_owned())
}

/// The same with another text at the place.
pub(super) fn with(good: &Filled, place: &Place, text: &str) -> Filled {
    let mut filled = good.clone();
    match place {
        Place::Input(at) => {
            if let Some(input) = filled.inputs.get_mut(*at) {
                *input = Some(json!(text));
            }
        }
        Place::Body(names) => {
            if let Some(Content { form: Form::Json(body) | Form::Fields(body), .. }) = &mut filled.body {
                put(body, names, text);
            }
        }
    }
    filled
}

fn put(value: &mut Value, names: &[String], text: &str) {
    let Some((name, rest)) = names.split_first() else {
        *value = json!(text);
        return;
    };
    if !value.is_object() {
        *value = json!({});
    }
    if let Some(entries) = value.as_object_mut() {
        put(entries.entry(name.clone()).or_insert(Value::Null), rest, text);
    }
}

fn body(filled: &Filled) -> Option<&Value> {
    match &filled.body.as_ref()?.form {
        Form::Json(body) | Form::Fields(body) => Some(body),
        Form::Raw(_) => None,
    }
}
