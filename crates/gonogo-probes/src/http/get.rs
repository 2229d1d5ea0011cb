//! `http/get`: asks one or more paths and reports status, headers, JSON values and latency.
//! What a good answer is, is the spec's opinion.

use std::collections::BTreeMap;
use std::sync::Arc;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use gonogo_model::fact::{Item, Location, Sampled, Value};
use serde_json::{Map, json};

use self::params::Params;
use self::samples::Samples;
use super::address::{base, base_of, joined, unmeasured};
use crate::context::Context;
use crate::probe::{Looked, Probe, RawArtefact, Unmeasured};
use crate::tools::http::{Answer, Hop, HttpClient, HttpError, Question, shown};

pub(crate) mod headers;
mod params;
mod samples;

/// Asks paths of an HTTP service.
pub(crate) struct Get;

impl Probe for Get {
    const ID: &'static str = "http/get";
    const TITLE: &'static str = "What an HTTP service answers, and how fast";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] =
        &[TargetParameter { name: "others", kinds: &[TargetKind::Http] }];
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let base = base(context)?;
        headers::learn_sent(&context.secrets, &params.headers);
        let client = HttpClient::new(&context.reach, params.timeout.0).map_err(unmeasured)?;
        let others = context.others.values().map(|other| base_of(context, other));
        let client = Arc::new(client.leading_to(others.collect::<Result<Vec<_>, _>>()?));
        let mut looked = Looked::default();
        let mut first_error = None;
        let mut answered = false;
        for path in &params.paths {
            let question = Arc::new(Question {
                method: params.method.of_http(),
                url: joined(&base, path)?,
                headers: params.headers.clone(),
                body: None,
                follow: params.follow,
            });
            let item = Item::new(path).read_at(Location::of(shown(&question.url)));
            match samples::take(&client, &question, params.samples, params.parallel).await {
                Ok(samples) => {
                    answered = true;
                    headers::learn_received(&context.secrets, &samples.first.headers);
                    looked.artefacts.extend(body_artefact(path, &samples.first));
                    if let Ok(body) = serde_json::from_slice(&samples.first.body) {
                        context.secrets.learn_json(&body);
                    }
                    looked.items.push(with_samples(item, &samples, &params.json));
                }
                Err((tried, error)) => {
                    looked.items.push(without_answer(item, tried, &error));
                    first_error.get_or_insert(error);
                }
            }
        }
        // One silent path among others is a fact; a service that never answers was not measured.
        match first_error {
            Some(error) if !answered => Err(unmeasured(error)),
            _ => Ok(looked),
        }
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "status",
        FactType::Int,
        "",
        "Status code of the first answer; absent when the path gave no answer.",
    ),
    fact(
        "headers",
        FactType::Map,
        "",
        "Headers of the first answer by lower-case name, several values joined by a comma; values of cookies and credentials are withheld.",
    ),
    fact(
        "json",
        FactType::Map,
        "",
        "The values captured by the parameter `json`; a value that is not in the body is absent.",
    ),
    fact(
        "content_type",
        FactType::Text,
        "",
        "Media type of the first answer without parameters; absent when it states none.",
    ),
    fact("body_bytes", FactType::Int, "bytes", "Size of the first body as sent, at most 1 MiB."),
    fact(
        "truncated",
        FactType::Bool,
        "",
        "Whether the body was larger than 1 MiB and the rest was not read.",
    ),
    fact("http_version", FactType::Text, "", "`HTTP/1.0`, `HTTP/1.1` or `HTTP/2`."),
    fact("tls", FactType::Bool, "", "Whether the answer came over TLS with a certificate that is trusted."),
    fact(
        "redirects",
        FactType::List,
        "",
        "Redirects in order as `{status, to, followed, why}`; `why` says why one was not followed. Empty without `follow`.",
    ),
    fact("latency_p50_ms", FactType::Number, "ms", "Median time from sending the request to the last byte."),
    fact("latency_p95_ms", FactType::Number, "ms", "95th percentile of the same time (nearest rank)."),
    fact("latency_max_ms", FactType::Number, "ms", "The longest time."),
    fact("samples", FactType::Int, "", "Requests sent."),
    fact(
        "failures",
        FactType::Int,
        "",
        "Of those, how many got no complete answer or a status of 500 or more.",
    ),
    fact("statuses", FactType::Map, "", "How many samples got which status, by status code."),
    fact(
        "error",
        FactType::Text,
        "",
        "Why this path gave no answer while others did; absent when it answered.",
    ),
];

fn with_samples(item: Item, samples: &Samples, pointers: &BTreeMap<String, String>) -> Item {
    let first = &samples.first;
    let mut item = item
        .fact("status", first.status.as_u16())
        .fact("headers", headers::shown(&first.headers))
        .fact("json", captured(&first.body, pointers))
        .fact_if_known("content_type", headers::media_type(&first.headers))
        .fact("body_bytes", first.body.len())
        .fact("truncated", first.truncated)
        .fact("http_version", version(first.version))
        .fact("tls", first.tls)
        .fact("redirects", first.hops.iter().map(hop).collect::<Vec<Value>>())
        .fact("latency_p50_ms", samples.percentile_ms(50))
        .fact("latency_p95_ms", samples.percentile_ms(95))
        .fact("latency_max_ms", samples.percentile_ms(100))
        .fact("samples", samples.taken)
        .fact("failures", samples.failures)
        .fact(
            "statuses",
            samples.statuses.iter().map(|(k, v)| (k.to_string(), json!(v))).collect::<Map<_, _>>(),
        );
    item.sampled = Some(Sampled { samples: samples.taken, failures: samples.failures });
    item
}

fn without_answer(item: Item, tried: u64, error: &HttpError) -> Item {
    let mut item = item.fact("samples", tried).fact("failures", tried).fact("error", error.to_string());
    item.sampled = Some(Sampled { samples: tried, failures: tried });
    item
}

fn captured(body: &[u8], pointers: &BTreeMap<String, String>) -> Map<String, Value> {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let capture = |(name, pointer): (&String, &String)| Some((name.clone(), body.pointer(pointer)?.clone()));
    // The pointer to the whole of a body that is not JSON would give null, which was not said.
    if body.is_null() { Map::new() } else { pointers.iter().filter_map(capture).collect() }
}

fn version(version: reqwest::Version) -> String {
    match version {
        reqwest::Version::HTTP_2 => "HTTP/2".to_owned(),
        other => format!("{other:?}"),
    }
}

fn hop(hop: &Hop) -> Value {
    let mut shown = json!({ "status": hop.status, "to": hop.to, "followed": hop.stopped.is_none() });
    if let (Some(why), Some(shown)) = (&hop.stopped, shown.as_object_mut()) {
        shown.insert("why".to_owned(), why.as_str().into());
    }
    shown
}

fn body_artefact(path: &str, answer: &Answer) -> Option<RawArtefact> {
    let media_type =
        headers::media_type(&answer.headers).filter(|media_type| headers::is_text(media_type))?;
    (!answer.body.is_empty()).then(|| RawArtefact {
        name: format!("response body of {path}"),
        media_type,
        text: String::from_utf8_lossy(&answer.body).into_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_values_are_captured_or_absent() {
        let pointers =
            [("db", "/checks/0/db"), ("none", "/x"), ("all", "")].map(|(k, v)| (k.to_owned(), v.to_owned()));
        let found = captured(br#"{"checks":[{"db":"ok"}]}"#, &pointers.clone().into());
        assert_eq!(found["db"], "ok");
        assert!(!found.contains_key("none") && found["all"].is_object());
        assert!(captured(b"<html>", &pointers.into()).is_empty());
    }
}
