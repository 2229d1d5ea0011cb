//! Which alerts end where nobody is told. Labels that come from metrics are not known, so an alert
//! counts only when every receiver that it can get to is silent.

use std::collections::{BTreeMap, BTreeSet};

use super::config::Config;
use super::matcher::{Answer, answer};
use super::tree::Tree;
use crate::prometheus::Alert;

/// Alerts that are followed.
const MOST: usize = 1_000;
/// What severities are called that somebody must act on at once.
const SEVERE: [&str; 16] = [
    "critical",
    "crit",
    "page",
    "pager",
    "error",
    "high",
    "major",
    "emergency",
    "fatal",
    "disaster",
    "urgent",
    "blocker",
    "p1",
    "p2",
    "sev1",
    "sev2",
];

/// Severe alerts that nobody is told of, by the receivers at which they end.
pub(super) fn lost<'a>(config: &Config, alerts: &'a [Alert]) -> BTreeMap<String, BTreeSet<&'a str>> {
    let tree = Tree::of(config);
    let mut found: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for alert in alerts.iter().filter(|alert| is_severe(alert)).take(MOST) {
        let mut reached = BTreeSet::new();
        let mut walk = Walk { tree: &tree, labels: labels(alert), reached: &mut reached };
        if !walk.below(0) {
            continue;
        }
        let is_silent = |name: &&str| config.receiver(name).is_some_and(|one| one.integrations.is_empty());
        if !reached.is_empty() && reached.iter().all(is_silent) {
            for name in reached {
                found.entry(name.to_owned()).or_default().insert(&alert.name);
            }
        }
    }
    found
}

fn is_severe(alert: &Alert) -> bool {
    let severity =
        alert.labels.iter().find(|(name, _)| matches!(name.as_str(), "severity" | "priority" | "level"));
    severity.is_some_and(|(_, value)| SEVERE.contains(&value.to_lowercase().as_str()))
}

/// Labels of the rule; `None` for what a template fills in.
fn labels(alert: &Alert) -> BTreeMap<&str, Option<&str>> {
    let known = |value: &'_ String| !value.contains("{{");
    let own =
        alert.labels.iter().map(|(name, value)| (name.as_str(), known(value).then_some(value.as_str())));
    own.chain([("alertname", Some(alert.name.as_str()))]).collect()
}

struct Walk<'w, 'c> {
    tree: &'w Tree<'c>,
    labels: BTreeMap<&'w str, Option<&'w str>>,
    reached: &'w mut BTreeSet<&'c str>,
}

impl Walk<'_, '_> {
    /// Follows the alert below a route that took it, or may have; `false` when a route cannot be
    /// read. Recursion is bounded by the depth of the YAML.
    fn below(&mut self, place: usize) -> bool {
        let mut is_taken = false;
        for child in self.tree.below(place) {
            let Some(route) = self.tree.routes.get(*child) else { continue };
            if !route.is_read {
                return false;
            }
            let answer = answer(&route.own, &self.labels);
            if answer != Answer::No && !self.below(*child) {
                return false;
            }
            is_taken |= answer == Answer::Yes;
            if answer == Answer::Yes && !route.goes_on {
                break;
            }
        }
        if !is_taken {
            self.reached.extend(self.tree.receiver(place));
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::config::configs;
    use super::*;
    use crate::repository::Repository;

    #[test]
    fn an_alert_is_lost_only_when_no_other_receiver_can_get_it() {
        let alert = |name: &str, severity: &str| Alert {
            name: name.into(),
            labels: vec![("severity".into(), severity.into()), ("team".into(), "{{ $labels.team }}".into())],
        };
        let alerts = [alert("Down", "critical"), alert("Slow", "warning"), alert("Watchdog", "none")];
        for (routes, expected) in [
            ("[]", false),
            ("[{ receiver: 'null', match: { severity: critical } }]", true),
            ("[{ receiver: 'null', match: { alertname: Down } }]", true),
            ("[{ receiver: 'null', match: { team: a } }]", false),
            (
                "[{ receiver: 'null', match: { severity: critical }, continue: true }, { receiver: ops, match: { team: a } }]",
                false,
            ),
            ("[{ receiver: 'null', match: { severity: warning } }]", false),
            (
                "[{ receiver: 'null', matchers: ['severity=~\"crit.*\"'], routes: [{ receiver: ops, match: { alertname: Down } }] }]",
                false,
            ),
        ] {
            let text = format!(
                "route:\n  receiver: ops\n  routes: {routes}\nreceivers: [{{ name: ops, webhook_configs: [{{ url: 'http://a/' }}] }}, {{ name: 'null' }}]\n"
            );
            let config = configs(&Repository::of(&[("a.yml", &text)])).pop().unwrap();
            assert_eq!(lost(&config, &alerts).contains_key("null"), expected, "{routes}");
        }
    }
}
