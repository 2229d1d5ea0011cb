//! Alerts and metrics in short, for families that follow them further: who is told, and what panels
//! show. It has no facts and no rules of its own.

use std::collections::BTreeSet;

use super::world::{Exposed, Standing, World};
use super::{expression, rules};
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
    let files = rules::files(repository);
    let deployed = files.iter().filter(|file| !file.is_for_development);
    let alerts = deployed.flat_map(|file| &file.rules).filter(|rule| rule.is_alert);
    alerts.map(|rule| Alert { name: rule.name.clone(), labels: rule.labels.clone() }).collect()
}

/// What is known of the metrics of a repository. It holds values of services, so it has no `Debug`.
pub(crate) struct Metrics(World);

impl Metrics {
    pub(crate) fn of(repository: &Repository) -> Metrics {
        Metrics(World::of(repository))
    }

    /// For each expression the metrics in it that nobody is known to expose; none for what is no
    /// expression.
    pub(crate) fn unknown(&self, expressions: &[String]) -> Vec<Vec<String>> {
        let exposed = Exposed::of(&self.0);
        let of = |text: &String| -> Vec<String> {
            let read = expression::read(text);
            let Some(tree) = read.tree() else { return Vec::new() };
            let named =
                expression::selectors(tree).into_iter().filter_map(|(one, _)| expression::metric(one));
            let unknown = named.filter(|metric| exposed.standing(metric) != Standing::Fine);
            unknown.map(str::to_owned).collect::<BTreeSet<String>>().into_iter().collect()
        };
        expressions.iter().map(of).collect()
    }
}
