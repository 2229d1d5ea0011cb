//! Edges between services that variables draw: `DATABASE_URL=postgres://db:5432`. A port that the
//! named service does not have, and a host that nobody in the project is called.

use std::collections::BTreeSet;

use gonogo_model::fact::{Item, Value};
use serde_json::json;

use super::super::declared::{self, Service};
use super::super::dependencies::Relations;
use super::super::tree::{Origin, Part};
use super::Outside;

/// Hosts that are there without a service.
const KNOWN: [&str; 12] = [
    "localhost",
    "host",
    "gateway",
    "kubernetes",
    "broadcasthost",
    "example",
    "invalid",
    "local",
    "none",
    "null",
    "memory",
    "default",
];

/// A host and port that a variable names.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edge {
    variable: String,
    host: String,
    port: Option<u16>,
    /// Whether it stands in a URL.
    in_url: bool,
}

/// The facts of the service at `place`.
pub(super) fn facts(item: Item, relations: &Relations<'_>, place: usize, outside: &Outside) -> Item {
    let Some(service) = relations.services.get(place) else { return item };
    let edges = edges(service);
    let (mut wrong, mut unknown): (Vec<Value>, Vec<Value>) = (Vec::new(), Vec::new());
    for edge in &edges {
        match named(relations, &edge.host) {
            Some(other) => {
                let port = edge.port.filter(|port| lacks(other, *port));
                wrong.extend(
                    port.map(|port| json!({"variable": edge.variable, "service": other.name, "port": port})),
                );
            }
            None if is_strange(relations, service, edge, outside) => {
                unknown.push(json!({"variable": edge.variable, "host": edge.host}));
            }
            None => {}
        }
    }
    item.fact("edges_wrong_port", wrong).fact("edges_unknown_host", unknown)
}

/// Whether variables of other services name the service at `place`.
pub(super) fn lead_to(relations: &Relations<'_>, place: usize) -> bool {
    let Some(own) = relations.services.get(place) else { return false };
    let others = relations.services.iter().filter(|other| other.name != own.name);
    others.flat_map(edges).any(|edge| named(relations, &edge.host).is_some_and(|to| to.name == own.name))
}

/// The service that is reached under a name.
fn named<'r, 'p>(relations: &'r Relations<'p>, host: &str) -> Option<&'r Service<'p>> {
    let mut found = relations.services.iter().filter(|service| {
        service.name == host || declared::aliases(service.part).iter().any(|alias| alias == host)
    });
    let first = found.next()?;
    // An alias of several is none of them in particular.
    found.next().is_none().then_some(first)
}

fn edges(service: &Service<'_>) -> Vec<Edge> {
    let mut found = Vec::new();
    for variable in &service.environment {
        let Some(text) = variable.value.as_ref().filter(|text| text.origin != Origin::Unknown) else {
            continue;
        };
        for part in text.value.split([',', ' ', ';']).filter(|part| !part.contains("${")) {
            found.extend(edge(part).map(|(host, port, in_url)| Edge {
                variable: variable.name.clone(),
                host,
                port,
                in_url,
            }));
        }
    }
    found
}

/// Host and port of `scheme://user:password@host:port/path` or `host:port`.
fn edge(text: &str) -> Option<(String, Option<u16>, bool)> {
    let (in_url, rest) = match text.split_once("://") {
        // `jdbc:postgresql://db/x` too.
        Some((scheme, rest)) if scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.:".contains(c)) => {
            (true, rest)
        }
        Some(_) => return None,
        None => (false, text),
    };
    let authority = rest.split(['/', '?', '#']).next()?;
    let host_port = authority.rsplit('@').next()?.trim_matches(['"', '\'']);
    let (host, port) = match host_port.rsplit_once(':') {
        Some((host, port)) => (host, Some(port.parse::<u16>().ok()?)),
        None => (host_port, None),
    };
    let is_name = host.starts_with(|c: char| c.is_ascii_alphabetic())
        && host.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    (is_name && (in_url || port.is_some())).then(|| (host.to_owned(), port, in_url))
}

/// Whether it is certain that nothing of the service listens on the port.
fn lacks(service: &Service<'_>, port: u16) -> bool {
    let known = service.server();
    let image_ports = known.map(|(known, _)| known.ports).unwrap_or_default();
    let leads = |port: u16| service.ports.iter().any(|entry| entry.leads_to(port));
    let dockerfile = service.build.as_ref().and_then(|build| build.dockerfile.as_ref());
    let said: BTreeSet<u16> = dockerfile.map(|file| file.ports.iter().copied().collect()).unwrap_or_default();
    if leads(port) || service.exposed.contains(&port) || image_ports.contains(&port) || said.contains(&port) {
        return false;
    }
    if mentions(service, port) || service.environment_is_partial || service.part.get("network_mode").is_some()
    {
        return false;
    }
    // The port of the machine in place of that of the container: `5433:5432` and `db:5433`.
    let is_of_machine = service.ports.iter().any(|entry| {
        entry.published.is_some_and(|(first, last)| (first..=last).contains(&port)) && entry.target.is_some()
    });
    let is_configured = service.mounts.iter().any(|mount| {
        ["etc", "conf", ".cnf", ".toml", ".yml", ".yaml", ".json"]
            .iter()
            .any(|word| mount.target.contains(word))
    }) || service.part.get("configs").is_some();
    let is_whole =
        known.is_some_and(|(known, is_sure)| is_sure && !known.is_configured && !known.ports.is_empty());
    !is_configured && (is_of_machine || is_whole)
}

/// Whether the number stands anywhere in its command or variables.
fn mentions(service: &Service<'_>, port: u16) -> bool {
    let port = port.to_string();
    let says = |text: &str| text.split(|c: char| !c.is_ascii_digit()).any(|number| number == port);
    let says_variable = service.environment.iter().any(|variable| {
        let is_port = variable.name.to_uppercase().contains("PORT");
        variable.value.as_ref().is_none_or(|text| says(&text.value) || (is_port && text.value.contains("${")))
    });
    service.command.iter().any(|word| says(word) || word.contains("${")) || says_variable
}

/// Whether nobody in the project can be meant.
fn is_strange(relations: &Relations<'_>, service: &Service<'_>, edge: &Edge, outside: &Outside) -> bool {
    let part = service.part;
    let said = ["extra_hosts", "links", "external_links"].iter().filter_map(|key| part.get(key));
    let is_said = said.flat_map(Part::each).any(|one| {
        let names = one.value().into_iter().chain(one.entries().iter().map(|entry| entry.name.clone()));
        names.into_iter().any(|name| name.split([':', '=']).any(|name| name == edge.host))
    });
    let is_service = relations.services.iter().any(|other| {
        other.name == edge.host || declared::aliases(other.part).iter().any(|alias| alias == &edge.host)
    });
    // Another project may be on the same network.
    let is_closed = part.get("network_mode").is_none()
        && !outside.has_shared_default
        && part.get("networks").is_none_or(|networks| networks.each().iter().all(is_default));
    edge.in_url
        && edge.port.is_some()
        && is_closed
        && !is_said
        && !is_service
        && !outside.services.contains(&edge.host)
        && !KNOWN.contains(&edge.host.to_lowercase().as_str())
}

fn is_default(network: &Part) -> bool {
    match network.entries() {
        [] => network.known().as_deref() == Some("default"),
        entries => entries.iter().all(|entry| entry.name == "default"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_ports_are_read() {
        for (text, expected) in [
            ("postgres://a:b@db:5433/x?y=z", Some(("db", Some(5433), true))),
            ("http://api/health", Some(("api", None, true))),
            ("kafka:9092", Some(("kafka", Some(9092), false))),
            ("jdbc:postgresql://db:5432/x", Some(("db", Some(5432), true))),
            ("db", None),
            ("a:b", None),
            ("12:30", None),
            ("http://a.example.com:80", None),
            ("127.0.0.1:80", None),
            ("http://[::1]:80", None),
            ("a/b:1", None),
            ("", None),
        ] {
            let expected = expected.map(|(host, port, in_url)| (host.to_owned(), port, in_url));
            assert_eq!(edge(text), expected, "{text}");
        }
    }
}
