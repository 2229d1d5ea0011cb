//! The engine: it carries a plan out and records what came of it. Each thread has its part of the
//! plan, a runtime of its own and a recording of its own; each second it hands over what it has.

mod alarm;
mod gathering;
mod live;
mod means;
mod order;
mod run;
mod stop;
mod talk;
mod thread;
mod walk;

pub(crate) use gathering::{Gathering, LOOK};
pub(crate) use live::Beat;
pub use live::Live;
pub use means::{Machine, Means};
pub use order::Order;
pub(crate) use run::{Effort, Running};
pub use run::{Ended, Measured, run};
pub(crate) use stop::Phase;
pub use stop::Stop;
