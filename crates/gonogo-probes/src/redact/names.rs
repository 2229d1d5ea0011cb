//! What the name of a variable says about its value, and which values are too common to be
//! secrets. It knows words only.

use std::net::IpAddr;

/// Words that say a secret, as a whole part of a name.
const WORDS: [&str; 24] = [
    "SECRET",
    "SECRETS",
    "TOKEN",
    "TOKENS",
    "PASSWORD",
    "PASSWORDS",
    "PASSWD",
    "PASS",
    "PWD",
    "PASSPHRASE",
    "KEY",
    "KEYS",
    "APIKEY",
    "CREDENTIAL",
    "CREDENTIALS",
    "CREDS",
    "DSN",
    "PRIVATE",
    "AUTH",
    "COOKIE",
    "COOKIES",
    "PEPPER",
    "SALT",
    "JWT",
];

/// Words that say a secret also as the end of a part: `PGPASSWORD`, `JWTSECRET`.
const ENDS: [&str; 6] = ["SECRET", "TOKEN", "PASSWORD", "PASSWD", "APIKEY", "PASSPHRASE"];

/// Last parts that say the value is about a secret, not one: `TOKEN_TTL`, `PASSWORD_FILE`.
const ABOUT: [&str; 42] = [
    "TTL",
    "EXPIRY",
    "EXPIRES",
    "EXPIRATION",
    "LIFETIME",
    "AGE",
    "SECONDS",
    "MINUTES",
    "HOURS",
    "DAYS",
    "MS",
    "TIMEOUT",
    "LENGTH",
    "SIZE",
    "BITS",
    "BYTES",
    "COUNT",
    "LIMIT",
    "MIN",
    "MAX",
    "ROUNDS",
    "COST",
    "FILE",
    "PATH",
    "DIR",
    "SOCK",
    "NAME",
    "ID",
    "TYPE",
    "ALG",
    "ALGORITHM",
    "ISSUER",
    "AUDIENCE",
    "ENABLED",
    "DISABLED",
    "REQUIRED",
    "MODE",
    "METHOD",
    "HOST",
    "PORT",
    "URL",
    "POLICY",
];

/// Values that stand in ordinary text all the time.
const EVERYDAY: [&str; 22] = [
    "true",
    "false",
    "yes",
    "no",
    "on",
    "off",
    "null",
    "none",
    "localhost",
    "0.0.0.0",
    "::1",
    "default",
    "dev",
    "development",
    "test",
    "testing",
    "staging",
    "stage",
    "prod",
    "production",
    "http",
    "https",
];

/// Whether the name of a variable says that its value is a secret: `JWT_SECRET`, `PGPASSWORD`,
/// `api-key`; not `TOKEN_TTL`, `PASSWORD_FILE` or `PWD`.
pub fn says_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    if matches!(name.as_str(), "PWD" | "OLDPWD") {
        return false;
    }
    let parts: Vec<&str> =
        name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|p| !p.is_empty()).collect();
    let about = parts.last().is_some_and(|last| parts.len() > 1 && ABOUT.contains(last));
    let says = |part: &&str| WORDS.contains(part) || ENDS.iter().any(|end| part.ends_with(end));
    !about && parts.iter().any(says)
}

/// Whether a value is plainly no secret, and too common to be taken out of every text: a word
/// such as `true`, one character, a number of less than four digits, an address, a host and
/// port, a path, a URL without credentials and query.
pub(super) fn is_everyday(value: &str) -> bool {
    let value = value.trim();
    value.chars().count() < 2
        || EVERYDAY.contains(&value.to_lowercase().as_str())
        || (value.len() < super::LEAST && value.bytes().all(|byte| byte.is_ascii_digit()))
        || value.parse::<IpAddr>().is_ok()
        || is_path(value)
        || is_plain_url(value)
}

/// Segments of a path are short; a token that starts with a slash has a long one.
fn is_path(value: &str) -> bool {
    const LONGEST: usize = 32;
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let rooted = ["/", "./", "../"].iter().any(|root| value.starts_with(root));
    rooted && value.split('/').all(|segment| segment.len() <= LONGEST && segment.chars().all(plain))
}

fn is_plain_url(value: &str) -> bool {
    url::Url::parse(value).is_ok_and(|url| {
        url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
            && is_path(url.path())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_whether_the_value_is_a_secret() {
        for name in [
            "JWT_SECRET",
            "PGPASSWORD",
            "DB_PASS",
            "db_pwd",
            "API_KEY",
            "api-key",
            "X-Api-Key",
            "SENTRY_DSN",
            "AWS_SECRET_ACCESS_KEY",
            "SESSION_COOKIE",
            "AUTH",
            "GITHUB_TOKEN",
            "JWTSECRET",
            "APP_CREDENTIALS",
        ] {
            assert!(says_secret(name), "{name}");
        }
        for name in [
            "PWD",
            "OLDPWD",
            "TOKEN_TTL",
            "PASSWORD_FILE",
            "SSH_AUTH_SOCK",
            "GIT_AUTHOR_NAME",
            "MONKEY",
            "KEYBOARD",
            "CONNECTION_POOL_SIZE",
            "HOME",
            "XAUTHORITY",
            "DATABASE_URL",
            "PASSWORD_MIN_LENGTH",
        ] {
            assert!(!says_secret(name), "{name}");
        }
    }

    #[test]
    fn everyday_values_are_not_secrets() {
        for value in [
            "true",
            "1",
            "20",
            "450",
            "localhost",
            "127.0.0.1",
            "::1",
            "/var/lib/app",
            "./docs",
            "production",
            "http://127.0.0.1:8080",
            "https://api.example.com/v1/",
            "x",
            "",
        ] {
            assert!(is_everyday(value), "{value}");
        }
        for value in [
            "1234",
            "hunter2",
            "/9j4AAQSkZJRgABAQAAAQABAAD2wBDAAMCAgMC",
            "abc",
            "a b c d",
            "https://hooks.example.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX",
            "https://example.com/?sig=abcdefgh",
            "https://user@example.com/",
        ] {
            assert!(!is_everyday(value), "{value}");
        }
    }
}
