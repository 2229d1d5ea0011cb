//! PromQL text to a tree, within limits. It also says when a text is another language that is
//! written into the same files: those are not judged. It does not know what a tree means.

use std::time::Duration;

use promql_parser::parser::{Expr, MatrixSelector, VectorSelector, parse};

/// Longer expressions are not read: nobody wrote them.
const LONGEST: usize = 20_000;
/// The parser and every walk over a tree recurse, so the depth is bounded before they start.
const DEEPEST: usize = 48;
const MOST_OPERATORS: usize = 300;

/// What an expression text is.
#[derive(Debug, Clone)]
pub(super) enum Read {
    Tree(Box<Expr>),
    /// It is PromQL that Prometheus refuses, with what is wrong.
    Wrong(String),
    /// It cannot be judged, with the reason.
    Unknown(String),
}

impl Read {
    pub(super) fn tree(&self) -> Option<&Expr> {
        match self {
            Read::Tree(tree) => Some(tree),
            _ => None,
        }
    }
}

/// Functions that Prometheus does not have: the file is for VictoriaMetrics, Thanos or Mimir.
const FOREIGN: [&str; 36] = [
    "aggr_over_time",
    "any",
    "ascent_over_time",
    "bitmap_and",
    "clamp_range",
    "count_gt_over_time",
    "count_le_over_time",
    "default_rollup",
    "distinct",
    "distinct_over_time",
    "histogram_share",
    "increase_pure",
    "increases_over_time",
    "keep_metric_names",
    "label_del",
    "label_keep",
    "label_map",
    "label_match",
    "label_move",
    "label_set",
    "label_value",
    "lag",
    "lifetime",
    "limit_offset",
    "median",
    "outliers_mad",
    "range_avg",
    "range_max",
    "rate_over_sum",
    "rollup_rate",
    "running_sum",
    "share_le_over_time",
    "share_gt_over_time",
    "tlast_over_time",
    "union",
    "zscore_over_time",
];

/// Reads an expression.
pub(super) fn read(text: &str) -> Read {
    if text.trim().is_empty() {
        return Read::Wrong("it is empty".to_owned());
    }
    if let Some(why) = too_much(text) {
        return Read::Unknown(why.to_owned());
    }
    if let Some(language) = other_language(text) {
        return Read::Unknown(format!("it is written in {language}"));
    }
    match parsed(text) {
        Ok(tree) => Read::Tree(Box::new(tree)),
        Err(why) if text.contains("{{") || text.contains("${") => {
            Read::Unknown(format!("it is a template ({})", shown(&why)))
        }
        Err(why) => Read::Wrong(shown(&why)),
    }
}

/// The parser is other people's. It cuts a text behind a backslash without asking whether a character
/// ends there, so that is refused before; whatever else breaks it is an expression that it cannot read.
fn parsed(text: &str) -> Result<Expr, String> {
    let mut before = ' ';
    for character in text.chars() {
        if before == '\\' && !character.is_ascii() {
            return Err("a backslash stands before a character that has no escape".to_owned());
        }
        before = character;
    }
    std::panic::catch_unwind(|| parse(text)).unwrap_or_else(|_| Err("the parser gave up on it".to_owned()))
}

/// The first line of a message, of bounded length.
fn shown(message: &str) -> String {
    message.lines().next().unwrap_or_default().trim().chars().take(200).collect()
}

fn too_much(text: &str) -> Option<&'static str> {
    if text.len() > LONGEST {
        return Some("it is longer than 20,000 bytes");
    }
    let (mut open, mut deepest, mut operators) = (0_usize, 0_usize, 0_usize);
    for character in text.chars() {
        match character {
            '(' | '[' | '{' => open = open.saturating_add(1),
            ')' | ']' | '}' => open = open.saturating_sub(1),
            '+' | '-' | '*' | '/' | '%' | '^' | '=' | '<' | '>' | '@' => operators += 1,
            _ => {}
        }
        deepest = deepest.max(open);
    }
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let named = words.filter(|word| {
        ["and", "or", "unless", "offset"].iter().any(|operator| word.eq_ignore_ascii_case(operator))
    });
    operators = operators.saturating_add(named.count());
    (deepest > DEEPEST || operators > MOST_OPERATORS).then_some("it is nested too deeply to be read")
}

/// LogQL pipes stream selectors; MetricsQL has functions of its own.
fn other_language(text: &str) -> Option<&'static str> {
    let bare = without_strings(text);
    let pipes = ["|=", "|~", "| json", "| logfmt", "| pattern", "| regexp", "| unwrap", "| line_format"];
    if pipes.iter().any(|pipe| bare.contains(pipe)) || bare.contains("} |") || bare.contains("}|") {
        return Some("LogQL");
    }
    let calls = |name: &&&str| bare.match_indices(**name).any(|(at, _)| is_call(&bare, at, name.len()));
    let is_foreign = FOREIGN.iter().any(|name| calls(&name)) || bare.contains("keep_metric_names");
    let has_with = bare.trim_start().to_uppercase().starts_with("WITH");
    (is_foreign || has_with || bare.contains(" default ")).then_some("MetricsQL")
}

/// Whether the word at this place stands alone and is called.
fn is_call(text: &str, at: usize, length: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    let after = text.get(at.saturating_add(length)..).unwrap_or_default().trim_start();
    before.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '_' && c != ':') && after.starts_with('(')
}

/// The text with everything in quotes left out, the quotes too.
pub(super) fn without_strings(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut inside: Option<char> = None;
    let mut is_escaped = false;
    for character in text.chars() {
        match inside {
            Some(_) if is_escaped => is_escaped = false,
            Some(quote) if character == '\\' && quote != '`' => is_escaped = true,
            Some(quote) if character == quote => inside = None,
            Some(_) => {}
            None if matches!(character, '"' | '\'' | '`') => inside = Some(character),
            None => kept.push(character),
        }
    }
    kept
}

/// The parts directly below a part.
pub(crate) fn below(expr: &Expr) -> Vec<&Expr> {
    match expr {
        Expr::Aggregate(one) => one.param.iter().map(|param| &**param).chain([&*one.expr]).collect(),
        Expr::Unary(one) => vec![&*one.expr],
        Expr::Binary(one) => vec![&*one.lhs, &*one.rhs],
        Expr::Paren(one) => vec![&*one.expr],
        Expr::Subquery(one) => vec![&*one.expr],
        Expr::Call(one) => one.args.args.iter().map(|arg| &**arg).collect(),
        _ => Vec::new(),
    }
}

/// Calls `visit` on every part, the whole first.
pub(crate) fn each<'e>(expr: &'e Expr, visit: &mut impl FnMut(&'e Expr)) {
    visit(expr);
    for part in below(expr) {
        each(part, visit);
    }
}

/// Whether any part is so.
pub(super) fn any(expr: &Expr, is: &impl Fn(&Expr) -> bool) -> bool {
    is(expr) || below(expr).into_iter().any(|part| any(part, is))
}

/// The expression without brackets around it.
pub(crate) fn bare(mut expr: &Expr) -> &Expr {
    while let Expr::Paren(inner) = expr {
        expr = &inner.expr;
    }
    expr
}

/// Every selector, with the range it is read over.
pub(crate) fn selectors(expr: &Expr) -> Vec<(&VectorSelector, Option<Duration>)> {
    let mut found = Vec::new();
    each(expr, &mut |part| match part {
        Expr::VectorSelector(selector) => found.push((selector, None)),
        Expr::MatrixSelector(MatrixSelector { vs, range }) => found.push((vs, Some(*range))),
        _ => {}
    });
    found
}

/// The metric a selector names, when it names exactly one.
pub(crate) fn metric(selector: &VectorSelector) -> Option<&str> {
    if let Some(name) = &selector.name {
        return Some(name);
    }
    let named = selector.matchers.matchers.iter().find(|matcher| matcher.name == "__name__");
    named
        .filter(|matcher| matches!(matcher.op, promql_parser::label::MatchOp::Equal))
        .map(|matcher| matcher.value.as_str())
}

/// The value of a number with any signs and brackets around it.
pub(crate) fn number(expr: &Expr) -> Option<f64> {
    match bare(expr) {
        Expr::NumberLiteral(number) => Some(number.val),
        Expr::Unary(unary) => number(&unary.expr).map(|value| -value),
        _ => None,
    }
}

/// A part as people read it, of bounded length.
pub(super) fn text(expr: &Expr) -> String {
    let whole = expr.to_string();
    match whole.char_indices().nth(160) {
        Some((at, _)) => format!("{}…", whole.get(..at).unwrap_or_default()),
        None => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn promql_is_told_from_what_is_not() {
        for (text, kind) in [
            ("up == 0", "tree"),
            ("sum by (job) (rate(a_total[5m])) > 0.5 and on() vector(1)", "tree"),
            ("median > 1", "tree"),
            ("up ==", "wrong"),
            ("sum(rate(a_total[5m])", "wrong"),
            ("rate(up)", "wrong"),
            ("", "wrong"),
            ("rate({app=\"a\"} |= \"error\" [5m])", "unknown"),
            ("sum(rate({app=\"a\"} | json [5m]))", "unknown"),
            ("median(up)", "unknown"),
            ("up > {{ .Values.least }}", "unknown"),
        ] {
            let found = match read(text) {
                Read::Tree(_) => "tree",
                Read::Wrong(_) => "wrong",
                Read::Unknown(_) => "unknown",
            };
            assert_eq!(found, kind, "{text}");
        }
        assert!(matches!(read(&"(".repeat(5_000)), Read::Unknown(_)));
        assert!(matches!(read(&"a+".repeat(9_000)), Read::Unknown(_)));
        assert!(matches!(read(&"-".repeat(9_000)), Read::Unknown(_)));
    }
}
