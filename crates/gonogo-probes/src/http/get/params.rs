//! The parameters of `http/get`: as written, and as checked.

use std::collections::BTreeMap;
use std::time::Duration;

use gonogo_model::amount::Wait;
use reqwest::header::HeaderMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::http::written::{headers, paths, span};

const MOST_SAMPLES: u32 = 10_000;
const MOST_PARALLEL: u32 = 256;
const LONGEST: Duration = Duration::from_secs(300);

/// Checked parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
pub(crate) struct Params {
    /// Never empty, all different, each starts with a slash.
    pub(super) paths: Vec<String>,
    pub(super) method: Method,
    #[schemars(skip)]
    pub(super) headers: HeaderMap,
    pub(super) samples: u32,
    pub(super) parallel: u32,
    pub(super) json: BTreeMap<String, String>,
    pub(super) follow: bool,
    pub(super) timeout: Wait,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "HttpGet")]
struct Written {
    /// The path to ask for, after the address of the target; `/` when nothing is said. It may have a query.
    path: Option<String>,
    /// Several paths instead of one: one item each.
    paths: Option<Vec<String>>,
    /// How to ask.
    #[serde(default)]
    method: Method,
    /// Headers to send. Secrets come from the environment: `Authorization: "Bearer ${TOKEN}"`.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// How often to ask each path, 1 to 10,000.
    #[serde(default = "once")]
    #[schemars(range(min = 1, max = 10_000))]
    samples: u32,
    /// How many requests at a time, 1 to 256.
    #[serde(default = "once")]
    #[schemars(range(min = 1, max = 256))]
    parallel: u32,
    /// Values to take from a JSON body: a name for each JSON pointer, such as `db: /checks/db`.
    #[serde(default)]
    json: BTreeMap<String, String>,
    /// Further targets to which a redirect may lead.
    #[serde(default)]
    #[expect(dead_code, reason = "the context has them; here they are only allowed")]
    others: Vec<String>,
    /// Follow up to 10 redirects, as long as each leads to the target or to one of `others`.
    #[serde(default)]
    follow: bool,
    /// The longest one request may take, with its redirects; at most 5m.
    #[serde(default = "ten_seconds")]
    timeout: Wait,
}

/// How a path is asked for.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
#[schemars(inline)]
pub(crate) enum Method {
    /// With the body.
    #[default]
    Get,
    /// The headers only.
    Head,
}

impl Method {
    pub(super) fn of_http(self) -> reqwest::Method {
        match self {
            Method::Get => reqwest::Method::GET,
            Method::Head => reqwest::Method::HEAD,
        }
    }
}

fn once() -> u32 {
    1
}

fn ten_seconds() -> Wait {
    Wait::seconds(10)
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(written: Written) -> Result<Params, String> {
        within("samples", written.samples, MOST_SAMPLES)?;
        within("parallel", written.parallel, MOST_PARALLEL)?;
        span("timeout", written.timeout, LONGEST)?;
        if let Some(wrong) = written.json.values().find(|p| !p.is_empty() && !p.starts_with('/')) {
            return Err(format!("`{wrong}` is not a JSON pointer; it starts with a slash, such as /status"));
        }
        Ok(Params {
            paths: paths(written.path, written.paths, "/")?,
            method: written.method,
            headers: headers(&written.headers)?,
            samples: written.samples,
            parallel: written.parallel,
            json: written.json,
            follow: written.follow,
            timeout: written.timeout,
        })
    }
}

fn within(name: &str, value: u32, most: u32) -> Result<(), String> {
    match (1..=most).contains(&value) {
        true => Ok(()),
        false => Err(format!("`{name}` is {value}; write a whole number from 1 to {most}")),
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
    fn nothing_written_asks_the_root_once() {
        let params = read(json!({})).unwrap();
        assert_eq!((params.paths, params.samples, params.parallel), (vec!["/".to_owned()], 1, 1));
    }

    #[test]
    fn what_cannot_be_asked_is_refused_with_the_reason() {
        for (wrong, said) in [
            (json!({"path": "health"}), "slash"),
            (json!({"path": "/a", "paths": ["/b"]}), "exclude"),
            (json!({"paths": []}), "empty"),
            (json!({"paths": ["/a", "/a"]}), "twice"),
            (json!({"samples": 0}), "1 to 10000"),
            (json!({"samples": 10_001}), "1 to 10000"),
            (json!({"parallel": 257}), "1 to 256"),
            (json!({"timeout": "0s"}), "timeout"),
            (json!({"timeout": "6m"}), "timeout"),
            (json!({"json": {"a": "a.b"}}), "JSON pointer"),
            (json!({"headers": {"a b": "x"}}), "name"),
            (json!({"headers": {"a": "x\ny"}}), "value"),
            (json!({"method": "POST"}), "POST"),
            (json!({"expect_status": 200}), "expect_status"),
        ] {
            let error = read(wrong.clone()).unwrap_err();
            assert!(error.contains(said), "{wrong}: {error}");
        }
    }

    #[test]
    fn a_refused_header_value_is_not_repeated() {
        let error = read(json!({"headers": {"Authorization": "Bearer canary\n"}})).unwrap_err();
        assert!(!error.contains("canary"), "{error}");
    }
}
