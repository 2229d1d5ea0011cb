//! The faults in how the system holds up and what it tells of itself: limits of time, breakers,
//! health, metrics, logs.

use super::Fault;
use super::behaviour::{Behaviour, fault};

/// These faults.
pub(super) const FAULTS: &[Fault] = &[
    fault(
        Behaviour::NoRequestTimeout,
        "no-request-timeout",
        "a request may take for ever",
        "with a hanging dependency a service never answers 503; request_timeout_total does not move",
    ),
    fault(
        Behaviour::NoProxyTimeout,
        "no-proxy-timeout",
        "the gateway waits for a hanging service for ever",
        "a request through the gateway to a stopped service gets no 504",
    ),
    fault(
        Behaviour::NoQueryTimeout,
        "no-query-timeout",
        "a query may take for ever",
        "with a locked table the answer comes only at the limit of the whole request; db_query_timeout_total does not move",
    ),
    fault(
        Behaviour::NoDatabaseBreaker,
        "no-database-breaker",
        "a lost database is asked every time",
        "with the database down circuit_breaker_open{name=\"database\"} stays 0",
    ),
    fault(
        Behaviour::NoObjectBreaker,
        "no-object-breaker",
        "a lost object store is asked every time",
        "with the store's folder away circuit_breaker_open{name=\"objects\"} stays 0",
    ),
    fault(
        Behaviour::NoObjectRetry,
        "no-object-retry",
        "one failure of the object store fails the request",
        "a store that is away for less than 100 ms makes a download answer 503",
    ),
    fault(
        Behaviour::NoRedisFallback,
        "no-redis-fallback",
        "what leans on Redis fails with it",
        "with Redis down POST /auth/login answers 503",
    ),
    fault(
        Behaviour::NoRedisRetry,
        "no-redis-retry",
        "one failed command makes the system degraded",
        "one dropped connection sets redis_degraded_mode to 1",
    ),
    fault(
        Behaviour::SmallBuffers,
        "small-buffers",
        "a WebSocket that is read slowly loses messages",
        "a `resume` over 120 messages brings a few of them; websocket_dropped_total moves",
    ),
    fault(
        Behaviour::SocketsLeak,
        "sockets-leak",
        "a closed WebSocket is never let go of",
        "websocket_connections does not fall after the clients are gone",
    ),
    fault(
        Behaviour::ConnectionsLeak,
        "connections-leak",
        "each GET /me loses a connection of the pool",
        "db_connections_in_use only rises, then GET /me answers 503",
    ),
    fault(
        Behaviour::NoGracefulShutdown,
        "no-graceful-shutdown",
        "a stop cuts requests off",
        "a request that is under way at SIGTERM gets no answer",
    ),
    fault(
        Behaviour::HealthLies,
        "health-lies",
        "/health and /ready say that all is well without looking",
        "with the database down /health answers 200 and `ok`",
    ),
    fault(
        Behaviour::HealthOmitsCache,
        "health-omits-cache",
        "the health of Redis is not asked",
        "/health has no dependency `cache`",
    ),
    fault(
        Behaviour::HealthOmitsObjects,
        "health-omits-objects",
        "the health of the object store is not asked",
        "/health has no dependency `objects`",
    ),
    fault(
        Behaviour::HealthLeaks,
        "health-leaks",
        "/health tells the addresses of dependencies with their passwords",
        "/health contains the text of DATABASE_URL",
    ),
    fault(
        Behaviour::ReadyAtOnce,
        "ready-at-once",
        "/ready says yes whatever is down",
        "with the database down /ready answers 200 while /health answers 503",
    ),
    fault(
        Behaviour::MetricsHidden,
        "metrics-hidden",
        "/metrics is not served",
        "GET /metrics answers 404 on all services",
    ),
    fault(
        Behaviour::MetricsStandStill,
        "metrics-stand-still",
        "requests are not counted",
        "http_requests_total and http_request_duration_seconds are not there after requests",
    ),
    fault(
        Behaviour::MetricsRawPaths,
        "metrics-raw-paths",
        "the label `route` is the path that was asked for",
        "each id makes a new series of http_requests_total",
    ),
    fault(
        Behaviour::NoBreakerMetric,
        "no-breaker-metric",
        "the state of breakers is not shown",
        "circuit_breaker_open is missing",
    ),
    fault(
        Behaviour::NoTimeoutMetrics,
        "no-timeout-metrics",
        "timeouts are not counted",
        "request_timeout_total, proxy_timeout_total and db_query_timeout_total are missing",
    ),
    fault(
        Behaviour::NoDegradedMetric,
        "no-degraded-metric",
        "the degraded mode is not shown",
        "redis_degraded_mode is missing",
    ),
    fault(
        Behaviour::LogsNotJson,
        "logs-not-json",
        "log lines are text",
        "the lines of the log are no JSON objects",
    ),
    fault(
        Behaviour::NoTraceInLogs,
        "no-trace-in-logs",
        "log lines have no trace id",
        "the lines of the log have no `trace_id`",
    ),
    fault(
        Behaviour::TokenInLogs,
        "token-in-logs",
        "the log has the tokens of those who log in",
        "a line of the log contains the access token of a login",
    ),
    fault(
        Behaviour::EmailInLogs,
        "email-in-logs",
        "the log has mail addresses",
        "a line of the log contains the address of a login",
    ),
    fault(
        Behaviour::PasswordInLogs,
        "password-in-logs",
        "the log has passwords",
        "a line of the log contains the password of a login",
    ),
];
