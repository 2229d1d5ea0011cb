//! The faults in how the system is deployed: containers, their limits, checks, networks and secrets.

use testbed_servers::repository::Edit;

use super::{Fault, edited};

const COMPOSE: &str = "docker-compose.yml";
const MONITORING: &str = "docker-compose.monitoring.yml";

/// These faults.
pub(super) const FAULTS: &[Fault] = &[
    edited(
        "database-without-tls",
        "the database takes connections without TLS",
        "the command of `database` has no ssl=on",
        &[Edit::Replace {
            file: COMPOSE,
            from: "\"-c\", \"ssl=on\", \"-c\", \"ssl_cert_file=/run/secrets/database_cert\", \"-c\", \"ssl_key_file=/run/secrets/database_key\", ",
            to: "",
        }],
    ),
    edited(
        "turn-checked-with-test-credentials",
        "the health check of TURN logs in as test with the password test",
        "the health check of `turn` has `-u test -w test`",
        &[Edit::Replace {
            file: COMPOSE,
            from: "turnutils_uclient -y -W \\\"$$(cat /run/secrets/turn_secret)\\\" 127.0.0.1",
            to: "turnutils_uclient -u test -w test 127.0.0.1",
        }],
    ),
    edited(
        "backup-unchecked",
        "nobody learns when the backups stop",
        "`backup` has no healthcheck",
        &[Edit::Cut {
            file: COMPOSE,
            from: "    healthcheck:\n      test: [\"CMD\", \"sh\", \"-c\", \"pgrep crond",
            to: "\nnetworks:",
        }],
    ),
    edited(
        "nginx-without-start-period",
        "the edge counts as ill while it starts",
        "the health check of `nginx` has no start_period",
        &[Edit::Replace {
            file: COMPOSE,
            from: "      retries: 3\n      start_period: 15s\n",
            to: "      retries: 3\n",
        }],
    ),
    edited(
        "prometheus-without-start-period",
        "Prometheus counts as ill while it starts",
        "the health check of `prometheus` has no start_period",
        &[Edit::Replace {
            file: MONITORING,
            from: "      test: [\"CMD\", \"wget\", \"-q\", \"-O\", \"-\", \"http://localhost:9090/-/healthy\"]\n      interval: 30s\n      timeout: 5s\n      retries: 3\n      start_period: 30s\n",
            to: "      test: [\"CMD\", \"wget\", \"-q\", \"-O\", \"-\", \"http://localhost:9090/-/healthy\"]\n      interval: 30s\n      timeout: 5s\n      retries: 3\n",
        }],
    ),
    edited(
        "alertmanager-without-start-period",
        "Alertmanager counts as ill while it starts",
        "the health check of `alertmanager` has no start_period",
        &[Edit::Replace {
            file: MONITORING,
            from: "      test: [\"CMD\", \"wget\", \"-q\", \"-O\", \"-\", \"http://localhost:9093/-/healthy\"]\n      interval: 30s\n      timeout: 5s\n      retries: 3\n      start_period: 30s\n",
            to: "      test: [\"CMD\", \"wget\", \"-q\", \"-O\", \"-\", \"http://localhost:9093/-/healthy\"]\n      interval: 30s\n      timeout: 5s\n      retries: 3\n",
        }],
    ),
    edited(
        "loki-without-start-period",
        "the store of the logs counts as ill while it starts",
        "the health check of `loki` has no start_period",
        &[Edit::Replace {
            file: MONITORING,
            from: "      retries: 3\n      start_period: 45s\n",
            to: "      retries: 3\n",
        }],
    ),
    edited(
        "auth-checked-at-another-port",
        "the health check of auth asks a port on which nobody listens",
        "the health check of `auth` asks port 8080, and PORT is 8081",
        &[Edit::Replace {
            file: COMPOSE,
            from: "http://localhost:8081/health",
            to: "http://localhost:8080/health",
        }],
    ),
    edited(
        "redis-checked-without-password",
        "the health check of Redis shows no password, and any answer will do",
        "the health check of `redis` is `redis-cli ping` without a password",
        &[Edit::Replace {
            file: COMPOSE,
            from: "[\"CMD\", \"sh\", \"-c\", \"REDISCLI_AUTH=$$(cat /run/secrets/redis_password) redis-cli -e ping | grep -q PONG\"]",
            to: "[\"CMD\", \"redis-cli\", \"ping\"]",
        }],
    ),
    edited(
        "redis-without-password",
        "Redis takes anybody",
        "the command of `redis` has no --requirepass",
        &[Edit::Replace {
            file: COMPOSE,
            from: " --requirepass \\\"$$(cat /run/secrets/redis_password)\\\"",
            to: "",
        }],
    ),
    edited(
        "monitoring-on-external-network",
        "the watchers start only where the network is already",
        "docker-compose.monitoring.yml says `external: true`",
        &[Edit::Replace {
            file: MONITORING,
            from: "  secureconnect-net: {}",
            to: "  secureconnect-net: { external: true }",
        }],
    ),
    edited(
        "database-unlimited",
        "the database may take all memory",
        "`database` has no mem_limit",
        &[Edit::Replace { file: COMPOSE, from: "    mem_limit: 2g\n", to: "" }],
    ),
    edited(
        "redis-unlimited",
        "Redis may take all memory",
        "`redis` has no mem_limit and no --maxmemory",
        &[
            Edit::Replace { file: COMPOSE, from: "--maxmemory 200mb --maxmemory-policy noeviction ", to: "" },
            Edit::Replace {
                file: COMPOSE,
                from: "    mem_limit: 256m\n    cpus: 0.5\n    networks: [secureconnect-net]\n    volumes: [\"redis:/data\"]",
                to: "    cpus: 0.5\n    networks: [secureconnect-net]\n    volumes: [\"redis:/data\"]",
            },
        ],
    ),
    edited(
        "call-unlimited",
        "the calls may take all processors",
        "`call` has no cpus",
        &[Edit::Replace {
            file: COMPOSE,
            from: "    mem_limit: 512m\n    cpus: 1.0\n",
            to: "    mem_limit: 512m\n",
        }],
    ),
    edited(
        "backup-not-restarted",
        "the backups stay away after a crash",
        "`backup` has no restart",
        &[Edit::Replace {
            file: COMPOSE,
            from: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\n    restart: always",
            to: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        }],
    ),
    edited(
        "database-published",
        "the database is reachable from outside",
        "`database` publishes port 5432",
        &[Edit::Replace {
            file: COMPOSE,
            from: "    volumes: [\"database:/var/lib/postgresql/data\"]",
            to: "    ports: [\"5432:5432\"]\n    volumes: [\"database:/var/lib/postgresql/data\"]",
        }],
    ),
    edited(
        "secret-inlined",
        "a secret stands in the deployment",
        "JWT_SECRET of the services is a text in docker-compose.yml",
        &[Edit::Replace {
            file: COMPOSE,
            from: "JWT_SECRET_FILE: /run/secrets/jwt_secret",
            to: "JWT_SECRET: Zq8vTn3kLw5yRb2xHs9dPm4cJf7gVa6e",
        }],
    ),
    edited(
        "image-of-any-version",
        "nobody knows which version of nginx runs",
        "the image of `nginx` is nginx:latest",
        &[Edit::Replace {
            file: COMPOSE,
            from: "nginx:1.27.1@sha256:447a8665cc1dab95b1ca778e162215839ccbb9189104c79d7ec3a81e14577add",
            to: "nginx:latest",
        }],
    ),
    edited(
        "services-run-as-root",
        "the services run as root",
        "the services have `user: \"0:0\"`",
        &[Edit::Replace { file: COMPOSE, from: "user: \"10001:10001\"", to: "user: \"0:0\"" }],
    ),
    edited(
        "storage-starts-too-early",
        "storage does not wait for the database",
        "`storage` depends on redis only",
        &[Edit::Replace {
            file: COMPOSE,
            from: "      PORT: \"8084\"\n    depends_on:\n      database: { condition: service_healthy }\n",
            to: "      PORT: \"8084\"\n    depends_on:\n",
        }],
    ),
    edited(
        "mail-not-deployed",
        "nobody can register in production",
        "SMTP_URL of the services is empty in docker-compose.yml",
        &[Edit::Replace { file: COMPOSE, from: "SMTP_URL: smtp://mail-relay:25", to: "SMTP_URL: \"\"" }],
    ),
    edited(
        "grafana-admin",
        "the password of Grafana is admin",
        "GF_SECURITY_ADMIN_PASSWORD is admin",
        &[Edit::Replace {
            file: MONITORING,
            from: "GF_SECURITY_ADMIN_PASSWORD__FILE: /run/secrets/grafana_admin_password",
            to: "GF_SECURITY_ADMIN_PASSWORD: admin",
        }],
    ),
];
