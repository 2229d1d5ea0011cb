//! The tree of routes: what each asks for, where it leads, and which of them no alert can reach.
//! It does not know which alerts there are.

use std::collections::BTreeSet;

use gonogo_model::place::Place;
use gonogo_model::yaml::{Kind as Yaml, Node};

use super::config::{Config, list, scalar};
use super::duration::milliseconds;
use super::lookalike::is_filled_in;
use super::matcher::{self, Matcher, Operator};

/// One route.
#[derive(Debug, Clone)]
pub(super) struct Route {
    pub(super) at: Place,
    pub(super) above: Option<usize>,
    /// What it asks for beyond what stands above.
    pub(super) own: Vec<Matcher>,
    /// Whether all it asks for could be read.
    pub(super) is_read: bool,
    /// The receiver it names itself.
    pub(super) receiver: Option<String>,
    pub(super) goes_on: bool,
    pub(super) has_grouping: bool,
    pub(super) group_interval: Option<u64>,
    pub(super) repeat_interval: Option<u64>,
}

/// What Alertmanager takes when nothing is said, in milliseconds.
const GROUP_INTERVAL: u64 = 300_000;
const REPEAT_INTERVAL: u64 = 14_400_000;
/// Routes of one configuration.
const MOST: usize = 1_000;
/// Conditions of one route that are compared with others.
const MOST_ASKED: usize = 20;
/// Routes before a route that are compared with it.
const MOST_BEFORE: usize = 300;
const KEYS: [&str; 13] = [
    "receiver",
    "group_by",
    "continue",
    "matchers",
    "match",
    "match_re",
    "mute_time_intervals",
    "active_time_intervals",
    "group_wait",
    "group_interval",
    "repeat_interval",
    "routes",
    "labels",
];

/// Reads the root and everything below it.
pub(super) fn fill(node: &Node, intervals: &BTreeSet<String>, config: &mut Config) {
    Reading { intervals, config }.route(node, None);
    let Some(root) = config.routes.first() else { return };
    let line = node.place.line;
    let (has_receiver, is_bare) = (root.receiver.is_some(), root.own.is_empty());
    if !has_receiver {
        config.problem(line, "the root route has no `receiver`");
    }
    if !is_bare {
        config.problem(
            asked(node).map_or(line, |place| place.line),
            "the root route asks for labels; it must take every alert",
        );
    }
}

fn asked(node: &Node) -> Option<Place> {
    let mut keys = node.entries().iter().map(|(key, _)| key);
    keys.find(|key| matches!(key.name.as_str(), "matchers" | "match" | "match_re")).map(|key| key.place)
}

struct Reading<'r> {
    intervals: &'r BTreeSet<String>,
    config: &'r mut Config,
}

impl Reading<'_> {
    /// Recursion is bounded by the depth of the YAML.
    fn route(&mut self, node: &Node, above: Option<usize>) {
        if self.config.routes.len() >= MOST {
            return;
        }
        let (own, is_read) = self.matchers(node);
        let route = Route {
            at: node.place,
            above,
            own,
            is_read,
            receiver: node.get("receiver").and_then(scalar).filter(|name| !name.is_empty()),
            goes_on: node.get("continue").is_some_and(|one| one.kind == Yaml::Bool(true)),
            has_grouping: node.get("group_by").is_some(),
            group_interval: self.interval(node, "group_interval"),
            repeat_interval: self.interval(node, "repeat_interval"),
        };
        self.interval(node, "group_wait");
        self.keys(node);
        let place = self.config.routes.len();
        self.config.routes.push(route);
        for child in node.get("routes").map(list).unwrap_or_default() {
            self.route(child, Some(place));
        }
    }

    fn keys(&mut self, node: &Node) {
        for (key, value) in node.entries() {
            let (name, line) = (key.name.as_str(), key.place.line);
            if !KEYS.contains(&name) && !is_filled_in(name) {
                self.config.problem(line, format!("a route has no key `{name}`"));
            }
            if matches!(name, "match" | "match_re") {
                self.config.old_keys.push((name.to_owned(), line));
            }
            if matches!(name, "mute_time_intervals" | "active_time_intervals") {
                for interval in list(value).iter().filter_map(scalar) {
                    if !self.intervals.contains(&interval) && !is_filled_in(&interval) {
                        self.config.problem(line, format!("there is no time interval `{interval}`"));
                    }
                }
            }
        }
    }

    fn interval(&mut self, node: &Node, key: &str) -> Option<u64> {
        let written = node.get(key)?;
        let text = scalar(written)?;
        let read = milliseconds(&text);
        let line = written.place.line;
        if read.is_none() && !is_filled_in(&text) {
            self.config.problem(line, format!("`{key}` is no duration; write it as `30s`"));
        }
        if read == Some(0) && key != "group_wait" {
            self.config.problem(line, format!("`{key}` is zero"));
        }
        read
    }

    /// What a route asks for, and whether all of it could be read.
    fn matchers(&mut self, node: &Node) -> (Vec<Matcher>, bool) {
        let (mut found, mut is_read) = (Vec::new(), true);
        for text in node.get("matchers").map(texts).unwrap_or_default() {
            match matcher::read(&text) {
                Some(matchers) => found.extend(matchers),
                None => is_read = false,
            }
        }
        for (key, operator) in [("match", Operator::Is), ("match_re", Operator::Fits)] {
            for (label, value) in node.get(key).map(Node::entries).unwrap_or_default() {
                found.extend(scalar(value).map(|value| Matcher::new(&label.name, operator, &value)));
            }
        }
        let line = asked(node).map_or(node.place.line, |place| place.line);
        if let Some(broken) = found.iter().find(|one| one.is_broken()) {
            self.config.problem(line, format!("the pattern for `{}` is no regular expression", broken.label));
            is_read = false;
        }
        let is_open = found.iter().any(|one| is_filled_in(&one.value) || is_filled_in(&one.label));
        let is_short = found.len() <= MOST_ASKED;
        (found, is_read && !is_open && is_short)
    }
}

/// A list of texts, or one text.
fn texts(node: &Node) -> Vec<String> {
    match &node.kind {
        Yaml::List(nodes) => nodes.iter().filter_map(scalar).collect(),
        _ => scalar(node).into_iter().collect(),
    }
}

/// Why no alert gets to a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Lost {
    /// Another route, by number, takes them all before it.
    Behind(usize),
    /// No alert has labels that it and those above it ask for.
    Impossible,
}

/// Answers for the routes of one configuration.
pub(super) struct Tree<'c> {
    pub(super) routes: &'c [Route],
    below: Vec<Vec<usize>>,
}

impl<'c> Tree<'c> {
    pub(super) fn of(config: &'c Config) -> Tree<'c> {
        let mut below = vec![Vec::new(); config.routes.len()];
        for (place, route) in config.routes.iter().enumerate() {
            if let Some(children) = route.above.and_then(|above| below.get_mut(above)) {
                children.push(place);
            }
        }
        Tree { routes: &config.routes, below }
    }

    pub(super) fn below(&self, place: usize) -> &[usize] {
        self.below.get(place).map(Vec::as_slice).unwrap_or_default()
    }

    /// The route and all above it, the route first.
    fn line(&self, place: usize) -> impl Iterator<Item = &'c Route> {
        let routes = self.routes;
        let first = routes.get(place);
        std::iter::successors(first, move |route| route.above.and_then(|above| routes.get(above)))
    }

    /// The receiver that takes what a route takes.
    pub(super) fn receiver(&self, place: usize) -> Option<&'c str> {
        self.line(place).find_map(|route| route.receiver.as_deref())
    }

    pub(super) fn has_grouping(&self, place: usize) -> bool {
        self.line(place).any(|route| route.has_grouping)
    }

    /// Whether it says again before it says what is new; only where it says when itself.
    pub(super) fn repeats_under_interval(&self, place: usize) -> bool {
        let says =
            self.routes.get(place).is_some_and(|own| own.group_interval.or(own.repeat_interval).is_some());
        let group = self.line(place).find_map(|route| route.group_interval).unwrap_or(GROUP_INTERVAL);
        let repeat = self.line(place).find_map(|route| route.repeat_interval).unwrap_or(REPEAT_INTERVAL);
        says && repeat < group
    }

    /// Why no alert gets there; of what stands below such a route nothing is said.
    pub(super) fn lost(&self, place: usize) -> Option<Lost> {
        let route = self.routes.get(place)?;
        let above = route.above?;
        if self.lost(above).is_some() || !self.line(place).all(|one| one.is_read) {
            return None;
        }
        let asked: Vec<Matcher> = self.line(place).flat_map(|one| one.own.iter().cloned()).collect();
        if matcher::exclude_each_other(&asked) {
            return Some(Lost::Impossible);
        }
        let takes_all = |other: &Route| {
            other.is_read && !other.goes_on && other.own.iter().all(|one| one.follows_from(&asked))
        };
        let before = self.below(above).iter().copied().take(MOST_BEFORE).take_while(|other| *other != place);
        let mut before = before.filter(|other| self.routes.get(*other).is_some_and(takes_all));
        before.next().map(Lost::Behind)
    }

    /// The route in words, by what it and those above it ask for.
    pub(super) fn name(&self, place: usize) -> String {
        if place == 0 {
            return "root".to_owned();
        }
        let words = |route: &Route| match route.own.is_empty() {
            true => "any".to_owned(),
            false => route.own.iter().map(Matcher::text).collect::<Vec<_>>().join(","),
        };
        let mut parts: Vec<String> = self.line(place).filter(|one| one.above.is_some()).map(words).collect();
        parts.reverse();
        parts.join("/").chars().map(|c| if c.is_whitespace() { '_' } else { c }).take(200).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::config::configs;
    use super::*;
    use crate::repository::Repository;

    fn lost(routes: &str) -> Vec<Option<Lost>> {
        let text = format!("receivers: [{{ name: a }}]\nroute:\n  receiver: a\n  routes:\n{routes}");
        let config = configs(&Repository::of(&[("alertmanager.yml", &text)])).pop().unwrap();
        assert!(config.problems.is_empty(), "{:?}", config.problems);
        let tree = Tree::of(&config);
        (1..config.routes.len()).map(|place| tree.lost(place)).collect()
    }

    #[test]
    fn a_route_is_lost_only_behind_one_that_takes_all_and_stops() {
        for (routes, expected) in [
            ("  - {}\n  - matchers: [a=b]\n", vec![None, Some(Lost::Behind(1))]),
            ("  - continue: true\n  - matchers: [a=b]\n", vec![None, None]),
            ("  - match: { a: b }\n  - match: { a: b, c: d }\n", vec![None, Some(Lost::Behind(1))]),
            ("  - match: { a: b, c: d }\n  - match: { a: b }\n", vec![None, None]),
            ("  - match_re: { a: b|c }\n  - matchers: ['a=\"c\"']\n", vec![None, Some(Lost::Behind(1))]),
            (
                "  - match: { a: b }\n    routes:\n    - match: { a: c }\n      routes: [{ match: { d: e } }]\n",
                vec![None, Some(Lost::Impossible), None],
            ),
            ("  - matchers: ['a=~\"${X}\"']\n  - matchers: ['a=~\"${X}\"']\n", vec![None, None]),
            ("  - matchers: [a]\n  - matchers: [a=b]\n", vec![None, None]),
        ] {
            assert_eq!(lost(routes), expected, "{routes}");
        }
    }
}
