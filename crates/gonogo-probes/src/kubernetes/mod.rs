//! Kubernetes manifests: what they declare for each container and each object. Nothing is
//! executed, no cluster is asked, and nothing is read outside the target's folder.

mod brief;
mod container;
#[cfg(test)]
mod fuzz;
mod given;
mod hardening;
mod health;
mod manifest;
mod object;
mod reference;
mod resource;
mod workload;

use crate::probe::{Registered, register};
use crate::repository::Repository;

pub(crate) use brief::given;

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<container::ContainerProbe>(),
    register::<manifest::ManifestProbe>(),
    register::<resource::ResourceProbe>(),
];

/// Whether a manifest declares a container, or cannot be read whole.
pub(crate) fn has_containers(repository: &Repository) -> bool {
    let cluster = object::cluster(repository);
    let has = cluster.workloads().any(|workload| workload.containers().next().is_some());
    has || is_broken(&cluster)
}

/// Whether a manifest declares an object, or cannot be read whole.
pub(crate) fn has_objects(repository: &Repository) -> bool {
    let cluster = object::cluster(repository);
    !resource::items(&cluster).is_empty() || is_broken(&cluster)
}

fn is_broken(cluster: &object::Cluster) -> bool {
    cluster.manifests.iter().any(|manifest| !manifest.problems.is_empty())
}
