//! `http/health`: what a service says of itself and of the dependencies that it lists. Whether that
//! is true is shown by `http/health-truth`, which takes a dependency away.

use std::sync::LazyLock;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, fact};
use gonogo_model::fact::{Item, Location};
use regex::Regex;

use self::params::Params;
use self::report::{Dependency, Report, State};
use super::address::{base, unmeasured};
use super::get::headers::{learn_received, media_type};
use super::written::Request;
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::http::{Answer, HttpClient, shown};

pub(super) mod params;
pub(super) mod report;

/// Asks a service how it is.
pub(crate) struct Health;

impl Probe for Health {
    const ID: &'static str = "http/health";
    const TITLE: &'static str = "What a service says of its health and of its dependencies";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let base = base(context)?;
        let client = HttpClient::new(&context.reach, params.timeout).map_err(unmeasured)?;
        let mut looked = Looked::default();
        let mut first_error = None;
        for path in &params.paths {
            let question = Request::get(path, &params.headers).question(context, &base)?;
            let at = Location::of(shown(&question.url));
            let endpoint = Item::new(path).fact("kind", "endpoint").fact("endpoint", path.as_str());
            match client.ask(&question).await {
                (Ok(answer), took) => {
                    let credentials = learn_shown(context, &answer);
                    let report = Report::of(&answer, &params.words);
                    let endpoint = endpoint
                        .fact("took_ms", took.as_micros() as f64 / 1000.0)
                        .fact("credentials_shown", credentials)
                        .fact_if_known("content_type", media_type(&answer.headers));
                    looked.items.push(with_report(endpoint, &report, &params.lists).read_at(at.clone()));
                    looked.items.extend(dependencies(path, &report, &at));
                }
                (Err(error), _) => {
                    looked.items.push(endpoint.fact("error", error.to_string()).read_at(at));
                    first_error.get_or_insert(error);
                }
            }
        }
        // One silent path among others is a fact; a service that never answers was not measured.
        match first_error {
            Some(error) if looked.items.iter().all(|item| item.facts.contains_key("error")) => {
                Err(unmeasured(error))
            }
            _ => Ok(looked),
        }
    }
}

const FACTS: &[FactInfo] = &[
    fact("kind", FactType::Text, "", "`endpoint` for a path that was asked, `dependency` for what it lists."),
    fact("endpoint", FactType::Text, "", "The path that says it."),
    fact(
        "healthy",
        FactType::Bool,
        "",
        "Whether it says that it is healthy: for an endpoint by its status code and its word together. Degraded is not healthy. Absent when nothing is said.",
    ),
    fact(
        "state",
        FactType::Text,
        "",
        "`healthy`, `degraded` or `unhealthy`; absent when nothing is said of a dependency, or no answer came.",
    ),
    fact("said", FactType::Text, "", "The word by which it is said; absent when there is none."),
    fact("status", FactType::Int, "", "Status code of an endpoint; absent when it gave no answer."),
    fact("dependencies", FactType::List, "", "The names of the dependencies that an endpoint lists."),
    fact("unhealthy", FactType::List, "", "Those of them that it lists as unhealthy."),
    fact(
        "not_listed",
        FactType::List,
        "",
        "The names in the parameter `lists` that an endpoint does not list.",
    ),
    fact(
        "contradicts",
        FactType::Bool,
        "",
        "Whether an endpoint says that it is healthy while it lists a dependency that is unhealthy.",
    ),
    fact(
        "credentials_shown",
        FactType::Int,
        "",
        "Addresses with a password in the answer of an endpoint. They are kept nowhere.",
    ),
    fact("content_type", FactType::Text, "", "Media type of the answer; absent when it states none."),
    fact("took_ms", FactType::Number, "ms", "From sending the request to the last byte of the answer."),
    fact("error", FactType::Text, "", "Why an endpoint gave no answer while others did."),
];

fn with_report(item: Item, report: &Report, lists: &[String]) -> Item {
    let names: Vec<&str> = report.dependencies.iter().map(|one| one.name.as_str()).collect();
    let not_listed: Vec<&str> =
        lists.iter().map(String::as_str).filter(|name| !names.contains(name)).collect();
    let unhealthy = report.unhealthy();
    item.fact("healthy", report.state == State::Healthy)
        .fact("state", report.state.name())
        .fact_if_known("said", report.said.clone())
        .fact("status", report.status)
        .fact("contradicts", report.state == State::Healthy && !unhealthy.is_empty())
        .fact("unhealthy", unhealthy)
        .fact("not_listed", not_listed)
        .fact("dependencies", names)
}

/// An item for each dependency; of several with one name each has its number.
fn dependencies(path: &str, report: &Report, at: &Location) -> Vec<Item> {
    let key = |number: usize, one: &Dependency| {
        let before = report.dependencies.iter().take(number).filter(|other| other.name == one.name).count();
        match before {
            0 => format!("{path} {}", one.name),
            before => format!("{path} {}#{}", one.name, before + 1),
        }
    };
    let item = |(number, one): (usize, &Dependency)| {
        Item::new(key(number, one))
            .fact("kind", "dependency")
            .fact("endpoint", path)
            .fact_if_known("healthy", one.state.map(|state| state == State::Healthy))
            .fact_if_known("state", one.state.map(State::name))
            .fact_if_known("said", one.said.clone())
            .read_at(at.clone())
    };
    report.dependencies.iter().enumerate().map(item).collect()
}

/// Makes known the passwords that an answer shows, and says how many there are.
fn learn_shown(context: &Context, answer: &Answer) -> usize {
    static LOGIN: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r#"[A-Za-z][A-Za-z0-9+.-]*://[^\s"'/@:]*:([^\s"'/@]+)@"#).ok());
    learn_received(&context.secrets, &answer.headers);
    if let Ok(body) = serde_json::from_slice(&answer.body) {
        context.secrets.learn_json(&body);
    }
    let text = String::from_utf8_lossy(&answer.body);
    let found = LOGIN.iter().flat_map(|login| login.captures_iter(&text));
    found
        .filter_map(|found| found.get(1))
        .map(|word| context.secrets.learn("shown by health", word.as_str()))
        .count()
}
