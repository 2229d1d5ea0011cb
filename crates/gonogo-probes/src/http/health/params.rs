//! The parameters of `http/health`, and the words by which a service says how it is.

use std::collections::BTreeMap;
use std::time::Duration;

use gonogo_model::amount::Wait;
use reqwest::header::HeaderMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::report::State;
use crate::http::written::{headers, paths, span};

const LONGEST: Duration = Duration::from_secs(300);
const HEALTHY: [&str; 18] = [
    "ok",
    "up",
    "healthy",
    "pass",
    "passing",
    "passed",
    "green",
    "alive",
    "ready",
    "running",
    "available",
    "connected",
    "reachable",
    "operational",
    "serving",
    "good",
    "success",
    "true",
];
const DEGRADED: [&str; 7] = ["degraded", "warn", "warning", "yellow", "partial", "limited", "impaired"];

/// Checked parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub(crate) struct Params {
    /// Never empty, all different.
    pub(super) paths: Vec<String>,
    pub(super) words: Words,
    pub(super) lists: Vec<String>,
    pub(super) headers: HeaderMap,
    pub(super) timeout: Duration,
}

/// Where an answer says how things are, and in which words.
#[derive(Debug, Clone)]
pub(in crate::http) struct Words {
    pub(in crate::http) status: Option<String>,
    pub(in crate::http) dependencies: Option<String>,
    healthy: Vec<String>,
    degraded: Vec<String>,
}

/// The same as written.
#[derive(Debug, Default)]
pub(in crate::http) struct WrittenWords {
    pub(in crate::http) status: Option<String>,
    pub(in crate::http) dependencies: Option<String>,
    pub(in crate::http) healthy: Option<Vec<String>>,
    pub(in crate::http) degraded: Option<Vec<String>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "HttpHealth")]
struct Written {
    /// The path that says how the service is; `/health` when nothing is said.
    path: Option<String>,
    /// Several paths instead of one.
    paths: Option<Vec<String>>,
    /// Where the body says how the service is, as a JSON pointer such as `/status`. Without it, `status`, `state`, `health`, `ready` and `ok` at the top are tried.
    status: Option<String>,
    /// Where the body lists dependencies, as a JSON pointer. Without it, `dependencies`, `checks`, `components`, `services`, `details`, `results` and `entries` are tried.
    dependencies: Option<String>,
    /// The words that mean healthy, in place of the usual ones (`ok`, `up`, `healthy`, `pass`, `true` and the like). Case does not count.
    healthy: Option<Vec<String>>,
    /// The words that mean that it works with less, in place of the usual ones (`degraded`, `warn`, `partial` and the like). Every other word means unhealthy.
    degraded: Option<Vec<String>>,
    /// Dependencies that it should list; which of them it does not is a fact.
    #[serde(default)]
    lists: Vec<String>,
    /// Headers to send. Secrets come from the environment: `Authorization: "Bearer ${TOKEN}"`.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// The longest one request may take; at most 5m.
    #[serde(default = "ten_seconds")]
    timeout: Wait,
}

fn ten_seconds() -> Wait {
    Wait::seconds(10)
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(written: Written) -> Result<Params, String> {
        Ok(Params {
            paths: paths(written.path, written.paths, "/health")?,
            words: Words::read(WrittenWords {
                status: written.status,
                dependencies: written.dependencies,
                healthy: written.healthy,
                degraded: written.degraded,
            })?,
            lists: written.lists,
            headers: headers(&written.headers)?,
            timeout: span("timeout", written.timeout, LONGEST)?,
        })
    }
}

impl Default for Words {
    fn default() -> Words {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Words { status: None, dependencies: None, healthy: owned(&HEALTHY), degraded: owned(&DEGRADED) }
    }
}

impl Words {
    pub(in crate::http) fn read(written: WrittenWords) -> Result<Words, String> {
        for pointer in [&written.status, &written.dependencies].into_iter().flatten() {
            if !pointer.starts_with('/') {
                return Err(format!(
                    "`{pointer}` is not a JSON pointer; it starts with a slash, such as /status"
                ));
            }
        }
        let usual = Words::default();
        let lower =
            |words: Vec<String>| words.iter().map(|word| word.trim().to_lowercase()).collect::<Vec<_>>();
        Ok(Words {
            status: written.status,
            dependencies: written.dependencies,
            healthy: written.healthy.map_or(usual.healthy, lower),
            degraded: written.degraded.map_or(usual.degraded, lower),
        })
    }

    /// What a word means.
    pub(in crate::http) fn state(&self, said: &str) -> State {
        let said = said.trim().to_lowercase();
        if self.healthy.contains(&said) {
            State::Healthy
        } else if self.degraded.contains(&said) {
            State::Degraded
        } else {
            State::Unhealthy
        }
    }

    /// Whether it is one of the words.
    pub(in crate::http) fn knows(&self, said: &str) -> bool {
        let said = said.trim().to_lowercase();
        self.healthy.contains(&said) || self.degraded.contains(&said)
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
    fn words_can_be_replaced() {
        let usual = read(json!({})).unwrap();
        assert_eq!((usual.paths.len(), usual.words.state(" UP ")), (1, State::Healthy));
        assert_eq!(usual.words.state("fine"), State::Unhealthy);
        let own = read(json!({"healthy": ["Fine"], "degraded": []})).unwrap();
        assert_eq!((own.words.state("fine"), own.words.state("ok")), (State::Healthy, State::Unhealthy));
        assert_eq!(own.words.state("degraded"), State::Unhealthy);
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_the_reason() {
        for (wrong, said) in [
            (json!({"path": "health"}), "slash"),
            (json!({"status": "a.b"}), "JSON pointer"),
            (json!({"timeout": "1h"}), "timeout"),
            (json!({"expect": 200}), "expect"),
        ] {
            let error = read(wrong.clone()).unwrap_err();
            assert!(error.contains(said), "{wrong}: {error}");
        }
    }
}
