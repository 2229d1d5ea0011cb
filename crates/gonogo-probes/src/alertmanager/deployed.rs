//! How a compose file gives Alertmanager its configuration: as it is written, or filled in first.
//! Compose does not fill in what it mounts, and neither does Alertmanager.

use crate::compose::Brief;
use crate::repository::{Repository, folder_of, joined, name_of};

/// What happens to a configuration before Alertmanager reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deployed {
    /// Nothing: it is mounted as it is.
    AsWritten,
    /// Something may fill it in.
    MaybeFilledIn,
    /// Somebody fills it in.
    FilledIn,
}

/// Where the images look for it.
const USUAL: [&str; 4] = [
    "/etc/alertmanager/alertmanager.yml",
    "/etc/alertmanager/config.yml",
    "/etc/alertmanager/alertmanager.yaml",
    "/opt/bitnami/alertmanager/conf/config.yml",
];
/// Words of a command that fills something in.
const FILLS: [&str; 7] = ["envsubst", "sed ", "gomplate", "eval", "cat <<", "dockerize", "confd"];
/// Bytes of a script, and scripts, that are looked into.
const SCRIPT: u64 = 64 << 10;
const MOST: usize = 400;

pub(super) fn is_alertmanager(service: &Brief) -> bool {
    service.image.as_deref().is_some_and(|image| image.ends_with("alertmanager"))
}

/// What happens to the configuration at `path`.
pub(super) fn deployed(repository: &Repository, services: &[Brief], path: &str) -> Deployed {
    let lower = path.to_lowercase();
    if ["tmpl", "template", "tpl"].iter().any(|word| lower.contains(word)) {
        return Deployed::FilledIn;
    }
    if is_filled_in_by_script(repository, path) {
        return Deployed::FilledIn;
    }
    let mut standing = Deployed::MaybeFilledIn;
    for service in services {
        let Some(inside) = mounted_at(service, path) else { continue };
        if service.command.iter().any(|word| FILLS.iter().any(|fills| word.contains(fills))) {
            return Deployed::FilledIn;
        }
        if is_alertmanager(service) && is_read(service, &inside) {
            standing = Deployed::AsWritten;
        }
    }
    standing
}

/// Whether a script of the repository names the file and fills something in.
fn is_filled_in_by_script(repository: &Repository, path: &str) -> bool {
    let is_script = |path: &str| {
        let name = name_of(path);
        name.ends_with(".sh")
            || name.contains("entrypoint")
            || name.contains("Dockerfile")
            || name == "Makefile"
    };
    let scripts = repository.files().iter().filter(|file| file.bytes <= SCRIPT && is_script(&file.path));
    scripts.take(MOST).any(|file| {
        let text = repository.text(&file.path, SCRIPT).unwrap_or_default();
        text.contains(name_of(path)) && FILLS.iter().any(|fills| text.contains(fills))
    })
}

/// The path in the container of the service.
fn mounted_at(service: &Brief, path: &str) -> Option<String> {
    service.mounts.iter().find_map(|(source, target)| {
        // A name without a slash is a volume, not a file.
        if !source.starts_with('.') && !source.contains('/') {
            return None;
        }
        let source = joined(folder_of(&service.path), source)?;
        let rest = if source.is_empty() { Some(path) } else { path.strip_prefix(source.as_str()) }?;
        match rest.is_empty() || rest.starts_with('/') || source.is_empty() {
            true => Some(format!("{}/{}", target.trim_end_matches('/'), rest.trim_start_matches('/'))),
            false => None,
        }
        .map(|inside| inside.trim_end_matches('/').to_owned())
    })
}

/// Whether Alertmanager reads its configuration from there.
fn is_read(service: &Brief, inside: &str) -> bool {
    let words = service.command.iter().map(String::as_str);
    if service.command.iter().any(|word| matches!(word.as_str(), "sh" | "/bin/sh" | "bash" | "/bin/bash")) {
        return false;
    }
    let given = words
        .clone()
        .zip(words.skip(1))
        .find_map(|(word, next)| (word.trim_start_matches('-') == "config.file").then_some(next));
    let joined =
        service.command.iter().find_map(|word| word.trim_start_matches('-').strip_prefix("config.file="));
    match joined.or(given) {
        Some(named) => named == inside,
        None => USUAL.contains(&inside),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compose::services;
    use crate::repository::Repository;

    fn of(compose: &str) -> Deployed {
        let text = format!("services:\n  a:\n    image: prom/alertmanager:v0.27.0\n{compose}");
        let repository = Repository::of(&[("deploy/compose.yml", &text)]);
        deployed(&repository, &services(&repository), "deploy/alert/alertmanager.yml")
    }

    #[test]
    fn what_is_mounted_is_read_as_it_is_written() {
        for (compose, expected) in [
            (
                "    volumes: ['./alert/alertmanager.yml:/etc/alertmanager/alertmanager.yml:ro']\n",
                Deployed::AsWritten,
            ),
            ("    volumes: ['./alert:/etc/alertmanager']\n", Deployed::AsWritten),
            (
                "    volumes: ['./alert:/cfg']\n    command: [--config.file=/cfg/alertmanager.yml]\n",
                Deployed::AsWritten,
            ),
            (
                "    volumes: ['./alert:/cfg']\n    command: [--config.file, /cfg/alertmanager.yml]\n",
                Deployed::AsWritten,
            ),
            (
                "    volumes: ['./alert:/cfg']\n    command: [--config.file=/tmp/alertmanager.yml]\n",
                Deployed::MaybeFilledIn,
            ),
            (
                "    volumes: ['./alert:/cfg']\n    entrypoint: [sh, -c, 'envsubst < /cfg/alertmanager.yml > /tmp/a.yml']\n",
                Deployed::FilledIn,
            ),
            ("    volumes: ['./other:/etc/alertmanager']\n", Deployed::MaybeFilledIn),
            ("    volumes: ['alert:/etc/alertmanager']\n", Deployed::MaybeFilledIn),
        ] {
            assert_eq!(of(compose), expected, "{compose}");
        }
        let alone = Repository::of(&[("start.sh", "sed -i s/A/B/ /etc/alertmanager.yml\n")]);
        assert_eq!(deployed(&alone, &[], "alertmanager.tmpl.yml"), Deployed::FilledIn);
        assert_eq!(deployed(&alone, &[], "a/alertmanager.yml"), Deployed::FilledIn);
        assert_eq!(deployed(&alone, &[], "a/other.yml"), Deployed::MaybeFilledIn);
    }
}
