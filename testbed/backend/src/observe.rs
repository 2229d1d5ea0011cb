//! What happens around every request: a limit, a metric, an access log line. The log names the
//! route, never the address that was asked for, which may carry secrets.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::json;
use tokio::time::{sleep, timeout};

use crate::api::{ApiError, Backend};
use crate::log;

const REQUEST_LIMIT: Duration = Duration::from_secs(10);
const SLOW: Duration = Duration::from_millis(600);

/// Measures, limits and logs one request.
pub(crate) async fn observe(State(backend): State<Arc<Backend>>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    // Any other method is somebody's own word, which is no label.
    let method = match request.method().as_str() {
        known @ ("GET" | "POST" | "PUT" | "DELETE" | "HEAD" | "OPTIONS" | "PATCH") => known.to_owned(),
        _ => "other".to_owned(),
    };
    let start = Instant::now();
    let under_way = UnderWay::new(&backend, method, route, start);
    let answer = timeout(REQUEST_LIMIT, next.run(request)).await;
    let response = answer.unwrap_or_else(|_| {
        ApiError(StatusCode::SERVICE_UNAVAILABLE, "the request took too long").into_response()
    });
    under_way.answered(response.status());
    response
}

/// The fault `slow-answers`.
pub(crate) async fn slow(request: Request, next: Next) -> Response {
    sleep(SLOW).await;
    next.run(request).await
}

/// A request that is being answered. A client that hangs up drops it, which counts as status 499.
struct UnderWay<'a> {
    backend: &'a Backend,
    method: String,
    route: String,
    start: Instant,
    status: u16,
}

impl UnderWay<'_> {
    fn new(backend: &Backend, method: String, route: String, start: Instant) -> UnderWay<'_> {
        backend.metrics.started(&route);
        UnderWay { backend, method, route, start, status: 499 }
    }

    fn answered(mut self, status: StatusCode) {
        self.status = status.as_u16();
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let took = self.start.elapsed();
        self.backend.metrics.answered(&self.method, &self.route, self.status, took);
        let fields = json!({
            "method": self.method,
            "route": self.route,
            "status": self.status,
            "duration_ms": u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        });
        log::line("info", "request", fields);
    }
}
