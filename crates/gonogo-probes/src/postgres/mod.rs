//! How a Postgres server is set up, and whether its connections suffice.

mod pool;
mod settings;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[register::<settings::Settings>(), register::<pool::Pool>()];
