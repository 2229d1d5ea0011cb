//! `http/cors`: which pages may read the answers of a service. It asks as pages of several origins
//! would, also of such that look like an allowed one, and reads the answers as browsers do.

use std::time::Duration;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location};
use reqwest::Method;
use reqwest::header::{
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, HeaderMap, HeaderValue, ORIGIN,
};
use url::Url;

use self::grant::Grant;
use self::origin::Tried;
use self::params::Params;
use super::address::{base, unmeasured};
use super::get::headers::learn_received;
use super::written::Request;
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::http::{Answer, HttpClient, shown};

mod grant;
mod origin;
mod params;

/// Asks as pages of other origins would.
pub(crate) struct Cors;

impl Probe for Cors {
    const ID: &'static str = "http/cors";
    const TITLE: &'static str = "Which pages of other origins may read the answers";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let base = base(context)?;
        let client = HttpClient::new(&context.reach, params.timeout).map_err(unmeasured)?;
        let asking = Asking { context, base: &base, client, params: &params };
        let mut looked = Looked::default();
        for tried in origin::to_try(&params.allowed, &params.foreign) {
            looked.items.push(asking.item(&tried).await?);
        }
        Ok(looked)
    }
}

const FACTS: &[FactInfo] = &[
    fact("origin", FactType::Text, "", "The origin in the request."),
    fact(
        "relation",
        FactType::Text,
        "",
        "What it is to the allowed ones: `allowed`, `foreign`, `null`, `suffix` (app.example.evil.test), `prefix` (evil-app.example), `joined` (evilapp.example), `subdomain`, `scheme`, `port` or `dot` (appxexample).",
    ),
    fact("allowed", FactType::Bool, "", "Whether it is one of the parameter `allowed`."),
    fact("status", FactType::Int, "", "Status code of the request."),
    fact("allow_origin", FactType::Text, "", "Access-Control-Allow-Origin; absent when there is none."),
    fact("readable", FactType::Bool, "", "Whether browsers let the page read the answer."),
    fact(
        "readable_with_credentials",
        FactType::Bool,
        "",
        "The same for a request with the cookies of whoever sits there. Browsers refuse that with `*`.",
    ),
    fact("credentials", FactType::Bool, "", "Whether Access-Control-Allow-Credentials is `true`."),
    fact(
        "wildcard_with_credentials",
        FactType::Bool,
        "",
        "Whether `*` stands beside it. No browser does what was meant.",
    ),
    fact("reflected", FactType::Bool, "", "Whether an origin that is not allowed is repeated as allowed."),
    fact("varies", FactType::Bool, "", "Whether Vary names Origin, so that caches keep answers apart."),
    fact("exposed", FactType::List, "", "Headers that the page may read beside the usual ones."),
    fact("preflight_status", FactType::Int, "", "Status code of the question before the request."),
    fact(
        "preflight_passes",
        FactType::Bool,
        "",
        "Whether browsers would send the request then: the status is 2xx and the origin, the method and the headers are allowed.",
    ),
    fact("preflight_credentials", FactType::Bool, "", "The same with credentials."),
    fact("methods_refused", FactType::List, "", "Methods in `methods` that the preflight does not allow."),
    fact("headers_refused", FactType::List, "", "Headers in `ask_headers` that it does not allow."),
    fact(
        "preflight_max_age",
        FactType::Int,
        "s",
        "How long browsers may remember it; absent when it is not said.",
    ),
];

struct Asking<'l> {
    context: &'l Context,
    base: &'l Url,
    client: HttpClient,
    params: &'l Params,
}

impl Asking<'_> {
    async fn item(&self, tried: &Tried) -> Result<Item, Unmeasured> {
        let Params { path, methods, ask_headers, .. } = self.params;
        let answer = self.ask(Method::GET, self.params.headers.clone(), &tried.origin).await?;
        let first = methods.first().unwrap_or(&Method::GET);
        let mut asked = HeaderMap::new();
        asked.insert(ACCESS_CONTROL_REQUEST_METHOD, value(first.as_str())?);
        if !ask_headers.is_empty() {
            asked.insert(ACCESS_CONTROL_REQUEST_HEADERS, value(&ask_headers.join(","))?);
        }
        let before = self.ask(Method::OPTIONS, asked, &tried.origin).await?;
        let at = super::address::joined(self.base, path)?;
        let item = Item::new(&tried.origin)
            .fact("origin", tried.origin.as_str())
            .fact("relation", tried.relation)
            .fact("allowed", tried.relation == "allowed")
            .read_at(Location::of(shown(&at)));
        let item = with_answer(item, &answer, tried);
        Ok(with_preflight(item, &before, tried, self.params))
    }

    async fn ask(&self, method: Method, headers: HeaderMap, origin: &str) -> Result<Answer, Unmeasured> {
        let mut request = Request { method, path: self.params.path.clone(), headers, body: None };
        request.headers.insert(ORIGIN, value(origin)?);
        let question = request.question(self.context, self.base)?;
        let answer = self.client.ask(&question).await.0.map_err(unmeasured)?;
        learn_received(&self.context.secrets, &answer.headers);
        Ok(answer)
    }
}

fn value(text: &str) -> Result<HeaderValue, Unmeasured> {
    HeaderValue::from_str(text).map_err(|_| Unmeasured::because(format!("`{text}` cannot stand in a header")))
}

fn with_answer(item: Item, answer: &Answer, tried: &Tried) -> Item {
    let grant = Grant::of(&answer.headers);
    item.fact("status", answer.status.as_u16())
        .fact("readable", grant.lets(&tried.origin, false))
        .fact("readable_with_credentials", grant.lets(&tried.origin, true))
        .fact("credentials", grant.credentials)
        .fact("wildcard_with_credentials", grant.credentials && grant.origin.as_deref() == Some("*"))
        .fact("reflected", tried.relation != "allowed" && grant.origin.as_deref() == Some(&tried.origin))
        .fact("varies", grant.varies)
        .fact("exposed", grant.exposed.clone())
        .fact_if_known("allow_origin", grant.origin)
}

fn with_preflight(item: Item, answer: &Answer, tried: &Tried, params: &Params) -> Item {
    let grant = Grant::of(&answer.headers);
    let refused = |credentials: bool| {
        let methods =
            params.methods.iter().map(Method::as_str).filter(|m| !grant.takes_method(m, credentials));
        let headers = params.ask_headers.iter().filter(|name| !grant.takes_header(name, credentials));
        (methods.map(str::to_owned).collect::<Vec<_>>(), headers.cloned().collect::<Vec<_>>())
    };
    let passes = |credentials: bool| {
        let (methods, headers) = refused(credentials);
        let lets = answer.status.is_success() && grant.lets(&tried.origin, credentials);
        lets && methods.is_empty() && headers.is_empty()
    };
    let (methods, headers) = refused(false);
    item.fact("preflight_status", answer.status.as_u16())
        .fact("preflight_passes", passes(false))
        .fact("preflight_credentials", passes(true))
        .fact("methods_refused", methods)
        .fact("headers_refused", headers)
        .fact_if_known("preflight_max_age", grant.max_age)
}

/// The longest one request may take, when nothing is said.
const USUAL: Duration = Duration::from_secs(10);
