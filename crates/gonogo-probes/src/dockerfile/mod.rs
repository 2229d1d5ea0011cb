//! Dockerfiles: what an image is made from and how it runs. Nothing is executed and nothing is read outside the target's folder.

use crate::probe::Registered;

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[];
