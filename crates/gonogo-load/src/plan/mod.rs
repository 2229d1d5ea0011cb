//! The plan: who does what and when, worked out beforehand and exactly. It knows no clock and no
//! network; the same plan gives the same starts on every machine, so it can be split among many.

mod mix;
mod pace;
mod profile;
mod shard;
mod whole;

pub use mix::Mix;
pub use pace::Pace;
pub use profile::{Profile, Segment};
pub use shard::{Shard, Start, User};
pub use whole::{Cap, Load, Plan, Tier};

/// Why something is no plan, in a sentence that says what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);
