//! Prometheus: alert and recording rules, and what is scraped. Nothing is executed and nothing is
//! read outside the target's folder.

mod bounds;
mod expression;
mod labels;
mod matching;
mod usage;

use crate::probe::Registered;

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[];
