//! Where a service tells its metrics, and what was read there at once. It does not know what they are
//! wanted for.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use url::Url;

use super::exposition::{self, Exposition};
use crate::context::Context;
use crate::http::address::unmeasured;
use crate::probe::Unmeasured;
use crate::redact::says_secret;
use crate::tools::http::{HttpClient, Question};

/// Where the metrics are.
pub(crate) struct Service {
    client: HttpClient,
    question: Question,
}

/// What was read at once.
pub(crate) struct Scraped {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) bytes: usize,
    pub(crate) truncated: bool,
    pub(crate) took_ms: u64,
    pub(crate) found: Exposition,
}

impl Service {
    /// A service whose metrics are at `url`. Secrets among the headers are made known first.
    pub(crate) fn new(
        context: &Context,
        url: Url,
        mut headers: HeaderMap,
        limit: Duration,
    ) -> Result<Service, Unmeasured> {
        for (name, value) in &headers {
            if let (Ok(value), true) = (value.to_str(), says_secret(name.as_str()) || name == "authorization")
            {
                context.secrets.learn(name.as_str(), value.rsplit(' ').next().unwrap_or(value));
                context.secrets.learn(name.as_str(), value);
            }
        }
        let both =
            "application/openmetrics-text;version=1.0.0;q=0.9,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";
        headers.entry(ACCEPT).or_insert(HeaderValue::from_static(both));
        Ok(Service {
            client: HttpClient::new(&context.reach, limit).map_err(unmeasured)?,
            question: Question { method: reqwest::Method::GET, url, headers, body: None, follow: false },
        })
    }

    pub(crate) fn url(&self) -> &Url {
        &self.question.url
    }

    /// Asks once.
    pub(crate) async fn scrape(&self) -> Result<Scraped, Unmeasured> {
        let (answer, took) = self.client.ask(&self.question).await;
        let answer = answer.map_err(unmeasured)?;
        let kind = answer.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let status = answer.status.as_u16();
        let mut text = String::from_utf8_lossy(&answer.body).into_owned();
        if answer.truncated {
            text.truncate(text.rfind('\n').unwrap_or_default());
        }
        let open_metrics = kind.starts_with("application/openmetrics-text") && !answer.truncated;
        // An error page holds no metrics, whatever it says.
        let found = if status == 200 { exposition::read(&text, open_metrics) } else { Exposition::default() };
        Ok(Scraped {
            status,
            content_type: kind.to_owned(),
            bytes: answer.body.len(),
            truncated: answer.truncated,
            took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            found,
        })
    }
}

/// Headers as written. A wrong value is not repeated: it may hold a secret.
pub(crate) fn headers(written: &BTreeMap<String, String>) -> Result<HeaderMap, String> {
    let mut headers = HeaderMap::new();
    for (name, value) in written {
        let wrong = |what| format!("the header `{name}` has a {what} that HTTP does not allow");
        let header: HeaderName = name.parse().map_err(|_| wrong("name"))?;
        headers.append(header, HeaderValue::from_str(value).map_err(|_| wrong("value"))?);
    }
    Ok(headers)
}
