//! The binary from outside: what it answers, what it keeps, and what survives when it is killed,
//! when its files are changed, and when it is given secrets or broken specs.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod audit;
mod canary;
mod checklists;
mod cli;
mod fleet;
mod fuzz;
mod hostile;
mod http;
mod kill;
mod random;
mod sealed;
mod seeds;
mod tamper;
mod worker;
mod world;
