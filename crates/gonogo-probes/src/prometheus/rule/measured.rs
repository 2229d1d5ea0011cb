//! The facts of one rule.

use std::collections::BTreeSet;
use std::time::Duration;

use gonogo_model::fact::Item;
use promql_parser::parser::Expr;

use super::super::expression::{Read, metric, selectors};
use super::super::matching::{self, Fault};
use super::super::rules::Rule;
use super::super::twins::Twins;
use super::super::world::{Exposed, Standing, World};
use super::super::{bounds, labels, registered, template, usage};

/// One rule and what it is judged by.
pub(super) struct Measuring<'m> {
    pub(super) world: &'m World,
    pub(super) exposed: &'m Exposed<'m>,
    pub(super) interval: Option<Duration>,
    pub(super) rule: &'m Rule,
    pub(super) twins: Twins,
}

impl Measuring<'_> {
    pub(super) fn measured(self, item: Item) -> Item {
        let rule = self.rule;
        let (error, unjudged) = match &rule.expr {
            Read::Tree(_) => ("", ""),
            Read::Wrong(why) => (why.as_str(), ""),
            Read::Unknown(why) => ("", why.as_str()),
        };
        let item = item
            .fact("kind", if rule.is_alert { "alert" } else { "recording" })
            .fact("group", rule.group.as_str())
            .fact("read", rule.expr.tree().is_some())
            .fact("parse_error", error)
            .fact("unjudged", unjudged)
            .fact("severity", rule.label("severity").unwrap_or_default())
            .fact("has_for", rule.hold.is_some())
            .fact("for_seconds", rule.hold().as_secs())
            .fact("summarised", rule.annotation(&["summary", "description", "message", "title", "info"]))
            .fact(
                "runbook",
                rule.annotation(&["runbook", "runbook_url", "runbookUrl", "runbook_uri", "playbook"]),
            )
            .fact("copy_of", self.twins.copies.clone())
            .fact("outweighed_by", self.twins.above.clone());
        let item = self.metrics(item);
        let item = self.matches(item);
        self.uses(item)
    }

    fn tree(&self) -> Option<&Expr> {
        self.rule.expr.tree()
    }

    /// What comes of the tree, or nothing without one.
    fn of_tree(&self, measure: impl FnOnce(&Expr) -> Vec<String>) -> Vec<String> {
        self.tree().map(measure).unwrap_or_default()
    }

    fn metrics(&self, item: Item) -> Item {
        let all = self.of_tree(names);
        let standing = |asked: Standing| -> Vec<String> {
            all.iter().filter(|name| self.exposed.standing(name) == asked).cloned().collect()
        };
        item.fact("missing_metrics", standing(Standing::Missing))
            .fact("doubtful_metrics", standing(Standing::Doubtful))
            .fact("better_metrics", self.better(&all))
            .fact("metrics", all)
    }

    fn matches(&self, item: Item) -> Item {
        let faults = self.tree().map(matching::faults).unwrap_or_default();
        let of = |itself: bool| -> Vec<String> {
            let chosen = faults.iter().filter_map(|fault| match fault {
                Fault::Itself(what) => itself.then(|| what.clone()),
                Fault::Never(what) => (!itself).then(|| what.clone()),
            });
            chosen.collect()
        };
        let unlike = self.of_tree(|tree| registered::unlike(tree, &self.world.registered));
        let strange = if unlike.is_empty() { self.of_tree(matching::strangers) } else { Vec::new() };
        let certain = self.tree().map(bounds::certain).unwrap_or_default();
        item.fact("always_itself", of(true))
            .fact("never_matches", of(false))
            .fact("unlike_labels", unlike)
            .fact("strange_matches", strange)
            .fact("always_true", certain.always)
            .fact("never_true", certain.never)
    }

    fn uses(&self, item: Item) -> Item {
        let types = &self.world.registered.types;
        let is_reasoned = !self.rule.is_alert || self.tree().is_none_or(usage::has_condition);
        let short = self.interval.map(|interval| self.of_tree(|tree| usage::short_ranges(tree, interval)));
        item.fact("has_condition", is_reasoned)
            .fact("raw_counters", self.of_tree(|tree| usage::raw_counters(tree, types)))
            .fact("rated_gauges", self.of_tree(|tree| usage::rated_gauges(tree, types)))
            .fact("wrong_quantiles", self.of_tree(usage::quantiles))
            .fact("short_ranges", short.unwrap_or_default())
            .fact("instant", self.tree().is_some_and(usage::is_instant))
            .fact("unknown_labels", self.unknown_labels())
    }

    /// Labels that templates name and the expression cannot have.
    fn unknown_labels(&self) -> Vec<String> {
        let texts = self.rule.annotations.iter().chain(&self.rule.labels).map(|(_, text)| text.as_str());
        let named: BTreeSet<String> = texts.flat_map(template::labels).collect();
        if named.is_empty() {
            return Vec::new();
        }
        let known = self.tree().map(labels::of);
        named.into_iter().filter(|name| known.as_ref().is_some_and(|known| known.lacks(name))).collect()
    }

    /// Metrics that have all words of the alert's name, when it asks for others.
    fn better(&self, asked: &[String]) -> Vec<String> {
        let words = words(&self.rule.name);
        if !self.rule.is_alert || words.len() < 2 || self.tree().is_none() {
            return Vec::new();
        }
        let has_all = |name: &str| words.iter().all(|word| name.split('_').any(|part| part == word));
        let named = self.world.metrics.iter().map(|said| said.name.as_str()).filter(|name| has_all(name));
        let named: BTreeSet<&str> = named.collect();
        match asked.iter().any(|name| named.contains(name.as_str()) || has_all(name)) {
            true => Vec::new(),
            false => named.into_iter().map(str::to_owned).collect(),
        }
    }
}

/// Every metric that the expression names.
pub(super) fn names(tree: &Expr) -> Vec<String> {
    let found: BTreeSet<&str> =
        selectors(tree).into_iter().filter_map(|(selector, _)| metric(selector)).collect();
    found.into_iter().map(str::to_owned).collect()
}

/// The words of a name such as `RedisDegradedMode`, in lower case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut was_lower = false;
    for character in name.chars() {
        let starts = !character.is_alphanumeric() || character.is_uppercase() && was_lower;
        if starts || words.is_empty() {
            words.push(String::new());
        }
        if let (true, Some(word)) = (character.is_alphanumeric(), words.last_mut()) {
            word.extend(character.to_lowercase());
        }
        was_lower = character.is_lowercase() || character.is_ascii_digit();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_words() {
        assert_eq!(words("RedisDegradedMode"), ["redis", "degraded", "mode"]);
        assert_eq!(words("high_error-rate"), ["high", "error", "rate"]);
        assert_eq!(words("HTTPDown"), ["httpdown"]);
    }
}
