//! Volumes, binds and tmpfs of a service in their short and long forms.

use super::tree::{Part, Spot};

/// What stands behind a mount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// A path of the machine.
    Bind,
    /// A named volume.
    Volume,
    /// A volume without a name.
    Anonymous,
    Tmpfs,
    /// A variable says it.
    Unknown,
}

/// One mount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mount {
    pub(super) from: From,
    /// Path of the machine or name of the volume; empty without one.
    pub(super) source: String,
    /// Path in the container.
    pub(super) target: String,
    pub(super) read_only: bool,
    pub(super) at: Spot,
}

impl Mount {
    /// Whether `path` is at or below where this is mounted.
    pub(super) fn holds(&self, path: &str) -> bool {
        is_below(path, &self.target)
    }

    /// Whether it is the socket of Docker or Podman, or a folder that has it.
    pub(super) fn is_engine_socket(&self) -> bool {
        let source = self.source.trim_end_matches('/');
        self.from == From::Bind
            && (["docker.sock", "podman.sock", "containerd.sock", "crio.sock"]
                .iter()
                .any(|name| source.ends_with(name))
                || matches!(source, "/var/run" | "/run"))
    }
}

/// Whether `path` is `folder` or below it.
pub(super) fn is_below(path: &str, folder: &str) -> bool {
    let folder = folder.trim_end_matches('/');
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The mounts of a service, those of `tmpfs` too.
pub(super) fn of(service: &Part) -> Vec<Mount> {
    let volumes = service.get("volumes").map(Part::each).unwrap_or_default();
    let tmpfs = service.get("tmpfs").map(Part::each).unwrap_or_default();
    let tmpfs = tmpfs.iter().filter_map(|part| {
        let target = part.value()?.split(':').next()?.to_owned();
        Some(Mount { from: From::Tmpfs, source: String::new(), target, read_only: false, at: part.at })
    });
    volumes.iter().filter_map(one).chain(tmpfs).collect()
}

fn one(part: &Part) -> Option<Mount> {
    if part.entries().is_empty() {
        return short(&part.value()?, part.at);
    }
    let source = part.get("source").and_then(Part::value).unwrap_or_default();
    let from = match part.get("type").and_then(Part::value)?.as_str() {
        "bind" => From::Bind,
        "tmpfs" => From::Tmpfs,
        "volume" if source.is_empty() => From::Anonymous,
        "volume" => From::Volume,
        _ => From::Unknown,
    };
    let target = part.get("target").and_then(Part::value)?;
    let read_only = part.get("read_only").is_some_and(Part::is_true);
    Some(Mount { from, source, target, read_only, at: part.at })
}

fn short(text: &str, at: Spot) -> Option<Mount> {
    let parts: Vec<&str> = text.split(':').collect();
    let (source, target, mode) = match parts[..] {
        [target] => ("", target, ""),
        [source, target] => (source, target, ""),
        [source, target, mode] => (source, target, mode),
        _ => return None,
    };
    let from = match source {
        "" => From::Anonymous,
        source if source.starts_with(['.', '/', '~']) => From::Bind,
        source if source.starts_with("${") => From::Unknown,
        _ => From::Volume,
    };
    Some(Mount {
        from,
        source: source.to_owned(),
        target: target.to_owned(),
        read_only: mode.split(',').any(|word| word == "ro" || word == "readonly"),
        at,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_are_read() {
        let at = Spot { file: 0, line: 1, column: 1 };
        for (text, from, source, target, read_only) in [
            ("/data", From::Anonymous, "", "/data", false),
            ("data:/data", From::Volume, "data", "/data", false),
            ("./conf:/etc/x:ro,z", From::Bind, "./conf", "/etc/x", true),
            ("${DIR}:/data", From::Unknown, "${DIR}", "/data", false),
        ] {
            let mount = short(text, at).unwrap();
            assert_eq!(
                (mount.from, mount.source.as_str(), mount.target.as_str()),
                (from, source, target),
                "{text}"
            );
            assert_eq!(mount.read_only, read_only);
        }
        assert!(is_below("/a/b", "/a") && is_below("/a", "/a/") && !is_below("/ab", "/a"));
        assert!(short("/var/run/docker.sock:/x", at).unwrap().is_engine_socket());
        assert!(!short("./docker.sock.md:/x", at).unwrap().is_engine_socket());
    }
}
