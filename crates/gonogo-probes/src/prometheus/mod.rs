//! Prometheus: alert and recording rules, and what is scraped. Nothing is executed and nothing is
//! read outside the target's folder.

mod bounds;
mod brief;
mod config;
mod coverage;
mod document;
mod exporters;
mod expression;
mod file;
#[cfg(test)]
mod fuzz;
mod labels;
mod matching;
mod registered;
mod rule;
mod rules;
mod scrape;
mod template;
mod twins;
mod usage;
mod world;

use crate::probe::{Registered, register};

pub(crate) use brief::{Alert, Metrics, alerts};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<file::File>(), //
    register::<coverage::Coverage>(),
    register::<rule::Rule>(),
    register::<scrape::Scrape>(),
];
