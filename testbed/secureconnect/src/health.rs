//! Whether the process and what it leans on work: each dependency is really asked. Being degraded
//! is no illness; being without the database is.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::answer::BROKEN;
use crate::fault::Behaviour;
use crate::gateway;
use crate::metrics;
use crate::node::Node;

/// How long another service may take to say how it is.
const ASK_LIMIT: Duration = Duration::from_secs(2);

/// How a dependency is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Condition {
    Ok,
    /// The process goes on without it, and with less.
    Degraded,
    /// Nothing is configured.
    Unconfigured,
    Unreachable,
}

impl Condition {
    fn name(self) -> &'static str {
        match self {
            Condition::Ok => "ok",
            Condition::Degraded => "degraded",
            Condition::Unconfigured => "unconfigured",
            Condition::Unreachable => "unreachable",
        }
    }

    fn of(works: bool) -> Condition {
        if works { Condition::Ok } else { Condition::Unreachable }
    }
}

/// `GET /health`: 200 when it works, perhaps with less; else 503.
pub(crate) async fn health(State((node, service)): State<(Arc<Node>, &'static str)>) -> Response {
    let dependencies = dependencies(&node, service).await;
    let works = node.has(Behaviour::HealthLies) || all_needed_work(&dependencies);
    let less = dependencies.values().any(|condition| *condition != Condition::Ok);
    let (code, status) = match (works, less) {
        (true, false) => (StatusCode::OK, "ok"),
        (true, true) => (StatusCode::OK, "degraded"),
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
    };
    let shown = |condition: &Condition| json!({ "status": condition.name() });
    let dependencies: BTreeMap<_, Value> =
        dependencies.iter().map(|(name, condition)| (*name, shown(condition))).collect();
    let mut body = json!({
        "status": status,
        "service": service,
        "version": env!("CARGO_PKG_VERSION"),
        "dependencies": dependencies,
    });
    if let (true, Some(body)) = (node.has(Behaviour::HealthLeaks), body.as_object_mut()) {
        body.insert("database_url".to_owned(), node.config.database_url.clone().into());
    }
    (code, Json(body)).into_response()
}

/// `GET /ready`: 200 when requests may come.
pub(crate) async fn ready(State((node, service)): State<(Arc<Node>, &'static str)>) -> Response {
    let at_once = node.has(Behaviour::ReadyAtOnce) || node.has(Behaviour::HealthLies);
    let stopping = *node.stopping.borrow();
    let ready = at_once || (!stopping && all_needed_work(&dependencies(&node, service).await));
    let code = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, Json(json!({ "ready": ready }))).into_response()
}

/// `GET /metrics`.
pub(crate) async fn scrape(State((node, _)): State<(Arc<Node>, &'static str)>) -> Response {
    node.database.observe();
    for breaker in [&node.database.breaker, &node.objects.breaker, &node.model.breaker, &node.pusher.breaker]
    {
        node.metrics.breaker(breaker.name, breaker.is_open());
    }
    match node.metrics.scrape() {
        Ok(text) => ([(CONTENT_TYPE, metrics::CONTENT_TYPE)], text).into_response(),
        Err(_) => BROKEN.into_response(),
    }
}

/// What nothing works without.
fn all_needed_work(dependencies: &BTreeMap<&'static str, Condition>) -> bool {
    let needed = |name: &str| !matches!(name, "push" | "ai");
    let fails = |condition: &Condition| matches!(condition, Condition::Unreachable | Condition::Unconfigured);
    !dependencies.iter().any(|(name, condition)| needed(name) && fails(condition))
}

async fn dependencies(node: &Node, service: &str) -> BTreeMap<&'static str, Condition> {
    let mut found = BTreeMap::new();
    let lies = node.has(Behaviour::HealthLies);
    let mut put = |name: &'static str, condition: Condition| {
        found.insert(name, if lies { Condition::Ok } else { condition });
    };
    if service == "gateway" {
        for (name, url) in node.upstreams.get().into_iter().flatten() {
            put(name, Condition::of(is_well(url).await));
        }
    } else {
        put("database", Condition::of(lies || node.database.ping().await.is_ok()));
    }
    if !node.has(Behaviour::HealthOmitsCache) {
        put("cache", if node.cache.is_degraded() { Condition::Degraded } else { Condition::Ok });
    }
    if service == "storage" && !node.has(Behaviour::HealthOmitsObjects) {
        put("objects", Condition::of(node.objects.ping().await));
    }
    if service == "auth" {
        put("mail", configured(node.mailer.address(), true).await);
    }
    if service == "chat" {
        put("push", configured(node.config.push_url.as_deref(), false).await);
        put("ai", configured(node.config.ai.as_ref().map(|ai| ai.url.as_str()), false).await);
    }
    found
}

/// A server that is asked for a connection only, because more would cost or send something.
async fn configured(address: Option<&str>, needed: bool) -> Condition {
    let Some(address) = address else { return Condition::Unconfigured };
    let authority = gateway::authority(address);
    let connected = timeout(ASK_LIMIT, tokio::net::TcpStream::connect(authority)).await;
    match (matches!(connected, Ok(Ok(_))), needed) {
        (true, _) => Condition::Ok,
        (false, true) => Condition::Unreachable,
        (false, false) => Condition::Degraded,
    }
}

/// Whether another service says that it works.
async fn is_well(url: &str) -> bool {
    let asked = timeout(ASK_LIMIT, gateway::get(url, "/health")).await;
    matches!(asked, Ok(Some(StatusCode::OK)))
}
