//! How an expression uses the metrics it reads: counters as if they were gauges, gauges as if they
//! were counters, histograms without their buckets, and whether it has a condition at all.

use std::collections::BTreeMap;
use std::time::Duration;

use promql_parser::label::Matcher;
use promql_parser::parser::{Call, Expr};

use super::expression::{any, bare, each, metric, number, selectors, text};
use super::labels;

/// What a metric is, when its code says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Type {
    Counter,
    Gauge,
    Histogram,
    Summary,
}

/// Gauges that everybody knows.
const GAUGES: [&str; 8] = [
    "up",
    "go_goroutines",
    "process_resident_memory_bytes",
    "process_open_fds",
    "node_load1",
    "node_memory_MemAvailable_bytes",
    "node_filesystem_avail_bytes",
    "process_start_time_seconds",
];
/// Names that end like counters and are none.
const NO_COUNTERS: [&str; 7] = ["memory", "mem", "size", "capacity", "space", "pods", "quota"];

/// Counters whose value is compared with a number, although it only ever grows.
pub(super) fn raw_counters(expr: &Expr, types: &BTreeMap<String, Type>) -> Vec<String> {
    let mut found = Vec::new();
    each(expr, &mut |part| {
        let Expr::Binary(binary) = part else { return };
        let limit = number(&binary.rhs).filter(|limit| *limit > 0.0);
        let is_order = matches!(binary.op.to_string().as_str(), ">" | ">=" | "<" | "<=");
        let (true, true, Some(name)) = (is_order, limit.is_some(), plain(&binary.lhs)) else { return };
        if is_counter(name, types) {
            found.push(name.to_owned());
        }
    });
    found.sort();
    found.dedup();
    found
}

/// The metric whose value a side is: itself, or its sum.
fn plain(expr: &Expr) -> Option<&str> {
    match bare(expr) {
        Expr::VectorSelector(selector) => metric(selector),
        Expr::Aggregate(one) if matches!(one.op.to_string().as_str(), "sum" | "max" | "min" | "avg") => {
            plain(&one.expr)
        }
        _ => None,
    }
}

fn is_counter(name: &str, types: &BTreeMap<String, Type>) -> bool {
    if let Some(known) = types.get(name) {
        return *known == Type::Counter;
    }
    let is_named = name.ends_with("_total") && !name.contains(':');
    is_named && !name.split('_').any(|word| NO_COUNTERS.contains(&word))
}

/// Gauges of which a rate is taken.
pub(super) fn rated_gauges(expr: &Expr, types: &BTreeMap<String, Type>) -> Vec<String> {
    let mut found = Vec::new();
    each_call(expr, &mut |call| {
        if !matches!(call.func.name, "rate" | "irate" | "increase") {
            return;
        }
        let Some(Expr::MatrixSelector(matrix)) = call.args.args.first().map(|arg| bare(arg)) else { return };
        let Some(name) = metric(&matrix.vs) else { return };
        if types.get(name).map_or(GAUGES.contains(&name), |known| *known == Type::Gauge) {
            found.push(name.to_owned());
        }
    });
    found.sort();
    found.dedup();
    found
}

/// Quantiles of histograms that were taken wrongly, each in words.
pub(super) fn quantiles(expr: &Expr) -> Vec<String> {
    let mut found = Vec::new();
    each_call(expr, &mut |call| {
        if call.func.name != "histogram_quantile" {
            return;
        }
        let [share, of] = call.args.args.as_slice() else { return };
        let shown = text(&Expr::Call(call.clone()));
        if number(share).is_some_and(|share| !(0.0..=1.0).contains(&share)) {
            found.push(format!("`{shown}`: the quantile is not between 0 and 1"));
        }
        let is_classic = selectors(of)
            .iter()
            .any(|(selector, _)| metric(selector).is_some_and(|name| name.ends_with("_bucket")));
        if is_classic && labels::of(of).lacks("le") {
            found.push(format!("`{shown}`: the label `le` is gone before the quantile is taken"));
        }
    });
    found
}

fn each_call<'e>(expr: &'e Expr, visit: &mut impl FnMut(&'e Call)) {
    each(expr, &mut |part| {
        if let Expr::Call(call) = part {
            visit(call);
        }
    });
}

/// Ranges of rates that are too short to hold two samples.
pub(super) fn short_ranges(expr: &Expr, interval: Duration) -> Vec<String> {
    let mut found = Vec::new();
    each_call(expr, &mut |call| {
        let needs_two =
            matches!(call.func.name, "rate" | "irate" | "increase" | "delta" | "idelta" | "deriv");
        let arg = call.args.args.first().map(|arg| bare(arg));
        let (true, Some(Expr::MatrixSelector(matrix))) = (needs_two, arg) else { return };
        if matrix.range < interval.saturating_mul(2) {
            found.push(text(&Expr::Call(call.clone())));
        }
    });
    found
}

/// Whether an alert on this fires for a reason, and not because the series exist.
pub(super) fn has_condition(expr: &Expr) -> bool {
    match expr {
        Expr::Binary(binary) => match binary.op.to_string().as_str() {
            "==" | "!=" | ">" | "<" | ">=" | "<=" => {
                let is_bool = binary.modifier.as_ref().is_some_and(|modifier| modifier.return_bool);
                !is_bool || has_condition(&binary.lhs) || has_condition(&binary.rhs)
            }
            "and" | "unless" => true,
            "or" => has_condition(&binary.lhs) && has_condition(&binary.rhs),
            _ => has_condition(&binary.lhs) || has_condition(&binary.rhs),
        },
        Expr::Call(call) => {
            matches!(call.func.name, "absent" | "absent_over_time" | "vector")
                || call.args.args.iter().any(|arg| has_condition(arg))
        }
        Expr::VectorSelector(selector) => {
            may_be_condition(metric(selector)) || selector.matchers.matchers.iter().any(chooses)
        }
        Expr::MatrixSelector(matrix) => may_be_condition(metric(&matrix.vs)),
        other => super::expression::below(other).into_iter().any(has_condition),
    }
}

/// What rules record may hold only what is wrong.
fn may_be_condition(name: Option<&str>) -> bool {
    name.is_none_or(|name| name.contains(':') || name.starts_with("ALERTS"))
}

/// Whether a filter asks for something that is there only when something is wrong, rather than for one
/// of several places.
fn chooses(matcher: &Matcher) -> bool {
    let places = ["job", "instance", "namespace", "cluster", "env", "environment", "service", "__name__"];
    !places.contains(&matcher.name.as_str())
}

/// Whether it rests on the last sample alone, so that one lost scrape fires it.
pub(super) fn is_instant(expr: &Expr) -> bool {
    let looks_back = |part: &Expr| match part {
        Expr::MatrixSelector(_) | Expr::Subquery(_) => true,
        Expr::Call(call) => matches!(call.func.name, "time" | "vector" | "timestamp"),
        Expr::VectorSelector(selector) => {
            selector.offset.is_some() || metric(selector).is_none_or(|name| name.contains(':'))
        }
        _ => false,
    };
    !any(expr, &looks_back)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> Expr {
        promql_parser::parser::parse(text).unwrap()
    }

    #[test]
    fn counters_and_gauges_are_told_apart() {
        let none = BTreeMap::new();
        let raw = |text: &str| raw_counters(&tree(text), &none).len();
        assert_eq!(raw("a_errors_total > 10"), 1);
        assert_eq!(raw("sum(a_errors_total) >= 10"), 1);
        for text in [
            "rate(a_errors_total[5m]) > 10",
            "a_errors_total > 0",
            "absent(a_errors_total) > 0.5",
            "node_memory_total > 5",
            "a_total - a_total offset 5m > 3",
            "job:a_total > 5",
        ] {
            assert_eq!(raw(text), 0, "{text}");
        }
        let types = BTreeMap::from([
            ("queue_total".to_owned(), Type::Gauge),
            ("jobs_done".to_owned(), Type::Counter),
        ]);
        assert_eq!(raw_counters(&tree("queue_total > 5 or jobs_done > 5"), &types), ["jobs_done"]);
        assert_eq!(
            rated_gauges(&tree("rate(queue_total[5m]) > rate(jobs_done[5m])"), &types),
            ["queue_total"]
        );
        assert_eq!(rated_gauges(&tree("rate(up[5m])"), &none), ["up"]);
    }

    #[test]
    fn quantiles_need_buckets_and_a_share() {
        for (text, expected) in [
            ("histogram_quantile(0.95, sum by (le, job) (rate(a_bucket[5m])))", 0),
            ("histogram_quantile(0.95, rate(a_bucket[5m]))", 0),
            ("histogram_quantile(0.95, sum(rate(a[5m])))", 0),
            ("histogram_quantile(0.95, sum(rate(a_bucket[5m])))", 1),
            ("histogram_quantile(95, sum by (job) (rate(a_bucket[5m])))", 2),
        ] {
            assert_eq!(quantiles(&tree(text)).len(), expected, "{text}");
        }
    }

    #[test]
    fn alerts_need_a_condition() {
        for (text, expected) in [
            ("up", false),
            ("rate(a_total[5m])", false),
            ("up > bool 0", false),
            ("sum(up) by (job)", false),
            ("up == 0", true),
            ("count(up == 0)", true),
            ("absent(up)", true),
            ("vector(1)", true),
            ("a unless b", true),
            ("a:b:c", true),
            ("up{job=\"a\"}", false),
            ("index_size{name=~\".*_invalid\"}", true),
            ("(up == 0) * on (job) group_left (a) b", true),
            ("up == 0 or a", false),
        ] {
            assert_eq!(has_condition(&tree(text)), expected, "{text}");
        }
        assert!(is_instant(&tree("up == 0")));
        for text in ["rate(a[5m]) > 1", "time() - a > 5", "a > a offset 1d", "a:b > 1"] {
            assert!(!is_instant(&tree(text)), "{text}");
        }
        let minute = Duration::from_secs(60);
        assert_eq!(short_ranges(&tree("rate(a[1m]) + rate(a[2m]) + max_over_time(a[1m])"), minute).len(), 1);
    }
}
