//! The faults in how the system is watched and written about: alerts, logs, runbooks, the example of
//! the environment, the document of the API.

use testbed_servers::repository::Edit;

use super::{Fault, edited};

const ALERTS: &str = "config/alerts.yml";
const ALERTMANAGER: &str = "config/alertmanager.yml";

/// These faults.
pub(super) const FAULTS: &[Fault] = &[
    edited(
        "alert-on-unknown-metric",
        "an alert asks for a metric that nobody exposes",
        "RedisDegradedMode asks for redis_connections",
        &[Edit::Replace { file: ALERTS, from: "max(redis_degraded_mode) == 1", to: "redis_connections < 1" }],
    ),
    edited(
        "alert-ratio-always-one",
        "an alert divides a rate by itself",
        "HighErrorRate is 1 whenever there is an error, because both sides have the same labels",
        &[Edit::Replace {
            file: ALERTS,
            from: "sum by (service) (rate(http_requests_total{status=~\"5..\"}[5m])) / sum by (service) (rate(http_requests_total[5m])) > 0.05",
            to: "rate(http_requests_total{status=~\"5..\"}[5m]) / rate(http_requests_total[5m]) > 0.05",
        }],
    ),
    edited(
        "alert-that-cannot-fire",
        "an alert divides series whose labels never match",
        "HighDatabaseErrorRate divides by http_requests_total without a sum, and stays silent",
        &[Edit::Replace {
            file: ALERTS,
            from: "sum(rate(db_query_errors_total[5m])) / sum(rate(db_query_duration_seconds_count[5m])) > 0.1",
            to: "rate(db_query_errors_total[5m]) / rate(http_requests_total[5m]) > 0.1",
        }],
    ),
    edited(
        "alert-twice",
        "two alerts say the same",
        "ServiceUnhealthy has the expression of ServiceDown",
        &[Edit::Replace {
            file: ALERTS,
            from: "      - alert: HighErrorRate",
            to: "      - alert: ServiceUnhealthy\n        expr: up{job=\"secureconnect\"} == 0\n        for: 1m\n        labels: { severity: warning }\n        annotations:\n          summary: \"{{ $labels.instance }} does not answer\"\n          runbook_url: runbooks/service-down.md\n      - alert: HighErrorRate",
        }],
    ),
    edited(
        "no-timeout-alert",
        "nobody is told of timeouts",
        "no rule asks for request_timeout_total or proxy_timeout_total",
        &[Edit::Cut { file: ALERTS, from: "      - alert: RequestTimeouts", to: "  - name: dependencies" }],
    ),
    edited(
        "no-breaker-alert",
        "nobody is told of an open breaker",
        "no rule asks for circuit_breaker_open",
        &[Edit::Cut { file: ALERTS, from: "      - alert: CircuitBreakerOpen", to: "  - name: use" }],
    ),
    edited(
        "no-degraded-alert",
        "nobody is told that services go on without Redis",
        "no rule asks for redis_degraded_mode",
        &[Edit::Cut {
            file: ALERTS,
            from: "      - alert: RedisDegradedMode",
            to: "      - alert: CircuitBreakerOpen",
        }],
    ),
    edited(
        "alert-without-runbook",
        "an alert names a page that is not there",
        "runbook_url of CircuitBreakerOpen leads to runbooks/circuit.md",
        &[Edit::Replace { file: ALERTS, from: "runbooks/breakers.md", to: "runbooks/circuit.md" }],
    ),
    edited(
        "alertmanager-placeholders",
        "alerts go to an address that nobody filled in",
        "the receiver `on-call` is ops-team@yourcompany.com",
        &[Edit::Replace {
            file: ALERTMANAGER,
            from: "to: on-call@secureconnect.internal",
            to: "to: ops-team@yourcompany.com",
        }],
    ),
    edited(
        "alertmanager-inline-password",
        "the password of the mail account stands in the configuration",
        "alertmanager.yml has smtp_auth_password",
        &[Edit::Replace {
            file: ALERTMANAGER,
            from: "smtp_auth_password_file: /run/secrets/alert_smtp_password",
            to: "smtp_auth_password: hunter2-hunter2",
        }],
    ),
    edited(
        "critical-alerts-unrouted",
        "critical alerts go to the team, which sleeps at night",
        "no route of alertmanager.yml leads to `on-call`",
        &[Edit::Replace {
            file: ALERTMANAGER,
            from: "  routes:\n    - matchers: ['severity=\"critical\"']\n      receiver: on-call\n      repeat_interval: 30m\n",
            to: "",
        }],
    ),
    edited(
        "logs-collected-elsewhere",
        "the collector reads a folder into which nobody writes",
        "promtail.yml reads /var/lib/docker/containers, and LOG_DIR is /logs",
        &[Edit::Replace {
            file: "config/promtail.yml",
            from: "__path__: /logs/*.log",
            to: "__path__: /var/lib/docker/containers/*/*.log",
        }],
    ),
    edited(
        "logs-without-retention",
        "logs are kept until the disk is full",
        "loki.yml has no retention_enabled",
        &[Edit::Replace { file: "config/loki.yml", from: "  retention_enabled: true\n", to: "" }],
    ),
    edited(
        "storage-not-scraped",
        "the metrics of storage are not collected",
        "prometheus.yml does not name storage:8084",
        &[Edit::Replace { file: "config/prometheus.yml", from: ", \"storage:8084\"", to: "" }],
    ),
    edited(
        "old-tls",
        "the edge speaks TLS 1.0",
        "nginx.conf has TLSv1",
        &[Edit::Replace {
            file: "config/nginx.conf",
            from: "ssl_protocols TLSv1.2 TLSv1.3",
            to: "ssl_protocols TLSv1 TLSv1.2 TLSv1.3",
        }],
    ),
    edited(
        "edge-without-timeout",
        "the edge waits for the gateway for an hour",
        "proxy_read_timeout of nginx.conf is 3600s",
        &[Edit::Replace {
            file: "config/nginx.conf",
            from: "proxy_read_timeout 60s",
            to: "proxy_read_timeout 3600s",
        }],
    ),
    edited(
        "metrics-public",
        "the metrics are shown to everybody",
        "nginx.conf passes /metrics on",
        &[Edit::Replace {
            file: "config/nginx.conf",
            from: "    location = /metrics { return 404; }\n",
            to: "",
        }],
    ),
    edited(
        "no-database-runbook",
        "nobody wrote down what to do when the database is away",
        "runbooks/database.md is not there, and three alerts lead to it",
        &[Edit::Remove { file: "runbooks/database.md" }],
    ),
    edited(
        "no-rollback-page",
        "nobody wrote down how to go back",
        "runbooks/rollback.md is not there",
        &[Edit::Remove { file: "runbooks/rollback.md" }],
    ),
    edited(
        "no-recovery-plan",
        "nobody wrote down what to do when everything is lost",
        "runbooks/recovery.md is not there",
        &[Edit::Remove { file: "runbooks/recovery.md" }],
    ),
    edited(
        "recovery-not-rehearsed",
        "nobody has tried the recovery for more than a year",
        "runbooks/recovery.md says that it was rehearsed on 2024-11-05",
        &[Edit::Replace { file: "runbooks/recovery.md", from: "{today}", to: "2024-11-05" }],
    ),
    edited(
        "variable-not-in-example",
        "the example of the environment lacks a variable that is read",
        ".env.example has no TURN_SECRET",
        &[Edit::Replace { file: ".env.example", from: "TURN_SECRET=\n", to: "" }],
    ),
    edited(
        "variable-nobody-reads",
        "the example of the environment has a variable that nobody reads",
        ".env.example has REDIS_HOST",
        &[Edit::Replace { file: ".env.example", from: "REDIS_URL=\n", to: "REDIS_URL=\nREDIS_HOST=redis\n" }],
    ),
    edited(
        "operation-not-in-document",
        "the document lost an operation that is served",
        "openapi.yaml has no /turn",
        &[Edit::Cut { file: "openapi.yaml", from: "  /turn:\n", to: "components:\n" }],
    ),
    edited(
        "status-not-in-document",
        "the document does not say that logins may be locked",
        "POST /auth/login of openapi.yaml has no 423",
        &[Edit::Replace {
            file: "openapi.yaml",
            from: "        '423': { $ref: '#/components/responses/Locked' }\n",
            to: "",
        }],
    ),
    edited(
        "document-breaks-answer",
        "the document says that ids are numbers",
        "`id` of User in openapi.yaml is an integer, and GET /me gives a text",
        &[Edit::Replace {
            file: "openapi.yaml",
            from: "    User:\n      type: object\n      required: [id, email, name, verified]\n      properties:\n        id: { type: string }",
            to: "    User:\n      type: object\n      required: [id, email, name, verified]\n      properties:\n        id: { type: integer }",
        }],
    ),
    edited(
        "no-poll-schema",
        "the tables of polls are in no migration of the repository",
        "migrations/5_polls.sql is not there",
        &[Edit::Remove { file: "migrations/5_polls.sql" }],
    ),
];
