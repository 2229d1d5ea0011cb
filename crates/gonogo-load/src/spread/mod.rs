//! A plan that is too large for one process, carried out by several: each is a worker with a shard of
//! it. Workers hand over what they counted each second, and it is merged exactly. One that dies or
//! says nothing any more is a gap, which is told; nothing is made up for it.
//!
//! - `message` is what is said, `lead` who leads, `serve` the worker.
//! - `pipe` says it to processes of this machine, `processes` decides how many there are.
//! - `nats` says it to workers of other machines.

mod clock;
mod gap;
mod lead;
mod message;
mod nats;
mod pipe;
mod processes;
mod serve;
#[cfg(test)]
mod trace;

pub use gap::Gap;
pub use nats::{Fleet, Joining, Key, Meeting, News, Parting, join, run_over};
pub use pipe::{Crew, serve_pipe};
pub use processes::{Division, Spread, run};
