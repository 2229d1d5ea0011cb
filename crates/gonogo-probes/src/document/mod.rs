//! Documents: whether they exist, are whole and are fresh. Their opinions are not judged here.

mod file;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[register::<file::File>()];
