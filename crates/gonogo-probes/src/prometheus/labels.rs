//! Which labels the series of an expression have: those that are surely there, those that may be,
//! and whether there can be others. It does not judge what that means for a match.

use std::collections::BTreeSet;

use promql_parser::label::{MatchOp, Matcher};
use promql_parser::parser::{
    AggregateExpr, BinaryExpr, Call, Expr, LabelModifier, VectorMatchCardinality as Card, VectorSelector,
};

use super::expression::metric;

/// The labels of the series of an expression.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Labels {
    /// Every series has these, with a value.
    pub(super) present: BTreeSet<String>,
    /// Some series may have these.
    pub(super) maybe: BTreeSet<String>,
    /// Whether there may be labels that are not named here.
    pub(super) open: bool,
    /// No series has these, even when there may be others.
    pub(super) absent: BTreeSet<String>,
}

/// Labels that every scraped series has.
const SCRAPED: [&str; 2] = ["instance", "job"];

impl Labels {
    /// Whether no series can have this label.
    pub(super) fn lacks(&self, label: &str) -> bool {
        let is_named = self.present.contains(label) || self.maybe.contains(label);
        self.absent.contains(label) || (!self.open && !is_named)
    }

    /// Whether every series has this label.
    pub(super) fn has(&self, label: &str) -> bool {
        self.present.contains(label)
    }

    fn only(mut self, labels: &[String]) -> Labels {
        let lacking: Vec<&String> = labels.iter().filter(|label| self.lacks(label)).collect();
        // Who groups by a label knows that it is there.
        let present = labels.iter().filter(|label| !lacking.contains(label)).cloned().collect();
        self.present = present;
        Labels { present: self.present, ..Labels::default() }
    }

    fn without(mut self, labels: &[String]) -> Labels {
        for label in labels {
            self.present.remove(label);
            self.maybe.remove(label);
            self.absent.insert(label.clone());
        }
        self
    }

    fn uncertain(mut self, label: &str) -> Labels {
        self.present.remove(label);
        self.absent.remove(label);
        self.maybe.insert(label.to_owned());
        self
    }

    /// The series of one or of the other.
    fn or(self, other: Labels) -> Labels {
        let present: BTreeSet<String> = self.present.intersection(&other.present).cloned().collect();
        let named = self.present.iter().chain(&self.maybe).chain(&other.present).chain(&other.maybe);
        let maybe = named.filter(|label| !present.contains(*label)).cloned().collect();
        let absent = self.absent.iter().chain(&other.absent);
        let absent = absent.filter(|label| self.lacks(label) && other.lacks(label)).cloned().collect();
        Labels { open: self.open || other.open, absent, present, maybe }
    }
}

/// The labels of an expression.
pub(super) fn of(expr: &Expr) -> Labels {
    match expr {
        Expr::VectorSelector(selector) => selected(selector),
        Expr::MatrixSelector(matrix) => selected(&matrix.vs),
        Expr::Paren(inner) => of(&inner.expr),
        Expr::Unary(inner) => of(&inner.expr),
        Expr::Subquery(inner) => of(&inner.expr),
        Expr::Aggregate(aggregate) => aggregated(aggregate),
        Expr::Call(call) => called(call),
        Expr::Binary(binary) => combined(binary),
        Expr::NumberLiteral(_) | Expr::StringLiteral(_) => Labels::default(),
        Expr::Extension(_) => Labels { open: true, ..Labels::default() },
    }
}

fn selected(selector: &VectorSelector) -> Labels {
    let mut labels = Labels { open: true, ..Labels::default() };
    // What rules record has the labels that the rule left, and nothing says which.
    let is_recorded = metric(selector).is_none_or(|name| name.contains(':') || name.starts_with("ALERTS"));
    if !is_recorded {
        labels.present.extend(SCRAPED.map(str::to_owned));
    }
    if !selector.matchers.or_matchers.is_empty() {
        return labels;
    }
    for matcher in selector.matchers.matchers.iter().filter(|matcher| matcher.name != "__name__") {
        match demands(matcher) {
            Some(true) => drop(labels.present.insert(matcher.name.clone())),
            Some(false) => {
                labels.present.remove(&matcher.name);
                labels.absent.insert(matcher.name.clone());
            }
            None => {}
        }
    }
    labels
}

/// Whether a matcher takes only series with the label, or only those without; `None` for both.
fn demands(matcher: &Matcher) -> Option<bool> {
    match &matcher.op {
        MatchOp::Equal => Some(!matcher.value.is_empty()),
        MatchOp::NotEqual if matcher.value.is_empty() => Some(true),
        MatchOp::Re(_) | MatchOp::NotRe(_) if !matcher.is_match("") => Some(true),
        _ => None,
    }
}

fn aggregated(aggregate: &AggregateExpr) -> Labels {
    let inner = of(&aggregate.expr);
    let op = aggregate.op.to_string();
    if matches!(op.as_str(), "topk" | "bottomk" | "limitk" | "limit_ratio") {
        return inner;
    }
    let mut labels = match &aggregate.modifier {
        Some(LabelModifier::Include(by)) => inner.only(&by.labels),
        Some(LabelModifier::Exclude(without)) => inner.without(&without.labels),
        None => Labels::default(),
    };
    if let (true, Some(Expr::StringLiteral(label))) = (op == "count_values", aggregate.param.as_deref()) {
        labels.present.insert(label.val.clone());
    }
    labels
}

fn called(call: &Call) -> Labels {
    let first = call.args.args.first();
    let text = |place: usize| match call.args.args.get(place).map(|arg| &**arg) {
        Some(Expr::StringLiteral(text)) => text.val.as_str(),
        _ => "",
    };
    let inner = || first.map(|arg| of(arg)).unwrap_or_default();
    match call.func.name {
        "vector" | "scalar" | "time" | "pi" => Labels::default(),
        "absent" | "absent_over_time" => first.map(|arg| of_absent(arg)).unwrap_or_default(),
        "label_replace" | "label_join" => inner().uncertain(text(1)),
        "histogram_quantile" => {
            let quantiled = call.args.args.get(1).map(|arg| of(arg)).unwrap_or_default();
            quantiled.without(&["le".to_owned()])
        }
        "histogram_fraction" => call.args.args.get(2).map(|arg| of(arg)).unwrap_or_default(),
        "quantile_over_time" => call.args.args.get(1).map(|arg| of(arg)).unwrap_or_default(),
        "info" | "histogram_quantiles" => Labels { open: true, absent: BTreeSet::new(), ..inner() },
        _ => inner(),
    }
}

/// `absent` has the labels that are demanded to be equal to something.
fn of_absent(arg: &Expr) -> Labels {
    let selector = match arg {
        Expr::VectorSelector(selector) => selector,
        Expr::MatrixSelector(matrix) => &matrix.vs,
        _ => return Labels::default(),
    };
    let equal = selector.matchers.matchers.iter().filter(|matcher| matches!(matcher.op, MatchOp::Equal));
    let named = equal.filter(|matcher| matcher.name != "__name__").map(|matcher| matcher.name.clone());
    Labels { present: named.collect(), ..Labels::default() }
}

fn combined(binary: &BinaryExpr) -> Labels {
    let (left, right) = (of(&binary.lhs), of(&binary.rhs));
    if is_scalar(&binary.lhs) {
        return right;
    }
    if is_scalar(&binary.rhs) {
        return left;
    }
    let op = binary.op.to_string();
    if op == "or" {
        return left.or(right);
    }
    if matches!(op.as_str(), "and" | "unless") {
        return left;
    }
    let Some(modifier) = &binary.modifier else { return both(left, right) };
    match (&modifier.card, &modifier.matching) {
        (Card::ManyToOne(more), _) => more.labels.iter().fold(left, |labels, more| labels.uncertain(more)),
        (Card::OneToMany(more), _) => more.labels.iter().fold(right, |labels, more| labels.uncertain(more)),
        (_, Some(LabelModifier::Include(on))) => left.only(&on.labels),
        (_, Some(LabelModifier::Exclude(ignoring))) => left.without(&ignoring.labels),
        (_, None) => both(left, right),
    }
}

/// Series that match on all labels have what either side knows of them.
fn both(left: Labels, right: Labels) -> Labels {
    match (left.open, right.open) {
        (true, false) => right,
        _ => left,
    }
}

/// Whether the value is one number without series.
pub(super) fn is_scalar(expr: &Expr) -> bool {
    expr.value_type() == promql_parser::parser::value::ValueType::Scalar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_follow_what_an_expression_does() {
        for (text, has, lacks) in [
            ("up", "job instance", ""),
            ("up{a=\"b\",c!=\"\",d=~\".+\",e=~\".*\",f=\"\"}", "a c d", "f"),
            ("sum(up)", "", "job instance a"),
            ("sum by (job, x) (rate(a_total[5m]))", "job x", "instance"),
            ("sum without (instance) (up)", "job", "instance"),
            ("sum by (job) (sum by (instance) (up))", "", "job instance"),
            ("topk(3, sum by (job) (up))", "job", "instance"),
            ("histogram_quantile(0.9, sum by (le, job) (rate(a_bucket[5m])))", "job", "le"),
            ("label_replace(sum(up), \"x\", \"$1\", \"job\", \".*\")", "", "job"),
            ("absent(up{job=\"a\",b!=\"c\"})", "job", "b instance"),
            ("sum by (job) (a) / on (job) sum by (job, b) (c)", "job", "b"),
            ("a * on (instance) group_left (name) b", "job instance", ""),
            ("sum by (a) (x) or sum by (b) (x)", "", "c"),
            ("sum by (a) (x) > 5", "a", "job"),
            ("a:b:c", "", ""),
            ("100 * sum by (a) (x)", "a", "job"),
            ("vector(1)", "", "job"),
            ("count_values(\"version\", build)", "version", "job"),
        ] {
            let labels = of(&promql_parser::parser::parse(text).unwrap());
            for label in has.split_whitespace() {
                assert!(labels.has(label), "{text} has {label}: {labels:?}");
            }
            for label in lacks.split_whitespace() {
                assert!(labels.lacks(label), "{text} lacks {label}: {labels:?}");
            }
        }
        let open = of(&promql_parser::parser::parse("a:b:c").unwrap());
        assert!(!open.has("job") && !open.lacks("job"));
    }
}
