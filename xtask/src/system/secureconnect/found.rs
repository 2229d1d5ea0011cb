//! Which findings each fault of the system must make, and which faults are judged in one run because
//! they do not touch each other. It does not know how the system is started.

/// A fault, and the findings that it must make.
pub(super) type Found = (&'static str, &'static [&'static str]);

/// The faults that are judged together, and the findings that each must make.
pub(super) const FOUND: &[(&str, &[Found])] = &[
    ("accounts", &[("mail-swallowed", &["accounts/sign-up/journey"])]),
    ("accounts closed", &[("smtp-unset", &["accounts/sign-up/journey"])]),
    (
        "features",
        &[
            ("no-polls", &["chat/polls/journey"]),
            ("no-typing", &["chat/typing/journey"]),
            ("no-reactions", &["chat/reactions/journey"]),
            ("no-search", &["chat/search/journey"]),
            ("no-long-poll", &["chat/long-poll/journey"]),
            ("no-ai", &["assistance/model/journey"]),
            ("push-not-sent", &["assistance/notified/journey"]),
            ("no-group-calls", &["calls/call-group/journey"]),
            ("no-call-poll", &["calls/call-without-websocket/journey"]),
            ("turn-test-credentials", &["calls/turn/journey"]),
        ],
    ),
    (
        "features unset",
        &[
            (
                "ai-unset",
                &[
                    "assistance/model/journey",
                    "watch/health-listed//health",
                    "watch/health-listed//health ai",
                ],
            ),
            ("long-poll-deaf", &["chat/long-poll/journey"]),
        ],
    ),
    (
        "push unset",
        &[(
            "push-unset",
            &[
                "assistance/notified/journey",
                "watch/health-listed//health",
                "watch/health-listed//health push",
            ],
        )],
    ),
    (
        "details of chat",
        &[
            ("verification-skipped", &["accounts/verification-needed/journey"]),
            ("verification-reused", &["accounts/verification-once/journey"]),
            ("short-passwords", &["accounts/passwords-long/journey"]),
            (
                "login-tells-accounts",
                &["accounts/login-tells-nothing/journey", "security/contract/POST /auth/login"],
            ),
            ("presence-not-restored", &["chat/presence-restored/journey"]),
            ("typing-never-ends", &["chat/typing-ends/journey"]),
            ("typing-to-strangers", &["chat/typing-private/journey"]),
            ("search-everywhere", &["chat/search-private/journey"]),
            ("paging-broken", &["chat/history-pages/journey"]),
            ("history-lost", &["chat/history-resumed/journey"]),
            (
                "other-chat-readable",
                &[
                    "chat/members-only/journey",
                    "chat/removed-means-removed/journey",
                    "security/strangers/GET /conversations/{id}/messages as eve",
                ],
            ),
            ("no-poll-events", &["chat/polls-live/journey"]),
            ("poll-counts-twice", &["chat/polls-once/journey"]),
            ("poll-stays-open", &["chat/polls-close/journey"]),
            ("call-end-unsaid", &["calls/call-end-told/journey"]),
            (
                "call-open-to-strangers",
                &[
                    "calls/call-private/journey",
                    "security/strangers/GET /calls/{id} as eve",
                    "security/strangers/GET /calls/{id}/signals as eve",
                    "security/strangers/POST /calls/{id}/end as eve",
                    "security/strangers/POST /calls/{id}/join as eve",
                ],
            ),
        ],
    ),
    (
        "details of the drive",
        &[
            ("small-buffers", &["chat/history-resumed/journey"]),
            ("removed-member-reads", &["chat/removed-means-removed/journey"]),
            ("quota-ignored", &["drive/quota-kept/journey"]),
            ("quota-not-returned", &["drive/quota-returned/journey"]),
            ("presigned-never-expires", &["drive/addresses-expire/journey"]),
            ("presigned-for-any-object", &["drive/addresses-for-one-file/journey"]),
            ("size-unchecked", &["drive/size-kept/journey"]),
            ("type-unchecked", &["drive/types-kept/journey"]),
            ("file-names-unchecked", &["drive/names-kept/journey"]),
            ("deleted-file-readable", &["drive/deleted-means-deleted/journey"]),
            (
                "other-file-readable",
                &["drive/files-private/journey", "security/strangers/GET /files/{id} as eve"],
            ),
            ("push-delete-ignored", &["assistance/forgotten-device/journey"]),
            ("no-ai-timeout", &["assistance/model-slow/journey"]),
        ],
    ),
    (
        "health lies",
        &[(
            "health-lies",
            &[
                "watch/health-true//health without database",
                "watch/ready-true//ready without database",
                "watch/cache-away//health without cache",
                "chat/cache-forgot/without cache",
            ],
        )],
    ),
    ("health omits", &[("health-omits-cache", &["watch/health-listed//health"])]),
    ("health omits files", &[("health-omits-objects", &["watch/health-of-files//health"])]),
    ("health leaks", &[("health-leaks", &["watch/health-listed//health", "watch/health-of-files//health"])]),
    ("ready", &[("ready-at-once", &["watch/ready-true//ready without database"])]),
    (
        "security",
        &[
            ("headers-missing", &["security/headers"]),
            ("cors-wildcard", &["security/origins"]),
            ("cookie-without-flags", &["security/cookie/POST /auth/login refresh_token"]),
            ("revocation-ignored", &["security/logout/journey"]),
            ("refresh-reused", &["security/refresh-once/journey"]),
            ("lockout-off", &["security/lockout/lockout"]),
            ("no-timeout-metrics", &["watch/metrics"]),
            ("no-trace-in-logs", &["watch/logs"]),
            ("none-accepted", &["security/tokens/alg-none"]),
            ("turn-never-expires", &["calls/turn-ends/journey"]),
            ("push-tokens-kept", &["assistance/dead-devices/journey"]),
            ("no-ai-breaker", &["assistance/model-left-alone/journey"]),
            ("sockets-leak", &["chat/sockets-closed/journey"]),
            ("undocumented-operation", &["security/contract/GET /debug/config"]),
        ],
    ),
    (
        "security of errors",
        &[
            ("headers-missing-on-errors", &["security/headers"]),
            ("cors-reflects", &["security/origins"]),
            ("policy-blocks-camera", &["security/policies"]),
            ("refresh-outlives-logout", &["security/logout/journey"]),
            ("no-degraded-metric", &["watch/metrics"]),
            ("token-in-logs", &["watch/logs"]),
            ("answer-breaks-document", &["security/contract/GET /quota"]),
            (
                "signature-unchecked",
                &[
                    "security/tokens/alg-none",
                    "security/tokens/empty-key",
                    "security/tokens/stripped",
                    "security/tokens/wrong-key",
                ],
            ),
            ("no-object-breaker", &["drive/objects-left-alone/without objects"]),
            ("presence-lies", &["chat/cache-away-said/without cache"]),
        ],
    ),
    (
        "browsers and a database that hangs",
        &[
            ("no-hsts", &["security/headers"]),
            ("policy-blocks-sockets", &["security/policies"]),
            (
                "no-query-timeout",
                &["watch/database-hangs/POST /auth/login", "watch/database-left-alone/without database"],
            ),
            ("metrics-stand-still", &["watch/metrics"]),
            ("email-in-logs", &["watch/logs"]),
            ("document-breaks-answer", &["security/contract/GET /me"]),
            (
                "alert-on-unknown-metric",
                &["watch/alerts-on-known-metrics/config/alerts.yml:RedisDegradedMode"],
            ),
            ("errors-tell-internals", &["security/errors-silent/journey"]),
            ("presence-not-resynced", &["chat/cache-forgot/without cache"]),
        ],
    ),
    (
        "tokens",
        &[
            ("expired-accepted", &["security/tokens/expired"]),
            ("not-before-ignored", &["security/tokens/not-yet-valid"]),
            ("audience-unchecked", &["security/tokens/wrong-audience"]),
            ("issuer-unchecked", &["security/tokens/wrong-issuer"]),
            ("weak-hash", &["security/hashes/password"]),
            (
                "no-breaker-metric",
                &[
                    "watch/metrics",
                    "assistance/model-left-alone/journey",
                    "drive/objects-left-alone/without objects",
                    "watch/database-left-alone/without database",
                ],
            ),
            ("password-in-logs", &["watch/logs"]),
        ],
    ),
    (
        "logs",
        &[
            ("token-lives-years", &["security/tokens/token"]),
            ("logs-not-json", &["watch/logs"]),
            (
                "metrics-hidden",
                &[
                    "watch/metrics",
                    "security/contract/GET /metrics",
                    "chat/sockets-closed/journey",
                    "assistance/model-left-alone/journey",
                    "drive/objects-left-alone/without objects",
                    "watch/database-left-alone/without database",
                ],
            ),
        ],
    ),
    (
        "other files",
        &[
            (
                "other-file-deletable",
                &["drive/files-private/journey", "security/strangers/DELETE /files/{id} as eve"],
            ),
            ("log-path-unread", &["watch/logs"]),
            ("metrics-raw-paths", &["watch/metrics"]),
            ("sql-injection", &["security/search-quoted/journey"]),
            ("no-database-breaker", &["watch/database-left-alone/without database"]),
        ],
    ),
    ("connections", &[("connections-leak", &["accounts/asked-again/journey"])]),
    ("pool", &[("pool-too-small", &["deployment/pool-fits/DATABASE_POOL"])]),
    ("messages as pages", &[("stored-xss", &["chat/messages/journey", "chat/reactions/journey"])]),
    (
        "no fallback",
        &[(
            "no-redis-fallback",
            &["accounts/cache-away-go-on/without cache", "chat/cache-away-said/without cache"],
        )],
    ),
    (
        "repository",
        &[
            ("alert-ratio-always-one", &["watch/prometheus-match-itself/config/alerts.yml:HighErrorRate"]),
            ("alert-twice", &["watch/prometheus-one-severity/config/alerts.yml:ServiceUnhealthy"]),
            ("alertmanager-inline-password", &["watch/alertmanager-global-secrets/config/alertmanager.yml"]),
            (
                "alertmanager-without-start-period",
                &["deployment/compose-start-period/docker-compose.monitoring.yml:alertmanager"],
            ),
            (
                "auth-checked-at-another-port",
                &[
                    "deployment/compose-depends-healthy/docker-compose.yml:gateway",
                    "deployment/compose-healthcheck-port/docker-compose.yml:auth",
                ],
            ),
            ("backup-not-restarted", &["deployment/compose-restart/docker-compose.yml:backup"]),
            ("backup-unchecked", &["deployment/compose-healthcheck-declared/docker-compose.yml:backup"]),
            ("call-unlimited", &["deployment/compose-cpu-limit/docker-compose.yml:call"]),
            (
                "critical-alerts-unrouted",
                &["watch/alertmanager-receiver-used/config/alertmanager.yml:on-call"],
            ),
            ("database-published", &["deployment/compose-database-private/docker-compose.yml:database"]),
            ("database-unlimited", &["deployment/compose-memory-limit-database/docker-compose.yml:database"]),
            (
                "grafana-admin",
                &["deployment/compose-default-passwords/docker-compose.monitoring.yml:grafana"],
            ),
            ("image-of-any-version", &["deployment/compose-image-pinned/docker-compose.yml:nginx"]),
            ("logs-collected-elsewhere", &["watch/promtail-path-mounted/config/promtail.yml:secureconnect"]),
            (
                "loki-without-start-period",
                &["deployment/compose-start-period/docker-compose.monitoring.yml:loki"],
            ),
            (
                "monitoring-on-external-network",
                &["deployment/compose-external-networks/docker-compose.monitoring.yml"],
            ),
            ("nginx-without-start-period", &["deployment/compose-start-period/docker-compose.yml:nginx"]),
            (
                "prometheus-without-start-period",
                &["deployment/compose-start-period/docker-compose.monitoring.yml:prometheus"],
            ),
            (
                "redis-checked-without-password",
                &["deployment/compose-healthcheck-truthful/docker-compose.yml:redis"],
            ),
            ("redis-unlimited", &["deployment/compose-memory-limit/docker-compose.yml:redis"]),
            (
                "secret-inlined",
                &[
                    "deployment/compose-plain-secrets/docker-compose.yml:auth",
                    "deployment/compose-plain-secrets/docker-compose.yml:call",
                    "deployment/compose-plain-secrets/docker-compose.yml:chat",
                    "deployment/compose-plain-secrets/docker-compose.yml:gateway",
                    "deployment/compose-plain-secrets/docker-compose.yml:storage",
                ],
            ),
            (
                "services-run-as-root",
                &[
                    "deployment/compose-not-root/docker-compose.yml:auth",
                    "deployment/compose-not-root/docker-compose.yml:call",
                    "deployment/compose-not-root/docker-compose.yml:chat",
                    "deployment/compose-not-root/docker-compose.yml:gateway",
                    "deployment/compose-not-root/docker-compose.yml:storage",
                ],
            ),
            (
                "turn-checked-with-test-credentials",
                &["deployment/compose-healthcheck-foreign-credentials/docker-compose.yml:turn"],
            ),
            ("weak-jwt-secret", &["security/token-secret/JWT_SECRET"]),
            ("placeholder-turn-secret", &["security/relay-secret/TURN_SECRET"]),
            ("no-rollback-page", &["deployment/rollback-page/runbooks/rollback.md"]),
            ("no-recovery-plan", &["deployment/recovery-page/runbooks/recovery.md"]),
            (
                "no-database-runbook",
                &["watch/database-page/runbooks/database.md", "watch/alerts-have-pages/sh"],
            ),
        ],
    ),
    (
        "placeholders",
        &[
            ("placeholder-jwt-secret", &["security/token-secret/JWT_SECRET"]),
            ("pool-over-limit", &["deployment/pool-fits/DATABASE_POOL"]),
            ("alert-without-runbook", &["watch/alerts-have-pages/sh"]),
            ("no-degraded-alert", &["watch/degraded-watched/grep"]),
            ("alert-that-cannot-fire", &["watch/alerts-match/config/alerts.yml:HighDatabaseErrorRate"]),
            ("status-not-in-document", &["security/lockout-documented/grep"]),
            ("operation-not-in-document", &["security/paths-documented/sh"]),
        ],
    ),
    (
        "deployed",
        &[
            ("database-without-tls", &["security/database-encrypted/grep"]),
            ("redis-without-password", &["security/redis-closed/grep"]),
            ("mail-not-deployed", &["accounts/mail-deployed/grep"]),
            ("storage-starts-too-early", &["deployment/database-awaited/storage"]),
            ("no-timeout-alert", &["watch/timeouts-watched/grep"]),
            ("no-breaker-alert", &["watch/breakers-watched/grep"]),
            ("logs-without-retention", &["watch/logs-deleted/grep"]),
            ("storage-not-scraped", &["watch/all-scraped/sh"]),
            ("old-tls", &["security/edge-tls/grep"]),
            ("edge-without-timeout", &["deployment/edge-waits-shortly/grep"]),
            ("metrics-public", &["security/metrics-inside/grep"]),
            ("recovery-not-rehearsed", &["deployment/recovery-rehearsed/runbooks/recovery.md"]),
            ("variable-not-in-example", &["deployment/variables-in-example/sh"]),
            ("variable-nobody-reads", &["deployment/variables-read/sh"]),
            (
                "alertmanager-placeholders",
                &["watch/alertmanager-receiver-placeholders/config/alertmanager.yml:on-call"],
            ),
            ("no-poll-schema", &["chat/polls-migrated/grep"]),
        ],
    ),
];

/// The same of the system with small limits; nothing here is judged together, since all of it is
/// about the same few requests.
pub(super) const LIMITS: &[Found] = &[
    (
        "rate-limit-off",
        &[
            "security/address/address",
            "security/user/journey",
            "security/without-cache/address without store",
        ],
    ),
    ("rate-limit-not-per-user", &["security/user/journey"]),
    ("rate-limit-never-resets", &["security/address/address"]),
    ("rate-limit-no-retry-after", &["security/address/address"]),
    ("forwarded-for-trusted", &["security/address/address"]),
    ("limiter-fails-open", &["security/without-cache/address without store"]),
    ("limiter-fails-closed", &["security/without-cache/address without store"]),
];

/// The same of the services apart. The last is judged by its file too.
pub(super) const APART: &[Found] = &[
    ("no-redis-retry", &["limits/cache-hiccup/journey"]),
    ("no-object-retry", &["limits/objects-hiccup/journey"]),
    ("no-request-timeout", &["limits/objects-hang/journey"]),
    ("no-proxy-timeout", &["limits/service-hangs/without call-process"]),
    ("no-graceful-shutdown", &["restarts/chat-drains/shutdown"]),
    ("critical-alerts-unrouted", &["around/page-arrives/alert"]),
];

/// The same of the system while strangers type into it.
pub(super) const ATTACKED: &[Found] = &[
    ("sql-injection", &["security/inputs/GET /search"]),
    ("stored-xss", &["security/inputs/GET /conversations/{id}/messages"]),
];
