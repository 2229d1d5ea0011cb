//! How a Redis server is set up.

pub(crate) mod session;
mod settings;
pub(crate) mod wire;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[register::<settings::Settings>()];
