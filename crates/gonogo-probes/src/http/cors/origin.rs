//! The origins that are tried: the allowed ones, and such that a careless comparison takes for one.

use url::Url;

/// An origin, and what it is to the allowed ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tried {
    pub(super) origin: String,
    pub(super) relation: &'static str,
}

/// Each origin once; what is allowed is only tried as that.
pub(super) fn to_try(allowed: &[Url], foreign: &Url) -> Vec<Tried> {
    let mut all: Vec<Tried> =
        allowed.iter().map(|url| Tried { origin: written(url), relation: "allowed" }).collect();
    all.push(Tried { origin: written(foreign), relation: "foreign" });
    all.push(Tried { origin: "null".to_owned(), relation: "null" });
    all.extend(allowed.iter().flat_map(look_alikes));
    let mut tried: Vec<Tried> = Vec::new();
    for one in all {
        if tried.iter().all(|known| known.origin != one.origin) {
            tried.push(one);
        }
    }
    tried
}

pub(super) fn written(url: &Url) -> String {
    url.origin().ascii_serialization()
}

fn look_alikes(allowed: &Url) -> Vec<Tried> {
    let Some(host) = allowed.host_str() else { return Vec::new() };
    let port = allowed.port().map_or_else(String::new, |port| format!(":{port}"));
    let (scheme, other) = match allowed.scheme() {
        "https" => ("https", "http"),
        _ => ("http", "https"),
    };
    let other_port = if allowed.port() == Some(8443) { 9443 } else { 8443 };
    let mut found = vec![
        ("suffix", format!("{scheme}://{host}.evil.test{port}")),
        ("prefix", format!("{scheme}://evil-{host}{port}")),
        ("joined", format!("{scheme}://evil{host}{port}")),
        ("subdomain", format!("{scheme}://evil.{host}{port}")),
        ("scheme", format!("{other}://{host}{port}")),
        ("port", format!("{scheme}://{host}:{other_port}")),
    ];
    // A dot in a pattern stands for any letter.
    if let Some((first, rest)) = host.split_once('.') {
        found.push(("dot", format!("{scheme}://{first}x{rest}{port}")));
    }
    // Numbers with letters before them are no host.
    let is_name = host.parse::<std::net::IpAddr>().is_err() && !host.starts_with('[');
    let fits = |relation: &str| is_name || matches!(relation, "scheme" | "port" | "suffix");
    let found = found.into_iter().filter(|(relation, _)| fits(relation));
    found.map(|(relation, origin)| Tried { origin, relation }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_of_a_host() {
        let allowed = [Url::parse("https://app.example").unwrap(), Url::parse("http://app.example").unwrap()];
        let tried = to_try(&allowed, &Url::parse("https://foreign.test").unwrap());
        let said: Vec<String> = tried.iter().map(|one| format!("{} {}", one.relation, one.origin)).collect();
        for expected in [
            "allowed https://app.example",
            "allowed http://app.example",
            "foreign https://foreign.test",
            "null null",
            "suffix https://app.example.evil.test",
            "prefix https://evil-app.example",
            "joined https://evilapp.example",
            "subdomain https://evil.app.example",
            "port https://app.example:8443",
            "dot https://appxexample",
        ] {
            assert!(said.contains(&expected.to_owned()), "{expected}: {said:?}");
        }
        assert!(!said.iter().any(|one| one.starts_with("scheme")));
        let own = to_try(&[Url::parse("http://127.0.0.1:3000").unwrap()], &allowed[0]);
        assert_eq!(own.iter().filter(|one| one.relation == "joined").count(), 0);
    }
}
