//! Dockerfiles: what an image is made from and how it runs. Nothing is built or executed, and
//! nothing is read outside the target's folder.

mod copied;
mod file;
#[cfg(test)]
mod fuzz;
mod instruction;
mod parse;
mod read;
mod run;
mod stages;
mod started;
mod user;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<file::FileProbe>(), //
    register::<instruction::InstructionProbe>(),
];
