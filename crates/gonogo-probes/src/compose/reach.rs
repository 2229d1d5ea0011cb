//! Where an address leads that the configuration of a service names: to a service, past all of
//! them, or to a port on which its service does not listen. What cannot be told is taken to be
//! right.

use super::brief::Brief;

/// Where an address leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reached {
    /// To a service, or nobody can tell.
    Fine,
    /// To no service.
    NoService,
    /// To a service that listens on other ports.
    NoPort,
}

/// Ends of images that listen on these ports unless they are told otherwise.
const FIXED: [(&str, &[u16]); 7] = [
    ("loki", &[3100, 7946, 9095, 9096]),
    ("prometheus", &[9090]),
    ("alertmanager", &[9093, 9094]),
    ("tempo", &[80, 3100, 3200, 4317, 4318, 9095, 9411, 14250, 14268, 55680]),
    ("grafana", &[3000]),
    ("grafana-oss", &[3000]),
    ("pushgateway", &[9091]),
];

/// Host and port of `http://api:8080/path` or `api:8080`.
fn parts(address: &str) -> Option<(&str, Option<u16>)> {
    let bare = address.split_once("://").map_or(address, |(_, rest)| rest);
    let bare = bare.split(['/', '?', '#']).next()?;
    let bare = bare.rsplit_once('@').map_or(bare, |(_, rest)| rest);
    match bare.rsplit_once(':') {
        Some((host, port)) => Some((host, Some(port.parse().ok()?))),
        None => Some((bare, None)),
    }
}

/// Where `address` leads from a container of one of these services. `is_there` says whether the
/// program whose configuration names it is run by one of them: else hosts are no services.
pub(crate) fn reached(services: &[Brief], is_there: bool, address: &str) -> Reached {
    let Some((host, port)) = parts(address) else { return Reached::Fine };
    let is_filled_in = address.contains(['$', '{', '<', '%', '[']);
    let is_outside = host.is_empty() || host.contains('.') || matches!(host, "localhost" | "host-gateway");
    if !is_there || is_filled_in || is_outside {
        return Reached::Fine;
    }
    let is_named =
        |service: &&Brief| service.name == host || service.aliases.iter().any(|alias| alias == host);
    let mut named = services.iter().filter(is_named).peekable();
    if named.peek().is_none() {
        return Reached::NoService;
    }
    match port.is_none_or(|port| named.any(|service| may_listen(service, port))) {
        true => Reached::Fine,
        false => Reached::NoPort,
    }
}

/// Whether a service may listen on a port. Ports that a process opens by itself are not written
/// anywhere, so only where all are known something else is wrong.
fn may_listen(service: &Brief, port: u16) -> bool {
    let fixed = service.image.as_deref().and_then(|image| {
        let name = image.rsplit('/').next().unwrap_or(image);
        FIXED.iter().find(|(known, _)| *known == name).map(|(_, ports)| *ports)
    });
    let text = port.to_string();
    let is_said = |word: &str| word.contains(&text);
    let is_set = service.command.iter().any(|word| is_said(word))
        || service.environment.iter().any(|(_, value)| value.as_deref().is_none_or(is_said))
        || service.environment_is_partial;
    let has_unknown_ports = fixed.is_none() && (service.image.is_some() || service.ports.is_empty());
    service.ports.contains(&port)
        || fixed.is_some_and(|ports| ports.contains(&port))
        || is_set
        || has_unknown_ports
}

#[cfg(test)]
mod tests {
    use super::super::services;
    use super::*;
    use crate::repository::Repository;

    #[test]
    fn addresses_lead_to_services() {
        let text = "services:\n  loki: { image: 'grafana/loki:2.9.0' }\n  api: { build: ., expose: ['8080'] }\n  free: { build: . }\n  db: { image: postgres, container_name: store }\n";
        let services = services(&Repository::of(&[("compose.yml", text)]));
        for (address, expected) in [
            ("http://loki:3100/loki/api/v1/push", Reached::Fine),
            ("http://loki:3101/loki/api/v1/push", Reached::NoPort),
            ("http://user:pw@lokl:3100/x", Reached::NoService),
            ("http://store:1", Reached::Fine),
            ("api:8081", Reached::NoPort),
            ("free:8081", Reached::Fine),
            ("http://loki.shop.io:3101", Reached::Fine),
            ("http://${LOKI}:3101", Reached::Fine),
            ("http://localhost:3101", Reached::Fine),
            ("http://loki:port", Reached::Fine),
        ] {
            assert_eq!(reached(&services, true, address), expected, "{address}");
        }
        assert_eq!(reached(&services, false, "http://lokl:3100"), Reached::Fine);
    }
}
