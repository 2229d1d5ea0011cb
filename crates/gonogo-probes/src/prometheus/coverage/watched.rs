//! What a set of alerts watches, by the metrics they ask. It does not know what is deployed.

use std::collections::{BTreeMap, BTreeSet};

use promql_parser::parser::Expr;

use super::super::expression::{any, metric, selectors};
use super::super::rules::RuleFile;
use super::super::world::base;

/// What alerts watch.
#[derive(Debug, Default)]
pub(super) struct Watched {
    pub(super) down: bool,
    pub(super) errors: bool,
    pub(super) latency: bool,
    pub(super) saturation: bool,
    pub(super) backup: bool,
    pub(super) certificate: bool,
    /// Whether any rule reads metrics of requests.
    pub(super) requests: bool,
    /// Metrics that alerts read, without endings, also through what rules record.
    metrics: BTreeSet<String>,
}

/// Rules that read what rules record, at most this many in a row.
const DEEPEST: usize = 6;

impl Watched {
    pub(super) fn by(files: &[&RuleFile]) -> Watched {
        let mut recorded: BTreeMap<&str, Vec<&Expr>> = BTreeMap::new();
        let rules = || files.iter().flat_map(|file| &file.rules);
        for rule in rules().filter(|rule| !rule.is_alert) {
            recorded.entry(&rule.name).or_default().extend(rule.expr.tree());
        }
        let mut watched = Watched::default();
        for rule in rules().filter(|rule| rule.is_alert) {
            let mut trees: Vec<&Expr> = rule.expr.tree().into_iter().collect();
            let mut asked = BTreeSet::new();
            for _ in 0..DEEPEST {
                let names: BTreeSet<&str> = trees.iter().flat_map(|tree| named(tree)).collect();
                watched.note(&trees);
                let fresh = names.into_iter().filter(|name| asked.insert(*name));
                trees = fresh.filter_map(|name| recorded.get(name)).flatten().copied().collect();
            }
            // An expression that was not read may watch anything; its name is all there is.
            if rule.expr.tree().is_none() {
                watched.note_name(&rule.name.to_lowercase());
            }
        }
        watched
    }

    /// Whether an alert reads a metric.
    pub(super) fn reads(&self, name: &str) -> bool {
        let name = base(name);
        let ends = |known: &String| known.strip_suffix(name).is_some_and(|start| start.ends_with('_'));
        self.metrics.contains(name) || self.metrics.iter().any(ends)
    }

    fn note(&mut self, trees: &[&Expr]) {
        for tree in trees {
            let names: Vec<String> = named(tree).map(str::to_lowercase).collect();
            let has = |words: &[&str]| names.iter().any(|name| words.iter().any(|word| name.contains(word)));
            self.metrics.extend(named(tree).map(|name| base(name).to_owned()));
            self.down |= names.iter().any(|name| is_liveness(name)) || asks_absent(tree);
            self.requests |= names.iter().any(|name| is_request(name));
            self.errors |= has(&["error", "fail", "5xx"]) || filters_errors(tree);
            self.latency |= has(&["duration", "latency", "response_time", "_seconds_bucket", "request_time"]);
            self.saturation |= has(&SATURATION);
            self.backup |= has(&[
                "backup",
                "restic",
                "velero",
                "barman",
                "pgbackrest",
                "wal_archive",
                "snapshot",
                "archiver",
            ]);
            self.certificate |= has(&["cert", "ssl", "tls"]);
        }
    }

    fn note_name(&mut self, name: &str) {
        self.down |= name.contains("down") || name.contains("absent");
        self.errors |= name.contains("error");
        self.latency |= name.contains("latency") || name.contains("slow");
        self.saturation |= ["memory", "cpu", "disk"].iter().any(|word| name.contains(word));
        self.backup |= name.contains("backup");
        self.certificate |= name.contains("cert");
    }
}

const SATURATION: [&str; 21] = [
    "activity",
    "backends",
    "memory",
    "_mem_",
    "cpu",
    "filesystem",
    "disk",
    "capacity",
    "connections",
    "queue",
    "_pool",
    "load1",
    "load5",
    "fds",
    "volume",
    "utilization",
    "utilisation",
    "goroutines",
    "usage",
    "active",
    "lag",
];

fn named(tree: &Expr) -> impl Iterator<Item = &str> {
    selectors(tree).into_iter().filter_map(|(selector, _)| metric(selector))
}

fn is_liveness(name: &str) -> bool {
    name == "up"
        || name.ends_with("_up")
        || name == "probe_success"
        || name.contains("_available")
        || name.ends_with(":up")
}

fn asks_absent(tree: &Expr) -> bool {
    any(tree, &|part| matches!(part, Expr::Call(call) if call.func.name.starts_with("absent")))
}

/// Whether series are chosen by a status of failure.
fn filters_errors(tree: &Expr) -> bool {
    selectors(tree).iter().any(|(selector, _)| {
        selector.matchers.matchers.iter().any(|matcher| {
            let value = matcher.value.to_lowercase();
            let is_status = ["status", "code", "result", "outcome", "success"]
                .iter()
                .any(|word| matcher.name.contains(word));
            is_status
                && (value.contains('5')
                    || value.contains("error")
                    || value.contains("fail")
                    || value.contains("false"))
        })
    })
}

/// Whether a metric counts requests.
pub(super) fn is_request(name: &str) -> bool {
    let is_served = ["http", "grpc", "api", "request"].iter().any(|word| name.contains(word));
    is_served && name.contains("request") && !name.contains("client")
}
