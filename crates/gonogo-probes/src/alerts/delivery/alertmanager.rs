//! An Alertmanager over its API (v2). It does not know which alert is sent.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::context::Context;
use crate::http::address::{base, joined, unmeasured};
use crate::probe::Unmeasured;
use crate::tools::http::{Answer, HttpClient, Question, shown};

/// More of a refusal is not shown.
const LONGEST_REFUSAL: usize = 200;

/// An Alertmanager.
#[derive(Clone)]
pub(super) struct Alertmanager {
    base: Url,
    client: Arc<HttpClient>,
}

/// What it says of itself.
pub(super) struct About {
    pub(super) version: Option<String>,
    pub(super) cluster: Option<String>,
    pub(super) peers: usize,
}

/// Whether it took an alert.
pub(super) enum Taken {
    Accepted,
    /// What it said instead.
    Refused(String),
}

/// How it has an alert.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) receivers: Vec<String>,
    pub(super) state: String,
    pub(super) silenced: bool,
    pub(super) inhibited: bool,
}

#[derive(Deserialize)]
struct Alert {
    receivers: Vec<Named>,
    status: Status,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    state: String,
    silenced_by: Vec<String>,
    inhibited_by: Vec<String>,
}

impl Alertmanager {
    pub(super) fn of(context: &Context, timeout: Duration) -> Result<Alertmanager, Unmeasured> {
        let base = base(context)?;
        let client = Arc::new(HttpClient::new(&context.reach, timeout).map_err(unmeasured)?);
        Ok(Alertmanager { base, client })
    }

    /// For people and reports: no user, no password.
    pub(super) fn at(&self) -> String {
        shown(&self.base)
    }

    pub(super) async fn about(&self) -> Result<About, Unmeasured> {
        let answer = self.ask(Method::GET, "/api/v2/status", &[], None).await?;
        let status: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let text = |pointer: &str| status.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        if !answer.status.is_success() || !status["cluster"].is_object() {
            return Err(self.stranger("GET /api/v2/status", &answer));
        }
        let peers = status.pointer("/cluster/peers").and_then(Value::as_array);
        Ok(About {
            version: text("/versionInfo/version"),
            cluster: text("/cluster/status"),
            peers: peers.map_or(0, Vec::len),
        })
    }

    pub(super) async fn post(&self, alerts: &Value) -> Result<Taken, Unmeasured> {
        let answer = self.ask(Method::POST, "/api/v2/alerts", &[], Some(alerts.to_string())).await?;
        match answer.status.as_u16() {
            200..=299 => Ok(Taken::Accepted),
            status => Ok(Taken::Refused(format!("{status}: {}", brief(&answer.body)))),
        }
    }

    /// The alert that fits all matchers; none when there is no such alert.
    pub(super) async fn listed(&self, matchers: &[String]) -> Result<Option<Listed>, Unmeasured> {
        let answer = self.ask(Method::GET, "/api/v2/alerts", matchers, None).await?;
        let alerts: Vec<Alert> = match serde_json::from_slice(&answer.body) {
            Ok(alerts) if answer.status.is_success() => alerts,
            _ => return Err(self.stranger("GET /api/v2/alerts", &answer)),
        };
        Ok(alerts.into_iter().next().map(|alert| Listed {
            receivers: alert.receivers.into_iter().map(|receiver| receiver.name).collect(),
            state: alert.status.state,
            silenced: !alert.status.silenced_by.is_empty(),
            inhibited: !alert.status.inhibited_by.is_empty(),
        }))
    }

    async fn ask(
        &self,
        method: Method,
        path: &str,
        matchers: &[String],
        body: Option<String>,
    ) -> Result<Answer, Unmeasured> {
        let mut url = joined(&self.base, path)?;
        if !matchers.is_empty() {
            url.query_pairs_mut().extend_pairs(matchers.iter().map(|matcher| ("filter", matcher)));
        }
        let json = (CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let headers = if body.is_some() { HeaderMap::from_iter([json]) } else { HeaderMap::new() };
        let body = body.map(String::into_bytes);
        let question = Question { method, url, headers, body, follow: false };
        self.client.ask(&question).await.0.map_err(unmeasured)
    }

    fn stranger(&self, question: &str, answer: &Answer) -> Unmeasured {
        Unmeasured::because(format!(
            "{} does not answer {question} as Alertmanager does ({}: `{}`); check host, port, path and credentials",
            self.at(),
            answer.status.as_u16(),
            brief(&answer.body)
        ))
    }
}

fn brief(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let text = text.trim().chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    text.take(LONGEST_REFUSAL).collect()
}
