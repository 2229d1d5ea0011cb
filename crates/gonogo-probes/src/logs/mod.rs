//! What a system writes into its logs, read where it writes it.

mod structured;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[register::<structured::Structured>()];
