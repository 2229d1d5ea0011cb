//! Which values of variables are secrets, and which are defaults that everybody knows. Values go
//! in; no value comes out.

use super::lookalike::{is_placeholder, is_well_known};
use crate::redact::says_secret;

/// Whether a value is a default that everybody knows, also with digits or signs behind it, or a
/// blank that nobody filled in.
pub(crate) fn is_default(value: &str) -> bool {
    is_well_known(value) || is_placeholder(value)
}

/// Whether a value says that somebody has to put one there: `your-access-key`, `<key>`.
pub(crate) fn is_blank(value: &str) -> bool {
    let lower = value.trim().to_lowercase();
    ["your", "<", "xxx", "insert", "replace", "todo", "example"].iter().any(|start| lower.starts_with(start))
}

/// What the value of a variable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Nothing,
    Default,
    Secret,
}

/// What `value` is, as the value of the variable `name`.
pub(crate) fn kind(name: &str, value: &str) -> Kind {
    let value = value.trim();
    if value.is_empty() {
        return Kind::Nothing;
    }
    let secret = match password_in_url(value) {
        Some(password) => password,
        None if says_value_is_secret(name) && !is_no_secret(value) => value,
        None => return Kind::Nothing,
    };
    if is_default(secret) { Kind::Default } else { Kind::Secret }
}

/// The password of `scheme://user:password@host`, when it is a literal.
pub(crate) fn password_in_url(value: &str) -> Option<&str> {
    let (_, rest) = value.split_once("://")?;
    let authority = rest.split(['/', '?', '#', ' ']).next()?;
    let (user_info, _) = authority.rsplit_once('@')?;
    let (_, password) = user_info.split_once(':')?;
    (!password.is_empty() && !password.contains('$') && !password.contains("{{")).then_some(password)
}

/// The user of `scheme://user:password@host`.
pub(crate) fn user_in_url(value: &str) -> Option<&str> {
    let (_, rest) = value.split_once("://")?;
    let authority = rest.split(['/', '?', '#', ' ']).next()?;
    let (user, _) = authority.rsplit_once('@')?.0.split_once(':')?;
    (!user.is_empty()).then_some(user)
}

/// Whether the name of a variable says that its value is the name of a user or database.
pub(crate) fn says_name(name: &str) -> bool {
    const WORDS: [&str; 6] = ["USER", "USERNAME", "LOGIN", "DB", "DATABASE", "DBNAME"];
    let upper = name.to_uppercase();
    let mut parts = upper.split(|c: char| !c.is_ascii_alphanumeric());
    !says_secret(name) && parts.any(|part| WORDS.contains(&part) || part.ends_with("USER"))
}

pub(crate) fn says_value_is_secret(name: &str) -> bool {
    const NONE: [&str; 14] = [
        "PUBLIC", "FILE", "PATH", "HEADER", "PREFIX", "ALLOW", "DISABLE", "ENABLE", "AUTH", "KEYS", "COOKIE",
        "SALT", "PGSSLKEY", "DSN",
    ];
    let upper = name.to_uppercase();
    let mut parts = upper.split(|c: char| !c.is_ascii_alphanumeric());
    // `AUTH` alone says little: AUTH_TYPE=basic.
    says_secret(name) && !parts.any(|part| NONE.contains(&part))
}

/// Whether the value cannot be a secret: switches, numbers, paths, hosts and references are none whatever they are called.
pub(crate) fn is_no_secret(value: &str) -> bool {
    let lower = value.to_lowercase();
    let words = [
        "true", "false", "yes", "no", "on", "off", "none", "null", "disabled", "enabled", "required",
        "optional",
    ];
    words.contains(&lower.as_str())
        || (value.len() < 4 && value.chars().all(|c| c.is_ascii_digit()))
        || value.starts_with(['/', '.', '$'])
        || value.contains("${")
        || value.contains("://")
        || value.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_apart() {
        for (name, value, expected) in [
            ("POSTGRES_PASSWORD", "postgres", Kind::Default),
            ("POSTGRES_PASSWORD", "k9!fQ2xPz", Kind::Secret),
            ("DATABASE_URL", "postgres://app:k9fQ2xPz@db/x", Kind::Secret),
            ("DATABASE_URL", "postgres://app:postgres@db/x", Kind::Default),
            ("DATABASE_URL", "postgres://app@db/x", Kind::Nothing),
            ("DATABASE_URL", "postgres://app:${PW}@db/x", Kind::Nothing),
            ("JWT_SECRET_FILE", "/run/secrets/jwt", Kind::Nothing),
            ("JWT_SECRET", "/run/secrets/jwt", Kind::Nothing),
            ("API_KEY", "true", Kind::Nothing),
            ("LOG_LEVEL", "admin", Kind::Nothing),
            ("GF_SECURITY_ADMIN_PASSWORD", "admin123", Kind::Default),
            ("AUTH_TYPE", "basic", Kind::Nothing),
            ("PUBLIC_KEY", "abcdefgh", Kind::Nothing),
        ] {
            assert_eq!(kind(name, value), expected, "{name}={value}");
        }
    }
}
