//! An operation with a value for everything it takes. It chooses and sends nothing.

use gonogo_model::fact::Value;
use serde_json::Map;

use super::cast::Values;
use super::make::Maker;
use crate::openapi::served::{Body, Input, Operation};

/// What is sent with an operation. Its parts may be changed one by one.
#[derive(Debug, Clone)]
pub(crate) struct Filled {
    /// For each input of the operation in turn; `None` is not sent.
    pub(crate) inputs: Vec<Option<Value>>,
    pub(crate) body: Option<Content>,
}

/// A body.
#[derive(Debug, Clone)]
pub(crate) struct Content {
    pub(crate) media: String,
    pub(crate) form: Form,
}

/// How a body is written.
#[derive(Debug, Clone)]
pub(crate) enum Form {
    Json(Value),
    /// `name=value&…`
    Fields(Value),
    Raw(String),
}

/// Fills operations in.
#[derive(Debug)]
pub(crate) struct Filler<'a> {
    pub(crate) definitions: &'a Map<String, Value>,
    /// By name of a parameter or property; by `/path/{id}` for the last name of that path; by
    /// `POST /path` for a whole body.
    pub(crate) values: &'a Values,
}

impl Filler<'_> {
    /// The values, or why there is none for something that must be sent.
    pub(crate) fn fill(&self, operation: &Operation) -> Result<Filled, String> {
        let inputs = operation.inputs.iter().map(|input| self.input(operation, input));
        let body = operation.body.as_ref().map(|body| self.body(operation, body)).transpose()?;
        Ok(Filled { inputs: inputs.collect::<Result<_, _>>()?, body: body.flatten() })
    }

    fn maker(&self) -> Maker<'_> {
        Maker { definitions: self.definitions, values: &self.values.known }
    }

    fn input(&self, operation: &Operation, input: &Input) -> Result<Option<Value>, String> {
        if let Some(value) = self.given(operation, input)? {
            return Ok(Some(value.clone()));
        }
        if !input.required {
            return Ok(None);
        }
        if let Some(example) = &input.example {
            return Ok(Some(example.clone()));
        }
        let made = self.maker().value(&input.schema);
        made.map(Some).ok_or_else(|| {
            format!(
                "no value can be made up for `{}` in the {}; give one in `values`",
                input.name, input.place
            )
        })
    }

    /// For `/a/{id}/b`, what `/a/{id}` or `id` says.
    fn given(&self, operation: &Operation, input: &Input) -> Result<Option<&Value>, String> {
        let by_path = place(operation, input).map(|path| self.value(path)).transpose()?.flatten();
        match by_path {
            Some(value) => Ok(Some(value)),
            None => self.value(&input.name),
        }
    }

    fn value(&self, name: &str) -> Result<Option<&Value>, String> {
        match self.values.missing.get(name) {
            Some(why) => Err(format!("there is no value for `{name}`: {why}")),
            None => Ok(self.values.known.get(name)),
        }
    }

    fn body(&self, operation: &Operation, body: &Body) -> Result<Option<Content>, String> {
        let rank = |media: &str| match form(media) {
            Some(Written::Json) => 0,
            Some(Written::Fields) => 1,
            Some(Written::Text) => 2,
            None => 3,
        };
        let Some(media) = body.media.iter().min_by_key(|media| rank(&media.name)) else { return Ok(None) };
        let Some(written) = form(&media.name) else {
            let why = format!("a body of {} cannot be made up here", media.name);
            return if body.required { Err(why) } else { Ok(None) };
        };
        let given = self.value(&operation.name())?.cloned();
        let example = || media.example.clone().map(|example| self.maker().with_values(example));
        let made = || self.maker().value(media.schema.as_ref().unwrap_or(&Value::Bool(true)));
        let value = given.or_else(example).or_else(made).ok_or_else(|| {
            format!("no body can be made up; give one in `values` under `{}`", operation.name())
        })?;
        let form = match (written, value) {
            (Written::Json, value) => Form::Json(value),
            (Written::Fields, value) => Form::Fields(value),
            (Written::Text, value) => Form::Raw(text(&value)),
        };
        Ok(Some(Content { media: concrete(&media.name), form }))
    }
}

/// The path up to and with this input, when it stands in the path.
pub(crate) fn place<'o>(operation: &'o Operation, input: &Input) -> Option<&'o str> {
    let marked = format!("{{{}}}", input.name);
    let end = operation.path.find(&marked).filter(|_| input.place == "path")?;
    operation.path.get(..end.saturating_add(marked.len()))
}

enum Written {
    Json,
    Fields,
    Text,
}

fn form(media: &str) -> Option<Written> {
    let essence = media.split(';').next().unwrap_or_default().trim().to_lowercase();
    match essence.as_str() {
        "*/*" | "application/*" => Some(Written::Json),
        "application/x-www-form-urlencoded" => Some(Written::Fields),
        _ if is_json(&essence) => Some(Written::Json),
        "application/octet-stream" => Some(Written::Text),
        _ if essence.starts_with("text/") => Some(Written::Text),
        _ => None,
    }
}

/// Whether a media type is JSON.
pub(crate) fn is_json(media: &str) -> bool {
    media == "application/json" || media.ends_with("+json")
}

fn concrete(media: &str) -> String {
    if media.contains('*') { "application/json".to_owned() } else { media.to_owned() }
}

/// A value as one text: lists with commas, mappings as JSON.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Array(values) => values.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}
