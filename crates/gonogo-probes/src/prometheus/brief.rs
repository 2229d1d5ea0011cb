//! Alerts in short, for families that follow them further: who is told, and when. It has no facts
//! and no rules of its own.

use super::rules;
use crate::repository::Repository;

/// One alert of a rule file that runs in production.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Alert {
    pub(crate) name: String,
    /// Labels that the rule sets; those of the metric are added when it fires.
    pub(crate) labels: Vec<(String, String)>,
}

/// Every alert of every rule file but those for development.
pub(crate) fn alerts(repository: &Repository) -> Vec<Alert> {
    let files = rules::files(repository).into_iter().filter(|file| !file.is_for_development);
    let rules = files.flat_map(|file| file.rules).filter(|rule| rule.is_alert);
    rules.map(|rule| Alert { name: rule.name, labels: rule.labels }).collect()
}
