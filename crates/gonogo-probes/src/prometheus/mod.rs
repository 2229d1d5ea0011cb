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
use crate::repository::Repository;

pub(crate) use brief::{Alert, Metrics, alerts};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<file::File>(), //
    register::<coverage::Coverage>(),
    register::<rule::Rule>(),
    register::<scrape::Scrape>(),
];

/// Whether there is a file of rules at all; other files have `groups` too.
pub(crate) fn has_files(repository: &Repository) -> bool {
    !file::items(&rules::files(repository)).is_empty()
}

/// Whether a file has a rule, or cannot be read.
pub(crate) fn has_rules(repository: &Repository) -> bool {
    let files = rules::files(repository);
    files.iter().any(|file| !file.rules.is_empty() || !file.problems.is_empty())
}

/// Whether a file that is not for development has an alert, or cannot be read.
pub(crate) fn has_alerts(repository: &Repository) -> bool {
    let files = rules::files(repository);
    let has = |file: &rules::RuleFile| file.rules.iter().any(|rule| rule.is_alert);
    files.iter().any(|file| (!file.is_for_development && has(file)) || !file.problems.is_empty())
}
