//! The service: the routes of the product, a page for administrators, the consoles of the eight things
//! that others provide, and the records of what was tried. It keeps three of the four decisions where they can be seen: sessions
//! of the old system end, requests from foreign pages are refused, and roles are asked of the rows.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::header::{AUTHORIZATION, COOKIE, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{Router, get};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::fault::{Change, named};
use crate::routes::paths;

/// What others provide, by the name of its console.
const PROVIDED: [&str; 8] = [
    "database",
    "vault",
    "object-store",
    "login-redirects",
    "containers",
    "api-domain",
    "admin-domain",
    "certificates",
];
/// What was tried before the cutover, by the name of its record; some of it can be recorded as failed.
const TRIED: [&str; 15] = [
    "import-counted",
    "backup-restored",
    "load-test",
    "rollback-rehearsed",
    "contacts-called",
    "end-to-end",
    "login-providers",
    "record-lifetime",
    "alert-fired",
    "dashboards",
    "images-scanned",
    "migrations-tried",
    "users-told",
    "support-told",
    "merges-stopped",
];
/// The only page that may send requests here.
const OUR_PAGE: &str = "https://ignition.example.test";

/// What the service runs with.
#[derive(Debug)]
pub struct Service {
    faults: BTreeSet<&'static str>,
    old_session: Option<String>,
    former_admin: Option<String>,
}

/// There is no such fault of the service.
#[derive(Debug, thiserror::Error)]
#[error("the service has no fault `{0}`")]
pub struct UnknownFault(String);

impl Service {
    /// A service with these faults; `variable` reads its environment.
    pub fn new(
        faults: &[String],
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Service, UnknownFault> {
        let known = |name: &String| match named(name) {
            Some(fault) if matches!(fault.change, Change::Behaviour) => Ok(fault.name),
            _ => Err(UnknownFault(name.clone())),
        };
        Ok(Service {
            faults: faults.iter().map(known).collect::<Result<_, _>>()?,
            old_session: variable("IGNITION_OLD_SESSION"),
            former_admin: variable("IGNITION_FORMER_ADMIN"),
        })
    }

    fn has(&self, fault: &str) -> bool {
        self.faults.contains(fault)
    }
}

/// Serves on loopback until it is ended. Writes the one line `listening on http://127.0.0.1:PORT`
/// to stdout when it is ready.
pub async fn serve(service: Service, port: u16) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    writeln!(io::stdout(), "listening on http://{}", listener.local_addr()?)?;
    axum::serve(listener, router(Arc::new(service))).await
}

fn router(service: Arc<Service>) -> Router {
    let mut router = Router::new()
        .route("/health", get(|| async { Json(json!({ "status": "ok" })) }))
        .route("/session", get(session))
        .route("/admin", get(admin))
        .route("/console/{thing}", get(console))
        .route("/records/{name}", get(record));
    for path in paths(service.has("unserved-routes")) {
        let body = page(&path);
        router = router.route(&path, get(move || async move { Json(body) }));
    }
    router
        .fallback(|| async { refused(StatusCode::NOT_FOUND, "there is no such route") })
        .layer(from_fn_with_state(Arc::clone(&service), from_our_page))
        .with_state(service)
}

fn page(path: &str) -> Value {
    let mut parts = path.rsplit('/');
    let (route, feature) = (parts.next(), parts.next());
    json!({ "feature": feature, "route": route, "items": [] })
}

fn refused(status: StatusCode, why: &str) -> Response {
    (status, Json(json!({ "error": why }))).into_response()
}

/// DEC-002: a request says which page sent it, and only ours may.
async fn from_our_page(State(service): State<Arc<Service>>, request: Request, next: Next) -> Response {
    let foreign = request.headers().get(ORIGIN).is_some_and(|origin| origin != OUR_PAGE);
    match foreign && !service.has("foreign-page-accepted") {
        true => refused(StatusCode::FORBIDDEN, "this page may not send requests here"),
        false => next.run(request).await,
    }
}

/// DEC-001: everybody logs in again, so a session of the old system is over.
async fn session(State(service): State<Arc<Service>>, headers: HeaderMap) -> Response {
    let shown = headers.get(COOKIE).and_then(|cookie| cookie.to_str().ok());
    let old = service.old_session.as_ref().is_some_and(|old| shown == Some(&format!("session={old}")));
    match old && service.has("old-session-accepted") {
        true => Json(json!({ "user": "ana" })).into_response(),
        false => refused(StatusCode::UNAUTHORIZED, "log in again"),
    }
}

/// DEC-004: who is an administrator is in the rows of today, not in what a token once said.
async fn admin(State(service): State<Arc<Service>>, headers: HeaderMap) -> Response {
    let shown = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let former = service.former_admin.as_ref().is_some_and(|token| shown == Some(&format!("Bearer {token}")));
    match former {
        true if service.has("former-admin-accepted") => Json(json!({ "users": 2 })).into_response(),
        true => refused(StatusCode::FORBIDDEN, "you are no administrator"),
        false => refused(StatusCode::UNAUTHORIZED, "a valid bearer token is needed"),
    }
}

/// What a provider says about one thing; played by the service, as the providers are elsewhere.
async fn console(State(service): State<Arc<Service>>, Path(thing): Path<String>) -> Response {
    if !PROVIDED.contains(&thing.as_str()) {
        return refused(StatusCode::NOT_FOUND, "nobody provides this");
    }
    let state = if service.has(&format!("no-{thing}")) { "requested" } else { "ready" };
    Json(json!({ "thing": thing, "state": state })).into_response()
}

/// What the pipeline recorded when something was tried.
async fn record(State(service): State<Arc<Service>>, Path(name): Path<String>) -> Response {
    if !TRIED.contains(&name.as_str()) {
        return refused(StatusCode::NOT_FOUND, "nobody tried this");
    }
    let result = if service.has(&format!("{name}-failed")) { "failed" } else { "passed" };
    Json(json!({ "name": name, "result": result })).into_response()
}
