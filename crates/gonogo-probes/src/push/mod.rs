//! Notifications that a system hands to a provider.

mod delivery;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[register::<delivery::Delivery>()];
