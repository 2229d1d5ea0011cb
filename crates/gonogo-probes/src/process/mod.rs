//! Programs: what they answer when they are run, what they take while they run, and what happens when
//! they end.

mod again;
mod command;
mod resources;
mod restart;
mod shutdown;
pub(crate) mod usage;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<command::Command>(),
    register::<resources::Resources>(),
    register::<restart::Restart>(),
    register::<shutdown::Shutdown>(),
];
