//! How servers protect what is said to them: their certificates, and the versions that they speak.

mod certificate;
mod knock;
mod protocol;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] =
    &[register::<certificate::Certificate>(), register::<protocol::Protocol>()];
