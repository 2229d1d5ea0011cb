//! What a service tells of itself in numbers, as Prometheus reads them.

pub(crate) mod asked;
mod exposition;
mod scrape;
pub(crate) mod service;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[register::<scrape::Scrape>()];
