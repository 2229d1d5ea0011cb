//! Secrets: whether they are there, and how strong they are. Values never leave this family.

mod env;
mod facts;
mod file;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<env::Env>(), //
    register::<file::File>(),
];
