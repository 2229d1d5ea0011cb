//! `http/cookies`: the attributes of every cookie that requests are answered with, and whether a
//! browser would take it. Values are never kept.

use std::collections::BTreeMap;
use std::time::Duration;

use gonogo_model::amount::Wait;
use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use gonogo_model::fact::{Item, Location};
use gonogo_model::flow::Identities;
use reqwest::header::SET_COOKIE;
use schemars::JsonSchema;
use serde::Deserialize;

use self::cookie::Cookie;
use super::address::{base, unmeasured};
use super::get::headers::learn_received;
use super::written::{Request, WrittenRequest, span};
use crate::api::cast::{Cast, Script};
use crate::context::Context;
use crate::flow::request::filled;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::http::{Answer, HttpClient, shown};

mod cookie;

const LONGEST: Duration = Duration::from_secs(300);

/// Reads the cookies that a service sets.
pub(crate) struct Cookies;

/// Checked parameters.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub(crate) struct Params {
    #[schemars(skip)]
    script: Script,
    asks: Option<String>,
    requests: Vec<Request>,
    timeout: Duration,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "HttpCookies")]
struct Written {
    /// Further targets that steps name: services with `at`, sinks with `sink`.
    #[serde(default)]
    #[expect(dead_code, reason = "the context has them; here they are only allowed")]
    others: Vec<String>,
    /// Synthetic people who are made before.
    #[serde(default)]
    identities: Identities,
    /// Whose `{{email}}`, `{{password}}` and captures stand in the bodies of the requests.
    #[serde(rename = "as")]
    asks: Option<String>,
    /// The requests that are made, such as a login, in order. Nothing is kept between two.
    requests: Vec<WrittenRequest>,
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
        if written.requests.is_empty() {
            return Err("`requests` is empty; write such as `[{ path: / }]`".to_owned());
        }
        let script = Script::new(written.identities, Vec::new(), Vec::new(), &BTreeMap::new())?;
        written.asks.iter().try_for_each(|user| script.knows(user))?;
        let requests = written.requests.into_iter().map(WrittenRequest::read).collect::<Result<_, _>>()?;
        Ok(Params {
            script,
            asks: written.asks,
            requests,
            timeout: span("timeout", written.timeout, LONGEST)?,
        })
    }
}

impl Probe for Cookies {
    const ID: &'static str = "http/cookies";
    const TITLE: &'static str = "How well the cookies of a service are guarded";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] =
        &[TargetParameter { name: "others", kinds: &[TargetKind::Http, TargetKind::Sink] }];
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let base = base(context)?;
        let cast = Cast::of(context, &params.script).await?;
        let client = HttpClient::new(&context.reach, params.timeout).map_err(unmeasured)?;
        let mut looked = Looked::default();
        let mut keys = BTreeMap::new();
        for request in &params.requests {
            let mut question = request.question(context, &base)?;
            if let Some(user) = &params.asks {
                question.body = question.body.map(|body| said_by(&cast, user, &body)).transpose()?;
            }
            // A request without an answer would make its cookies look well guarded.
            let answer = client.ask(&question).await.0.map_err(unmeasured)?;
            learn_received(&context.secrets, &answer.headers);
            let at = Location::of(shown(&question.url));
            let items = items(request, &answer, base.host_str().unwrap_or_default());
            looked.items.extend(items.into_iter().map(|item| numbered(&mut keys, item).read_at(at.clone())));
        }
        Ok(looked)
    }
}

const FACTS: &[FactInfo] = &[
    fact("request", FactType::Text, "", "The request that was answered with it, such as `POST /login`."),
    fact("status", FactType::Int, "", "Status code of that answer."),
    fact(
        "cookies",
        FactType::Int,
        "",
        "Cookies in that answer. A request that was answered with none is an item with 0 and nothing else.",
    ),
    fact("name", FactType::Text, "", "The cookie's name."),
    fact("value_bytes", FactType::Int, "bytes", "The length of its value; the value is kept nowhere."),
    fact("http_only", FactType::Bool, "", "Whether scripts cannot read it."),
    fact("secure", FactType::Bool, "", "Whether it is sent over HTTPS only."),
    fact(
        "same_site",
        FactType::Text,
        "",
        "`strict`, `lax` or `none`; `unset` when nothing known is said, and browsers do as they like.",
    ),
    fact("path", FactType::Text, "", "Its Path; absent when nothing usable is said."),
    fact("domain", FactType::Text, "", "Its Domain; absent when it is for one host only."),
    fact(
        "max_age",
        FactType::Int,
        "s",
        "How long it is kept, by Max-Age or else Expires; absent when it ends with the browser's session, negative or 0 when it is removed.",
    ),
    fact(
        "partitioned",
        FactType::Bool,
        "",
        "Whether it is kept apart for each page that embeds the service.",
    ),
    fact("prefix", FactType::Text, "", "`__Host-` or `__Secure-`; absent when the name has neither."),
    fact(
        "accepted",
        FactType::Bool,
        "",
        "Whether browsers take it: the rules of its prefix are kept, `SameSite=None` and Partitioned come with Secure, and Domain is the host or above it.",
    ),
    fact("refused_why", FactType::List, "", "The rules that it breaks."),
];

/// A body with what a user has filled in.
fn said_by(cast: &Cast, user: &str, body: &[u8]) -> Result<Vec<u8>, Unmeasured> {
    let written = serde_json::from_slice(body).map_err(|error| Unmeasured::because(error.to_string()))?;
    let body = filled(&written, &|name: &str| cast.find(Some(user), name))
        .map_err(|unknown| Unmeasured::because(format!("the body of a request: {unknown}")))?;
    Ok(body.to_string().into_bytes())
}

fn items(request: &Request, answer: &Answer, host: &str) -> Vec<Item> {
    let set = answer.headers.get_all(SET_COOKIE).iter();
    let cookies: Vec<Cookie> =
        set.filter_map(|value| Cookie::read(&String::from_utf8_lossy(value.as_bytes()))).collect();
    let item = |key: String| {
        Item::new(key)
            .fact("request", request.key())
            .fact("status", answer.status.as_u16())
            .fact("cookies", cookies.len())
    };
    if cookies.is_empty() {
        return vec![item(request.key())];
    }
    cookies
        .iter()
        .map(|cookie| facts(item(format!("{} {}", request.key(), cookie.name)), cookie, host))
        .collect()
}

fn facts(item: Item, cookie: &Cookie, host: &str) -> Item {
    let refused = cookie.refused(host);
    item.fact("name", cookie.name.as_str())
        .fact("value_bytes", cookie.value_bytes)
        .fact("http_only", cookie.http_only)
        .fact("secure", cookie.secure)
        .fact("same_site", cookie.same_site.as_deref().unwrap_or("unset"))
        .fact_if_known("path", cookie.path.clone())
        .fact_if_known("domain", cookie.domain.clone())
        .fact_if_known("max_age", cookie.max_age(jiff::Timestamp::now()))
        .fact("partitioned", cookie.partitioned)
        .fact_if_known("prefix", cookie.prefix())
        .fact("accepted", refused.is_empty())
        .fact("refused_why", refused)
}

/// Of several with one key each has its number.
fn numbered(seen: &mut BTreeMap<String, usize>, mut item: Item) -> Item {
    let count = seen.entry(item.key.clone()).or_default();
    *count += 1;
    if *count > 1 {
        item.key = format!("{}#{count}", item.key);
    }
    item
}
