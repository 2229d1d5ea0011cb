//! Programs: what they answer when they are run.

mod command;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[register::<command::Command>()];
