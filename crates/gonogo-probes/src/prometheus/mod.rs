//! Prometheus: alert and recording rules, and what is scraped. Nothing is executed and nothing is
//! read outside the target's folder.

mod bounds;
mod brief;
mod config;
mod coverage;
mod document;
mod exporters;
pub(crate) mod expression;
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

/// One alert as it is written: where, its name, its expression, and how long it must hold.
pub(crate) struct Written {
    pub(crate) path: String,
    pub(crate) line: u32,
    pub(crate) name: String,
    /// The tree, or why there is none.
    pub(crate) tree: Result<Box<promql_parser::parser::Expr>, String>,
    pub(crate) hold: std::time::Duration,
}

/// Every alert of a repository, in order.
pub(crate) fn written(repository: &Repository) -> Vec<Written> {
    let files = rules::files(repository);
    let alerts = files.iter().flat_map(|file| file.rules.iter().map(move |rule| (file, rule)));
    let alerts = alerts.filter(|(_, rule)| rule.is_alert).map(|(file, rule)| Written {
        path: file.path.clone(),
        line: rule.at.line,
        name: rule.name.clone(),
        tree: match &rule.expr {
            expression::Read::Tree(tree) => Ok(tree.clone()),
            expression::Read::Wrong(why) | expression::Read::Unknown(why) => Err(why.clone()),
        },
        hold: rule.hold(),
    });
    alerts.collect()
}

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
