//! Flows: walking through a system as its users do. Other families walk too, to become a user before
//! they look at what users may do.

mod answer;
mod arrival;
mod cleanup;
pub(crate) mod errand;
pub(crate) mod ground;
mod journey;
pub(crate) mod memory;
mod outage;
pub(crate) mod request;
pub(crate) mod stimulus;
mod talk;
pub(crate) mod walk;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] =
    &[register::<journey::Journey>(), register::<outage::DuringOutage>()];
