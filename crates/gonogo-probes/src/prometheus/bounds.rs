//! Between which values an expression stays, whatever the data is, and so which comparisons always
//! or never hold. Only what is certain narrows the bounds.

use promql_parser::parser::{AggregateExpr, BinaryExpr, Call, Expr};

use super::expression::{bare, each, metric, number, text};
use super::labels::is_scalar;
use super::matching::is_share;

/// The least and the greatest value.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Bounds(f64, f64);

const ANY: Bounds = Bounds(f64::NEG_INFINITY, f64::INFINITY);
const NOT_NEGATIVE: Bounds = Bounds(0.0, f64::INFINITY);
const SHARE: Bounds = Bounds(0.0, 1.0);

/// Gauges that are 0 or 1.
const FLAGS: [&str; 14] = [
    "up",
    "probe_success",
    "pg_up",
    "mysql_up",
    "redis_up",
    "mongodb_up",
    "nginx_up",
    "rabbitmq_up",
    "memcached_up",
    "haproxy_up",
    "elasticsearch_cluster_health_up",
    "node_systemd_unit_state",
    "probe_ssl_last_chain_is_valid",
    "kube_node_status_condition",
];
/// A gauge that is a part of another.
const PARTS: [(&str, &str); 12] = [
    ("node_filesystem_avail_bytes", "node_filesystem_size_bytes"),
    ("node_filesystem_free_bytes", "node_filesystem_size_bytes"),
    ("node_filesystem_files_free", "node_filesystem_files"),
    ("node_memory_MemAvailable_bytes", "node_memory_MemTotal_bytes"),
    ("node_memory_MemFree_bytes", "node_memory_MemTotal_bytes"),
    ("node_memory_Cached_bytes", "node_memory_MemTotal_bytes"),
    ("node_memory_SwapFree_bytes", "node_memory_SwapTotal_bytes"),
    ("kubelet_volume_stats_available_bytes", "kubelet_volume_stats_capacity_bytes"),
    ("kubelet_volume_stats_used_bytes", "kubelet_volume_stats_capacity_bytes"),
    ("kubelet_volume_stats_inodes_free", "kubelet_volume_stats_inodes"),
    ("process_open_fds", "process_max_fds"),
    ("node_filefd_allocated", "node_filefd_maximum"),
];

/// What always or never holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Certain {
    pub(super) always: Vec<String>,
    pub(super) never: Vec<String>,
}

/// The comparisons with a number that do not depend on the data.
pub(super) fn certain(expr: &Expr) -> Certain {
    let mut found = Certain::default();
    each(expr, &mut |part| {
        let Expr::Binary(binary) = part else { return };
        let Some((side, op, limit)) = compared(binary) else { return };
        let bounds = of(side);
        match holds(bounds, op, limit) {
            // A filter for what is there anyway: `absent(x) == 1`, `count(x) > 0`.
            Some(true) if bounds.0 < bounds.1 && !(bounds.0 > 0.0 && is_existence(op, limit)) => {
                found.always.push(said(part, bounds))
            }
            Some(false) => found.never.push(said(part, bounds)),
            _ => {}
        }
    });
    found
}

/// A comparison that people write for "there is one".
fn is_existence(op: &str, limit: f64) -> bool {
    matches!(op, ">" | "!=") && limit == 0.0 || op == ">=" && limit == 1.0
}

fn said(part: &Expr, Bounds(least, most): Bounds) -> String {
    let shown = text(part);
    match most.is_finite() {
        true => format!("`{shown}`: the left side stays between {least} and {most}"),
        false => format!("`{shown}`: the left side is never less than {least}"),
    }
}

/// The side that is compared, as if it stood on the left, with the number.
fn compared(binary: &BinaryExpr) -> Option<(&Expr, &'static str, f64)> {
    let op = binary.op.to_string();
    if is_scalar(&binary.lhs) && is_scalar(&binary.rhs) {
        return None;
    }
    if let Some(limit) = number(&binary.rhs) {
        let op = [">", "<", ">=", "<=", "==", "!="].into_iter().find(|known| *known == op)?;
        return Some((&binary.lhs, op, limit));
    }
    let limit = number(&binary.lhs)?;
    let turned = [(">", "<"), ("<", ">"), (">=", "<="), ("<=", ">="), ("==", "=="), ("!=", "!=")];
    let (_, op) = turned.into_iter().find(|(known, _)| *known == op)?;
    Some((&binary.rhs, op, limit))
}

/// Whether the comparison holds for every value between the bounds, or for none.
fn holds(Bounds(least, most): Bounds, op: &str, limit: f64) -> Option<bool> {
    let (always, never) = match op {
        ">" => (least > limit, most <= limit),
        ">=" => (least >= limit, most < limit),
        "<" => (most < limit, least >= limit),
        "<=" => (most <= limit, least > limit),
        "==" => (least == limit && most == limit, limit < least || limit > most),
        "!=" => (limit < least || limit > most, least == limit && most == limit),
        _ => return None,
    };
    match (always, never) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

fn of(expr: &Expr) -> Bounds {
    match bare(expr) {
        Expr::NumberLiteral(number) => Bounds(number.val, number.val),
        Expr::Unary(unary) => {
            let Bounds(least, most) = of(&unary.expr);
            Bounds(-most, -least)
        }
        Expr::VectorSelector(selector) => of_metric(metric(selector).unwrap_or_default()),
        Expr::MatrixSelector(matrix) => of_metric(metric(&matrix.vs).unwrap_or_default()),
        Expr::Subquery(inner) => of(&inner.expr),
        Expr::Aggregate(aggregate) => aggregated(aggregate),
        Expr::Call(call) => called(call),
        Expr::Binary(binary) => combined(binary),
        _ => ANY,
    }
}

fn of_metric(name: &str) -> Bounds {
    if FLAGS.contains(&name) {
        return SHARE;
    }
    let is_count = ["_total", "_count", "_bucket"].iter().any(|ending| name.ends_with(ending));
    let is_part = PARTS.iter().any(|(part, whole)| *part == name || *whole == name);
    if (is_count || is_part) && !name.contains(':') { NOT_NEGATIVE } else { ANY }
}

fn aggregated(aggregate: &AggregateExpr) -> Bounds {
    let inner = of(&aggregate.expr);
    match aggregate.op.to_string().as_str() {
        "count" | "count_values" => Bounds(1.0, f64::INFINITY),
        "group" => Bounds(1.0, 1.0),
        "stddev" | "stdvar" => NOT_NEGATIVE,
        "avg" | "min" | "max" | "topk" | "bottomk" | "limitk" | "limit_ratio" => inner,
        "sum" if inner.0 >= 0.0 => Bounds(inner.0, f64::INFINITY),
        _ => ANY,
    }
}

fn called(call: &Call) -> Bounds {
    let first = || call.args.args.first().map_or(ANY, |arg| of(arg));
    match call.func.name {
        "absent" | "absent_over_time" | "present_over_time" => Bounds(1.0, 1.0),
        "rate" if is_cpu(call) => Bounds(0.0, 1.5),
        "irate" if is_cpu(call) => Bounds(0.0, 1.5),
        "rate" | "irate" | "increase" | "changes" | "resets" | "abs" | "sqrt" | "stddev_over_time" => {
            NOT_NEGATIVE
        }
        "count_over_time" => Bounds(1.0, f64::INFINITY),
        "avg_over_time" | "min_over_time" | "max_over_time" | "last_over_time" | "first_over_time" => first(),
        "sum_over_time" if first().0 >= 0.0 => NOT_NEGATIVE,
        "sort" | "sort_desc" | "label_replace" | "label_join" | "vector" => first(),
        "time" | "timestamp" => NOT_NEGATIVE,
        "hour" => Bounds(0.0, 23.0),
        "minute" => Bounds(0.0, 59.0),
        "day_of_week" => Bounds(0.0, 6.0),
        "day_of_month" | "days_in_month" => Bounds(1.0, 31.0),
        "month" => Bounds(1.0, 12.0),
        _ => ANY,
    }
}

/// The share of its time that a processor spends; a rate is extrapolated and may be a little over 1.
fn is_cpu(call: &Call) -> bool {
    let arg = call.args.args.first().map(|arg| bare(arg));
    matches!(arg, Some(Expr::MatrixSelector(matrix)) if metric(&matrix.vs) == Some("node_cpu_seconds_total"))
}

fn combined(binary: &BinaryExpr) -> Bounds {
    let op = binary.op.to_string();
    let (left, right) = (of(&binary.lhs), of(&binary.rhs));
    if binary.modifier.as_ref().is_some_and(|modifier| modifier.return_bool) {
        return SHARE;
    }
    match op.as_str() {
        "+" => sound(left.0 + right.0, left.1 + right.1),
        "-" => sound(left.0 - right.1, left.1 - right.0),
        "*" => product(left, right),
        "/" if is_share(&binary.lhs, &binary.rhs) || is_part(&binary.lhs, &binary.rhs) => SHARE,
        "/" => match number(&binary.rhs) {
            Some(divisor) if divisor > 0.0 => sound(left.0 / divisor, left.1 / divisor),
            _ if left.0 >= 0.0 && right.0 >= 0.0 => NOT_NEGATIVE,
            _ => ANY,
        },
        "and" | "unless" => left,
        "or" => Bounds(left.0.min(right.0), left.1.max(right.1)),
        "==" | "!=" | ">" | "<" | ">=" | "<=" if !is_scalar(&binary.lhs) => left,
        _ => ANY,
    }
}

fn is_part(part: &Expr, whole: &Expr) -> bool {
    let name = |expr| match bare(expr) {
        Expr::VectorSelector(selector) => metric(selector),
        _ => None,
    };
    PARTS.iter().any(|(one, other)| name(part) == Some(one) && name(whole) == Some(other))
}

/// Products of bounds, where neither can be negative.
fn product(left: Bounds, right: Bounds) -> Bounds {
    if left.0 < 0.0 || right.0 < 0.0 {
        return ANY;
    }
    sound(left.0 * right.0, left.1 * right.1)
}

/// Infinity times nothing is not known.
fn sound(least: f64, most: f64) -> Bounds {
    let least = if least.is_nan() { f64::NEG_INFINITY } else { least };
    Bounds(least, if most.is_nan() { f64::INFINITY } else { most })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_that_do_not_depend_on_the_data_are_found() {
        for (text, always, never) in [
            ("up < 0", 0, 1),
            ("up == 2", 0, 1),
            ("up >= 0", 1, 0),
            ("up == 0", 0, 0),
            ("0 == up", 0, 0),
            ("-1 > up", 0, 1),
            ("absent(up) == 0", 0, 1),
            ("absent(up) == 1", 0, 0),
            ("rate(a_total[5m]) >= 0", 1, 0),
            ("count(up) < 1", 0, 1),
            ("count(up) > 0", 0, 0),
            ("count(up) >= 1", 0, 0),
            ("count(up) > -1", 1, 0),
            ("sum(rate(a{s=\"5\"}[5m])) / sum(rate(a[5m])) > 5", 0, 1),
            ("100 * sum(rate(a{s=\"5\"}[5m])) / sum(rate(a[5m])) > 5", 0, 0),
            ("sum(rate(a{s=\"5\"}[5m])) / sum(rate(a[5m])) * 100 > 5", 0, 0),
            ("sum(rate(a{s=\"5\"}[5m])) / sum(rate(a[5m])) * 100 > 500", 0, 1),
            ("1 - avg by (instance) (rate(node_cpu_seconds_total{mode=\"idle\"}[5m])) > 80", 0, 1),
            ("100 - avg by (instance) (rate(node_cpu_seconds_total{mode=\"idle\"}[5m])) * 100 > 80", 0, 0),
            ("node_filesystem_avail_bytes / node_filesystem_size_bytes < 10", 1, 0),
            ("node_filesystem_avail_bytes / node_filesystem_size_bytes * 100 < 10", 0, 0),
            ("(1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes) > 0.9", 0, 0),
            ("a_bytes > 5", 0, 0),
            ("hour() > 25", 0, 1),
            ("a / b > 5", 0, 0),
            ("a > bool 5", 0, 0),
            ("(a > bool 5) > 1", 0, 1),
            ("delta(a[5m]) < 0", 0, 0),
        ] {
            let found = certain(&promql_parser::parser::parse(text).unwrap());
            assert_eq!((found.always.len(), found.never.len()), (always, never), "{text}: {found:?}");
        }
    }
}
