//! Configuration as the running system has it. What a good value is, is the spec's opinion.

mod env;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[register::<env::Env>()];
