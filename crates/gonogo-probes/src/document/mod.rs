//! Documents: whether they exist, are whole and are fresh. Their opinions are not judged here.

mod checklist;
mod file;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[register::<checklist::Checklist>(), register::<file::File>()];
