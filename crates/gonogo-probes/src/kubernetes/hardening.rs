//! What a container may do on its machine.

use gonogo_model::fact::Item;
use gonogo_model::yaml::Node;

use super::object::{at, is_false, is_true, list, number, text};
use super::workload::Container;

/// Folders of a machine that a container should not change.
const SENSITIVE: [&str; 12] = [
    "/",
    "/etc",
    "/var",
    "/var/lib",
    "/usr",
    "/boot",
    "/root",
    "/home",
    "/proc",
    "/sys",
    "/dev",
    "/var/lib/kubelet",
];
const SOCKETS: [&str; 5] = [
    "/var/run/docker.sock",
    "/run/docker.sock",
    "/run/containerd/containerd.sock",
    "/var/run/containerd/containerd.sock",
    "/var/run/crio/crio.sock",
];

pub(super) fn measured(item: Item, container: &Container<'_>) -> Item {
    let context = Settings { own: container.node.get("securityContext"), pod: container.workload.pod };
    let capabilities = |kind: &str| -> Vec<String> {
        let named = list(context.own.and_then(|own| at(own, &["capabilities", kind])));
        named.iter().filter_map(|name| text(Some(name))).map(|name| bare(&name)).collect()
    };
    let user = context.either("runAsUser").and_then(|user| number(Some(user)));
    let non_root = is_true(context.either("runAsNonRoot"));
    item.fact("privileged", is_true(context.own.and_then(|own| own.get("privileged"))))
        .fact("docker_socket", mounts(container).any(|(source, _)| SOCKETS.contains(&source.as_str())))
        .fact("capabilities_added", capabilities("add"))
        .fact("capabilities_dropped", capabilities("drop").iter().any(|name| name == "ALL"))
        .fact("host_namespaces", host_namespaces(container.workload.pod))
        .fact("sensitive_mounts", sensitive_mounts(container))
        .fact("unconfined", context.unconfined())
        .fact("read_only", is_true(context.own.and_then(|own| own.get("readOnlyRootFilesystem"))))
        .fact("no_new_privileges", is_false(context.own.and_then(|own| own.get("allowPrivilegeEscalation"))))
        .fact("user_root", user == Some(0) && !non_root)
        .fact("user_set", non_root || user.is_some_and(|user| user > 0))
}

fn bare(capability: &str) -> String {
    capability.strip_prefix("CAP_").unwrap_or(capability).to_owned()
}

/// The security settings of a container and of its pod.
struct Settings<'c> {
    own: Option<&'c Node>,
    pod: &'c Node,
}

impl<'c> Settings<'c> {
    /// What the container says, else what the pod says.
    fn either(&self, key: &str) -> Option<&'c Node> {
        let own = self.own.and_then(|own| own.get(key));
        own.or_else(|| at(self.pod, &["securityContext", key]))
    }

    fn unconfined(&self) -> Vec<String> {
        let profiles = ["seccompProfile", "appArmorProfile"].into_iter().filter_map(|profile| {
            let kind = text(self.either(profile)?.get("type"))?;
            (kind == "Unconfined").then(|| profile.to_owned())
        });
        profiles.collect()
    }
}

fn host_namespaces(pod: &Node) -> Vec<&'static str> {
    let shared = [("hostNetwork", "network"), ("hostPID", "pid"), ("hostIPC", "ipc")];
    shared.into_iter().filter(|(key, _)| is_true(pod.get(key))).map(|(_, name)| name).collect()
}

/// What the container mounts from the machine: the path there, and whether it may change it.
fn mounts<'c>(container: &Container<'c>) -> impl Iterator<Item = (String, bool)> + use<'c> {
    let volumes = list(container.workload.pod.get("volumes"));
    let mounts = list(container.node.get("volumeMounts"));
    mounts.iter().filter_map(move |mount| {
        let name = text(mount.get("name"))?;
        let volume = volumes.iter().find(|volume| text(volume.get("name")).as_ref() == Some(&name))?;
        let path = text(at(volume, &["hostPath", "path"]))?;
        Some((path, !is_true(mount.get("readOnly"))))
    })
}

fn sensitive_mounts(container: &Container<'_>) -> Vec<String> {
    let changed = mounts(container).filter(|(_, writes)| *writes);
    let whole = |path: &str| if path == "/" { "/".to_owned() } else { path.trim_end_matches('/').to_owned() };
    changed.map(|(path, _)| whole(&path)).filter(|path| SENSITIVE.contains(&path.as_str())).collect()
}
