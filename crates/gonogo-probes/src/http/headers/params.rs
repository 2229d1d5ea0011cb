//! The parameters of `http/headers`.

use std::collections::BTreeMap;
use std::time::Duration;

use gonogo_model::amount::Wait;
use reqwest::Method;
use reqwest::header::HeaderMap;
use schemars::JsonSchema;
use serde::Deserialize;
use url::Url;

use super::needs::Need;
use crate::http::written::{headers, method, path, paths, span};

const LONGEST: Duration = Duration::from_secs(300);
/// Nobody has such a page.
const NOWHERE: &str = "/gonogo-asks-for-what-is-not-there";

/// Checked parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub(crate) struct Params {
    pub(super) paths: Vec<String>,
    pub(super) document: Option<String>,
    pub(super) missing: Option<String>,
    pub(super) redirects: Vec<String>,
    pub(super) refused: Option<Method>,
    pub(super) private: Vec<String>,
    pub(super) needs: Vec<Need>,
    pub(super) page: Option<Url>,
    pub(super) headers: HeaderMap,
    pub(super) timeout: Duration,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "HttpHeaders")]
struct Written {
    /// One path; `/` when nothing is said.
    path: Option<String>,
    /// Several paths instead of one.
    paths: Option<Vec<String>>,
    /// A target of kind path with an OpenAPI document: each GET operation without parameters in its path is asked too.
    document: Option<String>,
    /// A path that is not there, to see an error; `""` asks for none.
    #[serde(default = "nowhere")]
    missing: String,
    /// Paths that redirect.
    #[serde(default)]
    redirects: Vec<String>,
    /// A method that the first path does not take, to see it refused; `""` sends none.
    #[serde(default = "trace")]
    refused: String,
    /// Those of the paths whose answers are for one person.
    #[serde(default)]
    private: Vec<String>,
    /// What the pages need and a policy could forbid: features such as `camera`, what is loaded such as `websocket`, `websocket wss://chat.example` or `image data:`, and `inline-script`, `inline-handler`, `inline-style`, `eval`, `wasm`, `framed`, `isolation`, `popup`.
    #[serde(default)]
    needs: Vec<String>,
    /// The address at which browsers have the page, when it is not that of the target: `https://app.example`.
    page: Option<String>,
    /// Headers to send. Secrets come from the environment: `Authorization: "Bearer ${TOKEN}"`.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// The longest one request may take; at most 5m.
    #[serde(default = "ten_seconds")]
    timeout: Wait,
}

fn nowhere() -> String {
    NOWHERE.to_owned()
}

fn trace() -> String {
    "TRACE".to_owned()
}

fn ten_seconds() -> Wait {
    Wait::seconds(10)
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(written: Written) -> Result<Params, String> {
        let some = |text: String| (!text.is_empty()).then_some(text);
        let page = |text: String| {
            let wrong =
                || format!("`{text}` is not the address of a page; write such as https://app.example");
            Url::parse(&text).ok().filter(|url| matches!(url.scheme(), "http" | "https")).ok_or_else(wrong)
        };
        let paths = paths(written.path, written.paths, "/")?;
        let missing = some(written.missing).map(path).transpose()?.filter(|path| !paths.contains(path));
        let mut redirects: Vec<String> = Vec::new();
        for redirect in written.redirects {
            if !paths.contains(&redirect) && !redirects.contains(&redirect) {
                redirects.push(path(redirect)?);
            }
        }
        Ok(Params {
            missing,
            redirects,
            paths,
            document: written.document,
            refused: some(written.refused)
                .map(|written| method(&written))
                .transpose()?
                .filter(|m| m != Method::GET),
            private: written.private.into_iter().map(path).collect::<Result<_, _>>()?,
            needs: written.needs.iter().map(|need| Need::read(need)).collect::<Result<_, _>>()?,
            page: written.page.map(page).transpose()?,
            headers: headers(&written.headers)?,
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
        let usual = read(json!({})).unwrap();
        assert_eq!((usual.missing.as_deref(), usual.refused), (Some(NOWHERE), Some(Method::TRACE)));
        let none = read(json!({"missing": "", "refused": ""})).unwrap();
        assert!(none.missing.is_none() && none.refused.is_none());
        for (wrong, said) in [
            (json!({"paths": []}), "empty"),
            (json!({"needs": ["kamera"]}), "no need that is known"),
            (json!({"page": "app"}), "address of a page"),
            (json!({"refused": "A B"}), "method"),
            (json!({"private": ["me"]}), "slash"),
        ] {
            let error = read(wrong.clone()).unwrap_err();
            assert!(error.contains(said), "{wrong}: {error}");
        }
    }
}
