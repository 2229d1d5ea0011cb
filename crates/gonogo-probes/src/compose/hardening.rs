//! What a service may do to its machine, and how much of it it may take: privileges, namespaces,
//! sockets, limits.

use super::declared::Service;
use super::mounts::From;
use super::tree::Part;

/// Namespaces of the machine that the service shares.
pub(super) fn host_namespaces(service: &Service<'_>) -> Vec<&'static str> {
    let modes = [
        ("network_mode", "network"),
        ("pid", "pid"),
        ("ipc", "ipc"),
        ("userns_mode", "user"),
        ("uts", "uts"),
    ];
    let shared = modes.iter().filter(|(key, _)| value(service, key).as_deref() == Some("host"));
    shared.map(|(_, name)| *name).collect()
}

/// Capabilities that are added, without `CAP_`.
pub(super) fn capabilities(service: &Service<'_>) -> Vec<String> {
    let added = service.part.get("cap_add").map(Part::each).unwrap_or_default();
    let name = |text: String| text.to_uppercase().trim_start_matches("CAP_").to_owned();
    added.iter().filter_map(Part::value).map(name).collect()
}

pub(super) fn is_privileged(service: &Service<'_>) -> bool {
    service.part.get("privileged").is_some_and(Part::is_true)
}

pub(super) fn is_read_only(service: &Service<'_>) -> bool {
    service.part.get("read_only").is_some_and(Part::is_true)
}

pub(super) fn has_no_new_privileges(service: &Service<'_>) -> bool {
    options(service).iter().any(|option| {
        matches!(option.replace('=', ":").as_str(), "no-new-privileges" | "no-new-privileges:true")
    })
}

/// Protections of the kernel that are switched off.
pub(super) fn unconfined(service: &Service<'_>) -> Vec<String> {
    let off = |option: &String| {
        ["unconfined", "disable"]
            .iter()
            .any(|word| option.ends_with(&format!(":{word}")) || option.ends_with(&format!("={word}")))
    };
    options(service).into_iter().filter(off).collect()
}

fn options(service: &Service<'_>) -> Vec<String> {
    let listed = service.part.get("security_opt").map(Part::each).unwrap_or_default();
    listed.iter().filter_map(Part::value).collect()
}

/// Whether compose, or else the Dockerfile, says it runs as root in so many words.
pub(super) fn is_root(service: &Service<'_>) -> bool {
    let dockerfile = service.build.as_ref().and_then(|build| build.dockerfile.as_ref());
    let user = value(service, "user").or_else(|| dockerfile.and_then(|file| file.user.clone()));
    user.is_some_and(|user| matches!(user.split(':').next(), Some("root" | "0")))
}

pub(super) fn mounts_engine_socket(service: &Service<'_>) -> bool {
    service.mounts.iter().any(super::mounts::Mount::is_engine_socket)
}

/// Folders of the machine that it may change and that the machine itself needs.
pub(super) fn sensitive_mounts(service: &Service<'_>) -> Vec<String> {
    let sensitive = [
        "/",
        "/etc",
        "/boot",
        "/root",
        "/proc",
        "/sys",
        "/dev",
        "/usr",
        "/bin",
        "/sbin",
        "/lib",
        "/var",
        "/home",
        "/var/lib/docker",
    ];
    let found = service.mounts.iter().filter(|mount| {
        let source = match mount.source.as_str() {
            "/" => "/",
            source => source.trim_end_matches('/'),
        };
        mount.from == From::Bind && !mount.read_only && sensitive.contains(&source)
    });
    found.map(|mount| mount.source.clone()).collect()
}

/// Bytes of memory it may have, when a limit is written; 0 when a variable says how much.
pub(super) fn memory_limit(service: &Service<'_>) -> Option<u64> {
    let limit = deploy(service, "memory").or_else(|| value(service, "mem_limit"))?;
    match bytes(&limit) {
        Some(0) => None,
        known => Some(known.unwrap_or(0)),
    }
}

pub(super) fn cpu_limit(service: &Service<'_>) -> Option<String> {
    let limit =
        deploy(service, "cpus").or_else(|| value(service, "cpus")).or_else(|| value(service, "cpu_quota"))?;
    (!limit.trim_matches(['0', '.']).is_empty()).then_some(limit)
}

pub(super) fn has_pids_limit(service: &Service<'_>) -> bool {
    let limit = deploy(service, "pids").or_else(|| value(service, "pids_limit"));
    limit.is_some_and(|limit| !matches!(limit.as_str(), "0" | "-1"))
}

/// `no`, `always`, `unless-stopped`, `on-failure`, or what `deploy.restart_policy` says.
pub(super) fn restart(service: &Service<'_>) -> String {
    let policy = service.part.get("deploy").and_then(|deploy| deploy.get("restart_policy"));
    let deployed = policy
        .map(|policy| policy.get("condition").and_then(Part::value).unwrap_or_else(|| "any".to_owned()));
    let own = value(service, "restart").map(|own| match own.as_str() {
        "false" => "no".to_owned(),
        _ => own.split(':').next().unwrap_or_default().to_owned(),
    });
    match own.or(deployed).unwrap_or_else(|| "no".to_owned()).as_str() {
        "none" => "no".to_owned(),
        "any" => "always".to_owned(),
        other => other.to_owned(),
    }
}

fn deploy(service: &Service<'_>, name: &str) -> Option<String> {
    service.part.get("deploy")?.get("resources")?.get("limits")?.get(name)?.value()
}

fn value(service: &Service<'_>, key: &str) -> Option<String> {
    service.part.get(key).and_then(Part::value)
}

/// `512m`, `2gb`, `1.5G`, `1048576`.
fn bytes(text: &str) -> Option<u64> {
    let lower = text.trim().to_lowercase();
    let end = lower.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(lower.len());
    let (number, unit) = lower.split_at(end);
    let shift = match unit.trim().trim_end_matches("ib").trim_end_matches('b') {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        "t" => 40,
        _ => return None,
    };
    let number: f64 = number.parse().ok()?;
    let bytes = number * (1_u64 << shift) as f64;
    // What is larger than any machine is no limit that can be read.
    (0.0..1e18).contains(&bytes).then_some(bytes as u64)
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes_are_read() {
        for (text, expected) in [
            ("512m", Some(512 << 20)),
            ("2GB", Some(2 << 30)),
            ("1.5g", Some(3 << 29)),
            ("100", Some(100)),
            ("1kib", Some(1024)),
            ("${M}", None),
            ("x", None),
            ("9999999999t", None),
        ] {
            assert_eq!(bytes(text), expected, "{text}");
        }
    }
}
