//! What comes of two sides that are matched by their labels: a ratio that is always 1, a difference
//! that is always 0, a match that can never be. It knows nothing of alerts.

use std::collections::BTreeSet;

use promql_parser::label::{MatchOp, Matcher};
use promql_parser::parser::{BinaryExpr, Expr, LabelModifier, VectorSelector};

use super::expression::{bare, each, metric, text};
use super::labels::{self, Labels};

/// What is wrong with one match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fault {
    /// Every series meets itself, so the result does not depend on the data.
    Itself(String),
    /// A label that one side always has and the other never.
    Never(String),
}

/// Every match with a fault, each in words.
pub(super) fn faults(expr: &Expr) -> Vec<Fault> {
    let mut found = Vec::new();
    each(expr, &mut |part| {
        if let Expr::Binary(binary) = part {
            found.extend(fault(binary));
        }
    });
    found.dedup();
    found
}

fn fault(binary: &BinaryExpr) -> Option<Fault> {
    if labels::is_scalar(&binary.lhs) || labels::is_scalar(&binary.rhs) {
        return None;
    }
    let op = binary.op.to_string();
    if op == "or" || fills(binary) {
        return None;
    }
    let matching = binary.modifier.as_ref().and_then(|modifier| modifier.matching.as_ref());
    let (left, right) = (labels::of(&binary.lhs), labels::of(&binary.rhs));
    if let Some(label) = apart(&left, &right, matching) {
        let (has, lacks) = if left.has(&label) { ("left", "right") } else { ("right", "left") };
        let outcome = if op == "unless" { "takes nothing away" } else { "has no result" };
        let shown = text(&Expr::Binary(binary.clone()));
        let what = format!(
            "`{shown}` {outcome}: the {has} side always has the label `{label}`, the {lacks} side never"
        );
        return Some(Fault::Never(what));
    }
    itself(binary, &op, matching)
}

/// Whether a missing side is filled in.
fn fills(binary: &BinaryExpr) -> bool {
    let fill = binary.modifier.as_ref().map(|modifier| &modifier.fill_values);
    fill.is_some_and(|fill| fill.lhs.is_some() || fill.rhs.is_some())
}

/// A label that keeps the sides apart.
fn apart(left: &Labels, right: &Labels, matching: Option<&LabelModifier>) -> Option<String> {
    let one_way = |one: &Labels, other: &Labels| {
        one.present.iter().find(|label| counts(label, matching) && other.lacks(label)).cloned()
    };
    one_way(left, right).or_else(|| one_way(right, left))
}

/// Whether series must agree on this label to match.
fn counts(label: &str, matching: Option<&LabelModifier>) -> bool {
    match matching {
        Some(LabelModifier::Include(on)) => on.labels.iter().any(|one| one == label),
        Some(LabelModifier::Exclude(ignoring)) => !ignoring.labels.iter().any(|one| one == label),
        None => true,
    }
}

/// Two sides that are the same but for filters on labels they are matched by.
fn itself(binary: &BinaryExpr, op: &str, matching: Option<&LabelModifier>) -> Option<Fault> {
    let outcome = match op {
        "/" => "is always 1",
        "-" | "%" => "is always 0",
        ">" | "<" | "!=" => "is never true",
        "==" | ">=" | "<=" => "is always true",
        _ => return None,
    };
    let differing = same(&binary.lhs, &binary.rhs)?;
    if !differing.iter().all(|label| counts(label, matching)) {
        return None;
    }
    let shown = text(&Expr::Binary(binary.clone()));
    let why = match differing.first() {
        Some(label) => format!("each series with this `{label}` is matched with itself, not with the total"),
        None => "both sides are the same".to_owned(),
    };
    Some(Fault::Itself(format!("`{shown}` {outcome}: {why}")))
}

/// The labels on which the filters of two sides differ, when the sides are the same otherwise and
/// those labels are still there in both results.
fn same(left: &Expr, right: &Expr) -> Option<BTreeSet<String>> {
    let (left, right) = (bare(left), bare(right));
    let differing = match (left, right) {
        (Expr::VectorSelector(one), Expr::VectorSelector(other)) => differing(one, other)?,
        (Expr::MatrixSelector(one), Expr::MatrixSelector(other)) if one.range == other.range => {
            differing(&one.vs, &other.vs)?
        }
        (Expr::Call(one), Expr::Call(other)) if one.func.name == other.func.name => {
            if matches!(
                one.func.name,
                "label_replace" | "label_join" | "absent" | "vector" | "scalar" | "time"
            ) {
                return None;
            }
            same_args(&one.args.args, &other.args.args)?
        }
        (Expr::Aggregate(one), Expr::Aggregate(other)) => {
            let op = one.op.to_string();
            let is_grouped = same_grouping(one.modifier.as_ref(), other.modifier.as_ref());
            let is_same = one.op == other.op && is_grouped && one.param == other.param;
            if !is_same
                || !matches!(op.as_str(), "sum" | "avg" | "min" | "max" | "count" | "group" | "quantile")
            {
                return None;
            }
            let differing = same(&one.expr, &other.expr)?;
            let is_kept = |label: &String| match &one.modifier {
                Some(LabelModifier::Include(by)) => by.labels.contains(label),
                Some(LabelModifier::Exclude(without)) => !without.labels.contains(label),
                None => false,
            };
            if !differing.iter().all(is_kept) {
                return None;
            }
            differing
        }
        (Expr::Binary(one), Expr::Binary(other)) if one == other && !has_time(left) => BTreeSet::new(),
        (Expr::NumberLiteral(one), Expr::NumberLiteral(other)) if one.val == other.val => BTreeSet::new(),
        _ => return None,
    };
    Some(differing)
}

fn same_grouping(one: Option<&LabelModifier>, other: Option<&LabelModifier>) -> bool {
    let labels = |modifier: &LabelModifier| {
        let labels: BTreeSet<String> = modifier.labels().labels.iter().cloned().collect();
        (modifier.is_include(), labels)
    };
    one.map(labels) == other.map(labels)
}

fn same_args(one: &[Box<Expr>], other: &[Box<Expr>]) -> Option<BTreeSet<String>> {
    if one.len() != other.len() || one.is_empty() {
        return None;
    }
    one.iter().zip(other).try_fold(BTreeSet::new(), |mut all, (one, other)| {
        all.extend(same(one, other)?);
        Some(all)
    })
}

fn has_time(expr: &Expr) -> bool {
    super::expression::any(expr, &|part| matches!(part, Expr::Call(call) if call.args.args.is_empty()))
}

fn differing(one: &VectorSelector, other: &VectorSelector) -> Option<BTreeSet<String>> {
    let is_same = metric(one) == metric(other) && metric(one).is_some();
    let has_or = !one.matchers.or_matchers.is_empty() || !other.matchers.or_matchers.is_empty();
    if !is_same || has_or || one.offset != other.offset || one.at != other.at {
        return None;
    }
    let missing = |these: &[Matcher], those: &[Matcher]| -> Vec<String> {
        these.iter().filter(|matcher| !those.contains(matcher)).map(|matcher| matcher.name.clone()).collect()
    };
    let (one, other) = (&one.matchers.matchers, &other.matchers.matchers);
    Some(missing(one, other).into_iter().chain(missing(other, one)).collect())
}

/// Whether `part` can be no more than `whole` because it reads a part of the same series: the same
/// sum with more filters.
pub(super) fn is_share(part: &Expr, whole: &Expr) -> bool {
    match (bare(part), bare(whole)) {
        (Expr::VectorSelector(one), Expr::VectorSelector(other)) => narrows(one, other),
        (Expr::MatrixSelector(one), Expr::MatrixSelector(other)) => {
            one.range == other.range && narrows(&one.vs, &other.vs)
        }
        (Expr::Call(one), Expr::Call(other)) => {
            let (name, args) = (one.func.name, (&one.args.args, &other.args.args));
            let is_known =
                matches!(name, "rate" | "increase" | "irate" | "sum_over_time" | "count_over_time");
            let pair = (args.0.first(), args.1.first());
            is_known
                && name == other.func.name
                && matches!(pair, (Some(one), Some(other)) if is_share(one, other))
        }
        (Expr::Aggregate(one), Expr::Aggregate(other)) => {
            let op = one.op.to_string();
            one.op == other.op
                && same_grouping(one.modifier.as_ref(), other.modifier.as_ref())
                && matches!(op.as_str(), "sum" | "count")
                && is_share(&one.expr, &other.expr)
        }
        _ => false,
    }
}

fn narrows(part: &VectorSelector, whole: &VectorSelector) -> bool {
    let is_same = metric(part) == metric(whole) && metric(part).is_some() && part.offset == whole.offset;
    let (narrow, wide) = (&part.matchers, &whole.matchers);
    let has_or = !narrow.or_matchers.is_empty() || !wide.or_matchers.is_empty();
    let is_value = |matcher: &&Matcher| !matches!(matcher.op, MatchOp::Equal) || matcher.name != "__name__";
    is_same
        && !has_or
        && part.at == whole.at
        && wide.matchers.iter().filter(is_value).all(|matcher| narrow.matchers.contains(matcher))
}

/// Matches on all labels between metrics of different families, such as database and HTTP: what one
/// counts by, the other does not know. Nothing proves it, so it is said apart.
pub(super) fn strangers(expr: &Expr) -> Vec<String> {
    let mut found = Vec::new();
    each(expr, &mut |part| {
        let Expr::Binary(binary) = part else { return };
        let has_matching = binary.modifier.as_ref().is_some_and(|modifier| modifier.matching.is_some());
        let is_arithmetic = binary.op.to_string() == "/";
        let sides = (counted(&binary.lhs), counted(&binary.rhs));
        let (true, false, (Some(left), Some(right))) = (is_arithmetic, has_matching, sides) else { return };
        let word = |name: &str| name.split('_').next().unwrap_or_default().to_owned();
        if word(left) != word(right) {
            let shown = text(part);
            found.push(format!("`{shown}` matches `{left}` with `{right}` on all labels"));
        }
    });
    found
}

/// The counter whose rate a side is, when nothing took labels away.
fn counted(expr: &Expr) -> Option<&str> {
    let Expr::Call(call) = bare(expr) else { return None };
    let is_rate = matches!(call.func.name, "rate" | "irate" | "increase");
    let Expr::MatrixSelector(matrix) = bare(call.args.args.first()?) else { return None };
    metric(&matrix.vs).filter(|name| is_rate && !name.contains(':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> &'static str {
        match faults(&promql_parser::parser::parse(text).unwrap()).first() {
            Some(Fault::Itself(_)) => "itself",
            Some(Fault::Never(_)) => "never",
            None => "",
        }
    }

    #[test]
    fn a_series_that_meets_itself_is_found() {
        for text in [
            "rate(a_total{status=~\"5..\"}[5m]) / rate(a_total[5m]) > 0.05",
            "rate(a_total[5m]) / rate(a_total[5m])",
            "sum(x) / sum(x)",
            "sum by (job, status) (rate(a{status=\"500\"}[5m])) / sum by (status, job) (rate(a[5m]))",
            "sum by (status) (rate(a{status=\"500\"}[5m])) / sum by (status) (rate(a[5m]))",
            "sum without (pod) (rate(a{status=\"500\"}[5m])) / sum without (pod) (rate(a[5m]))",
            "rate(a{status=\"500\"}[5m]) / on (status, job) rate(a[5m])",
            "(a - b) / (a - b)",
            "a{x=\"1\"} - a",
        ] {
            assert_eq!(kind(text), "itself", "{text}");
        }
    }

    #[test]
    fn sound_ratios_are_left_alone() {
        for text in [
            "sum(rate(a_total{status=~\"5..\"}[5m])) / sum(rate(a_total[5m]))",
            "sum by (job) (rate(a{status=\"500\"}[5m])) / sum by (job) (rate(a[5m]))",
            "rate(a{status=\"500\"}[5m]) / ignoring (status) rate(a{status=\"all\"}[5m])",
            "rate(a{status=\"500\"}[5m]) / ignoring (status) group_left sum without (status) (rate(a[5m]))",
            "rate(a[5m]) / rate(a[5m] offset 1d)",
            "rate(a[5m]) / rate(a[1h])",
            "node_filesystem_avail_bytes{x=\"1\"} / node_filesystem_size_bytes{x=\"1\"}",
            "a and b",
            "a{x=\"1\"} and a",
            "a:b / a:c",
            "sum(a) / count(a)",
            "up * on (instance) group_left (name) node_info",
            "sum by (a) (x) / on (a) group_left sum by (a) (y)",
            "label_replace(a, \"b\", \"$1\", \"c\", \"(.*)\") * on (b) group_left () d",
            "time() - a > 5",
            "sum by (x) (a) or vector(0)",
            "absent(a) or absent(b)",
            "a unless on () b",
        ] {
            assert_eq!(kind(text), "", "{text}");
        }
    }

    #[test]
    fn sides_that_can_never_meet_are_found() {
        for text in [
            "rate(a[5m]) / sum(rate(b[5m]))",
            "sum by (job) (a) / sum by (instance) (b)",
            "sum by (job, a) (x) > sum by (job) (y)",
            "sum(up) and up",
            "up unless sum(down)",
            "a / on (job) sum by (instance) (b)",
            "sum by (status) (rate(a[5m])) / sum(rate(a[5m]))",
            "a{x=\"1\"} / a{x=\"\"}",
        ] {
            assert_eq!(kind(text), "never", "{text}");
        }
    }

    #[test]
    fn a_part_is_no_more_than_the_whole() {
        let share = |text: &str| match promql_parser::parser::parse(text).unwrap() {
            Expr::Binary(binary) => is_share(&binary.lhs, &binary.rhs),
            _ => false,
        };
        assert!(share("sum(rate(a{s=\"5\"}[5m])) / sum(rate(a[5m]))"));
        assert!(share(
            "sum by (j) (increase(a{s=\"5\",t=\"1\"}[5m])) / sum by (j) (increase(a{t=\"1\"}[5m]))"
        ));
        assert!(!share("sum(rate(a{s=\"5\"}[5m])) / sum(rate(b[5m]))"));
        assert!(!share("sum(rate(a{s=\"5\"}[5m])) / sum(rate(a{s=\"4\"}[5m]))"));
        assert!(!share("avg(rate(a{s=\"5\"}[5m])) / avg(rate(a[5m]))"));
    }

    #[test]
    fn families_that_share_no_labels_are_strangers() {
        let strange = |text: &str| strangers(&promql_parser::parser::parse(text).unwrap()).len();
        assert_eq!(strange("rate(db_errors_total[5m]) / rate(http_requests_total[5m]) > 0.1"), 1);
        assert_eq!(strange("rate(http_errors_total[5m]) / rate(http_requests_total[5m]) > 0.1"), 0);
        assert_eq!(strange("sum(rate(db_errors_total[5m])) / sum(rate(http_requests_total[5m]))"), 0);
        assert_eq!(strange("rate(db_errors_total[5m]) / on (job) rate(http_requests_total[5m])"), 0);
    }
}
