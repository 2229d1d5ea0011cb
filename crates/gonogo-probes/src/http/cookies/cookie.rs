//! A Set-Cookie header as browsers read it (RFC 6265bis), without its value.

use jiff::Timestamp;
use jiff::fmt::rfc2822;

/// One cookie.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cookie {
    pub(super) name: String,
    pub(super) value_bytes: usize,
    pub(super) http_only: bool,
    pub(super) secure: bool,
    pub(super) partitioned: bool,
    pub(super) same_site: Option<String>,
    pub(super) path: Option<String>,
    pub(super) domain: Option<String>,
    max_age: Option<i64>,
    expires: Option<Timestamp>,
}

impl Cookie {
    /// None when it has neither a name nor a value.
    pub(super) fn read(header: &str) -> Option<Cookie> {
        let mut parts = header.split(';');
        let pair = parts.next()?;
        let (name, value) = pair.split_once('=').unwrap_or(("", pair));
        let mut cookie =
            Cookie { name: name.trim().to_owned(), value_bytes: value.trim().len(), ..Cookie::default() };
        for part in parts {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            cookie.take(&name.trim().to_lowercase(), value.trim());
        }
        (!cookie.name.is_empty() || cookie.value_bytes > 0).then_some(cookie)
    }

    /// Of several attributes with one name the last counts.
    fn take(&mut self, name: &str, value: &str) {
        let lower = value.to_lowercase();
        match name {
            "httponly" => self.http_only = true,
            "secure" => self.secure = true,
            "partitioned" => self.partitioned = true,
            "samesite" => {
                self.same_site = matches!(lower.as_str(), "strict" | "lax" | "none").then_some(lower);
            }
            "path" => self.path = value.starts_with('/').then(|| value.to_owned()),
            "domain" => {
                let domain = lower.trim_start_matches('.');
                self.domain = (!domain.is_empty()).then(|| domain.to_owned());
            }
            "max-age" => self.max_age = value.parse().ok().or(self.max_age),
            "expires" => self.expires = moment(value).or(self.expires),
            _ => {}
        }
    }

    /// In how many seconds it is forgotten; none when it ends with the session.
    pub(super) fn max_age(&self, now: Timestamp) -> Option<i64> {
        let by_date = || self.expires.map(|end| end.as_second() - now.as_second());
        self.max_age.or_else(by_date)
    }

    pub(super) fn prefix(&self) -> Option<&'static str> {
        let name = self.name.to_lowercase();
        ["__Host-", "__Secure-"].into_iter().find(|prefix| name.starts_with(&prefix.to_lowercase()))
    }

    /// The rules for which a browser at `host` throws it away.
    pub(super) fn refused(&self, host: &str) -> Vec<&'static str> {
        let host_only = self.prefix() == Some("__Host-");
        let elsewhere = self.domain.as_deref().is_some_and(|domain| !is_at(host, domain));
        let rules = [
            (self.prefix().is_some() && !self.secure, "its prefix needs Secure"),
            (host_only && self.domain.is_some(), "`__Host-` allows no Domain"),
            (host_only && self.path.as_deref() != Some("/"), "`__Host-` needs Path=/"),
            (self.same_site.as_deref() == Some("none") && !self.secure, "SameSite=None needs Secure"),
            (self.partitioned && !self.secure, "Partitioned needs Secure"),
            (elsewhere, "its Domain is another host"),
        ];
        rules.into_iter().filter(|(broken, _)| *broken).map(|(_, rule)| rule).collect()
    }
}

/// An address of numbers has nothing above it.
fn is_at(host: &str, domain: &str) -> bool {
    let host = host.to_lowercase();
    let below = host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    host == domain || (below && host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_err())
}

/// `Wed, 21 Oct 2026 07:28:00 GMT`, also with dashes as older servers write it.
fn moment(text: &str) -> Option<Timestamp> {
    let text = text.replace('-', " ").replace("GMT", "+0000").replace("UTC", "+0000");
    rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_and_values_are_not_kept() {
        let cookie = Cookie::read(
            "__Host-id=canary-value; path=/; SECURE; HttpOnly; SameSite=Strict; Max-Age=60; Expires=Wed, 21 Oct 2026 07:28:00 GMT",
        )
        .unwrap();
        assert!(!format!("{cookie:?}").contains("canary"));
        assert_eq!((cookie.value_bytes, cookie.same_site.as_deref()), (12, Some("strict")));
        assert_eq!(cookie.max_age(Timestamp::UNIX_EPOCH), Some(60));
        assert!(cookie.http_only && cookie.secure && cookie.refused("app.example").is_empty());
        assert_eq!(Cookie::read("; Secure"), None);
    }

    #[test]
    fn an_end_is_read_from_a_date() {
        for text in ["Thu, 01 Jan 1970 00:01:00 GMT", "Thu, 01-Jan-1970 00:01:00 GMT"] {
            let cookie = Cookie::read(&format!("a=b; expires={text}")).unwrap();
            assert_eq!(cookie.max_age(Timestamp::UNIX_EPOCH), Some(60), "{text}");
        }
        let never = Cookie::read("a=b; expires=soon").unwrap();
        assert_eq!(never.max_age(Timestamp::UNIX_EPOCH), None);
    }

    #[test]
    fn rules_of_browsers_are_kept_or_not() {
        let refused = |header: &str| Cookie::read(header).unwrap().refused("app.example").len();
        assert_eq!(refused("__Host-a=b; Domain=app.example"), 3);
        assert_eq!(refused("__secure-a=b"), 1);
        assert_eq!(refused("a=b; SameSite=None"), 1);
        assert_eq!(refused("a=b; Partitioned; Secure"), 0);
        assert_eq!(refused("a=b; Domain=.example"), 0);
        assert_eq!(refused("a=b; Domain=other.example"), 1);
        assert_eq!(Cookie::read("a=b; Domain=0.0.1").unwrap().refused("127.0.0.1").len(), 1);
    }
}
