//! Which other objects an object rests on. It does not judge: what is not in the repository may
//! still be in the cluster.

use gonogo_model::yaml::Node;

use super::object::{Cluster, Object, at, is_true, list, text};
use super::workload::Workload;

/// Objects that every namespace has without being declared.
const GIVEN: [(&str, &str); 2] = [("ServiceAccount", "default"), ("ConfigMap", "kube-root-ca.crt")];

/// The objects `object` names and nobody in the repository declares, as `Secret/name`, each once.
pub(super) fn missing(cluster: &Cluster, object: &Object, workload: Option<Workload<'_>>) -> Vec<String> {
    let mut named = Vec::new();
    if let Some(workload) = workload {
        of_pod(workload.pod, &mut named);
    }
    match object.kind.as_str() {
        "Ingress" => backends(object, &mut named),
        "HorizontalPodAutoscaler" => {
            let target = object.at(&["spec", "scaleTargetRef"]);
            let part = |key: &str| target.and_then(|target| text(target.get(key)));
            named.extend(part("kind").zip(part("name")));
        }
        _ => {}
    }
    let is_missing = |(kind, name): &(String, String)| {
        !GIVEN.contains(&(kind.as_str(), name.as_str()))
            && !name.contains(['$', '{'])
            && !cluster.objects.iter().any(|other| makes(other, kind, name))
    };
    let mut missing: Vec<String> =
        named.into_iter().filter(is_missing).map(|(kind, name)| format!("{kind}/{name}")).collect();
    missing.sort();
    missing.dedup();
    missing
}

/// Whether `object` is, or will become, the object that is named.
fn makes(object: &Object, kind: &str, name: &str) -> bool {
    let own = object.name == name && (object.kind == kind || becomes(object, kind));
    let target = || text(object.at(&["spec", "target", "name"]));
    let secret = || text(object.at(&["spec", "secretName"]));
    own || kind == "Secret" && [target(), secret()].into_iter().flatten().any(|made| made == name)
        || object.kind == "Kustomization" && generates(object, kind, name)
}

/// Operators turn these into secrets of the same name.
fn becomes(object: &Object, kind: &str) -> bool {
    kind == "Secret" && object.kind.contains("Secret")
}

fn generates(kustomization: &Object, kind: &str, name: &str) -> bool {
    let key = if kind == "Secret" { "secretGenerator" } else { "configMapGenerator" };
    list(kustomization.node.get(key)).iter().any(|one| text(one.get("name")).is_some_and(|own| own == name))
}

fn of_pod(pod: &Node, named: &mut Vec<(String, String)>) {
    let mut add = |kind: &str, from: Option<&Node>, key: &str| {
        let Some(from) = from.filter(|from| !is_true(from.get("optional"))) else { return };
        named.extend(text(from.get(key)).map(|name| (kind.to_owned(), name)));
    };
    for volume in list(pod.get("volumes")) {
        add("ConfigMap", volume.get("configMap"), "name");
        add("Secret", volume.get("secret"), "secretName");
        add("PersistentVolumeClaim", volume.get("persistentVolumeClaim"), "claimName");
    }
    let containers = ["containers", "initContainers"].into_iter().flat_map(|key| list(pod.get(key)));
    for container in containers {
        for from in list(container.get("envFrom")) {
            add("ConfigMap", from.get("configMapRef"), "name");
            add("Secret", from.get("secretRef"), "name");
        }
        for variable in list(container.get("env")) {
            add("ConfigMap", at(variable, &["valueFrom", "configMapKeyRef"]), "name");
            add("Secret", at(variable, &["valueFrom", "secretKeyRef"]), "name");
        }
    }
    add("ServiceAccount", Some(pod), "serviceAccountName");
}

fn backends(ingress: &Object, named: &mut Vec<(String, String)>) {
    let mut add = |backend: Option<&Node>| {
        let name = backend.and_then(|backend| {
            text(at(backend, &["service", "name"])).or_else(|| text(backend.get("serviceName")))
        });
        named.extend(name.map(|name| ("Service".to_owned(), name)));
    };
    add(ingress.at(&["spec", "defaultBackend"]));
    for rule in list(ingress.at(&["spec", "rules"])) {
        for path in list(at(rule, &["http", "paths"])) {
            add(path.get("backend"));
        }
    }
}
