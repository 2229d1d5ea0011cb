//! From the headers of an answer to facts, each as browsers understand it.

use gonogo_model::fact::Item;
use reqwest::header::HeaderMap;

use super::needs::Policed;
use super::policy::{Policies, is_nonce_or_hash};

const REFERRER_POLICIES: [&str; 8] = [
    "no-referrer",
    "no-referrer-when-downgrade",
    "origin",
    "origin-when-cross-origin",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
    "unsafe-url",
];
const SCRIPT: &[&str] = &["script-src", "default-src"];
/// Headers in which servers and frameworks name themselves.
const NAMES: [&str; 6] =
    ["server", "x-powered-by", "x-aspnet-version", "x-aspnetmvc-version", "x-generator", "via"];

/// Strict-Transport-Security as it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Transport {
    max_age: u64,
    subdomains: bool,
    preload: bool,
}

pub(super) fn facts(item: Item, headers: &HeaderMap, policed: &Policed) -> Item {
    let transport = text(headers, "strict-transport-security").and_then(|value| transport(&value));
    let referrer = text(headers, "referrer-policy").and_then(|value| referrer(&value));
    item.fact("missing", missing(headers, policed, transport, referrer.as_deref()))
        .fact("invalid", invalid(headers, policed, transport, referrer.as_deref()))
        .fact_if_known("csp", text(headers, "content-security-policy"))
        .fact("csp_report_only", headers.contains_key("content-security-policy-report-only"))
        .fact("csp_weak", weak(&policed.content))
        .fact_if_known("hsts_max_age", transport.map(|transport| transport.max_age))
        .fact_if_known("hsts_subdomains", transport.map(|transport| transport.subdomains))
        .fact_if_known("hsts_preload", transport.map(|transport| transport.preload))
        .fact("nosniff", nosniff(headers))
        .fact("framed_by", policed.framed_by())
        .fact_if_known("frame", text(headers, "x-frame-options"))
        .fact_if_known("referrer_policy", referrer)
        .fact_if_known("permissions_policy", text(headers, "permissions-policy"))
        .fact_if_known("coop", text(headers, "cross-origin-opener-policy"))
        .fact_if_known("coep", text(headers, "cross-origin-embedder-policy"))
        .fact_if_known("corp", text(headers, "cross-origin-resource-policy"))
        .fact_if_known("cache_control", text(headers, "cache-control"))
        .fact("stored_by", stored_by(headers))
        .fact_if_known("server", text(headers, "server"))
        .fact("tells_version", versions(headers))
        .fact_if_known("xss_protection", text(headers, "x-xss-protection"))
}

/// All values of a header as one.
fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    let values: Vec<_> =
        headers.get_all(name).iter().map(|v| String::from_utf8_lossy(v.as_bytes())).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

/// Seconds are needed, names are known in any case, and the first header counts.
fn transport(value: &str) -> Option<Transport> {
    let directives: Vec<String> =
        value.split(',').next()?.split(';').map(|d| d.trim().to_lowercase()).collect();
    let max_age = directives.iter().find_map(|directive| {
        let (name, seconds) = directive.split_once('=')?;
        (name.trim() == "max-age").then(|| seconds.trim().trim_matches('"').parse().ok())?
    })?;
    let has = |word: &str| directives.iter().any(|directive| directive == word);
    Some(Transport { max_age, subdomains: has("includesubdomains"), preload: has("preload") })
}

/// Of several the last that is known counts.
fn referrer(value: &str) -> Option<String> {
    let mut words = value.split(',').map(|word| word.trim().to_lowercase());
    words.rfind(|word| REFERRER_POLICIES.contains(&word.as_str()))
}

fn nosniff(headers: &HeaderMap) -> bool {
    let value = text(headers, "x-content-type-options");
    value.is_some_and(|value| {
        value.split(',').next().unwrap_or_default().trim().eq_ignore_ascii_case("nosniff")
    })
}

fn missing(
    headers: &HeaderMap,
    policed: &Policed,
    transport: Option<Transport>,
    referrer: Option<&str>,
) -> Vec<&'static str> {
    let framing = policed.content.sources(&["frame-ancestors"]).is_some();
    let framing = framing || matches!(policed.frame_options.as_deref(), Some("deny" | "sameorigin"));
    let permissions = headers.contains_key("permissions-policy") && !policed.permissions.broken;
    let there = [
        ("csp", !policed.content.is_empty()),
        ("hsts", transport.is_some_and(|transport| transport.max_age > 0)),
        ("nosniff", nosniff(headers)),
        ("frame", framing),
        ("referrer", referrer.is_some()),
        ("permissions", permissions),
    ];
    there.into_iter().filter(|(_, there)| !there).map(|(name, _)| name).collect()
}

fn invalid(
    headers: &HeaderMap,
    policed: &Policed,
    transport: Option<Transport>,
    referrer: Option<&str>,
) -> Vec<&'static str> {
    // Two different values of X-Frame-Options, or one that is no longer known, are ignored.
    let options = text(headers, "x-frame-options").map(|value| value.to_lowercase());
    let mut options: Vec<&str> = options.iter().flat_map(|value| value.split(',').map(str::trim)).collect();
    options.sort_unstable();
    options.dedup();
    let frame_is_wrong = !matches!(options.as_slice(), [] | ["deny" | "sameorigin"]);
    let wrong = [
        ("strict-transport-security", transport.is_none()),
        ("x-content-type-options", !nosniff(headers)),
        ("x-frame-options", frame_is_wrong),
        ("referrer-policy", referrer.is_none()),
        ("permissions-policy", policed.permissions.broken),
    ];
    wrong
        .into_iter()
        .filter(|(name, wrong)| *wrong && headers.contains_key(*name))
        .map(|(name, _)| name)
        .collect()
}

/// What in a policy lets foreign code in; nothing is said where there is no policy.
fn weak(content: &Policies) -> Vec<String> {
    if content.is_empty() {
        return Vec::new();
    }
    let Some(sources) = content.sources(SCRIPT) else { return vec!["no script policy".to_owned()] };
    let guarded = sources.iter().any(|source| is_nonce_or_hash(source));
    let lower = sources.iter().map(|source| source.to_lowercase());
    let weak = |source: &String| match source.as_str() {
        "'unsafe-inline'" => !guarded,
        "'unsafe-eval'" | "*" | "http:" | "https:" | "data:" | "blob:" => true,
        _ => false,
    };
    lower.filter(weak).collect()
}

fn stored_by(headers: &HeaderMap) -> &'static str {
    let value = text(headers, "cache-control").unwrap_or_default().to_lowercase();
    let has =
        |word: &str| value.split(',').any(|one| one.split('=').next().unwrap_or_default().trim() == word);
    match (has("no-store"), has("private")) {
        (true, _) => "nobody",
        (false, true) => "browser",
        _ => "anybody",
    }
}

/// A name with a number behind a slash, or a header that is for a version alone.
fn versions(headers: &HeaderMap) -> Vec<String> {
    let digit_after_slash = |value: &str| {
        value.split('/').skip(1).any(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()))
    };
    let tells = |name: &str, value: &str| match name {
        // `1.1 proxy` is the version of HTTP, which everybody sees.
        "via" => value.split_whitespace().skip(1).any(digit_after_slash),
        _ => digit_after_slash(value) || name.ends_with("-version"),
    };
    let told = NAMES.iter().filter_map(|name| Some((*name, text(headers, name)?)));
    told.filter(|(name, value)| tells(name, value)).map(|(name, value)| format!("{name}: {value}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in lines {
            map.append(*name, value.parse().unwrap());
        }
        map
    }

    #[test]
    fn transport_security_is_read_as_by_browsers() {
        let read = |value| transport(value).map(|t| (t.max_age, t.subdomains, t.preload));
        assert_eq!(read("max-age=31536000; includeSubDomains; preload"), Some((31_536_000, true, true)));
        assert_eq!(read("Max-Age=\"10\""), Some((10, false, false)));
        assert_eq!(read("includeSubDomains"), None);
        assert_eq!(read("max-age=soon"), None);
    }

    #[test]
    fn what_means_nothing_is_missing_and_invalid() {
        let map = headers(&[
            ("x-frame-options", "ALLOW-FROM https://a.example"),
            ("x-content-type-options", "sniff"),
            ("referrer-policy", "none"),
            ("permissions-policy", "camera 'none'"),
            ("strict-transport-security", "preload"),
        ]);
        let policed = Policed::of(&map);
        let gone = missing(&map, &policed, None, None);
        assert_eq!(gone, ["csp", "hsts", "nosniff", "frame", "referrer", "permissions"]);
        assert_eq!(invalid(&map, &policed, None, None).len(), 5);
        let twice = headers(&[("x-frame-options", "DENY"), ("x-frame-options", "SAMEORIGIN")]);
        assert_eq!(invalid(&twice, &Policed::of(&twice), None, None), ["x-frame-options"]);
    }

    #[test]
    fn versions_are_told_by_numbers() {
        let told = |name, value| !versions(&headers(&[(name, value)])).is_empty();
        assert!(told("server", "nginx/1.22.1") && told("x-powered-by", "PHP/8.2"));
        assert!(told("x-aspnet-version", "4.0.30319"));
        assert!(!told("server", "nginx") && !told("x-powered-by", "Express") && !told("via", "1.1 proxy"));
    }

    #[test]
    fn weak_policies_are_told() {
        let weak = |value: &'static str| weak(&Policies::of([value]));
        assert!(weak("default-src 'self'").is_empty());
        assert_eq!(weak("img-src 'self'"), ["no script policy"]);
        assert_eq!(weak("script-src 'unsafe-inline' https:"), ["'unsafe-inline'", "https:"]);
        assert!(weak("script-src 'unsafe-inline' 'nonce-abc'").is_empty());
    }
}
