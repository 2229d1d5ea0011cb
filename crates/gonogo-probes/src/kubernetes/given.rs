//! What a container is given: variables, secrets, volumes for its data. Names come out, never
//! values.

use gonogo_model::fact::Item;
use gonogo_model::yaml::Node;

use super::object::{at, list, text};
use super::workload::Container;
use crate::compose;
use crate::credential::variable::{self, Kind as Password};

pub(super) fn measured(item: Item, container: &Container<'_>) -> Item {
    let names = |wanted: Password| -> Vec<String> {
        let literal = literals(container.node);
        literal.filter(|(name, value)| variable::kind(name, value) == wanted).map(|(name, _)| name).collect()
    };
    item.fact("plain_secrets", names(Password::Secret))
        .fact("default_passwords", names(Password::Default))
        .fact("secret_variables", from_secrets(container.node))
        .fact("stateful_without_volume", unkept(container))
}

/// Variables whose value is written here. A value with `$(NAME)` is put together elsewhere.
fn literals(container: &Node) -> impl Iterator<Item = (String, String)> {
    list(container.get("env")).iter().filter_map(|variable| {
        let value = text(variable.get("value")).filter(|value| !value.contains(['$', '{']))?;
        Some((text(variable.get("name"))?, value))
    })
}

fn from_secrets(container: &Node) -> Vec<String> {
    let variables = list(container.get("env")).iter();
    let secret = variables.filter(|variable| at(variable, &["valueFrom", "secretKeyRef"]).is_some());
    secret.filter_map(|variable| text(variable.get("name"))).collect()
}

/// Where a database keeps data that is gone with the pod.
fn unkept(container: &Container<'_>) -> Vec<String> {
    let Some(image) = text(container.node.get("image")) else { return Vec::new() };
    let about = compose::about(&image);
    if !about.is_database || container.is_init || !container.workload.is_lasting() {
        return Vec::new();
    }
    let kept = lasting_mounts(container);
    let is_kept = |path: &str| kept.iter().any(|mount| path.starts_with(mount) || mount.starts_with(path));
    match about.data.iter().any(|path| is_kept(path)) {
        true => Vec::new(),
        false => about.data.iter().map(|path| (*path).to_owned()).collect(),
    }
}

/// Paths at which something is mounted that outlives the pod.
fn lasting_mounts(container: &Container<'_>) -> Vec<String> {
    let workload = container.workload;
    let claims = list(workload.object.at(&["spec", "volumeClaimTemplates"]));
    let claimed: Vec<String> =
        claims.iter().filter_map(|claim| text(at(claim, &["metadata", "name"]))).collect();
    let volumes = list(workload.pod.get("volumes")).iter();
    let lasting = volumes.filter(|volume| volume.get("emptyDir").is_none());
    let named: Vec<String> = lasting.filter_map(|volume| text(volume.get("name"))).chain(claimed).collect();
    let mounts = list(container.node.get("volumeMounts")).iter();
    let kept = mounts.filter(|mount| text(mount.get("name")).is_some_and(|name| named.contains(&name)));
    kept.filter_map(|mount| text(mount.get("mountPath"))).collect()
}
