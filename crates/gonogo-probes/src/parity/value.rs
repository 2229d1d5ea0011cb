//! What the value of a variable says of the environment it was written for. Values go in; only
//! whether comes out.

use crate::credential::variable::{self, Kind};
use crate::redact::says_secret;

/// Switches that show visitors what only developers should see.
const SWITCHES: [&str; 6] = ["DEBUG", "APP_DEBUG", "DJANGO_DEBUG", "FLASK_DEBUG", "DEBUG_MODE", "WP_DEBUG"];
/// Variables that name the environment to a framework.
const ENVIRONMENTS: [&str; 13] = [
    "NODE_ENV",
    "RAILS_ENV",
    "RACK_ENV",
    "APP_ENV",
    "FLASK_ENV",
    "DJANGO_ENV",
    "ASPNETCORE_ENVIRONMENT",
    "DOTNET_ENVIRONMENT",
    "MIX_ENV",
    "GIN_MODE",
    "GO_ENV",
    "ENVIRONMENT",
    "APP_ENVIRONMENT",
];

/// Whether the variable switches debugging on, or says that this is a developer's machine.
pub(super) fn is_debug(name: &str, value: &str) -> bool {
    let lower = value.to_lowercase();
    let is_on = SWITCHES.contains(&name) && matches!(lower.as_str(), "true" | "1" | "yes" | "on");
    let is_other = ENVIRONMENTS.contains(&name)
        && matches!(lower.as_str(), "dev" | "development" | "local" | "debug" | "test" | "testing");
    is_on || is_other
}

/// Whether the value is one that came with the example: a blank, or a password everybody knows.
pub(super) fn is_placeholder(name: &str, value: &str) -> bool {
    let lower = value.to_lowercase();
    let is_blank_secret =
        variable::says_value_is_secret(name) && !value.is_empty() && variable::is_blank(value);
    let domains = ["example.com", "example.org", "yourdomain", "your-domain"];
    let is_domain = domains.iter().any(|domain| {
        lower.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-')).any(|host| {
            host == *domain
                || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
                || (!domain.contains('.') && host.starts_with(domain))
        })
    });
    variable::kind(name, value) == Kind::Default || is_blank_secret || is_domain
}

/// Whether it names a server on the machine that looks for it. Where a program listens is no such
/// name.
pub(super) fn is_loopback(name: &str, value: &str) -> bool {
    let listens = ["LISTEN", "BIND", "ALLOW", "TRUST", "CORS", "PROXY", "HEALTH", "METRICS", "EXPORTER"];
    if listens.iter().any(|word| name.contains(word))
        || matches!(name, "HOST" | "ADDR" | "ADDRESS" | "HOSTNAME")
    {
        return false;
    }
    let (is_url, rest) = match value.split_once("://") {
        Some((_, rest)) => (true, rest),
        None => (false, value),
    };
    let authority = rest.split(['/', '?', '#', ',']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host
        .strip_prefix('[')
        .and_then(|rest| rest.split(']').next())
        .unwrap_or_else(|| host.split(':').next().unwrap_or_default());
    let names_a_host =
        ["_HOST", "_HOSTNAME", "_URL", "_URI", "_ADDR", "_ENDPOINT", "_SERVER", "_SERVERS", "_BROKERS"];
    let is_host = is_url || names_a_host.iter().any(|end| name.ends_with(end));
    is_host && matches!(host, "localhost" | "127.0.0.1" | "::1")
}

/// Whether the value is a secret that stands there in plain text.
pub(super) fn is_secret(name: &str, value: &str) -> bool {
    let is_closed =
        ["encrypted:", "ENC[", "op://", "vault:", "${", "$("].iter().any(|start| value.starts_with(start));
    !is_closed && (says_secret(name) || value.contains("://")) && variable::kind(name, value) == Kind::Secret
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_developers_are_told_apart() {
        for (name, value) in
            [("DEBUG", "True"), ("NODE_ENV", "development"), ("GIN_MODE", "debug"), ("APP_ENV", "local")]
        {
            assert!(is_debug(name, value), "{name}={value}");
        }
        for (name, value) in [
            ("DEBUG", "app:*"),
            ("DEBUG", "false"),
            ("NODE_ENV", "production"),
            ("DEBUG_PORT", "1"),
            ("APP_ENV", "staging"),
        ] {
            assert!(!is_debug(name, value), "{name}={value}");
        }
    }

    #[test]
    fn blanks_are_told_apart() {
        for (name, value) in [
            ("JWT_SECRET", "changeme"),
            ("API_KEY", "your-api-key"),
            ("DATABASE_URL", "postgres://app:postgres@db/x"),
            ("MAIL_FROM", "shop@example.com"),
            ("BASE_URL", "https://api.example.com/v1"),
        ] {
            assert!(is_placeholder(name, value), "{name}={value}");
        }
        for (name, value) in [
            ("JWT_SECRET", ""),
            ("JWT_SECRET", "${JWT}"),
            ("BASE_URL", "https://shop.io"),
            ("NAME", "my-example.company"),
            ("LOG_LEVEL", "default"),
            ("URL", "https://notexample.com"),
        ] {
            assert!(!is_placeholder(name, value), "{name}={value}");
        }
    }

    #[test]
    fn servers_on_the_same_machine_are_told_apart() {
        for (name, value) in [
            ("DATABASE_URL", "postgres://a:b@localhost:5432/x"),
            ("REDIS_HOST", "127.0.0.1"),
            ("API_URL", "http://[::1]:80/"),
            ("KAFKA_BROKERS", "localhost:9092"),
        ] {
            assert!(is_loopback(name, value), "{name}={value}");
        }
        for (name, value) in [
            ("HOST", "127.0.0.1"),
            ("LISTEN_ADDR", "127.0.0.1:80"),
            ("REDIS_HOST", "redis"),
            ("API_URL", "https://api.io/localhost"),
            ("CORS_ORIGIN", "http://localhost:3000"),
            ("NOTE", "localhost"),
        ] {
            assert!(!is_loopback(name, value), "{name}={value}");
        }
    }
}
