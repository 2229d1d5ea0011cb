//! Looking: which checks may start when, for how long, and what is kept of each look.

mod clock;
mod look;
mod progress;
mod record;
mod scheduler;
mod underway;
mod variables;

pub use clock::Clock;
pub use look::Surroundings;
pub use progress::{Event, Progress};
pub use scheduler::{Scheduler, Tally};
pub(crate) use variables::shown;
