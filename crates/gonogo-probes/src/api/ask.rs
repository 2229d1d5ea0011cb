//! One operation, asked: from values to a request within the target. It does not know what the
//! answer is wanted for.

use std::time::Duration;

use gonogo_model::fact::Value;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use tokio::time::{Instant, sleep};
use url::{Url, form_urlencoded};

use super::fill::{Filled, Form, text};
use crate::http::address::joined;
use crate::openapi::served::Operation;
use crate::tools::http::{Answer, HttpClient, HttpError, Question};

/// A value in the address is one part of it, whatever is in it.
const IN_ADDRESS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// A service that says to wait longer than this is not waited for.
const LONGEST_PAUSE: Duration = Duration::from_secs(61);

/// Asks operations of one service.
pub(crate) struct Asker {
    pub(crate) client: HttpClient,
    pub(crate) base: Url,
    /// Until when it waits for a service that limits it.
    pub(crate) patient_until: Instant,
    /// Requests that were sent.
    pub(crate) requests: u64,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) enum Silence {
    /// It could not even be sent.
    Unsendable(String),
    Http(HttpError),
}

impl std::fmt::Display for Silence {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Silence::Unsendable(why) => f.write_str(why),
            Silence::Http(error) => error.fmt(f),
        }
    }
}

impl Asker {
    pub(crate) fn new(client: HttpClient, base: Url, patience: Duration) -> Asker {
        Asker { client, base, patient_until: Instant::now() + patience, requests: 0 }
    }

    /// The answer, and how long it took. A service that answers 429 and says when to come back is
    /// asked again then, as long as there is patience left.
    pub(crate) async fn ask(
        &mut self,
        operation: &Operation,
        filled: &Filled,
        headers: &HeaderMap,
    ) -> Result<(Answer, Duration), Silence> {
        let question = self.question(operation, filled, headers).map_err(Silence::Unsendable)?;
        self.send(&question).await.map_err(Silence::Http)
    }

    /// The same for a request that is ready.
    pub(crate) async fn send(&mut self, question: &Question) -> Result<(Answer, Duration), HttpError> {
        loop {
            self.requests = self.requests.saturating_add(1);
            let (answer, took) = self.client.ask(question).await;
            let answer = answer?;
            match pause(&answer).filter(|pause| Instant::now() + *pause <= self.patient_until) {
                // The service asked for it.
                Some(pause) => sleep(pause).await,
                None => return Ok((answer, took)),
            }
        }
    }

    /// The request, or why it cannot be sent.
    pub(crate) fn question(
        &self,
        operation: &Operation,
        filled: &Filled,
        headers: &HeaderMap,
    ) -> Result<Question, String> {
        let method = Method::from_bytes(operation.method.as_bytes())
            .map_err(|_| format!("`{}` is no method", operation.method))?;
        let mut headers = headers.clone();
        let body = filled.body.as_ref().map(|content| {
            if let Ok(media) = HeaderValue::from_str(&content.media) {
                headers.insert(CONTENT_TYPE, media);
            }
            written(&content.form)
        });
        add_headers(operation, filled, &mut headers)?;
        let path = address(operation, filled, self.base.path());
        let url = joined(&self.base, &path).map_err(|unmeasured| unmeasured.why)?;
        Ok(Question { method, url, headers, body, follow: false })
    }
}

/// What asks for a WebSocket; the key is that of RFC 6455, for no secret depends on it.
pub(crate) fn handshake() -> HeaderMap {
    let pairs = [
        ("connection", "Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    let pairs = pairs.map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
    pairs.into_iter().collect()
}

/// How long a service that limits asks to wait.
fn pause(answer: &Answer) -> Option<Duration> {
    let seconds = answer.headers.get(RETRY_AFTER).filter(|_| answer.status.as_u16() == 429)?;
    let pause = Duration::from_secs(seconds.to_str().ok()?.trim().parse().ok()?);
    (pause <= LONGEST_PAUSE).then_some(pause)
}

fn values<'o>(
    operation: &'o Operation,
    filled: &'o Filled,
    place: &'o str,
) -> impl Iterator<Item = (&'o str, &'o Value)> {
    let inputs = operation.inputs.iter().zip(&filled.inputs);
    inputs
        .filter(move |(input, _)| input.place == place)
        .filter_map(|(input, value)| Some((input.name.as_str(), value.as_ref()?)))
}

/// The path after the address of the target; with the path of the server, unless the target has it.
fn address(operation: &Operation, filled: &Filled, base: &str) -> String {
    let encoded = |text: &str| utf8_percent_encode(text, IN_ADDRESS).to_string();
    let mut path = operation.path.clone();
    for (name, value) in values(operation, filled, "path") {
        // A part that is only dots would be taken away as a step upwards.
        let value = encoded(&text(value));
        for marked in [format!("{{{name}}}"), format!("{{{name}+}}"), format!("{{{name}*}}")] {
            path = path.replace(&marked, &value);
        }
    }
    let has_prefix = base.trim_end_matches('/').ends_with(&operation.prefix);
    let prefix = if has_prefix { "" } else { operation.prefix.as_str() };
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, value) in values(operation, filled, "query") {
        match value {
            Value::Array(parts) => {
                for part in parts {
                    query.append_pair(name, &text(part));
                }
            }
            value => {
                query.append_pair(name, &text(value));
            }
        }
    }
    let query = query.finish();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{prefix}{path}{mark}{query}")
}

fn add_headers(operation: &Operation, filled: &Filled, headers: &mut HeaderMap) -> Result<(), String> {
    // What a value holds is not repeated: it may be a secret.
    let wrong = |name: &str| format!("the header `{name}` has a name or value that HTTP does not allow");
    for (name, value) in values(operation, filled, "header") {
        let header: HeaderName = name.parse().map_err(|_| wrong(name))?;
        // The document has no say in these three.
        if matches!(header.as_str(), "accept" | "content-type" | "authorization") {
            continue;
        }
        headers.insert(header, HeaderValue::from_str(&text(value)).map_err(|_| wrong(name))?);
    }
    let cookies: Vec<String> =
        values(operation, filled, "cookie").map(|(name, value)| format!("{name}={}", text(value))).collect();
    if !cookies.is_empty() {
        let cookies = HeaderValue::from_str(&cookies.join("; ")).map_err(|_| wrong("cookie"))?;
        headers.append(COOKIE, cookies);
    }
    Ok(())
}

fn written(form: &Form) -> Vec<u8> {
    match form {
        Form::Json(value) => value.to_string().into_bytes(),
        Form::Raw(text) => text.clone().into_bytes(),
        Form::Fields(value) => {
            let mut fields = form_urlencoded::Serializer::new(String::new());
            for (name, value) in value.as_object().into_iter().flatten() {
                fields.append_pair(name, &text(value));
            }
            fields.finish().into_bytes()
        }
    }
}
