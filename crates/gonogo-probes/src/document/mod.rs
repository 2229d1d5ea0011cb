//! Documents: whether they exist, are whole and are fresh, and what readiness reports and
//! checklists among them say. Their opinions are not judged here.

mod checklist;
mod file;
mod report;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] =
    &[register::<checklist::Checklist>(), register::<file::File>(), register::<report::Report>()];
