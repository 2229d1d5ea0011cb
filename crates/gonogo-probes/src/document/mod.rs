//! Documents: whether they exist, are whole and are fresh, and what readiness reports and
//! checklists among them say. Their opinions are not judged here.

mod checklist;
mod contradiction;
mod file;
mod report;

pub(crate) use contradiction::has_reports;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<checklist::Checklist>(),
    register::<contradiction::Contradictions>(),
    register::<file::File>(),
    register::<report::Report>(),
];
