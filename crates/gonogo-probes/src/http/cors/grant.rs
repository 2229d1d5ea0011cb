//! What an answer grants to pages of other origins, as the Fetch standard reads it.

use reqwest::header::HeaderMap;

/// The headers of an answer that are for browsers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Grant {
    pub(super) origin: Option<String>,
    pub(super) credentials: bool,
    pub(super) varies: bool,
    pub(super) exposed: Vec<String>,
    pub(super) max_age: Option<u64>,
    methods: Vec<String>,
    headers: Vec<String>,
}

impl Grant {
    pub(super) fn of(headers: &HeaderMap) -> Grant {
        let list = |name: &str| -> Vec<String> {
            let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
            let words = values.flat_map(|value| value.split(',')).map(|word| word.trim().to_owned());
            words.filter(|word| !word.is_empty()).collect()
        };
        let text = |name: &str| {
            let values: Vec<&str> =
                headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
            (!values.is_empty()).then(|| values.join(", "))
        };
        let vary = list("vary");
        Grant {
            origin: text("access-control-allow-origin"),
            // Case counts here.
            credentials: text("access-control-allow-credentials").as_deref() == Some("true"),
            varies: vary.iter().any(|word| word == "*" || word.eq_ignore_ascii_case("origin")),
            exposed: list("access-control-expose-headers"),
            max_age: text("access-control-max-age").and_then(|seconds| seconds.trim().parse().ok()),
            methods: list("access-control-allow-methods"),
            headers: list("access-control-allow-headers"),
        }
    }

    /// Whether a page of `origin` may read the answer.
    pub(super) fn lets(&self, origin: &str, with_credentials: bool) -> bool {
        match (self.origin.as_deref(), with_credentials) {
            (Some("*"), false) => true,
            (Some(granted), false) => granted == origin,
            (Some(granted), true) => granted == origin && self.credentials,
            (None, _) => false,
        }
    }

    /// GET, HEAD and POST need not be listed.
    pub(super) fn takes_method(&self, method: &str, with_credentials: bool) -> bool {
        let listed = self.methods.iter().any(|one| one == method || (one == "*" && !with_credentials));
        listed || matches!(method, "GET" | "HEAD" | "POST")
    }

    /// A `*` stands for every header but Authorization.
    pub(super) fn takes_header(&self, name: &str, with_credentials: bool) -> bool {
        let by_star = !with_credentials && !name.eq_ignore_ascii_case("authorization");
        self.headers.iter().any(|one| one.eq_ignore_ascii_case(name) || (one == "*" && by_star))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(lines: &[(&'static str, &str)]) -> Grant {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().unwrap());
        }
        Grant::of(&headers)
    }

    #[test]
    fn origins_are_granted_as_by_the_standard() {
        let star =
            grant(&[("access-control-allow-origin", "*"), ("access-control-allow-credentials", "true")]);
        assert!(star.lets("https://a.example", false) && !star.lets("https://a.example", true));
        let one = grant(&[
            ("access-control-allow-origin", "https://a.example"),
            ("access-control-allow-credentials", "true"),
        ]);
        assert!(one.lets("https://a.example", true) && !one.lets("https://A.example", true));
        let twice = grant(&[
            ("access-control-allow-origin", "https://a.example"),
            ("access-control-allow-origin", "https://b.example"),
        ]);
        assert!(!twice.lets("https://a.example", false));
        let capital =
            grant(&[("access-control-allow-origin", "null"), ("access-control-allow-credentials", "True")]);
        assert!(capital.lets("null", false) && !capital.lets("null", true));
    }

    #[test]
    fn stars_mean_nothing_with_credentials_and_nothing_for_authorization() {
        let star = grant(&[
            ("access-control-allow-methods", "*"),
            ("access-control-allow-headers", "*, X-A"),
            ("vary", "Accept, origin"),
        ]);
        assert!(star.takes_method("DELETE", false) && !star.takes_method("DELETE", true));
        assert!(star.takes_method("POST", true));
        assert!(star.takes_header("x-b", false) && !star.takes_header("x-b", true));
        assert!(star.takes_header("x-a", true) && !star.takes_header("Authorization", false));
        assert!(star.varies);
    }
}
