//! Promtail: which log files are read, and where their lines go. Nothing is executed and nothing
//! is read outside the target's folder.

mod config;
#[cfg(test)]
mod fuzz;
mod job;
mod mounted;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<job::Job>(), //
];
