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
use crate::repository::Repository;

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[register::<variable::Variable>()];

/// Whether a file or service gives a variable to an environment, or a file cannot be read.
pub(crate) fn has_variables(repository: &Repository) -> bool {
    let (scopes, unread) = scope::scopes(repository);
    !unread.is_empty() || scopes.iter().any(|scope| !scope.names().is_empty())
}
