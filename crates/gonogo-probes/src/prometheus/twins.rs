//! Rules of one file that say the same: copies, and one condition with two severities. It looks at
//! what they are, not at what they mean.

use std::collections::BTreeMap;

use super::expression::Read;
use super::rules::{Rule, RuleFile};

/// What a rule shares with others of its file, by the place of the rule.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Twins {
    /// Rules with the same expression and labels, or the same name and labels and expression.
    pub(super) copies: Vec<String>,
    /// Alerts on the same expression with a higher severity that do not wait longer.
    pub(super) above: Vec<String>,
}

/// Severities by weight.
fn weight(severity: &str) -> u8 {
    match severity.to_lowercase().as_str() {
        "critical" | "page" | "emergency" | "p1" | "sev1" | "fatal" => 4,
        "high" | "error" | "major" | "p2" | "sev2" => 3,
        "warning" | "warn" | "medium" | "ticket" | "minor" | "p3" | "sev3" => 2,
        "info" | "informational" | "low" | "notice" | "p4" | "sev4" => 1,
        _ => 0,
    }
}

/// For every rule of the file, in order.
pub(super) fn twins(file: &RuleFile) -> Vec<Twins> {
    let mut same: BTreeMap<(bool, String), Vec<usize>> = BTreeMap::new();
    for (place, rule) in file.rules.iter().enumerate() {
        if let Read::Tree(tree) = &rule.expr {
            same.entry((rule.is_alert, tree.to_string())).or_default().push(place);
        }
    }
    let mut found = vec![Twins::default(); file.rules.len()];
    for places in same.into_values().filter(|places| places.len() > 1) {
        for (nth, place) in places.iter().enumerate() {
            let (Some(rule), Some(twins)) = (file.rules.get(*place), found.get_mut(*place)) else { continue };
            let others =
                places.iter().filter(|other| *other != place).filter_map(|other| file.rules.get(*other));
            twins.above =
                others.filter(|other| outweighs(other, rule)).map(|other| other.name.clone()).collect();
            let earlier = places.iter().take(nth).filter_map(|other| file.rules.get(*other));
            twins.copies =
                earlier.filter(|other| is_copy(other, rule)).map(|other| other.name.clone()).collect();
        }
    }
    found
}

fn sorted(labels: &[(String, String)]) -> Vec<&(String, String)> {
    let mut labels: Vec<_> = labels.iter().collect();
    labels.sort();
    labels
}

fn is_copy(one: &Rule, other: &Rule) -> bool {
    let is_same = sorted(&one.labels) == sorted(&other.labels) && one.hold() == other.hold();
    // Two recordings of one expression under two names are a migration from one to the other.
    is_same && (one.is_alert || one.name == other.name)
}

/// Whether an alert is above another on the same expression and comes no later.
fn outweighs(above: &Rule, below: &Rule) -> bool {
    let severity = |rule: &Rule| weight(rule.label("severity").unwrap_or_default());
    let (high, low) = (severity(above), severity(below));
    above.is_alert && low > 0 && high > low && above.hold() <= below.hold()
}

#[cfg(test)]
mod tests {
    use super::super::rules::files;
    use super::*;
    use crate::repository::Repository;

    #[test]
    fn copies_and_severities_are_found() {
        let rule = |name: &str, expr: &str, hold: &str, severity: &str| {
            format!(
                "  - {{ alert: {name}, expr: '{expr}', for: {hold}, labels: {{ severity: {severity} }} }}\n"
            )
        };
        let text = "groups:\n- name: a\n  rules:\n".to_owned()
            + &rule("Down", "up == 0", "5m", "critical")
            + &rule("Unhealthy", "up==0", "5m", "warning")
            + &rule("Copy", "(up == 0)", "5m", "critical")
            + &rule("Again", "up == 0", "5m", "critical")
            + &rule("Late", "up == 0", "1m", "warning");
        let file = files(&Repository::of(&[("r.yml", &text)])).first().cloned().unwrap();
        let found = twins(&file);
        assert_eq!(found[0], Twins::default());
        assert_eq!(found[1].above, ["Down", "Again"]);
        assert_eq!(found[3].copies, ["Down"]);
        assert_eq!(found[4], Twins::default());
    }
}
