//! Mails that a system sends.

mod delivery;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[register::<delivery::Delivery>()];
