//! What a service tells of itself in numbers, as Prometheus reads them.

mod exposition;
mod scrape;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[register::<scrape::Scrape>()];
