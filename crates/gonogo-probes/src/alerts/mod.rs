//! Alerts as they work, not as they are written: tried on the engine that will evaluate them, and
//! sent on the way that they will go.

mod delivery;
mod truth;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[register::<delivery::Delivery>(), register::<truth::Truth>()];
