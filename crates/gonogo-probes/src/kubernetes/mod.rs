//! Kubernetes manifests: what they declare for each workload. Nothing is executed and nothing is read outside the target's folder.

use crate::probe::Registered;

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[];
