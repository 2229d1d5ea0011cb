//! What parameters of this family have in common, from text to what can be sent. A wrong value is
//! never repeated: it may hold a secret.

use std::collections::BTreeMap;
use std::time::Duration;

use gonogo_model::amount::Wait;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::address::joined;
use super::get::headers::learn_sent;
use crate::context::Context;
use crate::probe::Unmeasured;
use crate::tools::http::Question;

/// One request, as written.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct WrittenRequest {
    /// How to ask: `GET` when nothing is said.
    method: Option<String>,
    /// The path after the address of the target, perhaps with a query.
    path: String,
    /// Headers to send. Secrets come from the environment: `Authorization: "Bearer ${TOKEN}"`.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// What is sent as a JSON body.
    json: Option<Value>,
}

/// One request that can be sent.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// Starts with a slash.
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Vec<u8>>,
}

impl WrittenRequest {
    pub(crate) fn read(self) -> Result<Request, String> {
        let mut headers = headers(&self.headers)?;
        let body = self.json.map(|json| json.to_string().into_bytes());
        if body.is_some() && !headers.contains_key(CONTENT_TYPE) {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let method = method(self.method.as_deref().unwrap_or("GET"))?;
        Ok(Request { method, path: path(self.path)?, headers, body })
    }
}

impl Request {
    /// A GET of a path.
    pub(crate) fn get(path: &str, headers: &HeaderMap) -> Request {
        Request { method: Method::GET, path: path.to_owned(), headers: headers.clone(), body: None }
    }

    /// `POST /login`
    pub(crate) fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The question, once the secrets that it holds are made known.
    pub(crate) fn question(&self, context: &Context, base: &Url) -> Result<Question, Unmeasured> {
        learn_sent(&context.secrets, &self.headers);
        Ok(Question {
            method: self.method.clone(),
            url: joined(base, &self.path)?,
            headers: self.headers.clone(),
            body: self.body.clone(),
            follow: false,
        })
    }
}

pub(crate) fn method(written: &str) -> Result<Method, String> {
    let wrong = || format!("`{written}` is not a method of HTTP; write such as GET or POST");
    Method::from_bytes(written.to_uppercase().as_bytes()).map_err(|_| wrong())
}

pub(crate) fn path(path: String) -> Result<String, String> {
    match path.starts_with('/') {
        true => Ok(path),
        false => Err(format!("the path `{path}` does not start with a slash; write `/{path}`")),
    }
}

/// One path or several, all different; `otherwise` when nothing is said.
pub(crate) fn paths(
    one: Option<String>,
    several: Option<Vec<String>>,
    otherwise: &str,
) -> Result<Vec<String>, String> {
    let paths = match (one, several) {
        (Some(_), Some(_)) => return Err("`path` and `paths` exclude each other; keep one".to_owned()),
        (None, Some(paths)) if paths.is_empty() => return Err("`paths` is empty; name a path".to_owned()),
        (None, Some(paths)) => paths,
        (one, None) => vec![one.unwrap_or_else(|| otherwise.to_owned())],
    };
    for (index, named) in paths.iter().enumerate() {
        path(named.clone())?;
        if paths[..index].contains(named) {
            return Err(format!("the path `{named}` is named twice; remove one"));
        }
    }
    Ok(paths)
}

pub(crate) fn headers(written: &BTreeMap<String, String>) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in written {
        let wrong = |what| format!("the header `{name}` has a {what} that HTTP does not allow");
        let header: HeaderName = name.parse().map_err(|_| wrong("name"))?;
        let value = HeaderValue::from_str(value).map_err(|_| wrong("value"))?;
        headers.append(header, value);
    }
    Ok(headers)
}

/// A time span over 0 and at most `most`.
pub(crate) fn span(name: &str, wait: Wait, most: Duration) -> Result<Duration, String> {
    match !wait.0.is_zero() && wait.0 <= most {
        true => Ok(wait.0),
        false => Err(format!("`{name}` is a time span over 0 and at most {}", Wait(most))),
    }
}
