//! What came back, as assertions see it and captures take it. It knows no network.

use std::time::Duration;

use gonogo_model::expression::{EvaluationError, Expression};
use gonogo_model::fact::{Item, Value};
use gonogo_model::flow::Capture;
use regex::Regex;
use reqwest::header::HeaderMap;
use serde_json::{Map, json};

use crate::tools::http::Answer;
use crate::tools::sinks::Arrived;

/// How much of a body an explanation repeats.
const SHOWN: usize = 160;

/// Something that came back.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    item: Item,
    body: Value,
    text: String,
    headers: Map<String, Value>,
    /// The status of an answer.
    pub(crate) status: Option<u16>,
}

impl Heard {
    pub(super) fn of_answer(answer: &Answer, took: Duration) -> Heard {
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        let status = answer.status.as_u16();
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        let heard = Heard::of(text, headers(&answer.headers));
        Heard { item: heard.item.fact("status", status).fact("ms", ms), status: Some(status), ..heard }
    }

    pub(super) fn of_event(text: String) -> Heard {
        let heard = Heard::of(text, Map::new());
        Heard { item: Item::new("event").fact("event", heard.body.clone()), ..heard }
    }

    pub(super) fn of_arrival(arrived: &Arrived) -> Heard {
        let headers = arrived.headers.iter().map(|(k, v)| (k.clone(), json!(v))).collect();
        let heard = Heard::of(arrived.body.clone(), headers);
        Heard { item: heard.item.fact("to", arrived.to.clone()), ..heard }
    }

    fn of(text: String, headers: Map<String, Value>) -> Heard {
        let body = serde_json::from_str(&text).unwrap_or_else(|_| Value::String(text.clone()));
        let item = Item::new("answer")
            .fact("body", body.clone())
            .fact("text", text.clone())
            .fact("headers", headers.clone());
        Heard { item, body, text, headers, status: None }
    }

    /// The body: JSON where it is, else a text.
    pub(crate) fn body(&self) -> &Value {
        &self.body
    }

    /// Whether an assertion holds. A value that is not there is not what was asked for.
    pub(super) fn holds(&self, which: &Expression, vars: Value) -> Result<(), String> {
        match which.holds(&self.item.clone().fact("vars", vars)) {
            Ok(true) => Ok(()),
            Ok(false) => Err(format!("`{}` does not hold", which.text())),
            Err(EvaluationError::Unmeasured(name)) => {
                Err(format!("`{}` does not hold: there is no `{name}`", which.text()))
            }
            Err(error) => Err(format!("`{}` does not hold: {error}", which.text())),
        }
    }

    /// What is kept of it.
    pub(super) fn take(&self, capture: &Capture) -> Result<Value, String> {
        match capture {
            Capture::Pointer(pointer) => {
                let found = self.body.pointer(pointer).cloned();
                found.ok_or_else(|| format!("there is nothing at `{pointer}` of the body"))
            }
            Capture::Header(name) => {
                self.headers.get(name).cloned().ok_or_else(|| format!("there is no header `{name}`"))
            }
            Capture::Pattern(pattern) => {
                let regex =
                    Regex::new(pattern).map_err(|_| format!("`{pattern}` is no regular expression"))?;
                let found = regex.captures(&self.text).and_then(|found| found.get(1));
                found
                    .map(|found| Value::String(found.as_str().to_owned()))
                    .ok_or_else(|| format!("nothing in the text fits `{pattern}`"))
            }
        }
    }

    /// In a few words, for an explanation.
    pub(super) fn shown(&self) -> String {
        let mut start: String = self.text.chars().take(SHOWN).collect();
        if start.len() < self.text.len() {
            start.push('…');
        }
        let start = start.split_whitespace().collect::<Vec<_>>().join(" ");
        match self.status {
            Some(status) if start.is_empty() => format!("it answered {status} with no body"),
            Some(status) => format!("it answered {status}: {start}"),
            None => start,
        }
    }
}

fn headers(headers: &HeaderMap) -> Map<String, Value> {
    let mut shown: Map<String, Value> = Map::new();
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        let joined = match shown.get(name.as_str()).and_then(Value::as_str) {
            Some(before) => format!("{before}, {value}"),
            None => value.into_owned(),
        };
        shown.insert(name.to_string(), Value::String(joined));
    }
    shown
}
