//! Published ports in their short and long forms.

use super::tree::{Part, Spot};

/// One published port or range of ports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Port {
    /// As a person would write it: `0.0.0.0:5432:5432`.
    pub(super) shown: String,
    pub(super) at: Spot,
    pub(super) host: Host,
    /// Ports of the machine, when they are written and known.
    pub(super) published: Option<(u16, u16)>,
    /// Ports of the container, when they are known.
    pub(super) target: Option<(u16, u16)>,
    pub(super) protocol: String,
}

/// Which interfaces of the machine a port is published on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Host {
    All,
    /// An address that was written.
    One(String),
    /// A variable says it.
    Unknown,
}

impl Port {
    /// Whether it is surely published on all interfaces.
    pub(super) fn is_public(&self) -> bool {
        self.host == Host::All
    }

    /// Whether the container's port is one of this entry.
    pub(super) fn leads_to(&self, port: u16) -> bool {
        self.target.is_some_and(|(first, last)| (first..=last).contains(&port))
    }
}

/// The ports of a service.
pub(super) fn of(service: &Part) -> Vec<Port> {
    let Some(ports) = service.get("ports") else { return Vec::new() };
    ports.each().iter().filter_map(one).collect()
}

/// The port numbers that `expose` lists.
pub(super) fn exposed(service: &Part) -> Vec<u16> {
    let listed = service.get("expose").map(Part::each).unwrap_or_default();
    let numbers = listed.iter().filter_map(Part::known).filter_map(|port| range(port.split('/').next()?));
    numbers.filter(|(first, last)| last - first < 100).flat_map(|(first, last)| first..=last).collect()
}

fn one(part: &Part) -> Option<Port> {
    if part.entries().is_empty() {
        return Some(short(&part.value()?, part.at));
    }
    let field = |name: &str| part.get(name).and_then(Part::value);
    let target = field("target")?;
    let published = field("published");
    let host = match field("host_ip") {
        None => Host::All,
        Some(ip) => host_of(&ip),
    };
    let protocol = field("protocol").unwrap_or_else(|| "tcp".to_owned());
    let start = match &host {
        Host::One(ip) => format!("{ip}:"),
        _ => String::new(),
    };
    let shown = format!("{start}{}:{target}", published.as_deref().unwrap_or_default());
    Some(Port {
        shown: shown.replace("::", ":"),
        at: part.at,
        host,
        published: published.as_deref().and_then(range),
        target: range(&target),
        protocol,
    })
}

/// `[host:]published:target[/protocol]`, or only the target.
fn short(text: &str, at: Spot) -> Port {
    let (ports, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
    let (before, target) = ports.rsplit_once(':').unwrap_or(("", ports));
    let (host, published) = match before.rsplit_once(':') {
        Some((host, published)) => (host_of(host.trim_matches(['[', ']'])), published),
        None if before.contains('.') => (host_of(before), ""),
        // One variable may hold the address too.
        None if before.contains("${") && says_address(before) => (Host::Unknown, before),
        None => (Host::All, before),
    };
    Port {
        shown: text.to_owned(),
        at,
        host,
        published: range(published),
        target: range(target),
        protocol: protocol.to_owned(),
    }
}

fn host_of(ip: &str) -> Host {
    match ip {
        ip if ip.contains("${") => Host::Unknown,
        "" | "0.0.0.0" | "::" | "*" => Host::All,
        ip => Host::One(ip.to_owned()),
    }
}

fn says_address(variable: &str) -> bool {
    ["ADDR", "HOST", "BIND", "IP", "LISTEN", "INTERFACE"]
        .iter()
        .any(|word| variable.to_uppercase().contains(word))
}

fn range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first <= last).then_some((first, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_are_read() {
        let at = Spot { file: 0, line: 1, column: 1 };
        for (text, host, published, target) in [
            ("80", Host::All, None, Some((80, 80))),
            ("8080:80", Host::All, Some((8080, 8080)), Some((80, 80))),
            ("127.0.0.1:8080:80/udp", Host::One("127.0.0.1".into()), Some((8080, 8080)), Some((80, 80))),
            ("0.0.0.0:1-3:1-3", Host::All, Some((1, 3)), Some((1, 3))),
            ("[::1]:80:80", Host::One("::1".into()), Some((80, 80)), Some((80, 80))),
            ("127.0.0.1::80", Host::One("127.0.0.1".into()), None, Some((80, 80))),
            ("${PORT}:80", Host::All, None, Some((80, 80))),
            ("${BIND}:80:80", Host::Unknown, Some((80, 80)), Some((80, 80))),
            ("${LISTEN_ON}:80", Host::Unknown, None, Some((80, 80))),
            ("a:b:c:d", Host::One("a:b".into()), None, None),
        ] {
            let port = short(text, at);
            assert_eq!((port.host, port.published, port.target), (host, published, target), "{text}");
        }
    }
}
