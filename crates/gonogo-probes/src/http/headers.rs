//! `http/headers`: what answers tell browsers to refuse, on every route and also on errors,
//! redirects and refused methods; and whether that forbids what the pages need.

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use gonogo_model::fact::{Item, Location};
use reqwest::Method;
use url::Url;

use self::needs::Policed;
use self::params::Params;
use super::address::{base, unmeasured};
use super::get::headers::{learn_received, media_type};
use super::written::Request;
use crate::context::Context;
use crate::openapi;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::repository::Place;
use crate::tools::http::{Answer, HttpClient, shown};

mod needs;
mod params;
mod permissions;
mod policy;
mod reading;

/// Reads the security headers of answers.
pub(crate) struct Headers;

impl Probe for Headers {
    const ID: &'static str = "http/headers";
    const TITLE: &'static str = "Security headers on every answer, and what they forbid";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] =
        &[TargetParameter { name: "document", kinds: &[TargetKind::Path] }];
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let base = base(context)?;
        let client = HttpClient::new(&context.reach, params.timeout).map_err(unmeasured)?;
        let mut looked = Looked::default();
        let mut first_error = None;
        let mut answered = false;
        for asked in asked(context, &params).await? {
            let question = asked.request.question(context, &base)?;
            let item = Item::new(asked.request.key()).fact("kind", asked.kind);
            let item = item.read_at(Location::of(shown(&question.url)));
            match client.ask(&question).await.0 {
                Ok(answer) => {
                    answered = true;
                    learn_received(&context.secrets, &answer.headers);
                    looked.items.push(with_answer(item, &answer, &params, &question.url));
                }
                Err(error) => {
                    looked.items.push(item.fact("error", error.to_string()));
                    first_error.get_or_insert(error);
                }
            }
        }
        match first_error {
            Some(error) if !answered => Err(unmeasured(error)),
            _ => Ok(looked),
        }
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "kind",
        FactType::Text,
        "",
        "Why it was asked: `route`, `missing` (a path that is not there), `redirect` or `refused` (a method that is not taken).",
    ),
    fact("status", FactType::Int, "", "Status code; absent when no answer came."),
    fact("content_type", FactType::Text, "", "Media type without parameters; absent when none is stated."),
    fact("page", FactType::Bool, "", "Whether it is an HTML page."),
    fact("tls", FactType::Bool, "", "Whether it came over TLS. Browsers heed HSTS only then."),
    fact(
        "missing",
        FactType::List,
        "",
        "Which of the usual headers are not there or mean nothing: `csp`, `hsts`, `nosniff`, `frame`, `referrer`, `permissions`. A `frame-ancestors` in the CSP stands for `frame`.",
    ),
    fact("invalid", FactType::List, "", "Security headers with a value that browsers do not understand."),
    fact("csp", FactType::Text, "", "The Content-Security-Policy; absent when there is none."),
    fact(
        "csp_report_only",
        FactType::Bool,
        "",
        "Whether there is a policy that only reports. It forbids nothing.",
    ),
    fact(
        "csp_weak",
        FactType::List,
        "",
        "What in the policy lets foreign code in: `no script policy`, `'unsafe-inline'` (without a nonce or hash), `'unsafe-eval'`, and sources for scripts that stand for anybody (`*`, `https:`, `data:`).",
    ),
    fact("hsts_max_age", FactType::Int, "s", "For how long HTTPS is remembered; absent when it is not said."),
    fact(
        "hsts_subdomains",
        FactType::Bool,
        "",
        "Whether that holds for subdomains; absent with `hsts_max_age`.",
    ),
    fact("hsts_preload", FactType::Bool, "", "Whether browsers may ship it; absent with `hsts_max_age`."),
    fact("nosniff", FactType::Bool, "", "Whether browsers must keep to the media type that is stated."),
    fact(
        "framed_by",
        FactType::Text,
        "",
        "Who may show it in a frame, by `frame-ancestors` or else X-Frame-Options: `nobody`, `self`, `listed` or `anybody`.",
    ),
    fact("frame", FactType::Text, "", "X-Frame-Options; absent when there is none."),
    fact(
        "referrer_policy",
        FactType::Text,
        "",
        "The last Referrer-Policy that browsers know; absent when there is none.",
    ),
    fact("permissions_policy", FactType::Text, "", "The Permissions-Policy; absent when there is none."),
    fact("coop", FactType::Text, "", "Cross-Origin-Opener-Policy; absent when there is none."),
    fact("coep", FactType::Text, "", "Cross-Origin-Embedder-Policy; absent when there is none."),
    fact("corp", FactType::Text, "", "Cross-Origin-Resource-Policy; absent when there is none."),
    fact("cache_control", FactType::Text, "", "Cache-Control; absent when there is none."),
    fact(
        "stored_by",
        FactType::Text,
        "",
        "Who may keep the answer: `nobody` (`no-store`), `browser` (`private`), or `anybody` between.",
    ),
    fact("private", FactType::Bool, "", "Whether the path is one of the parameter `private`."),
    fact("server", FactType::Text, "", "The header Server; absent when there is none."),
    fact(
        "tells_version",
        FactType::List,
        "",
        "Headers that tell which version of what answers, such as `server: nginx/1.22.1`.",
    ),
    fact(
        "xss_protection",
        FactType::Text,
        "",
        "X-XSS-Protection, which browsers ignore by now; absent when there is none.",
    ),
    fact(
        "blocked_needs",
        FactType::List,
        "",
        "Those of the parameter `needs` that the policies of this answer forbid.",
    ),
    fact("blocked_by", FactType::Map, "", "What forbids each of them."),
    fact("error", FactType::Text, "", "Why no answer came while others did."),
];

/// One request, and why it is made.
struct Asked {
    request: Request,
    kind: &'static str,
}

/// Everything that is asked, each once: routes first, then what goes wrong.
async fn asked(context: &Context, params: &Params) -> Result<Vec<Asked>, Unmeasured> {
    let get = |path: &str, kind| Asked { request: Request::get(path, &params.headers), kind };
    let mut asked: Vec<Asked> = params.paths.iter().map(|path| get(path, "route")).collect();
    for path in documented(context, params).await? {
        if asked.iter().all(|known| known.request.path != path) {
            asked.push(get(&path, "route"));
        }
    }
    asked.extend(params.missing.iter().map(|path| get(path, "missing")));
    asked.extend(params.redirects.iter().map(|path| get(path, "redirect")));
    if let (Some(method), Some(path)) = (&params.refused, params.paths.first()) {
        let request = Request { method: method.clone(), ..Request::get(path, &params.headers) };
        asked.push(Asked { request, kind: "refused" });
    }
    Ok(asked)
}

/// The GET operations of a document whose paths have no parameters.
async fn documented(context: &Context, params: &Params) -> Result<Vec<String>, Unmeasured> {
    let Some(target) = params.document.as_ref().and_then(|name| context.others.get(name)) else {
        return Ok(Vec::new());
    };
    let place = Place::at(context.folder.join(&target.address), std::sync::Arc::clone(&context.repositories));
    let promised = place.look(|repository| Ok(openapi::promises(repository))).await?;
    let gets = promised.into_iter().flat_map(|(_, promises)| promises);
    let plain = gets.filter(|one| one.method == Method::GET.as_str() && one.path.starts_with('/'));
    let paths: Vec<String> = plain.map(|one| one.path).filter(|path| !path.contains('{')).collect();
    match paths.is_empty() {
        true => Err(Unmeasured::because(format!(
            "the target `{}` has no OpenAPI document with a GET operation without parameters; correct \
             `document`, or name `paths`",
            target.name
        ))),
        false => Ok(paths),
    }
}

fn with_answer(item: Item, answer: &Answer, params: &Params, at: &Url) -> Item {
    let policed = Policed::of(&answer.headers);
    let content_type = media_type(&answer.headers);
    // Beside the answers themselves, the policies hold for the page at the address of the target.
    let page = params.page.as_ref().unwrap_or(at);
    let blocked: Vec<(String, String)> = params
        .needs
        .iter()
        .filter_map(|need| Some((need.written.clone(), need.forbidden_by(&policed, page)?)))
        .collect();
    let path = at.path();
    let item = item
        .fact("status", answer.status.as_u16())
        .fact("page", content_type.as_deref() == Some("text/html"))
        .fact_if_known("content_type", content_type)
        .fact("tls", answer.tls)
        .fact("private", params.private.iter().any(|private| path.ends_with(private.as_str())))
        .fact("blocked_needs", blocked.iter().map(|(need, _)| need.clone()).collect::<Vec<_>>())
        .fact(
            "blocked_by",
            blocked.into_iter().map(|(need, by)| (need, by.into())).collect::<serde_json::Map<_, _>>(),
        );
    reading::facts(item, &answer.headers, &policed)
}
