//! What of a service can be reached from outside its machine, and what it keeps or loses there.

use super::declared::Service;
use super::known_images::{ADMIN_PORTS, DATABASE_PORTS, Role};
use super::mounts::{From, Mount, is_below};
use super::ports::Port;

/// Public ports of a database, cache or queue.
pub(super) fn public_database(service: &Service<'_>) -> Vec<String> {
    let known = service.server().map(|(known, _)| known);
    let keeps = known.is_some_and(|known| matches!(known.role, Role::Database | Role::Cache | Role::Queue));
    let is_data = |port: &Port| match known {
        Some(known) if keeps => !known.admin.iter().any(|admin| port.leads_to(*admin)),
        Some(_) => false,
        None => DATABASE_PORTS.iter().any(|data| port.leads_to(*data)),
    };
    shown(service, is_data)
}

/// Public ports that are for operators.
pub(super) fn public_admin(service: &Service<'_>) -> Vec<String> {
    let known = service.server().map(|(known, _)| known);
    let admin = known.map_or(&ADMIN_PORTS[..], |known| known.admin);
    shown(service, |port| admin.iter().any(|admin| port.leads_to(*admin)))
}

fn shown(service: &Service<'_>, wanted: impl Fn(&Port) -> bool) -> Vec<String> {
    let found = service.ports.iter().filter(|port| port.is_public() && wanted(port));
    found.map(|port| port.shown.clone()).collect()
}

/// The folders in which it keeps what must not be lost, when none of them has a volume.
pub(super) fn unkept_data(service: &Service<'_>) -> Vec<String> {
    let Some((known, true)) = service.server() else { return Vec::new() };
    let kept = |folder: &str| {
        service.mounts.iter().any(|mount| {
            let lasts = !matches!(mount.from, From::Anonymous);
            lasts && (mount.holds(folder) || is_below(&mount.target, folder))
        })
    };
    // A database that is told to keep its data elsewhere may keep it well.
    let is_moved = service.variable("PGDATA").is_some()
        || service.command.iter().any(|word| {
            ["--store", "--dbpath", "--datadir", "--storage.tsdb.path", "server"]
                .iter()
                .any(|flag| word.starts_with(flag))
                && service.mounts.iter().any(|mount| !matches!(mount.from, From::Anonymous | From::Tmpfs))
        });
    match known.data.is_empty() || is_moved || known.data.iter().any(|folder| kept(folder)) {
        true => Vec::new(),
        false => known.data.iter().map(|folder| (*folder).to_owned()).collect(),
    }
}

/// Configuration of the repository that the container may change.
pub(super) fn writable_config(service: &Service<'_>) -> Vec<String> {
    let ends = [
        ".conf",
        ".cfg",
        ".cnf",
        ".ini",
        ".yml",
        ".yaml",
        ".toml",
        ".json",
        ".properties",
        ".xml",
        ".crt",
        ".pem",
        ".key",
        ".acl",
    ];
    let found = service.mounts.iter().filter(|mount| {
        mount.from == From::Bind
            && !mount.read_only
            && mount.source.starts_with('.')
            && ends.iter().any(|end| mount.source.ends_with(end) && mount.target.ends_with(end))
    });
    found.map(|mount| mount.target.clone()).collect()
}

/// The mounts of the log collectors of a project; `None` when it has no collector.
pub(super) fn collected(services: &[Service<'_>]) -> Option<Vec<Mount>> {
    let collectors: Vec<&Service<'_>> = services.iter().filter(|service| is_collector(service)).collect();
    (!collectors.is_empty()).then(|| collectors.iter().flat_map(|service| service.mounts.clone()).collect())
}

/// Log folders that it mounts and no collector does. Empty without a collector.
pub(super) fn uncollected_logs(service: &Service<'_>, collected: Option<&[Mount]>) -> Vec<String> {
    let Some(mounts) = collected.filter(|_| !is_collector(service)) else { return Vec::new() };
    let collected = |source: &str| {
        mounts.iter().any(|mount| {
            mount.from == From::Unknown
                || mount.source == source
                || is_below(source.trim_end_matches('/'), &mount.source)
        })
    };
    let found = service.mounts.iter().filter(|mount| {
        matches!(mount.from, From::Volume | From::Bind)
            && !mount.read_only
            && mount.target.split('/').any(|part| matches!(part, "log" | "logs"))
            && !collected(&mount.source)
    });
    found.map(|mount| mount.target.clone()).collect()
}

fn is_collector(service: &Service<'_>) -> bool {
    let names = ["promtail", "fluent-bit", "fluentd", "vector", "filebeat", "alloy", "logstash"];
    service.image.as_ref().is_some_and(|image| names.contains(&image.name()))
}
