//! What a container of Promtail sees of the machine, and who else writes there, by the compose
//! files. It knows no configurations.

use crate::compose::Brief;

/// Whether the service runs Promtail as its image has it.
pub(super) fn is_promtail(service: &Brief) -> bool {
    service.image.as_deref().is_some_and(|image| image.ends_with("promtail"))
}

/// What is known about the files that a pattern names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Fine,
    /// Nothing is mounted there, and the image has no logs of its own.
    Unmounted,
    /// Nobody else is given the volume or folder.
    Unwritten,
}

/// The part of a pattern before anything that stands for something else.
fn fixed(pattern: &str) -> &str {
    let end = pattern.find(['*', '?', '[', '{']).unwrap_or(pattern.len());
    let start = pattern.get(..end).unwrap_or(pattern);
    match end == pattern.len() {
        true => start,
        false => start.rsplit_once('/').map_or("", |(folder, _)| folder),
    }
}

/// Whether `inner` is `outer` or stands below it.
fn is_below(inner: &str, outer: &str) -> bool {
    let outer = outer.trim_end_matches('/');
    inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Mounts of a service that a pattern may lead into.
fn reached<'s>(service: &'s Brief, pattern: &'s str) -> impl Iterator<Item = &'s (String, String)> {
    let fixed = fixed(pattern);
    service.mounts.iter().filter(move |(_, target)| is_below(fixed, target) || is_below(target, fixed))
}

/// Whether a path of the container outlives it.
pub(super) fn is_kept(service: &Brief, path: &str) -> bool {
    service.mounts.iter().any(|(_, target)| is_below(path, target))
}

/// What is known about a pattern, when one of these services runs Promtail.
pub(super) fn standing(services: &[Brief], pattern: &str) -> Standing {
    let promtails: Vec<&Brief> = services.iter().filter(|service| is_promtail(service)).collect();
    if promtails.is_empty() || pattern.contains(['$', '%']) || !pattern.starts_with('/') {
        return Standing::Fine;
    }
    let mounts: Vec<&(String, String)> = promtails.iter().flat_map(|one| reached(one, pattern)).collect();
    if mounts.is_empty() {
        return Standing::Unmounted;
    }
    let others = || services.iter().filter(|service| !is_promtail(service));
    let is_written = |source: &str| {
        !is_of_project(source)
            || others()
                .flat_map(|service| &service.mounts)
                .any(|(other, _)| is_below(other, source) || is_below(source, other) || other.contains('$'))
    };
    match mounts.iter().any(|(source, _)| is_written(source)) {
        true => Standing::Fine,
        false => Standing::Unwritten,
    }
}

/// Whether it is a named volume or a folder of the project. What else is on the machine may be
/// written by anybody.
fn is_of_project(source: &str) -> bool {
    !source.is_empty()
        && !source.starts_with(['/', '~', '$'])
        && !source.starts_with("..")
        && !source.contains('$')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose::services;
    use crate::repository::Repository;

    #[test]
    fn files_are_there_only_when_somebody_writes_what_promtail_is_given() {
        let text = "services:\n  promtail:\n    image: grafana/promtail:2.9.0\n    volumes: ['/var/log:/host/log:ro', 'app:/var/log/app', 'lost:/var/log/lost', './logs:/logs', './own:/own/x']\n  api:\n    build: .\n    volumes: ['app:/app/logs', './own/deep:/logs']\nvolumes: { app: {}, lost: {} }\n";
        let services = services(&Repository::of(&[("compose.yml", text)]));
        for (pattern, expected) in [
            ("/host/log/*.log", Standing::Fine),
            ("/var/log/app/*.log", Standing::Fine),
            ("/var/log/app/a/b.log", Standing::Fine),
            ("/var/log/lost/*.log", Standing::Unwritten),
            ("/var/log/*/*.log", Standing::Fine),
            ("/logs/*.log", Standing::Unwritten),
            ("/own/**/*.log", Standing::Fine),
            ("/var/log/nginx/*.log", Standing::Unmounted),
            ("/var/log/app2/*.log", Standing::Unmounted),
            ("/var/log/${APP}/*.log", Standing::Fine),
        ] {
            assert_eq!(standing(&services, pattern), expected, "{pattern}");
        }
        assert_eq!(standing(&[], "/var/log/x.log"), Standing::Fine);
        assert!(
            is_kept(&services[1], "/own/x/positions.yaml") || is_kept(&services[0], "/own/x/positions.yaml")
        );
    }
}
