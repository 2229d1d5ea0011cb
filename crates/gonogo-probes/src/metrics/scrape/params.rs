//! The parameters of `metrics/scrape`: as written, and as checked.

use std::collections::BTreeMap;
use std::time::Duration;

use gonogo_model::amount::Wait;
use reqwest::header::HeaderMap;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::flow::errand::Errand;
use crate::metrics::asked::Asked;
use crate::metrics::service::headers;

/// Checked parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub(crate) struct Params {
    pub(super) path: String,
    pub(super) families: Vec<Asked>,
    pub(super) moves: Vec<Asked>,
    pub(super) stimulus: Option<Errand>,
    pub(super) headers: HeaderMap,
    pub(super) within: Wait,
    pub(super) timeout: Wait,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "MetricsScrape")]
struct Written {
    /// Where the metrics are, after the address of the target.
    #[serde(default = "metrics")]
    path: String,
    /// Families to report, by name: counters with or without `_total`, also with labels, such as
    /// `http_requests{route="/health"}`. Without `families` and `moves` every family is reported.
    #[serde(default)]
    families: Vec<String>,
    /// Families that the stimulus must move, written in the same way. The second scrape is repeated
    /// until all of them moved or `within` is over.
    #[serde(default)]
    moves: Vec<String>,
    /// What is done between two scrapes.
    stimulus: Option<Errand>,
    /// Further targets that steps of the stimulus name.
    #[serde(default)]
    #[expect(dead_code, reason = "the context has them; here they are only allowed")]
    others: Vec<String>,
    /// Headers to send. Secrets come from the environment: `Authorization: "Bearer ${TOKEN}"`.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// How long after the stimulus a family may take to move; at most 1m.
    #[serde(default = "one_second")]
    within: Wait,
    /// The longest one scrape may take; at most 1m.
    #[serde(default = "ten_seconds")]
    timeout: Wait,
}

fn metrics() -> String {
    "/metrics".to_owned()
}

fn one_second() -> Wait {
    Wait::seconds(1)
}

fn ten_seconds() -> Wait {
    Wait::seconds(10)
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(written: Written) -> Result<Params, String> {
        let longest = Duration::from_secs(60);
        if written.timeout.0.is_zero() || written.timeout.0 > longest || written.within.0 > longest {
            return Err("`timeout` and `within` are time spans of at most 1m, `timeout` over 0".to_owned());
        }
        if !written.path.starts_with('/') {
            return Err(format!("the path `{0}` does not start with a slash; write `/{0}`", written.path));
        }
        if !written.moves.is_empty() && written.stimulus.is_none() {
            return Err("nothing moves by itself for certain: `moves` needs a `stimulus`".to_owned());
        }
        let asked = |names: &[String]| names.iter().map(|name| Asked::read(name)).collect::<Result<_, _>>();
        Ok(Params {
            families: asked(&written.families)?,
            moves: asked(&written.moves)?,
            path: written.path,
            stimulus: written.stimulus,
            headers: headers(&written.headers)?,
            within: written.within,
            timeout: written.timeout,
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn what_cannot_be_asked_is_refused_with_the_reason() {
        let read =
            |params: Value| serde_json::from_value::<Params>(params).map_err(|error| error.to_string());
        assert!(read(json!({})).is_ok());
        for (wrong, said) in [
            (json!({"path": "metrics"}), "slash"),
            (json!({"timeout": "0s"}), "time span"),
            (json!({"within": "2m"}), "time span"),
            (json!({"moves": ["a"]}), "stimulus"),
            (json!({"families": ["a b"]}), "`a b`"),
            (json!({"families": ["a{b=1}"]}), "`a{b=1}`"),
            (json!({"headers": {"a": "x\ny"}}), "value"),
            (json!({"family": ["a"]}), "family"),
        ] {
            let error = read(wrong.clone()).unwrap_err();
            assert!(error.contains(said), "{wrong}: {error}");
        }
    }
}
