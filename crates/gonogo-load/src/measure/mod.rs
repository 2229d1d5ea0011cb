//! Measurement: what became of every request, exactly and mergeable. It knows no clock and no
//! network: moments are microseconds since the start of a run, and somebody else took them.

mod failure;
mod latencies;
mod recording;
mod series;
mod summary;
mod tally;

pub use failure::Failure;
pub use latencies::{Corrupt, Latencies, Percentiles};
pub use recording::{Different, Layout, Part, Recording, TierLayout};
pub use series::Series;
pub use summary::{Summary, Window, Worst};
pub use tally::{Tally, Timing};
