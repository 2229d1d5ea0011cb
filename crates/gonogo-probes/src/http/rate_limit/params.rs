//! The parameters of `http/rate-limit`.

use std::collections::BTreeMap;
use std::time::Duration;

use gonogo_model::amount::Wait;
use reqwest::header::HeaderMap;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::http::written::{Request, WrittenRequest, headers, span};
use crate::outage::Commands;

const LONGEST: Duration = Duration::from_secs(3600);
const MOST: u32 = 100_000;
const MOST_PARALLEL: u32 = 64;

/// Checked parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub(crate) struct Params {
    pub(super) request: Request,
    /// None, or at least two.
    pub(super) users: Vec<HeaderMap>,
    pub(super) most: u32,
    pub(super) parallel: u32,
    pub(super) resets_within: Duration,
    pub(super) store: Option<String>,
    pub(super) commands: Option<Commands>,
    pub(super) recovers_within: Duration,
    pub(super) timeout: Duration,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "HttpRateLimit")]
struct Written {
    /// The request that is made again and again. It should change nothing.
    request: WrittenRequest,
    /// What two users send beside it, such as `[{ Authorization: "Bearer ${TOKEN_A}" }, { Authorization: "Bearer ${TOKEN_B}" }]`. Without it, only addresses are looked at.
    #[serde(default)]
    users: Vec<BTreeMap<String, String>>,
    /// More requests than this are never made to find one limit, 1 to 100,000.
    #[serde(default = "two_thousand")]
    #[schemars(range(min = 1, max = 100_000))]
    most: u32,
    /// How many requests at a time, 1 to 64.
    #[serde(default = "eight")]
    #[schemars(range(min = 1, max = 64))]
    parallel: u32,
    /// How long it is waited until a limit is lifted again. A longer Retry-After is not waited for.
    #[serde(default = "two_minutes")]
    resets_within: Wait,
    /// The target in which the limiter keeps its counts: it is made to stand still, to see what becomes of the limits. A process is stalled; anything else needs `stop` and `start`.
    store: Option<String>,
    /// The program and its arguments that stop the store.
    stop: Option<Vec<String>>,
    /// The program and its arguments that start it again.
    start: Option<Vec<String>>,
    /// How long the service has to answer again, once the store is back.
    #[serde(default = "half_a_minute")]
    recovers_within: Wait,
    /// The longest one request may take.
    #[serde(default = "ten_seconds")]
    timeout: Wait,
}

fn two_thousand() -> u32 {
    2_000
}

fn eight() -> u32 {
    8
}

fn two_minutes() -> Wait {
    Wait::seconds(120)
}

fn half_a_minute() -> Wait {
    Wait::seconds(30)
}

fn ten_seconds() -> Wait {
    Wait::seconds(10)
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(written: Written) -> Result<Params, String> {
        for (name, value, most) in
            [("most", written.most, MOST), ("parallel", written.parallel, MOST_PARALLEL)]
        {
            if !(1..=most).contains(&value) {
                return Err(format!("`{name}` is {value}; write a whole number from 1 to {most}"));
            }
        }
        if written.users.len() == 1 {
            return Err("`users` has one user; a second shows whether limits are apart".to_owned());
        }
        let commands = Commands::read(written.stop, written.start)?;
        if commands.is_some() && written.store.is_none() {
            return Err("`stop` and `start` are for the target in `store`; name it".to_owned());
        }
        Ok(Params {
            request: written.request.read()?,
            users: written.users.iter().map(headers).collect::<Result<_, _>>()?,
            most: written.most,
            parallel: written.parallel,
            resets_within: span("resets_within", written.resets_within, LONGEST)?,
            store: written.store,
            commands,
            recovers_within: span("recovers_within", written.recovers_within, LONGEST)?,
            timeout: span("timeout", written.timeout, LONGEST)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn what_cannot_be_read_is_refused_with_the_reason() {
        let read =
            |params: Value| serde_json::from_value::<Params>(params).map_err(|error| error.to_string());
        assert_eq!(read(json!({"request": {"path": "/a"}})).unwrap().most, 2_000);
        for (wrong, said) in [
            (json!({}), "request"),
            (json!({"request": {"path": "/a"}, "most": 0}), "most"),
            (json!({"request": {"path": "/a"}, "parallel": 65}), "parallel"),
            (json!({"request": {"path": "/a"}, "users": [{"X": "a"}]}), "second"),
            (json!({"request": {"path": "/a"}, "stop": ["a"], "start": ["b"]}), "store"),
        ] {
            let error = read(wrong.clone()).unwrap_err();
            assert!(error.contains(said), "{wrong}: {error}");
        }
    }
}
