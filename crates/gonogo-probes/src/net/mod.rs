//! Whether the services that a system needs can be reached, as far as their protocols go.

mod connect;
pub(crate) mod endpoint;
mod greeting;

pub(crate) use connect::trust;
pub(crate) use endpoint::Endpoint;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[register::<connect::Connect>()];
