//! Servers that a document names.

use gonogo_model::fact::Value;
use serde_json::json;
use url::{Host, Url};

use super::super::library::{Library, Spot};
use super::super::operations::{Operation, paths};

#[derive(Debug)]
pub(super) struct Servers {
    pub(super) count: usize,
    pub(super) local_only: bool,
    pub(super) plain: Vec<Value>,
}

pub(super) fn of(library: &Library, root: Spot<'_>, operations: &[Operation<'_>]) -> Servers {
    let top: Vec<Spot<'_>> = root.get("servers").into_iter().flat_map(Spot::items).collect();
    let of_paths = paths(library, root).into_iter().filter_map(|(_, _, item)| item.get("servers"));
    let of_operations = operations.iter().filter_map(|operation| operation.spot.get("servers"));
    let below: Vec<Spot<'_>> = of_paths.chain(of_operations).flat_map(Spot::items).collect();
    let all: Vec<(Spot<'_>, Reached)> =
        top.iter().chain(&below).map(|&server| (server, reached(server))).collect();
    let plain = all.iter().filter_map(|(server, reached)| match reached {
        Reached::Plain(host) => Some(json!({"host": host, "line": server.line()})),
        _ => None,
    });
    Servers {
        count: all.len(),
        local_only: !all.is_empty() && all.iter().all(|(_, reached)| *reached == Reached::Local),
        plain: plain.collect(),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Reached {
    Local,
    /// Without encryption.
    Plain(String),
    /// Encrypted, relative or not known.
    Other,
}

fn reached(server: Spot<'_>) -> Reached {
    let Some(url) = server.text("url").and_then(|text| Url::parse(&filled(server, text)).ok()) else {
        return Reached::Other;
    };
    let (is_local, is_private) = match url.host() {
        Some(Host::Ipv4(ip)) => (ip.is_loopback() || ip.is_unspecified(), ip.is_private()),
        Some(Host::Ipv6(ip)) => (ip.is_loopback() || ip.is_unspecified(), false),
        Some(Host::Domain(name)) => (is_local_name(name), !name.contains('.') || is_internal(name)),
        None => (false, true),
    };
    match (is_local, is_private, url.scheme()) {
        (true, ..) => Reached::Local,
        (_, false, "http") => Reached::Plain(url.host_str().unwrap_or_default().to_owned()),
        _ => Reached::Other,
    }
}

fn is_local_name(name: &str) -> bool {
    name == "localhost" || name.ends_with(".localhost") || name == "host.docker.internal"
}

/// Names that are reached inside a network only, or by nobody.
fn is_internal(name: &str) -> bool {
    let endings = [".local", ".internal", ".test", ".example", ".invalid", ".lan", ".svc", ".cluster.local"];
    endings.iter().any(|ending| name.ends_with(ending))
        || ["example.com", "example.org", "example.net"]
            .iter()
            .any(|one| name == *one || name.ends_with(&format!(".{one}")))
}

/// The address with the defaults of its variables.
fn filled(server: Spot<'_>, url: &str) -> String {
    let mut filled = url.to_owned();
    for (key, variable) in server.get("variables").into_iter().flat_map(Spot::entries).take(20) {
        if let Some(default) = variable.text("default") {
            filled = filled.replace(&format!("{{{}}}", key.name), default);
        }
    }
    filled
}
