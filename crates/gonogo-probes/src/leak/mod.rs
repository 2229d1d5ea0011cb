//! Leaks: credentials that stand in the files of a repository, or in what its history remembers.
//! A value never leaves this family, nor any part of one: kinds, places and lengths do.

mod address;
mod assignment;
mod chance;
mod file;
#[cfg(test)]
mod fuzz;
mod history;
mod holder;
mod pem;
mod proof;
mod scan;
mod survey;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<file::File>(), //
    register::<history::History>(),
];
