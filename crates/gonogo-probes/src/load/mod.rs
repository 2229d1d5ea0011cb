//! Load: what becomes of a system when many use it at once. The probes plan and say what was seen;
//! sending and counting is the engine's, `gonogo-load`.

mod capacity;
mod chart;
mod data;
mod facts;
mod figures;
mod fleet;
mod gauges;
mod ground;
mod knee;
mod level;
mod limits;
mod objective;
mod ramp;
mod rate;
mod recorded;
mod recovery;
mod saturation;
mod scope;
mod search;
mod series;
mod setup;
mod shown;
mod soak;
mod spike;
mod steady;
mod tiers;
mod trend;
mod watch;
mod written;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<capacity::Capacity>(),
    register::<ramp::Ramp>(),
    register::<recorded::Recorded>(),
    register::<soak::Soak>(),
    register::<spike::Spike>(),
    register::<steady::Steady>(),
];
