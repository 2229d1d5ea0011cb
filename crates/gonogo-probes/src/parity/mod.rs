//! Parity: which variables each environment is given, side by side with what the code reads. Names
//! and places come out, never values. Nothing is executed and nothing is read outside the target's
//! folder.

mod dotenv;
#[cfg(test)]
mod fuzz;
mod near;
mod scope;
mod value;
mod variable;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[register::<variable::Variable>()];
