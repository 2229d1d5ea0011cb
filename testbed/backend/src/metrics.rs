//! What Prometheus scrapes: requests by route and status, their durations, the pool.

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::database::Database;

/// The media type of what [`Metrics::scrape`] gives.
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const BUCKETS_SECONDS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OnRoute {
    route: String,
}

/// All metrics of the backend.
pub(crate) struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter<u64, AtomicU64>>,
    in_flight: Family<OnRoute, Gauge>,
    seconds: Family<OnRoute, Histogram>,
    pool_size: Gauge,
    pool_in_use: Gauge,
    pool_max: Gauge,
}

impl Metrics {
    pub(crate) fn new() -> Metrics {
        let mut metrics = Metrics {
            registry: Registry::default(),
            requests: Family::default(),
            in_flight: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(BUCKETS_SECONDS)),
            pool_size: Gauge::default(),
            pool_in_use: Gauge::default(),
            pool_max: Gauge::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("http_requests", "Requests answered", metrics.requests.clone());
        registry.register("http_requests_in_flight", "Requests under way", metrics.in_flight.clone());
        registry.register("http_request_duration_seconds", "Time to answer", metrics.seconds.clone());
        registry.register("db_pool_size", "Connections that are open", metrics.pool_size.clone());
        registry.register("db_pool_in_use", "Connections in use", metrics.pool_in_use.clone());
        registry.register("db_pool_max", "Connections that may be open", metrics.pool_max.clone());
        metrics
    }

    pub(crate) fn started(&self, route: &str) {
        self.in_flight.get_or_create(&OnRoute { route: route.to_owned() }).inc();
    }

    pub(crate) fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        let on_route = OnRoute { route: route.to_owned() };
        self.in_flight.get_or_create(&on_route).dec();
        self.seconds.get_or_create(&on_route).observe(took.as_secs_f64());
        let answered = Answered { method: method.to_owned(), route: route.to_owned(), status };
        self.requests.get_or_create(&answered).inc();
    }

    /// The text that Prometheus reads.
    pub(crate) fn scrape(&self, database: &Database) -> Result<String, fmt::Error> {
        let (open, in_use, max) = database.pool_use();
        self.pool_size.set(i64::from(open));
        self.pool_in_use.set(i64::from(in_use));
        self.pool_max.set(i64::from(max));
        let mut text = String::new();
        text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
