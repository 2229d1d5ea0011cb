//! Workloads: objects that run pods, with the template of their pods and who asks for them. It
//! does not judge what a container may do.

use std::collections::BTreeMap;

use gonogo_model::yaml::Node;

use super::object::{Cluster, Object, list, number, pairs, text};

/// Kinds whose pods stay up.
const LASTING: [&str; 6] =
    ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Pod"];

/// An object that runs pods.
#[derive(Debug, Clone, Copy)]
pub(super) struct Workload<'c> {
    pub(super) object: &'c Object,
    /// The specification of its pods.
    pub(super) pod: &'c Node,
}

/// One container of a workload.
#[derive(Debug, Clone, Copy)]
pub(super) struct Container<'c> {
    pub(super) workload: Workload<'c>,
    pub(super) node: &'c Node,
    pub(super) name: &'c str,
    /// Whether it ends before the others start.
    pub(super) is_init: bool,
}

impl Cluster {
    /// Every workload that is not only a patch of another.
    pub(super) fn workloads(&self) -> impl Iterator<Item = Workload<'_>> {
        self.objects.iter().filter(|object| !object.is_patch).filter_map(Workload::of)
    }

    /// Whether a kustomization lays something over this object.
    pub(super) fn is_patched(&self, object: &Object) -> bool {
        let same = |patch: &Object| patch.kind == object.kind && patch.name == object.name;
        self.objects.iter().any(|patch| patch.is_patch && same(patch))
    }

    /// The services that send traffic to the pods of a workload.
    pub(super) fn services_of<'c>(&'c self, workload: Workload<'c>) -> impl Iterator<Item = &'c Object> {
        let labels = workload.labels();
        self.objects.iter().filter(move |object| {
            object.kind == "Service"
                && object.namespace == workload.object.namespace
                && selects(object, &labels)
        })
    }
}

/// Whether a service selects pods with these labels.
pub(super) fn selects(service: &Object, labels: &BTreeMap<String, String>) -> bool {
    let wanted = pairs(service.at(&["spec", "selector"]));
    !wanted.is_empty() && wanted.iter().all(|(key, value)| labels.get(key) == Some(value))
}

impl<'c> Workload<'c> {
    fn of(object: &'c Object) -> Option<Workload<'c>> {
        let pod = match object.kind.as_str() {
            "Pod" => object.at(&["spec"])?,
            "CronJob" => object.at(&["spec", "jobTemplate", "spec", "template", "spec"])?,
            kind if kind == "Job" || LASTING.contains(&kind) => object.at(&["spec", "template", "spec"])?,
            _ => return None,
        };
        pod.get("containers").map(|_| Workload { object, pod })
    }

    /// Whether its pods stay up.
    pub(super) fn is_lasting(&self) -> bool {
        let restart = text(self.pod.get("restartPolicy"));
        LASTING.contains(&self.object.kind.as_str()) && restart.is_none_or(|restart| restart == "Always")
    }

    /// The labels of its pods.
    pub(super) fn labels(&self) -> BTreeMap<String, String> {
        match self.object.kind.as_str() {
            "Pod" => pairs(self.object.at(&["metadata", "labels"])),
            _ => pairs(self.object.at(&["spec", "template", "metadata", "labels"])),
        }
    }

    /// How many pods it asks for, when it says so.
    pub(super) fn replicas(&self) -> Option<i64> {
        number(self.object.at(&["spec", "replicas"]))
    }

    /// Its containers that stay, then those that end before.
    pub(super) fn containers(self) -> impl Iterator<Item = Container<'c>> {
        let of = move |key: &'static str, is_init| {
            list(self.pod.get(key)).iter().filter_map(move |node| {
                let name = node.get("name").and_then(Node::text)?;
                // An init container that always restarts is a sidecar.
                let stays = text(node.get("restartPolicy")).is_some_and(|policy| policy == "Always");
                Some(Container { workload: self, node, name, is_init: is_init && !stays })
            })
        };
        of("containers", false).chain(of("initContainers", true))
    }

    /// Ports by name and number that its containers declare.
    pub(super) fn ports(self) -> Vec<(Option<String>, i64)> {
        let ports = self.containers().flat_map(|container| list(container.node.get("ports")));
        ports.filter_map(|port| Some((text(port.get("name")), number(port.get("containerPort"))?))).collect()
    }
}
