//! A step as it is walked: one action, what must come of it, and what is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::raw::{RawAnswer, RawCapture, RawStep};
use super::text::{self, Text};
use crate::amount::Wait;
use crate::expression::Expression;

const LONGEST: Duration = Duration::from_secs(60);
const MOST_TIMES: u32 = 1_000;
const USUAL: Wait = Wait::seconds(10);
const USUAL_SILENCE: Wait = Wait::seconds(2);
/// What the CEL of a request, of a WebSocket and of a sink may name.
const OF_ANSWER: [&str; 6] = ["status", "headers", "body", "text", "ms", "vars"];
const OF_EVENT: [&str; 2] = ["event", "vars"];
const OF_ARRIVAL: [&str; 5] = ["to", "headers", "body", "text", "vars"];

/// One step of a flow.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "RawStep")]
pub struct Step {
    /// What is done, in words.
    pub name: String,
    /// Who acts; nobody in particular when absent.
    pub user: Option<String>,
    /// What is done.
    pub action: Action,
    /// What must hold of the answer. `None`: it must be no error.
    pub expect: Option<Expression>,
    /// What is kept of the answer, by name.
    pub capture: BTreeMap<String, Capture>,
    /// How long it may take; for what must not come, how long that is watched.
    pub within: Wait,
    /// How often it is done.
    pub times: u32,
    /// How long it is repeated until `expect` holds.
    pub eventually: Option<Wait>,
    /// The walk goes on without waiting for the answer, which is kept under this name.
    pub in_background: Option<String>,
}

impl JsonSchema for Step {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Step".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        RawStep::json_schema(generator)
    }
}

/// What a step does.
#[derive(Debug, Clone)]
pub enum Action {
    /// Sends a request.
    Request {
        /// How.
        method: Method,
        /// The target; the check's own when absent.
        at: Option<String>,
        /// Path and query; or a whole address of a declared target.
        path: Text,
        /// Headers by name.
        headers: BTreeMap<String, Text>,
        /// What is sent.
        body: Body,
    },
    /// Opens a WebSocket.
    Open {
        /// The target; the check's own when absent.
        at: Option<String>,
        /// Its name.
        socket: String,
        /// Path and query.
        path: Text,
        /// Headers by name.
        headers: BTreeMap<String, Text>,
    },
    /// Sends JSON over a WebSocket.
    Send {
        /// Its name.
        socket: String,
        /// What; its texts may hold names.
        value: Value,
    },
    /// Waits for an event of a WebSocket.
    Receive {
        /// Its name.
        socket: String,
        /// Which event.
        which: Expression,
    },
    /// Watches that no such event comes.
    Silent {
        /// Its name.
        socket: String,
        /// Which event.
        which: Expression,
    },
    /// Closes a WebSocket.
    Close {
        /// Its name.
        socket: String,
    },
    /// Waits for something at a sink.
    Arrives {
        /// The target.
        sink: String,
        /// What.
        which: Expression,
    },
    /// Watches that no such thing comes to a sink.
    Quiet {
        /// The target.
        sink: String,
        /// What.
        which: Expression,
    },
    /// Changes how a sink answers.
    Answer {
        /// The target.
        sink: String,
        /// How.
        reply: Reply,
    },
    /// Does nothing for a while.
    Wait(Wait),
    /// Waits for the answer of an earlier step.
    Await(String),
}

/// How a request asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// GET
    Get,
    /// HEAD
    Head,
    /// POST
    Post,
    /// PUT
    Put,
    /// PATCH
    Patch,
    /// DELETE
    Delete,
}

impl Method {
    /// As HTTP writes it.
    pub fn name(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Head => "HEAD",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

/// What a request sends.
#[derive(Debug, Clone, PartialEq)]
pub enum Body {
    /// Nothing.
    Nothing,
    /// JSON, whose texts may hold names.
    Json(Value),
    /// Form fields.
    Form(BTreeMap<String, Text>),
    /// Text.
    Text(Text),
}

/// How a sink answers.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The JSON body.
    pub body: Value,
    /// How long it waits before.
    pub after: Wait,
}

/// What is kept of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Capture {
    /// Where a JSON pointer points.
    Pointer(String),
    /// The value of a header, by its lower-case name.
    Header(String),
    /// The first group of a regular expression.
    Pattern(String),
}

impl TryFrom<RawStep> for Step {
    type Error = String;

    fn try_from(mut raw: RawStep) -> Result<Step, String> {
        let (shown, action) = action(&mut raw)?;
        let name = raw.name.clone().unwrap_or(shown);
        let said = |why: String| format!("`{name}`: {why}");
        let answers = matches!(action, Action::Request { .. } | Action::Await(_));
        let keeps = answers || matches!(action, Action::Receive { .. } | Action::Arrives { .. });
        if !answers && (raw.expect.is_some() || raw.eventually.is_some() || raw.in_background.is_some()) {
            return Err(said("only a request has `expect`, `eventually` and `in_background`".to_owned()));
        }
        if !keeps && !raw.capture.is_empty() {
            return Err(said("there is no answer to capture from".to_owned()));
        }
        let times = raw.times.unwrap_or(1);
        if !(1..=MOST_TIMES).contains(&times) {
            return Err(said(format!("`times` is {times}; write 1 to {MOST_TIMES}")));
        }
        let expect = raw.expect.as_deref().map(|text| cel(text, &OF_ANSWER)).transpose().map_err(said)?;
        let silence = matches!(action, Action::Silent { .. } | Action::Quiet { .. });
        let usual = if silence { USUAL_SILENCE } else { USUAL };
        Ok(Step {
            expect,
            capture: captures(raw.capture).map_err(said)?,
            within: limited("within", raw.within).map_err(said)?.unwrap_or(usual),
            eventually: limited("eventually", raw.eventually).map_err(said)?,
            times,
            in_background: raw.in_background,
            user: raw.user,
            name,
            action,
        })
    }
}

/// What a step does, and how that is shown when it has no name.
fn action(raw: &mut RawStep) -> Result<(String, Action), String> {
    let mut found: Vec<(String, Action)> = Vec::new();
    let methods = [
        (Method::Get, raw.get.take()),
        (Method::Head, raw.head.take()),
        (Method::Post, raw.post.take()),
        (Method::Put, raw.put.take()),
        (Method::Patch, raw.patch.take()),
        (Method::Delete, raw.delete.take()),
    ];
    for (method, path) in methods {
        if let Some(path) = path {
            found.push((format!("{} {path}", method.name()), request(raw, method, &path)?));
        }
    }
    over_socket(raw, &mut found)?;
    at_sink(raw, &mut found)?;
    if let Some(wait) = limited("wait", raw.wait)? {
        found.push((format!("wait {wait}"), Action::Wait(wait)));
    }
    if let Some(name) = &raw.awaited {
        found.push((format!("await {name}"), Action::Await(name.clone())));
    }
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => Err("the step does nothing; write `get: /path`, `receive: …`, `wait: 1s` or another".to_owned()),
        _ => Err(format!("one step does one thing, and this one does {}", names.join(" and "))),
    }
}

fn request(raw: &RawStep, method: Method, path: &str) -> Result<Action, String> {
    let bodies = [raw.body.is_some(), raw.text.is_some(), raw.form.is_some()];
    if bodies.iter().filter(|given| **given).count() > 1 {
        return Err("a request has one body: `body`, `text` or `form`".to_owned());
    }
    let body = match (&raw.body, &raw.text, &raw.form) {
        (Some(value), ..) => Body::Json(checked(value)?.clone()),
        (_, Some(text), _) => Body::Text(Text::parse(text)?),
        (.., Some(form)) => Body::Form(texts(form)?),
        _ => Body::Nothing,
    };
    Ok(Action::Request {
        method,
        at: raw.at.clone(),
        path: place(path)?,
        headers: texts(&raw.headers)?,
        body,
    })
}

fn over_socket(raw: &RawStep, found: &mut Vec<(String, Action)>) -> Result<(), String> {
    let named = || raw.socket.clone().ok_or_else(|| "say which WebSocket: `socket: name`".to_owned());
    if let Some(path) = &raw.open {
        let (at, headers) = (raw.at.clone(), texts(&raw.headers)?);
        let action = Action::Open { at, socket: named()?, path: place(path)?, headers };
        found.push((format!("open {path}"), action));
    }
    if let Some(value) = &raw.send {
        let value = checked(value)?.clone();
        found.push((format!("send over {}", named()?), Action::Send { socket: named()?, value }));
    }
    if let Some(text) = &raw.receive {
        let which = cel(text, &OF_EVENT)?;
        found.push((format!("receive {text}"), Action::Receive { socket: named()?, which }));
    }
    if let Some(text) = &raw.silent {
        let which = cel(text, &OF_EVENT)?;
        found.push((format!("silent about {text}"), Action::Silent { socket: named()?, which }));
    }
    if let Some(socket) = &raw.close {
        found.push((format!("close {socket}"), Action::Close { socket: socket.clone() }));
    }
    Ok(())
}

fn at_sink(raw: &RawStep, found: &mut Vec<(String, Action)>) -> Result<(), String> {
    let named = || raw.sink.clone().ok_or_else(|| "say which sink: `sink: target`".to_owned());
    if let Some(text) = &raw.arrives {
        let which = cel(text, &OF_ARRIVAL)?;
        found.push((format!("arrives {text}"), Action::Arrives { sink: named()?, which }));
    }
    if let Some(text) = &raw.quiet {
        let which = cel(text, &OF_ARRIVAL)?;
        found.push((format!("quiet about {text}"), Action::Quiet { sink: named()?, which }));
    }
    if let Some(RawAnswer { status, body, after }) = &raw.answer {
        if !(200..=599).contains(status) {
            return Err(format!("a sink cannot answer with status {status}; write 200 to 599"));
        }
        let after = limited("after", *after)?.unwrap_or(Wait::seconds(0));
        let reply = Reply { status: *status, body: body.clone(), after };
        found.push((format!("the sink answers {status}"), Action::Answer { sink: named()?, reply }));
    }
    Ok(())
}

fn place(path: &str) -> Result<Text, String> {
    let text = Text::parse(path)?;
    match text.start() {
        Some(start) if !start.starts_with('/') => {
            Err(format!("the path `{path}` does not start with a slash; write `/{path}`"))
        }
        _ => Ok(text),
    }
}

fn texts(written: &BTreeMap<String, String>) -> Result<BTreeMap<String, Text>, String> {
    written.iter().map(|(name, text)| Ok((name.clone(), Text::parse(text)?))).collect()
}

/// The value itself, when all names in its texts can be read.
fn checked(value: &Value) -> Result<&Value, String> {
    match value {
        Value::String(text) => Text::parse(text).map(drop)?,
        Value::Array(values) => values.iter().try_for_each(|value| checked(value).map(drop))?,
        Value::Object(entries) => entries.values().try_for_each(|value| checked(value).map(drop))?,
        _ => {}
    }
    Ok(value)
}

/// The CEL of what arrives at a sink.
///
/// # Errors
/// A sentence when it cannot be read, or names what an arrival does not have.
pub fn arrival(text: &str) -> Result<Expression, String> {
    cel(text, &OF_ARRIVAL)
}

fn cel(text: &str, known: &[&str]) -> Result<Expression, String> {
    let expression = Expression::parse(text).map_err(|error| format!("`{text}`: {error}"))?;
    let names: BTreeSet<&str> = expression.names().iter().map(String::as_str).collect();
    match names.iter().find(|name| !known.contains(name)) {
        Some(name) => Err(format!("`{text}` asks for `{name}`; there is {}", known.join(", "))),
        None => Ok(expression),
    }
}

fn captures(written: BTreeMap<String, RawCapture>) -> Result<BTreeMap<String, Capture>, String> {
    let one = |(name, capture): (String, RawCapture)| {
        if !text::is_name(&name) {
            return Err(format!("`{name}` is no name; write letters, digits and `_`"));
        }
        let capture = match capture {
            RawCapture::Pointer(pointer) if pointer.is_empty() || pointer.starts_with('/') => {
                Capture::Pointer(pointer)
            }
            RawCapture::Pointer(pointer) => {
                return Err(format!(
                    "`{pointer}` is not a JSON pointer; it starts with a slash, such as /id"
                ));
            }
            RawCapture::Header { header } => Capture::Header(header.to_ascii_lowercase()),
            RawCapture::Pattern { pattern } => Capture::Pattern(pattern),
        };
        Ok((name, capture))
    };
    written.into_iter().map(one).collect()
}

fn limited(name: &str, wait: Option<Wait>) -> Result<Option<Wait>, String> {
    match wait {
        Some(wait) if wait.0 > LONGEST => Err(format!("`{name}` is at most 1m")),
        wait => Ok(wait),
    }
}
