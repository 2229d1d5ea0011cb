//! The requests of a walk, asked at once or in the background.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use gonogo_model::amount::Wait;
use gonogo_model::fact::Value;
use gonogo_model::flow::{Action, Body, Method, Step, Text, Unknown};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use url::form_urlencoded;

use super::answer::Heard;
use super::ground::Ground;
use super::memory::Memory;
use super::walk::{Outcome, Trouble, Walk};
use crate::tools::http::{HttpError, Question};

/// What a name stands for may be any text, and must stay one part of the address.
const IN_ADDRESS: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Walk {
    pub(super) async fn request(&mut self, step: &Step, user: Option<&str>) -> Outcome {
        let question = self.question(&step.action, user)?;
        let asked = ask(Arc::clone(&self.ground), question, step.within);
        match &step.in_background {
            None => asked.await,
            Some(name) => {
                self.in_background.insert(name.clone(), tokio::spawn(asked));
                Ok(None)
            }
        }
    }

    /// The answer of a request that was asked in the background.
    pub(super) async fn awaited(&mut self, name: &str, limit: Duration) -> Outcome {
        let asked = self.in_background.remove(name);
        let mut asked = asked.ok_or_else(|| format!("no step before runs in the background as `{name}`"))?;
        match tokio::time::timeout(limit, &mut asked).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Err("it was cut off".to_owned().into()),
            Err(_) => {
                asked.abort();
                Err(format!("no answer within {}", Wait(limit)).into())
            }
        }
    }

    fn question(&self, action: &Action, user: Option<&str>) -> Result<Question, Trouble> {
        let Action::Request { method, at, path, headers, body } = action else {
            return Err("it is no request".to_owned().into());
        };
        let url = self.address(at.as_deref(), path, user)?;
        let mut headers = self.headers(headers, user)?;
        let memory = self.memory();
        let (kind, body) = sent(body, &memory, user).map_err(|unknown| unknown.to_string())?;
        if let Some(kind) = kind.filter(|_| !headers.contains_key(CONTENT_TYPE)) {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        let method = match method {
            Method::Get => reqwest::Method::GET,
            Method::Head => reqwest::Method::HEAD,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Patch => reqwest::Method::PATCH,
            Method::Delete => reqwest::Method::DELETE,
        };
        Ok(Question { method, url, headers, body, follow: false })
    }

    pub(super) fn address(
        &self,
        at: Option<&str>,
        path: &Text,
        user: Option<&str>,
    ) -> Result<url::Url, Trouble> {
        let memory = self.memory();
        let encoded = |value: &str| utf8_percent_encode(value, IN_ADDRESS).to_string();
        let path =
            path.fill(|name| memory.find(user, name), encoded).map_err(|unknown| unknown.to_string())?;
        Ok(self.ground.url(at, &path)?)
    }

    /// The headers of a step, and the token of whoever acts.
    pub(super) fn headers(
        &self,
        written: &BTreeMap<String, Text>,
        user: Option<&str>,
    ) -> Result<HeaderMap, Trouble> {
        let mut headers = HeaderMap::new();
        let wrong = |name: &str| format!("the header `{name}` has a name or value that HTTP does not allow");
        for (name, text) in written {
            let value = {
                let memory = self.memory();
                text.fill(|name| memory.find(user, name), str::to_owned)
                    .map_err(|unknown| unknown.to_string())?
            };
            let header: HeaderName = name.parse().map_err(|_| wrong(name))?;
            headers.append(header, HeaderValue::from_str(&value).map_err(|_| wrong(name))?);
        }
        let token = user.and_then(|user| self.bearer(user));
        if let Some(token) = token.filter(|_| !headers.contains_key(AUTHORIZATION)) {
            let value = HeaderValue::from_str(&format!("Bearer {token}"));
            headers.insert(AUTHORIZATION, value.map_err(|_| wrong("authorization"))?);
        }
        // An empty value is how a step says that it sends none.
        if headers.get(AUTHORIZATION).is_some_and(HeaderValue::is_empty) {
            headers.remove(AUTHORIZATION);
        }
        Ok(headers)
    }
}

async fn ask(ground: Arc<Ground>, question: Question, limit: Wait) -> Outcome {
    let Ok((answer, took)) = tokio::time::timeout(limit.0, ground.client.ask(&question)).await else {
        return Err(format!("no answer within {limit}").into());
    };
    let answer = answer.map_err(|error| {
        let unreachable = matches!(error, HttpError::Net(_) | HttpError::Refused { .. });
        Trouble { why: error.to_string(), unreachable }
    })?;
    Ok(Some(Heard::of_answer(&answer, took)))
}

type Sent = (Option<&'static str>, Option<Vec<u8>>);

fn sent(body: &Body, memory: &Memory, user: Option<&str>) -> Result<Sent, Unknown> {
    let find = |name: &str| memory.find(user, name);
    Ok(match body {
        Body::Nothing => (None, None),
        Body::Text(text) => (Some("text/plain"), Some(text.fill(find, str::to_owned)?.into_bytes())),
        Body::Json(value) => (Some("application/json"), Some(filled(value, &find)?.to_string().into_bytes())),
        Body::Form(fields) => {
            let mut form = form_urlencoded::Serializer::new(String::new());
            for (name, text) in fields {
                form.append_pair(name, &text.fill(find, str::to_owned)?);
            }
            (Some("application/x-www-form-urlencoded"), Some(form.finish().into_bytes()))
        }
    })
}

/// The value with all names in its texts filled in.
pub(crate) fn filled(value: &Value, find: &impl Fn(&str) -> Option<Value>) -> Result<Value, Unknown> {
    Ok(match value {
        // Every text was read when the step was.
        Value::String(text) => Text::parse(text).map_err(Unknown)?.value(find)?,
        Value::Array(values) => {
            Value::Array(values.iter().map(|value| filled(value, find)).collect::<Result<_, _>>()?)
        }
        Value::Object(entries) => Value::Object(
            entries
                .iter()
                .map(|(key, value)| Ok((key.clone(), filled(value, find)?)))
                .collect::<Result<_, Unknown>>()?,
        ),
        other => other.clone(),
    })
}
