//! Counts and durations, for Prometheus. The names here are those that the alert rules ask for.

use std::fmt;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Metric, Registry};

use crate::fault::{Behaviour, Faults};

/// The media type of what [`Metrics::scrape`] gives.
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
const BUCKETS_SECONDS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 30.0];

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    service: &'static str,
    method: String,
    route: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OnRoute {
    service: &'static str,
    route: String,
}

/// A label `service`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Of {
    service: &'static str,
}

/// A label `name`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Named {
    name: &'static str,
}

pub(crate) type Count = Counter<u64, AtomicU64>;

/// All metrics of a process.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    stand_still: bool,
    requests: Family<Answered, Count>,
    in_flight: Family<Of, Gauge>,
    seconds: Family<OnRoute, Histogram>,
    pub(crate) request_timeouts: Family<Of, Count>,
    pub(crate) proxy_timeouts: Count,
    breaker_open: Family<Named, Gauge>,
    pub(crate) query_seconds: Histogram,
    pub(crate) query_errors: Count,
    pub(crate) query_timeouts: Count,
    pub(crate) connections: Gauge,
    pub(crate) connections_in_use: Gauge,
    pub(crate) connections_max: Gauge,
    pub(crate) redis_commands: Count,
    pub(crate) redis_seconds: Histogram,
    pub(crate) redis_errors: Count,
    pub(crate) redis_degraded: Gauge,
    pub(crate) object_operations: Count,
    pub(crate) object_errors: Count,
    pub(crate) sockets: Family<Of, Gauge>,
    pub(crate) socket_messages: Family<Of, Count>,
    pub(crate) socket_dropped: Family<Of, Count>,
    pub(crate) messages_sent: Count,
    pub(crate) calls: Count,
    pub(crate) calls_active: Gauge,
    pub(crate) call_seconds: Histogram,
    pub(crate) polls: Count,
    pub(crate) votes: Count,
    pub(crate) pushes: Count,
    pub(crate) push_failures: Count,
    pub(crate) logins: Count,
    pub(crate) login_failures: Count,
    pub(crate) mails: Count,
    pub(crate) mail_failures: Count,
    pub(crate) limit_hits: Count,
    pub(crate) limit_blocked: Count,
    pub(crate) ai_requests: Count,
    pub(crate) ai_failures: Count,
}

fn histogram() -> Histogram {
    Histogram::new(BUCKETS_SECONDS)
}

impl Metrics {
    /// The metrics of a process that runs these services.
    pub(crate) fn new(faults: &Faults, services: &[&'static str]) -> Metrics {
        let mut metrics = Metrics {
            registry: Registry::default(),
            stand_still: faults.on(Behaviour::MetricsStandStill),
            requests: Family::default(),
            in_flight: Family::default(),
            seconds: Family::new_with_constructor(histogram),
            request_timeouts: Family::default(),
            proxy_timeouts: Counter::default(),
            breaker_open: Family::default(),
            query_seconds: histogram(),
            query_errors: Counter::default(),
            query_timeouts: Counter::default(),
            connections: Gauge::default(),
            connections_in_use: Gauge::default(),
            connections_max: Gauge::default(),
            redis_commands: Counter::default(),
            redis_seconds: histogram(),
            redis_errors: Counter::default(),
            redis_degraded: Gauge::default(),
            object_operations: Counter::default(),
            object_errors: Counter::default(),
            sockets: Family::default(),
            socket_messages: Family::default(),
            socket_dropped: Family::default(),
            messages_sent: Counter::default(),
            calls: Counter::default(),
            calls_active: Gauge::default(),
            call_seconds: histogram(),
            polls: Counter::default(),
            votes: Counter::default(),
            pushes: Counter::default(),
            push_failures: Counter::default(),
            logins: Counter::default(),
            login_failures: Counter::default(),
            mails: Counter::default(),
            mail_failures: Counter::default(),
            limit_hits: Counter::default(),
            limit_blocked: Counter::default(),
            ai_requests: Counter::default(),
            ai_failures: Counter::default(),
        };
        metrics.register_contacts(faults);
        metrics.register_features(faults);
        metrics.begin(services);
        metrics
    }

    /// Counts begin at 0 before anything happens: a rule sees no change in what is not there yet.
    fn begin(&self, services: &[&'static str]) {
        for service in services {
            drop(self.request_timeouts.get_or_create(&of(service)));
        }
        for service in services.iter().filter(|service| ["chat", "call"].contains(service)) {
            drop(self.sockets.get_or_create(&of(service)));
            drop(self.socket_messages.get_or_create(&of(service)));
            drop(self.socket_dropped.get_or_create(&of(service)));
        }
    }

    fn add(&mut self, name: &str, help: &str, metric: &(impl Metric + Clone)) {
        self.registry.register(name, help, metric.clone());
    }

    /// What passes through, and what it leans on.
    fn register_contacts(&mut self, faults: &Faults) {
        let here = |hidden| !faults.on(hidden);
        let Metrics { requests, in_flight, seconds, .. } = self;
        let (requests, in_flight, seconds) = (requests.clone(), in_flight.clone(), seconds.clone());
        self.add("http_requests", "Requests answered", &requests);
        self.add("http_requests_in_flight", "Requests under way", &in_flight);
        self.add("http_request_duration_seconds", "Time to answer", &seconds);
        if here(Behaviour::NoTimeoutMetrics) {
            self.add("request_timeout", "Requests that took too long", &self.request_timeouts.clone());
            self.add("proxy_timeout", "Services that took too long", &self.proxy_timeouts.clone());
            self.add("db_query_timeout", "Queries that took too long", &self.query_timeouts.clone());
        }
        if here(Behaviour::NoBreakerMetric) {
            self.add("circuit_breaker_open", "1 while it refuses", &self.breaker_open.clone());
        }
        self.add("db_query_duration_seconds", "Time of a query", &self.query_seconds.clone());
        self.add("db_query_errors", "Queries that failed", &self.query_errors.clone());
        self.add("db_connections", "Connections that are open", &self.connections.clone());
        self.add("db_connections_in_use", "Connections in use", &self.connections_in_use.clone());
        self.add("db_connections_max", "Connections that may be open", &self.connections_max.clone());
        self.add("redis_commands", "Commands to Redis", &self.redis_commands.clone());
        self.add("redis_command_duration_seconds", "Time of a command", &self.redis_seconds.clone());
        self.add("redis_errors", "Commands that failed", &self.redis_errors.clone());
        if here(Behaviour::NoDegradedMetric) {
            self.add("redis_degraded_mode", "1 while Redis is not used", &self.redis_degraded.clone());
        }
        self.add("object_operations", "Reads and writes of objects", &self.object_operations.clone());
        self.add("object_errors", "Reads and writes that failed", &self.object_errors.clone());
    }

    /// What people do.
    fn register_features(&mut self, faults: &Faults) {
        self.add("websocket_connections", "Open WebSockets", &self.sockets.clone());
        self.add("websocket_messages", "Messages over WebSockets", &self.socket_messages.clone());
        self.add("websocket_dropped", "Messages that did not fit", &self.socket_dropped.clone());
        self.add("messages_sent", "Chat messages", &self.messages_sent.clone());
        self.add("calls", "Calls begun", &self.calls.clone());
        self.add("calls_active", "Calls under way", &self.calls_active.clone());
        self.add("call_duration_seconds", "Length of a call", &self.call_seconds.clone());
        if !faults.on(Behaviour::NoPolls) {
            self.add("polls", "Polls made", &self.polls.clone());
            self.add("poll_votes", "Votes cast", &self.votes.clone());
        }
        self.add("push_notifications", "Notifications sent", &self.pushes.clone());
        self.add("push_failures", "Notifications that failed", &self.push_failures.clone());
        self.add("auth_success", "Logins that succeeded", &self.logins.clone());
        self.add("auth_failures", "Logins that failed", &self.login_failures.clone());
        self.add("mails", "Mails handed over", &self.mails.clone());
        self.add("mail_failures", "Mails that failed", &self.mail_failures.clone());
        self.add("rate_limit_hits", "Requests counted for limits", &self.limit_hits.clone());
        self.add("rate_limit_blocked", "Requests refused by limits", &self.limit_blocked.clone());
        if !faults.on(Behaviour::NoAi) {
            self.add("ai_requests", "Questions to the model", &self.ai_requests.clone());
            self.add("ai_failures", "Questions that failed", &self.ai_failures.clone());
        }
    }

    pub(crate) fn started(&self, service: &'static str) {
        self.in_flight.get_or_create(&Of { service }).inc();
    }

    pub(crate) fn answered(
        &self,
        service: &'static str,
        method: &str,
        route: &str,
        status: u16,
        took: Duration,
    ) {
        self.in_flight.get_or_create(&Of { service }).dec();
        if self.stand_still {
            return;
        }
        let on_route = OnRoute { service, route: route.to_owned() };
        self.seconds.get_or_create(&on_route).observe(took.as_secs_f64());
        let (method, route) = (method.to_owned(), route.to_owned());
        self.requests.get_or_create(&Answered { service, method, route, status }).inc();
    }

    pub(crate) fn breaker(&self, name: &'static str, open: bool) {
        self.breaker_open.get_or_create(&Named { name }).set(i64::from(open));
    }

    /// The text that Prometheus reads.
    pub(crate) fn scrape(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// The label of a service.
pub(crate) fn of(service: &'static str) -> Of {
    Of { service }
}
