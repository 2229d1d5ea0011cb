//! Kubernetes manifests: what they declare for each container and each object. Nothing is
//! executed, no cluster is asked, and nothing is read outside the target's folder.

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

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<container::ContainerProbe>(),
    register::<manifest::ManifestProbe>(),
    register::<resource::ResourceProbe>(),
];
