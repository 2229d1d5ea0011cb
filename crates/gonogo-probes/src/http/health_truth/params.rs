//! The parameters of `http/health-truth`.

use std::collections::BTreeMap;
use std::time::Duration;

use gonogo_model::amount::Wait;
use reqwest::header::HeaderMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::http::health::params::{Words, WrittenWords};
use crate::http::written::{headers, path, span};
use crate::outage::Commands;

const LONGEST: Duration = Duration::from_secs(3600);

/// Checked parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub(crate) struct Params {
    pub(super) path: String,
    pub(super) dependency: String,
    pub(super) commands: Option<Commands>,
    /// Whether to wait until it is unhealthy, or until anything is said to be worse.
    pub(super) unhealthy: bool,
    pub(super) words: Words,
    pub(super) headers: HeaderMap,
    pub(super) within: Duration,
    pub(super) recovers_within: Duration,
    pub(super) every: Duration,
    pub(super) timeout: Duration,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "HttpHealthTruth")]
struct Written {
    /// The path that says how the service is; `/health` when nothing is said.
    path: Option<String>,
    /// The target that is taken away. A process is stalled with SIGSTOP, with all that it started, and continued afterwards. Anything else needs `stop` and `start`.
    dependency: String,
    /// The program and its arguments that stop the dependency, such as `[docker, stop, db]`. It needs `start`.
    stop: Option<Vec<String>>,
    /// The program and its arguments that start it again.
    start: Option<Vec<String>>,
    /// What is waited for: that it turns `unhealthy`, or that it says anything `worse` than before, which is right for a dependency it can do without.
    #[serde(default)]
    until: Until,
    /// How long it has for that.
    #[serde(default = "half_a_minute")]
    within: Wait,
    /// How long it has to be as well as before, once the dependency is back.
    #[serde(default = "one_minute")]
    recovers_within: Wait,
    /// How often to ask meanwhile.
    #[serde(default = "a_quarter")]
    every: Wait,
    /// The longest one request may take; without an answer until then, it counts as unhealthy.
    #[serde(default = "five_seconds")]
    timeout: Wait,
    /// Where the body says how the service is, as a JSON pointer such as `/status`; see `http/health`.
    status: Option<String>,
    /// Where the body lists dependencies, as a JSON pointer; see `http/health`.
    dependencies: Option<String>,
    /// The words that mean healthy, in place of the usual ones; see `http/health`.
    healthy: Option<Vec<String>>,
    /// The words that mean that it works with less, in place of the usual ones; see `http/health`.
    degraded: Option<Vec<String>>,
    /// Headers to send. Secrets come from the environment: `Authorization: "Bearer ${TOKEN}"`.
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

/// What is waited for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
enum Until {
    /// That it is unhealthy.
    #[default]
    Unhealthy,
    /// That anything is worse than before.
    Worse,
}

fn half_a_minute() -> Wait {
    Wait::seconds(30)
}

fn one_minute() -> Wait {
    Wait::seconds(60)
}

fn a_quarter() -> Wait {
    Wait(Duration::from_millis(250))
}

fn five_seconds() -> Wait {
    Wait::seconds(5)
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(written: Written) -> Result<Params, String> {
        Ok(Params {
            path: path(written.path.unwrap_or_else(|| "/health".to_owned()))?,
            dependency: written.dependency,
            commands: Commands::read(written.stop, written.start)?,
            unhealthy: written.until == Until::Unhealthy,
            words: Words::read(WrittenWords {
                status: written.status,
                dependencies: written.dependencies,
                healthy: written.healthy,
                degraded: written.degraded,
            })?,
            headers: headers(&written.headers)?,
            within: span("within", written.within, LONGEST)?,
            recovers_within: span("recovers_within", written.recovers_within, LONGEST)?,
            every: span("every", written.every, LONGEST)?,
            timeout: span("timeout", written.timeout, LONGEST)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(params: Value) -> Result<Params, String> {
        serde_json::from_value(params).map_err(|error| error.to_string())
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_the_reason() {
        assert_eq!(read(json!({"dependency": "db"})).unwrap().path, "/health");
        for (wrong, said) in [
            (json!({}), "dependency"),
            (json!({"dependency": "db", "stop": ["true"]}), "belong together"),
            (json!({"dependency": "db", "stop": [], "start": ["true"]}), "belong together"),
            (json!({"dependency": "db", "within": "0s"}), "within"),
            (json!({"dependency": "db", "path": "x"}), "slash"),
            (json!({"dependency": "db", "until": "never"}), "never"),
        ] {
            let error = read(wrong.clone()).unwrap_err();
            assert!(error.contains(said), "{wrong}: {error}");
        }
    }
}
