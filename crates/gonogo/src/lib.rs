//! The hands of gonogo: the commands, the scheduler and the run folders. The binary is a thin
//! `main` over this library, so that tests and benches reach the same walk.

pub mod audit;
pub mod cli;
pub mod packs;
pub mod pipeline;
pub mod run;
pub mod store;
