//! Whether an answer is what the document says: its status, its media type, its body, its headers.
//! What is said of a body are pointers and keywords, never a value of it.

use gonogo_model::fact::Value;
use jsonschema::error::ValidationErrorKind;
use reqwest::header::CONTENT_TYPE;
use serde_json::{Map, json};

use super::fill::is_json;
use crate::openapi::served::{Interface, Media, Operation};
use crate::tools::http::Answer;

/// More of one body is not told.
const MOST_BREAKS: usize = 20;

/// How an answer differs from what was declared.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Differences {
    pub(crate) undeclared_status: Option<u16>,
    /// `200 text/html`; `none` when the answer states no type.
    pub(crate) undeclared_type: Option<String>,
    pub(crate) breaks: Vec<Break>,
    /// Required headers that are not there.
    pub(crate) missing_headers: Vec<String>,
    /// The body could not be compared, and why.
    pub(crate) not_compared: Option<String>,
}

/// One place of a body that breaks its schema.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Break {
    pub(crate) status: u16,
    /// JSON pointer into the body.
    pub(crate) pointer: String,
    /// The keyword of the schema, `json` when the body is no JSON.
    pub(crate) keyword: String,
    /// The name of the property that is missing.
    pub(crate) missing: Option<String>,
}

impl Break {
    pub(crate) fn told(&self) -> Value {
        let mut told = json!({ "status": self.status, "pointer": self.pointer, "keyword": self.keyword });
        if let Some(missing) = &self.missing {
            told["missing"] = json!(missing);
        }
        told
    }
}

/// Compares an answer with its operation.
pub(crate) fn compare(interface: &Interface, operation: &Operation, answer: &Answer) -> Differences {
    let status = answer.status.as_u16();
    let mut found = Differences::default();
    let Some(response) = operation.response(status) else {
        found.undeclared_status = Some(status);
        return found;
    };
    found.missing_headers =
        response.headers.iter().filter(|name| !answer.headers.contains_key(name.as_str())).cloned().collect();
    if operation.method == "HEAD" {
        return found;
    }
    let stated = stated_type(answer);
    match (&*response.media, &stated) {
        ([], _) if answer.body.is_empty() => {}
        ([], stated) => found.undeclared_type = Some(format!("{status} {}", name(stated))),
        (declared, stated) => match declared.iter().find(|media| covers(&media.name, name(stated))) {
            None => found.undeclared_type = Some(format!("{status} {}", name(stated))),
            Some(media) => body(interface, media, answer, name(stated), &mut found),
        },
    }
    found
}

fn name(stated: &Option<String>) -> &str {
    stated.as_deref().unwrap_or("none")
}

fn stated_type(answer: &Answer) -> Option<String> {
    let stated = answer.headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let essence = stated.split(';').next().unwrap_or_default().trim().to_lowercase();
    (!essence.is_empty()).then_some(essence)
}

/// Whether a declared type, which may be `text/*`, covers what was stated.
fn covers(declared: &str, stated: &str) -> bool {
    let declared = declared.split(';').next().unwrap_or_default().trim().to_lowercase();
    match declared.strip_suffix('*') {
        Some("*/") => stated != "none",
        Some(start) => stated.starts_with(start),
        None => declared == stated,
    }
}

fn body(interface: &Interface, media: &Media, answer: &Answer, stated: &str, found: &mut Differences) {
    let Some(schema) = media.schema.as_ref().filter(|_| is_json(stated)) else { return };
    if answer.truncated {
        found.not_compared = Some("the body is larger than 1 MiB".to_owned());
        return;
    }
    let status = answer.status.as_u16();
    let Ok(value) = serde_json::from_slice::<Value>(&answer.body) else {
        let keyword = "json".to_owned();
        found.breaks.push(Break { status, pointer: String::new(), keyword, missing: None });
        return;
    };
    match breaks(schema, &interface.answered, &value, status) {
        Ok(breaks) => found.breaks = breaks,
        Err(why) => found.not_compared = Some(why),
    }
}

fn breaks(
    schema: &Value,
    definitions: &Map<String, Value>,
    value: &Value,
    status: u16,
) -> Result<Vec<Break>, String> {
    let whole = json!({ "allOf": [schema], "$defs": definitions });
    let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012);
    // The error may hold a part of the document; what is wrong with it `openapi/document` says.
    let validator = options
        .should_validate_formats(true)
        .offline()
        .build(&whole)
        .map_err(|_| "the schema is none that can be used; `openapi/document` says more".to_owned())?;
    let mut breaks: Vec<Break> = validator
        .iter_errors(value)
        .take(MOST_BREAKS)
        .map(|error| Break {
            status,
            pointer: error.instance_path().to_string(),
            keyword: error.kind().keyword().to_owned(),
            missing: match error.kind() {
                ValidationErrorKind::Required { property } => property.as_str().map(str::to_owned),
                _ => None,
            },
        })
        .collect();
    breaks.sort();
    breaks.dedup();
    Ok(breaks)
}
