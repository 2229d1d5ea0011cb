//! How a MySQL or MariaDB server is set up.

mod accounts;
mod query;
mod settings;
mod variables;
pub(crate) mod wire;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[register::<settings::Settings>()];
