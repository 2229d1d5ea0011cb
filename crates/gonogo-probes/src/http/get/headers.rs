//! Headers as facts: by name, and without the values of cookies and credentials.

use std::collections::BTreeMap;

use gonogo_model::fact::Value;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue, SET_COOKIE};
use serde_json::Map;

use crate::redact::Redactor;

const WITHHELD: &str = "(withheld)";
/// Headers whose names hold one of these carry credentials.
const CREDENTIALS: [&str; 10] = [
    "authorization",
    "authentication-info",
    "cookie",
    "token",
    "secret",
    "api-key",
    "apikey",
    "password",
    "session",
    "csrf",
];
/// A shorter value, such as the language in a cookie, is an ordinary word elsewhere.
const SHORTEST_SECRET: usize = 8;

/// The headers by name; several values of one name are joined by a comma.
pub(in crate::http) fn shown(headers: &HeaderMap) -> Map<String, Value> {
    let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in headers {
        by_name.entry(name.to_string()).or_default().push(shown_value(name.as_str(), value));
    }
    by_name.into_iter().map(|(name, values)| (name, values.join(", ").into())).collect()
}

/// The media type without parameters, in lower case.
pub(in crate::http) fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let essence = value.split(';').next().unwrap_or_default().trim().to_lowercase();
    (!essence.is_empty()).then_some(essence)
}

/// Whether a body of this media type is text.
pub(in crate::http) fn is_text(media_type: &str) -> bool {
    let texts = ["json", "xml", "yaml", "javascript", "x-www-form-urlencoded", "openmetrics-text"];
    media_type.starts_with("text/") || texts.iter().any(|text| media_type.ends_with(text))
}

/// Makes known what is sent as a credential; a service may repeat it in its answer.
pub(crate) fn learn_sent(secrets: &Redactor, headers: &HeaderMap) {
    for (name, value) in headers {
        let Some(value) = value.to_str().ok().filter(|_| is_credential(name.as_str())) else { continue };
        // `Bearer abc` is two words, and the second alone is the secret.
        for part in [value, value.split_once(' ').map_or("", |(_, part)| part)] {
            learn(secrets, name.as_str(), part);
        }
    }
}

/// Makes known what a service hands out as a credential; its body may repeat it.
pub(crate) fn learn_received(secrets: &Redactor, headers: &HeaderMap) {
    for (name, value) in headers {
        let Ok(value) = value.to_str() else { continue };
        match name == SET_COOKIE {
            true => learn(secrets, "set-cookie", cookie(value).1),
            false if is_credential(name.as_str()) => learn(secrets, name.as_str(), value),
            false => {}
        }
    }
}

fn learn(secrets: &Redactor, header: &str, value: &str) {
    if value.trim().len() >= SHORTEST_SECRET {
        secrets.learn(&format!("header {header}"), value.trim());
    }
}

pub(crate) fn is_credential(name: &str) -> bool {
    CREDENTIALS.iter().any(|part| name.contains(part))
}

fn shown_value(name: &str, value: &HeaderValue) -> String {
    let value = String::from_utf8_lossy(value.as_bytes());
    match name {
        "set-cookie" => {
            let (name, _, attributes) = cookie(&value);
            format!("{name}={WITHHELD}{attributes}")
        }
        _ if is_credential(name) => WITHHELD.to_owned(),
        _ => value.into_owned(),
    }
}

/// Name, value and attributes (with their leading `;`) of a cookie.
fn cookie(header: &str) -> (&str, &str, &str) {
    let (pair, attributes) = header.split_at(header.find(';').unwrap_or(header.len()));
    let (name, value) = pair.split_once('=').unwrap_or(("", pair));
    (name.trim(), value.trim().trim_matches('"'), attributes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_cookies_and_credentials_are_withheld() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("set-cookie", "sid=canary-1; HttpOnly; SameSite=Lax"),
            ("set-cookie", "canary-2"),
            ("x-auth-token", "canary-3"),
            ("x-api-key", "canary-4"),
            ("vary", "Origin"),
            ("vary", "Accept"),
            ("content-type", "Text/HTML; charset=utf-8"),
        ] {
            headers.append(name, value.parse().unwrap());
        }
        let shown = shown(&headers);
        assert_eq!(shown["set-cookie"], "sid=(withheld); HttpOnly; SameSite=Lax, =(withheld)");
        assert_eq!(shown["vary"], "Origin, Accept");
        assert!(!serde_json::to_string(&shown).unwrap().contains("canary"));
        assert_eq!(media_type(&headers).as_deref(), Some("text/html"));
    }

    #[test]
    fn text_is_told_from_other_bodies() {
        for text in ["text/html", "application/json", "application/problem+json", "image/svg+xml"] {
            assert!(is_text(text), "{text}");
        }
        for other in ["image/png", "application/octet-stream", "application/zip"] {
            assert!(!is_text(other), "{other}");
        }
    }
}
