//! Passwords in URLs: `postgres://user:password@host/db`. Whether one opens something from here
//! depends on the host; what is on this machine or in this network is not certain to.

use std::net::Ipv4Addr;
use std::ops::Range;

use super::chance::is_random;
use super::scan::Spot;
use crate::credential::issuers::Sure;
use crate::credential::variable::is_default;

/// Bytes behind `://` that are read.
const LONGEST: usize = 400;
const LONGEST_PASSWORD: usize = 128;
/// Endings of hosts that nobody outside reaches.
const NOWHERE: [&str; 7] = ["local", "internal", "lan", "home", "corp", "intranet", "svc"];
/// Where databases are rented: each host there is somebody's own.
const HOSTED: [&str; 20] = [
    "mongodb.net",
    "rds.amazonaws.com",
    "cache.amazonaws.com",
    "redshift.amazonaws.com",
    "neon.tech",
    "supabase.co",
    "supabase.com",
    "render.com",
    "rlwy.net",
    "railway.app",
    "aivencloud.com",
    "cockroachlabs.cloud",
    "psdb.cloud",
    "ondigitalocean.com",
    "upstash.io",
    "redis-cloud.com",
    "redislabs.com",
    "cloudamqp.com",
    "elephantsql.com",
    "database.windows.net",
];
const DATABASES: [&str; 20] = [
    "postgres",
    "postgresql",
    "mysql",
    "mariadb",
    "mongodb",
    "mongodb+srv",
    "redis",
    "rediss",
    "amqp",
    "amqps",
    "mssql",
    "sqlserver",
    "clickhouse",
    "cockroachdb",
    "nats",
    "ldap",
    "ldaps",
    "smtp",
    "smtps",
    "ftp",
];

/// The password of the URL whose `://` is at `mark`.
pub(super) fn read(bytes: &[u8], mark: Range<usize>) -> Option<Spot> {
    let scheme = scheme(bytes, mark.start)?;
    let end = bytes.len().min(mark.end.saturating_add(LONGEST));
    let rest = bytes.get(mark.end..end)?;
    let stop = rest.iter().position(|byte| byte.is_ascii_whitespace() || b"\"'`<>/?#,;|\\".contains(byte));
    let authority = std::str::from_utf8(rest.get(..stop.unwrap_or(rest.len()))?).ok()?;
    let (user_info, host) = authority.rsplit_once('@')?;
    let (user, password) = user_info.split_once(':')?;
    let host = host.split([':', ')', ']', '}']).next().unwrap_or_default().to_ascii_lowercase();
    if password.len() > LONGEST_PASSWORD {
        return None;
    }
    if !is_literal(password) || !is_literal(&host) || is_default(password) {
        return None;
    }
    let is_rented = is_rented(&host);
    if password.eq_ignore_ascii_case(user) && !is_rented {
        return None;
    }
    if is_nobody(&host) {
        return None;
    }
    let is_database =
        DATABASES.contains(&scheme.as_str()) || scheme.contains("sql+") || scheme.starts_with("postgres");
    let kind = if is_database { "database-url-password" } else { "url-password" };
    let sure = match (is_random(password), is_reachable(&host)) {
        (true, true) => Sure::Form,
        // A rented database answers everybody, however weak its password is.
        (false, true) if is_database && is_rented && password.len() >= 5 => Sure::Form,
        (true, false) => Sure::Not,
        (false, true) if is_database && password.len() >= 6 => Sure::Not,
        _ => return None,
    };
    let start = mark.end + user.len() + 1;
    Some(Spot { kind, sure, range: start..start + password.len() })
}

fn scheme(bytes: &[u8], end: usize) -> Option<String> {
    let before = bytes.get(end.saturating_sub(24)..end)?;
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+.-".contains(byte);
    let start = before.iter().rposition(|byte| !is_part(byte)).map_or(0, |at| at + 1);
    let scheme = std::str::from_utf8(before.get(start..)?).ok()?.to_ascii_lowercase();
    scheme.starts_with(|c: char| c.is_ascii_alphabetic()).then_some(scheme)
}

/// No variable, no form of one, no stars.
fn is_literal(text: &str) -> bool {
    let is_blank =
        text.contains(['$', '{', '}', '<', '>', '*', '(', ')', '[', ']', '…']) || text.contains("...");
    // `%s` is a blank, `%40` a sign.
    let is_encoded = text.contains(|c: char| c.is_ascii_digit());
    !text.is_empty() && !is_blank && (is_encoded || !text.starts_with('%'))
}

/// A host of a provider, with a name that is not made up for an example.
fn is_rented(host: &str) -> bool {
    let name = HOSTED.iter().find_map(|ending| host.strip_suffix(ending)?.strip_suffix('.'));
    let is_told = |part: &str| {
        ["xxx", "abc", "your", "example", "host", "foo", "sample", "demo"]
            .iter()
            .any(|word| part.starts_with(word))
    };
    let given = |part: &&str| part.len() >= 5 && !part.starts_with("cluster") && !is_told(part);
    name.is_some_and(|name| name.split(['.', '-']).any(|part| given(&part)) && !name.split('.').any(is_told))
}

/// This machine, and what is reserved for documentation.
fn is_nobody(host: &str) -> bool {
    const RESERVED: [&str; 7] =
        ["localhost", "example", "invalid", "test", "example.com", "example.org", "example.net"];
    let ends =
        |ending: &str| host.strip_suffix(ending).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    let is_own = |ip: Ipv4Addr| ip.is_loopback() || ip.is_unspecified() || ip.is_documentation();
    host.parse().is_ok_and(is_own) || RESERVED.iter().any(|ending| ends(ending))
}

fn is_reachable(host: &str) -> bool {
    if let Ok(address) = host.parse::<Ipv4Addr>() {
        return !(address.is_private() || address.is_link_local());
    }
    let ends =
        |ending: &str| host == ending || host.strip_suffix(ending).is_some_and(|rest| rest.ends_with('.'));
    let is_named = host.contains('.') && host.contains(|c: char| c.is_ascii_alphabetic());
    is_named && !NOWHERE.iter().any(|ending| ends(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sure(text: &str) -> Option<Sure> {
        let at = text.find("://").unwrap();
        read(text.as_bytes(), at..at + 3).map(|spot| spot.sure)
    }

    #[test]
    fn a_password_counts_by_its_host_and_its_strength() {
        let strong = "q3J9xZ0mKf7Lr2VtYw8B";
        assert_eq!(sure(&format!("postgres://app:{strong}@db.shop.io:5432/x")), Some(Sure::Form));
        assert_eq!(sure(&format!("(https://app:{strong}@api.shop.io/x)")), Some(Sure::Form));
        assert_eq!(sure(&format!("postgres://app:{strong}@db/x")), Some(Sure::Not));
        assert_eq!(sure(&format!("redis://:{strong}@10.0.0.7")), Some(Sure::Not));
        assert_eq!(sure("postgresql+asyncpg://app:violethill@db.shop.io/x"), Some(Sure::Not));
        for rented in [
            "mongodb+srv://shop:ILOVEHARBORS@cluster0.xolr95j.mongodb.net/?w=majority",
            "mongodb+srv://harbors:harbors@workshop.rskd9oe.mongodb.net/x",
            "postgresql://app:violet7@ep-cool-hill-12345.eu.neon.tech/x",
        ] {
            assert_eq!(sure(rented), Some(Sure::Form), "{rented}");
        }
        for text in [
            "mongodb+srv://user:pass@cluster0.ab1cd.mongodb.net/x",
            "mongodb+srv://myuser:mypassword@cluster0.rskd9oe.mongodb.net/x",
            "postgres://app:postgres@db.shop.io/x",
            "postgres://app:app@db.shop.io/x",
            "postgres://app:${PW}@db.shop.io/x",
            "postgres://app:{password}@db.shop.io/x",
            "postgres://app:%s@db.shop.io/x",
            "postgres://app@db.shop.io/x",
            "https://user:violethill@api.shop.io/x",
            "https://shop.io/a:b@c",
            "postgres://app:violethill@localhost/x",
            "postgres://app:q3J9xZ0mKf7Lr2VtYw8B@localhost/x",
            "postgres://app:q3J9xZ0mKf7Lr2VtYw8B@127.0.0.1/x",
            "postgres://app:q3J9xZ0mKf7Lr2VtYw8B@db.example.com/x",
            "://a:b@c",
        ] {
            assert_eq!(sure(text), None, "{text}");
        }
    }
}
