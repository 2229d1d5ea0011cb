//! The faults in the environment that the system is given.

use std::collections::BTreeMap;

use super::{Change, Fault};

const fn fault(
    name: &'static str,
    description: &'static str,
    seen: &'static str,
    change: fn(&mut BTreeMap<String, String>),
) -> Fault {
    Fault { name, description, seen, change: Change::Environment(change) }
}

fn set(environment: &mut BTreeMap<String, String>, name: &str, value: &str) {
    environment.insert(name.to_owned(), value.to_owned());
}

/// All faults of the environment.
pub(super) const FAULTS: &[Fault] = &[
    fault(
        "smtp-unset",
        "SMTP_URL is not set, and registering needs a mail",
        "POST /auth/register answers 503; /health says that mail is unconfigured",
        |environment| drop(environment.remove("SMTP_URL")),
    ),
    fault(
        "push-unset",
        "PUSH_URL is not set, so nobody is notified",
        "the push sink gets nothing; /health says that push is unconfigured",
        |environment| drop(environment.remove("PUSH_URL")),
    ),
    fault(
        "ai-unset",
        "AI_URL is not set, so the model is never asked",
        "POST /ai/answers answers 503; /health says that ai is unconfigured",
        |environment| drop(environment.remove("AI_URL")),
    ),
    fault(
        "weak-jwt-secret",
        "JWT_SECRET is a short word that can be guessed",
        "JWT_SECRET has 6 characters; tokens that are signed with it open GET /me",
        |environment| set(environment, "JWT_SECRET", "tiger7"),
    ),
    fault(
        "placeholder-jwt-secret",
        "JWT_SECRET is long, but an example that nobody replaced",
        "JWT_SECRET is the text change-me again and again",
        |environment| set(environment, "JWT_SECRET", &"change-me-".repeat(8)),
    ),
    fault(
        "placeholder-turn-secret",
        "TURN_SECRET is an example that nobody replaced",
        "the credential of GET /turn is the HMAC of the username under `change-me`",
        |environment| set(environment, "TURN_SECRET", "change-me"),
    ),
    fault(
        "pool-too-small",
        "the pool has one connection",
        "db_connections_max is 1; of many requests at once some answer 503",
        |environment| set(environment, "DATABASE_POOL", "1"),
    ),
    fault(
        "pool-over-limit",
        "the pool may open more connections than the server allows",
        "db_connections_max is 1000, and max_connections of Postgres 100",
        |environment| set(environment, "DATABASE_POOL", "1000"),
    ),
    fault(
        "log-path-unread",
        "logs go to a folder that nobody collects",
        "the folder that the collector reads gets no line while requests are answered",
        |environment| {
            let read = environment.get("LOG_DIR").cloned().unwrap_or_default();
            set(environment, "LOG_DIR", &format!("{read}-unread"));
        },
    ),
];
