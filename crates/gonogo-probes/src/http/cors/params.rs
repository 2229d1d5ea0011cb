//! The parameters of `http/cors`.

use std::collections::BTreeMap;
use std::time::Duration;

use gonogo_model::amount::Wait;
use reqwest::Method;
use reqwest::header::{HeaderMap, HeaderName};
use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

use super::origin::written as origin;
use crate::http::written::{headers, method, path, span};

const LONGEST: Duration = Duration::from_secs(300);

/// Checked parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub(crate) struct Params {
    pub(super) path: String,
    pub(super) allowed: Vec<Url>,
    pub(super) foreign: Url,
    pub(super) methods: Vec<Method>,
    pub(super) ask_headers: Vec<String>,
    pub(super) headers: HeaderMap,
    pub(super) timeout: Duration,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "HttpCors")]
struct Written {
    /// The path that is asked; `/` when nothing is said.
    #[serde(default = "root")]
    path: String,
    /// Origins whose pages may read the answers, such as `https://app.example`. Others that look like one of them are tried too.
    #[serde(default)]
    allowed: Vec<String>,
    /// An origin that has nothing to do with them.
    #[serde(default = "elsewhere")]
    foreign: String,
    /// Methods that the pages use. The preflight asks for the first.
    #[serde(default = "get")]
    methods: Vec<String>,
    /// Headers that the pages send, which the preflight asks for.
    #[serde(default = "usual_headers")]
    ask_headers: Vec<String>,
    /// Headers to send with the request itself. Secrets come from the environment: `Authorization: "Bearer ${TOKEN}"`.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// The longest one request may take; at most 5m.
    #[serde(default = "usual")]
    timeout: Wait,
}

fn root() -> String {
    "/".to_owned()
}

fn elsewhere() -> String {
    "https://foreign.gonogo.test".to_owned()
}

fn get() -> Vec<String> {
    vec!["GET".to_owned()]
}

fn usual_headers() -> Vec<String> {
    vec!["authorization".to_owned(), "content-type".to_owned()]
}

fn usual() -> Wait {
    Wait(super::USUAL)
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(written: Written) -> Result<Params, String> {
        Ok(Params {
            path: path(written.path)?,
            allowed: written.allowed.iter().map(|text| read_origin(text)).collect::<Result<_, _>>()?,
            foreign: read_origin(&written.foreign)?,
            methods: written.methods.iter().map(|text| method(text)).collect::<Result<_, _>>()?,
            ask_headers: written.ask_headers.into_iter().map(name).collect::<Result<_, _>>()?,
            headers: headers(&written.headers)?,
            timeout: span("timeout", written.timeout, LONGEST)?,
        })
    }
}

fn read_origin(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    url.filter(|url| origin(url) == text.trim_end_matches('/')).ok_or_else(|| {
        format!("`{text}` is not an origin; write scheme, host and perhaps port, such as https://app.example")
    })
}

/// Browsers ask in lower case.
fn name(text: String) -> Result<String, String> {
    let wrong = || format!("`{text}` is not the name of a header");
    text.parse::<HeaderName>().map(|name| name.to_string()).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn what_cannot_be_read_is_refused_with_the_reason() {
        let read =
            |params: Value| serde_json::from_value::<Params>(params).map_err(|error| error.to_string());
        assert_eq!(read(json!({})).unwrap().methods, [Method::GET]);
        for (wrong, said) in [
            (json!({"allowed": ["app.example"]}), "origin"),
            (json!({"allowed": ["https://app.example/path"]}), "origin"),
            (json!({"foreign": "null"}), "origin"),
            (json!({"methods": ["A B"]}), "method"),
            (json!({"ask_headers": ["a b"]}), "name of a header"),
        ] {
            let error = read(wrong.clone()).unwrap_err();
            assert!(error.contains(said), "{wrong}: {error}");
        }
    }
}
