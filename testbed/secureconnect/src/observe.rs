//! What happens around every request of a service: a trace, a limit of time, headers, a metric, a
//! log line. The log names the route, never the address that was asked for, which may carry secrets.

use std::any::Any;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::UPGRADE;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use serde_json::json;
use tokio::time::timeout;

use crate::answer::{BROKEN, INTERNAL, refuse};
use crate::fault::Behaviour;
use crate::log::{self, Origin};
use crate::node::Node;
use crate::{headers, metrics, random, services};

/// The header that carries the trace between services and to the client.
pub(crate) const TRACE: &str = "x-trace-id";

/// Whose requests are observed.
#[derive(Clone)]
pub(crate) struct Observed {
    pub(crate) node: Arc<Node>,
    pub(crate) service: &'static str,
    /// A gateway leaves the limit of time to its way to the services.
    pub(crate) limited: bool,
}

/// Measures, limits and logs one request.
pub(crate) async fn observe(State(observed): State<Observed>, request: Request, next: Next) -> Response {
    let trace = trace_of(&request);
    let origin = Origin { service: observed.service, trace: trace.clone() };
    let tells = observed.node.has(Behaviour::ErrorsTellInternals);
    let answered = log::within(origin, INTERNAL.scope(tells, answer(&observed, request, next)));
    let mut response = answered.await;
    if let Ok(value) = HeaderValue::from_str(&trace) {
        response.headers_mut().insert(TRACE, value);
    }
    response
}

async fn answer(observed: &Observed, request: Request, next: Next) -> Response {
    let node = &observed.node;
    let path = request.uri().path();
    let route = match request.extensions().get::<MatchedPath>() {
        Some(matched) => matched.as_str().to_owned(),
        // The gateway passes paths on that it does not match itself.
        None => services::template(path, node).unwrap_or("unmatched").to_owned(),
    };
    let label = if node.has(Behaviour::MetricsRawPaths) { path.to_owned() } else { route.clone() };
    // Any other method is somebody's own word, which is no label.
    let method = match request.method().as_str() {
        known @ ("GET" | "POST" | "PUT" | "DELETE" | "HEAD" | "OPTIONS" | "PATCH") => known.to_owned(),
        _ => "other".to_owned(),
    };
    let limited = observed.limited && !request.headers().contains_key(UPGRADE);
    let under_way = UnderWay::new(observed, method, route, label);
    let mut response = limit(observed, limited, next.run(request)).await;
    headers::secure(node, &mut response);
    under_way.answered(response.status());
    response
}

async fn limit(observed: &Observed, limited: bool, answered: impl Future<Output = Response>) -> Response {
    let node = &observed.node;
    let answered = async { AssertUnwindSafe(answered).catch_unwind().await.unwrap_or_else(panicked) };
    if !limited || node.has(Behaviour::NoRequestTimeout) {
        return answered.await;
    }
    let Ok(response) = timeout(node.config.times.request, answered).await else {
        node.metrics.request_timeouts.get_or_create(&metrics::of(observed.service)).inc();
        return refuse(StatusCode::SERVICE_UNAVAILABLE, "the request took too long").into_response();
    };
    response
}

fn panicked(_payload: Box<dyn Any + Send>) -> Response {
    log::line("error", "a handler panicked", json!({}));
    BROKEN.into_response()
}

/// The trace that came with the request, or a new one.
fn trace_of(request: &Request) -> String {
    let given = request.headers().get(TRACE).and_then(|value| value.to_str().ok());
    let fits = |trace: &&str| trace.len() == 32 && trace.bytes().all(|byte| byte.is_ascii_hexdigit());
    given.filter(fits).map(str::to_owned).or_else(|| random::id().ok()).unwrap_or_default()
}

/// A request that is being answered. A client that hangs up drops it, which counts as status 499.
struct UnderWay<'a> {
    observed: &'a Observed,
    method: String,
    route: String,
    /// The route as metrics call it; only a fault makes it another text.
    label: String,
    start: Instant,
    status: u16,
}

impl UnderWay<'_> {
    fn new(observed: &Observed, method: String, route: String, label: String) -> UnderWay<'_> {
        observed.node.metrics.started(observed.service);
        UnderWay { observed, method, route, label, start: Instant::now(), status: 499 }
    }

    fn answered(mut self, status: StatusCode) {
        self.status = status.as_u16();
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let took = self.start.elapsed();
        let Observed { node, service, .. } = self.observed;
        node.metrics.answered(service, &self.method, &self.label, self.status, took);
        let fields = json!({
            "method": self.method,
            "route": self.route,
            "status": self.status,
            "duration_ms": millis(took),
        });
        log::line("info", "request", fields);
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
