//! A plan that is too large for one process, carried out by several: each is a worker with a shard of
//! it. Workers hand over what they counted each second, and it is merged exactly. One that dies or
//! says nothing any more is a gap, which is told; nothing is made up for it.
//!
//! - `message` is what is said, `lead` who leads, `serve` the worker.
//! - `pipe` says it to processes of this machine, `processes` decides how many there are.

mod clock;
mod gap;
mod lead;
mod message;
mod pipe;
mod processes;
mod serve;
#[cfg(test)]
mod trace;

pub use gap::Gap;
pub use pipe::{Crew, serve_pipe};
pub use processes::{Division, Spread, run};
