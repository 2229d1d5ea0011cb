//! The parameters of `http/timeouts`.

use std::collections::BTreeMap;
use std::time::Duration;

use gonogo_model::amount::Wait;
use reqwest::header::HeaderMap;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use crate::http::written::{Request, WrittenRequest, headers, path, span};
use crate::outage::Commands;

const LONGEST: Duration = Duration::from_secs(600);

/// Checked parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub(crate) struct Params {
    pub(super) requests: Vec<Request>,
    pub(super) upstream: String,
    pub(super) commands: Option<Commands>,
    pub(super) sink_answer: Option<Value>,
    pub(super) others: Vec<String>,
    pub(super) headers: HeaderMap,
    pub(super) budget: Duration,
    pub(super) patience: Duration,
    pub(super) recovers_within: Duration,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "HttpTimeouts")]
struct Written {
    /// Requests that need the upstream. They are sent at the same time.
    requests: Vec<WrittenRequest>,
    /// The target that is made to stand still. A process is stalled with SIGSTOP, with all that it started, and continued afterwards. In place of a sink gonogo answers too late. Anything else needs `stop` and `start`.
    upstream: String,
    /// The program and its arguments that stop the upstream, such as `[docker, pause, db]`. It needs `start`.
    stop: Option<Vec<String>>,
    /// The program and its arguments that start it again.
    start: Option<Vec<String>>,
    /// What a sink answers, as JSON; `{}` when nothing is said.
    sink_answer: Option<Value>,
    /// Paths that do not need the upstream and should be answered all the same.
    #[serde(default)]
    others: Vec<String>,
    /// Headers to send with `others`. Secrets come from the environment: `Authorization: "Bearer ${TOKEN}"`.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// How long an answer may take while the upstream stands still.
    #[serde(default = "five_seconds")]
    budget: Wait,
    /// How long an answer is waited for; twice the budget when nothing is said.
    patience: Option<Wait>,
    /// How long the service has to be as before, once the upstream is back.
    #[serde(default = "half_a_minute")]
    recovers_within: Wait,
}

fn five_seconds() -> Wait {
    Wait::seconds(5)
}

fn half_a_minute() -> Wait {
    Wait::seconds(30)
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(written: Written) -> Result<Params, String> {
        let budget = span("budget", written.budget, LONGEST)?;
        let patience = match written.patience {
            Some(patience) => span("patience", patience, LONGEST * 2)?,
            None => budget * 2,
        };
        if patience < budget {
            return Err("`patience` is shorter than `budget`; nobody could tell then".to_owned());
        }
        let requests: Vec<Request> =
            written.requests.into_iter().map(WrittenRequest::read).collect::<Result<_, _>>()?;
        for (at, request) in requests.iter().enumerate() {
            if requests[..at].iter().any(|other| other.key() == request.key()) {
                return Err(format!("`{}` is asked twice; remove one", request.key()));
            }
        }
        if requests.is_empty() {
            return Err("`requests` is empty; name a request that needs the upstream".to_owned());
        }
        Ok(Params {
            requests,
            upstream: written.upstream,
            commands: Commands::read(written.stop, written.start)?,
            sink_answer: written.sink_answer,
            others: written.others.into_iter().map(path).collect::<Result<_, _>>()?,
            headers: headers(&written.headers)?,
            budget,
            patience,
            recovers_within: span("recovers_within", written.recovers_within, LONGEST)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_cannot_be_read_is_refused_with_the_reason() {
        let read =
            |params: Value| serde_json::from_value::<Params>(params).map_err(|error| error.to_string());
        let usual = read(json!({"requests": [{"path": "/a"}], "upstream": "db"})).unwrap();
        assert_eq!(usual.patience, Duration::from_secs(10));
        for (wrong, said) in [
            (json!({"requests": [], "upstream": "db"}), "empty"),
            (json!({"requests": [{"path": "a"}], "upstream": "db"}), "slash"),
            (json!({"requests": [{"path": "/a"}, {"path": "/a"}], "upstream": "db"}), "twice"),
            (json!({"requests": [{"path": "/a"}]}), "upstream"),
            (json!({"requests": [{"path": "/a"}], "upstream": "db", "patience": "1s"}), "patience"),
            (json!({"requests": [{"path": "/a"}], "upstream": "db", "start": ["x"]}), "belong together"),
        ] {
            let error = read(wrong.clone()).unwrap_err();
            assert!(error.contains(said), "{wrong}: {error}");
        }
    }
}
