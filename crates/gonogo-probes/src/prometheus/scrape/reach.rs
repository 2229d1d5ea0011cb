//! Whether the host and port of a target are a service of a compose file. Where several projects,
//! Kubernetes or a name with a dot leave it open, it is taken to be there.

use super::super::config::Config;
use super::super::exporters;
use super::super::world::World;
use crate::compose::Brief;

/// Where a target leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reached {
    /// To a service, or nobody can tell.
    Fine,
    /// To no service.
    NoHost,
    /// To a service that listens on other ports.
    NoPort,
}

/// Host and port of `http://api:8080/path` or `api:8080`.
fn parts(target: &str) -> Option<(&str, Option<u16>)> {
    let bare = target.split_once("://").map_or(target, |(_, rest)| rest);
    let bare = bare.split('/').next().unwrap_or(bare);
    match bare.rsplit_once(':') {
        Some((host, port)) => Some((host, Some(port.parse().ok()?))),
        None => Some((bare, None)),
    }
}

fn is_named(service: &Brief, host: &str) -> bool {
    service.name == host || service.aliases.iter().any(|alias| alias == host)
}

/// Whether the target is this service.
pub(super) fn is_service(service: &Brief, target: &str) -> bool {
    parts(target).is_some_and(|(host, port)| {
        let is_published = matches!(host, "localhost" | "127.0.0.1" | "host.docker.internal")
            && port.is_some_and(|port| service.ports.contains(&port));
        is_named(service, host) || is_published
    })
}

/// Where a target of a configuration leads.
pub(super) fn reached(world: &World, config: &Config, target: &str) -> Reached {
    let is_filled_in = target.contains(['$', '{', '<', '%', '[']);
    let Some((host, port)) = parts(target) else { return Reached::Fine };
    let is_outside = is_filled_in
        || host.is_empty()
        || host.contains('.')
        || matches!(host, "localhost" | "host-gateway")
        || world.has_kubernetes
        || world.services.is_empty();
    if is_outside {
        return Reached::Fine;
    }
    let mut named = world.services.iter().filter(|service| is_named(service, host)).peekable();
    if named.peek().is_none() {
        return if deploys_prometheus(world, config) { Reached::NoHost } else { Reached::Fine };
    }
    let Some(port) = port else { return Reached::Fine };
    match named.any(|service| may_listen(service, port)) {
        true => Reached::Fine,
        false => Reached::NoPort,
    }
}

/// Whether Prometheus itself runs in a compose project, so that hosts are names of services.
fn deploys_prometheus(world: &World, config: &Config) -> bool {
    let is_prometheus = |service: &&Brief| {
        let image = service.image.as_deref().unwrap_or_default();
        image.ends_with("prometheus") || image.ends_with("victoria-metrics") || image.ends_with("vmagent")
    };
    let mut running = world.services.iter().filter(is_prometheus);
    running
        .any(|service| service.is_for_development == config.is_for_development || !service.is_for_development)
}

/// Whether a service may listen on a port. Ports that a process opens by itself are not written
/// anywhere, so only where all are known something else is wrong.
fn may_listen(service: &Brief, port: u16) -> bool {
    let exporter = service.image.as_deref().and_then(exporters::of_image);
    let fixed = exporter.filter(|exporter| exporter.is_only_exporter && exporter.port != 0);
    let is_default = fixed.is_some_and(|exporter| exporter.port == port);
    let text = port.to_string();
    let is_said = |word: &str| word.contains(&text);
    let is_set = service.command.iter().any(|word| is_said(word))
        || service.environment.iter().any(|(_, value)| value.as_deref().is_none_or(is_said))
        || service.environment_is_partial;
    let has_unknown_ports = fixed.is_none() && (service.image.is_some() || service.ports.is_empty());
    service.ports.contains(&port) || is_default || is_set || has_unknown_ports
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::repository::Repository;

    const COMPOSE: &str = "services:\n  prometheus: { image: prom/prometheus }\n  api: { build: ., expose: ['8080'] }\n  free: { build: . }\n  node: { image: prom/node-exporter, container_name: nodes }\n  db: { image: postgres }\n";

    #[test]
    fn targets_lead_to_services() {
        let repository =
            Repository::of(&[("compose.yml", COMPOSE), ("prometheus.yml", "scrape_configs: []\n")]);
        let world = World::of(&repository);
        let config = world.configs.first().unwrap();
        for (target, expected) in [
            ("api:8080", Reached::Fine),
            ("api:8081", Reached::NoPort),
            ("free:8081", Reached::Fine),
            ("apy:8080", Reached::NoHost),
            ("nodes:9100", Reached::Fine),
            ("node:9101", Reached::NoPort),
            ("db:1234", Reached::Fine),
            ("localhost:9090", Reached::Fine),
            ("api.example.com:80", Reached::Fine),
            ("${HOST}:80", Reached::Fine),
            ("http://api:8080/x", Reached::Fine),
        ] {
            assert_eq!(reached(&world, config, target), expected, "{target}");
        }
        let alone = World::of(&Repository::of(&[("prometheus.yml", "scrape_configs: []\n")]));
        assert_eq!(reached(&alone, config, "apy:8080"), Reached::Fine);
    }
}
