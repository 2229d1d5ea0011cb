//! What the source code says of the metrics it registers: their type, and the labels they have.
//! Read from the words around the name, so what is unusual stays unknown.

use std::collections::{BTreeMap, BTreeSet};

use promql_parser::parser::Expr;

use super::expression::{bare, each, metric, text};
use super::usage::Type;
use crate::code::{Detail, MetricKind, Said};
use crate::repository::Repository;

/// Characters that a statement may have behind the name.
const LONGEST: usize = 1_500;
/// Bytes of a source file.
const FILE: u64 = 1 << 20;

/// What is known of the metrics of the code, by name.
#[derive(Debug, Default, Clone)]
pub(super) struct Registered {
    pub(super) types: BTreeMap<String, Type>,
    pub(super) labels: BTreeMap<String, BTreeSet<String>>,
}

/// Reads the statement around each name.
pub(super) fn registered(repository: &Repository, metrics: &[Said]) -> Registered {
    let mut found = Registered::default();
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    let mut twice: BTreeSet<&str> = BTreeSet::new();
    for said in metrics {
        let text =
            texts.entry(&said.path).or_insert_with(|| repository.text(&said.path, FILE).unwrap_or_default());
        if found.types.contains_key(&said.name) || found.labels.contains_key(&said.name) {
            twice.insert(&said.name);
        }
        let Some((before, after)) = around(text, said) else { continue };
        if let Some(known) = type_of(&said.detail) {
            found.types.insert(said.name.clone(), known);
        }
        if let Some(labels) = labels_of(&before, &after) {
            found.labels.insert(said.name.clone(), labels);
        }
    }
    // Two registrations of one name may differ.
    found.labels.retain(|name, _| !twice.contains(name.as_str()));
    found.types.retain(|name, _| !twice.contains(name.as_str()));
    found
}

/// The text of a few lines before the name, and of what follows it.
fn around(text: &str, said: &Said) -> Option<(String, String)> {
    let line = usize::try_from(said.line).ok()?.checked_sub(1)?;
    let column = usize::try_from(said.column).ok()?.checked_sub(1)?;
    let before: Vec<&str> = text.lines().skip(line.saturating_sub(3)).take(line.min(3)).collect();
    let own = text.lines().nth(line)?;
    let at = own.char_indices().nth(column).map(|(at, _)| at)?;
    let start = format!("{}\n{}", before.join("\n"), own.get(..at)?);
    let rest: String = own.get(at..)?.to_owned()
        + "\n"
        + &text.lines().skip(line.saturating_add(1)).take(30).collect::<Vec<_>>().join("\n");
    Some((start, rest.chars().take(LONGEST).collect()))
}

fn type_of(detail: &Detail) -> Option<Type> {
    match detail {
        Detail::Metric(MetricKind::Counter) => Some(Type::Counter),
        Detail::Metric(MetricKind::Gauge) => Some(Type::Gauge),
        Detail::Metric(MetricKind::Histogram) => Some(Type::Histogram),
        Detail::Metric(MetricKind::Summary) => Some(Type::Summary),
        _ => None,
    }
}

/// The labels of the statement, when they stand in it as texts.
fn labels_of(before: &str, after: &str) -> Option<BTreeSet<String>> {
    let statement = statement(after);
    let lower = statement.to_lowercase();
    for opening in
        ["[]string{", "labelnames: [", "labelnames:[", "labelnames=[", "labelnames=(", "&[", ", [", ",["]
    {
        let Some(at) = lower.find(opening) else { continue };
        let rest = statement.get(at.saturating_add(opening.len())..).unwrap_or_default();
        let inside = rest.split([']', '}', ')']).next().unwrap_or_default();
        let parts = inside.split(',').map(str::trim).filter(|part| !part.is_empty());
        let texts: Option<BTreeSet<String>> = parts.map(unquoted).collect();
        return texts;
    }
    // Without a list of labels it has none, unless it is a vector whose list stands elsewhere.
    let call = before.rsplit([')', ';']).next().unwrap_or_default().to_lowercase();
    let has_labels = ["label", "tag", "vec"].iter().any(|word| lower.contains(word)) || call.contains("vec");
    (!has_labels).then(BTreeSet::new)
}

fn unquoted(part: &str) -> Option<String> {
    let inner = ['"', '\''].iter().find_map(|quote| part.strip_prefix(*quote)?.strip_suffix(*quote))?;
    let is_name = !inner.is_empty() && inner.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_name.then(|| inner.to_owned())
}

/// The text until the call that registers the metric is closed.
fn statement(after: &str) -> &str {
    let mut depth = 0_i32;
    let mut last = ' ';
    for (at, character) in after.char_indices() {
        match character {
            '(' | '{' | '[' => depth = depth.saturating_add(1),
            ')' | '}' | ']' => {
                depth = depth.saturating_sub(1);
                let end = at.saturating_add(1);
                let next = after.get(end..).unwrap_or_default().trim_start().chars().next();
                // `[]string` is the beginning of a list in Go.
                let is_type = last == '[';
                if depth <= 0 && !is_type && !matches!(next, Some(',' | ')')) {
                    return after.get(..end).unwrap_or(after);
                }
            }
            _ => {}
        }
        last = character;
    }
    after
}

/// Matches on all labels of two metrics whose labels the code gives, and gives differently.
pub(super) fn unlike(expr: &Expr, registered: &Registered) -> Vec<String> {
    let mut found = Vec::new();
    each(expr, &mut |part| {
        let Expr::Binary(binary) = part else { return };
        let is_set = matches!(binary.op.to_string().as_str(), "or" | "unless");
        let modifier = binary.modifier.as_ref();
        let is_matched = modifier.is_some_and(|modifier| {
            modifier.matching.is_some()
                || modifier.fill_values.lhs.is_some()
                || modifier.fill_values.rhs.is_some()
        });
        let (Some(left), Some(right)) = (source(&binary.lhs), source(&binary.rhs)) else { return };
        let known = (registered.labels.get(left), registered.labels.get(right));
        let (false, false, (Some(one), Some(other))) = (is_set, is_matched, known) else { return };
        if let Some(label) = one.symmetric_difference(other).next() {
            found.push(format!(
                "`{}` has no result: of `{left}` and `{right}`, only one has the label `{label}`",
                text(part)
            ));
        }
    });
    found
}

/// The metric of a side that keeps its labels.
fn source(expr: &Expr) -> Option<&str> {
    match bare(expr) {
        Expr::VectorSelector(selector) => metric(selector),
        Expr::MatrixSelector(matrix) => metric(&matrix.vs),
        Expr::Call(call) if matches!(call.func.name, "rate" | "irate" | "increase" | "delta") => {
            source(call.args.args.first()?)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str, code: &str) -> Registered {
        let repository = Repository::of(&[(path, code)]);
        registered(&repository, &repository.code().metrics)
    }

    #[test]
    fn types_and_labels_are_read_around_the_name() {
        let go = "var a = prometheus.NewCounterVec(\n\tprometheus.CounterOpts{\n\t\tName: \"http_requests_total\",\n\t\tHelp: \"x\",\n\t},\n\t[]string{\"method\", \"status\"},\n)\nvar b = prometheus.NewGauge(prometheus.GaugeOpts{Name: \"degraded\"})\nvar c = promauto.NewCounterVec(prometheus.CounterOpts{Name: \"db_errors_total\"}, []string{\"operation\"})\nvar d = prometheus.NewCounterVec(prometheus.CounterOpts{Name: \"e_total\"}, names)\n";
        let found = read("m.go", go);
        let labels =
            |name: &str| found.labels.get(name).map(|all| all.iter().cloned().collect::<Vec<_>>().join(" "));
        assert_eq!(labels("http_requests_total").as_deref(), Some("method status"));
        assert_eq!(labels("db_errors_total").as_deref(), Some("operation"));
        assert_eq!(labels("degraded").as_deref(), Some(""));
        assert_eq!(labels("e_total"), None);
        assert_eq!(found.types.get("degraded"), Some(&Type::Gauge));
        assert_eq!(found.types.get("http_requests_total"), Some(&Type::Counter));
        let tree = |text: &str| promql_parser::parser::parse(text).unwrap();
        let bad = tree("rate(db_errors_total[5m]) / rate(http_requests_total[5m]) > 0.1");
        assert_eq!(unlike(&bad, &found).len(), 1);
        let good = tree("sum(rate(db_errors_total[5m])) / sum(rate(http_requests_total[5m])) > 0.1");
        assert_eq!(unlike(&good, &found).len(), 0);
    }

    #[test]
    fn other_languages_say_it_in_their_way() {
        let python = "from prometheus_client import Counter, Gauge\nA = Counter('jobs_done', 'help', ['queue', 'kind'])\nB = Gauge('depth', 'help')\n";
        let found = read("m.py", python);
        assert_eq!(found.labels["jobs_done_total"].len(), 2);
        assert_eq!(found.labels["depth"].len(), 0);
        let script = "new client.Histogram({\n  name: 'lat_seconds', help: 'Time.',\n  labelNames: ['route'],\n  buckets: [1, 2],\n});\n";
        let found = read("m.js", script);
        assert_eq!((found.labels["lat_seconds"].len(), found.types["lat_seconds"]), (1, Type::Histogram));
        let rust = "register_int_counter_vec!(\"a_total\", \"help\", &[\"path\"]).unwrap();\n";
        assert_eq!(read("m.rs", rust).labels["a_total"].len(), 1);
    }
}
