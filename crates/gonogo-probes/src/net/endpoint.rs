//! Where a target of the network is, and as whom to log in. It makes every password known before
//! anything else, and does not know what is said there.

use gonogo_model::catalog::TargetKind;
use percent_encoding::percent_decode_str;
use url::Url;

use crate::context::Target;
use crate::probe::Unmeasured;
use crate::redact::Redactor;

/// The place that an address names.
#[derive(Clone)]
pub(crate) struct Endpoint {
    pub(crate) kind: TargetKind,
    pub(crate) scheme: String,
    pub(crate) host: String,
    pub(crate) port: u16,
    /// TLS comes before the first word.
    pub(crate) secure: bool,
    /// Over UDP.
    pub(crate) datagram: bool,
    pub(crate) user: Option<String>,
    pub(crate) password: Option<String>,
    /// After the port, with its slash; empty without.
    pub(crate) path: String,
    /// The value of `ssl-mode` or `sslmode`.
    pub(crate) ssl_mode: Option<String>,
}

impl Endpoint {
    /// Reads the address of a target.
    pub(crate) fn of(target: &Target, secrets: &Redactor) -> Result<Endpoint, Unmeasured> {
        if target.kind == TargetKind::Turn {
            return turn(target);
        }
        let url =
            Url::parse(&target.address).map_err(|error| wrong(target, &format!("is not a URL ({error})")))?;
        let password = url.password().map(|encoded| learned(target, encoded, secrets));
        let host =
            url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| wrong(target, "names no host"))?;
        let port = url.port().or_else(|| usual_port(url.scheme()));
        let ssl_mode = url.query_pairs().find(|(key, _)| matches!(&**key, "ssl-mode" | "sslmode"));
        Ok(Endpoint {
            kind: target.kind,
            scheme: url.scheme().to_owned(),
            host: host.to_owned(),
            port: port.ok_or_else(|| wrong(target, "names no port"))?,
            secure: matches!(url.scheme(), "https" | "rediss" | "amqps" | "smtps"),
            datagram: false,
            user: Some(url.username()).filter(|user| !user.is_empty()).map(decoded),
            password,
            path: url.path().to_owned(),
            ssl_mode: ssl_mode.map(|(_, mode)| mode.to_lowercase()),
        })
    }

    /// For people and reports: no user, no password.
    pub(crate) fn at(&self) -> String {
        match self.kind {
            TargetKind::Turn => format!("{}:{}:{}", self.scheme, self.host, self.port),
            _ => format!("{}://{}:{}", self.scheme, self.host, self.port),
        }
    }
}

fn turn(target: &Target) -> Result<Endpoint, Unmeasured> {
    let (scheme, rest) = target.address.split_once(':').ok_or_else(|| wrong(target, "has no scheme"))?;
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let place = place.trim_start_matches('/');
    let secure = matches!(scheme, "turns" | "stuns");
    let usual = if secure { 5349 } else { 3478 };
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !host.ends_with(':') && !port.ends_with(']') => {
            (host, port.parse().map_err(|_| wrong(target, "has a port that is no number"))?)
        }
        _ => (place, usual),
    };
    if host.is_empty() {
        return Err(wrong(target, "names no host"));
    }
    Ok(Endpoint {
        kind: target.kind,
        scheme: scheme.to_owned(),
        host: host.to_owned(),
        port,
        secure,
        datagram: !secure && !query.contains("transport=tcp"),
        user: None,
        password: None,
        path: String::new(),
        ssl_mode: None,
    })
}

fn wrong(target: &Target, why: &str) -> Unmeasured {
    let example = target.kind.starts().first().copied().unwrap_or_default();
    Unmeasured::because(format!(
        "the address of the target `{}` {why}; write such as {example}127.0.0.1:1234",
        target.name
    ))
}

fn learned(target: &Target, encoded: &str, secrets: &Redactor) -> String {
    let name = format!("password of target {}", target.name);
    let plain = decoded(encoded);
    for form in [encoded, &plain].into_iter().filter(|form| !form.is_empty()) {
        secrets.learn(&name, form);
    }
    plain
}

fn decoded(encoded: &str) -> String {
    percent_decode_str(encoded).decode_utf8_lossy().into_owned()
}

fn usual_port(scheme: &str) -> Option<u16> {
    Some(match scheme {
        "http" => 80,
        "https" => 443,
        "postgres" | "postgresql" => 5432,
        "mysql" | "mariadb" => 3306,
        "redis" | "rediss" => 6379,
        "nats" | "tls" => 4222,
        "amqp" => 5672,
        "amqps" => 5671,
        "smtp" => 25,
        "smtps" => 465,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: TargetKind, address: &str) -> Result<Endpoint, String> {
        let target = Target { name: "it".into(), kind, address: address.into() };
        Endpoint::of(&target, &Redactor::default()).map_err(|unmeasured| unmeasured.why)
    }

    #[test]
    fn addresses_say_where_and_as_whom() {
        for (kind, address, at, secure) in [
            (TargetKind::Redis, "rediss://:p%40ss@h", "rediss://h:6379", true),
            (TargetKind::Nats, "nats://app:pw@h:1", "nats://h:1", false),
            (TargetKind::Turn, "turn:h", "turn:h:3478", false),
            (TargetKind::Turn, "turns:[::1]:99?transport=tcp", "turns:[::1]:99", true),
            (TargetKind::Turn, "stun:[::1]", "stun:[::1]:3478", false),
            (TargetKind::Mysql, "mariadb://u@h/db?ssl-mode=REQUIRED", "mariadb://h:3306", false),
        ] {
            let read = read(kind, address).unwrap();
            assert_eq!((read.at().as_str(), read.secure), (at, secure), "{address}");
        }
        assert_eq!(read(TargetKind::Redis, "redis://:p%40ss@h").unwrap().password.as_deref(), Some("p@ss"));
    }

    #[test]
    fn what_is_wrong_is_said_without_the_password() {
        for (kind, address, said) in [
            (TargetKind::Tcp, "tcp://u:canary@h", "names no port"),
            (TargetKind::Redis, "redis:canary", "names no host"),
            (TargetKind::Amqp, "amqp://u:canary@h:port", "not a URL"),
            (TargetKind::Turn, "turn:h:port", "no number"),
        ] {
            let error = read(kind, address).map(|read| read.at()).unwrap_err();
            assert!(error.contains(said) && !error.contains("canary"), "{address}: {error}");
        }
    }
}
