//! Alerts that divide series which do not match: always one, or never anything. And alerts on a
//! metric that nothing else in the document knows.

use super::facts::{Facts, Place};
use super::kind::{Findings, Kind, Rule};

pub(super) const RULE: Rule = Rule {
    id: "alert-ratio",
    kind: Kind::Impossible,
    why: "A division of two vectors pairs series with equal labels: without `sum` it compares each with itself, or finds no pair.",
    find,
};

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    for sentence in
        facts.sentences.iter().filter(|sentence| matches!(sentence.place, Place::Cell | Place::Code))
    {
        let text = sentence.text.plain.trim();
        if let Some((one, two)) = ratio(text) {
            if one.metric != two.metric {
                let message = format!(
                    "`{}` is divided by `{}`: their labels differ, so there may be no pair and the alert never fires",
                    one.metric, two.metric
                );
                findings.likely(message, vec![sentence.said()]);
            } else if one.labels != two.labels {
                let message = format!(
                    "each series of `{}` is divided by itself: the ratio is always 1, whatever the share is",
                    one.metric
                );
                findings.certain(message, vec![sentence.said()]);
            }
        }
        if let Some(metric) =
            text.strip_prefix("expr:").and_then(|expr| unknown(facts, sentence.text.span.line, expr))
        {
            findings.likely(
                format!("the alert rests on `{metric}`, and nothing else in the document exports it"),
                vec![sentence.said()],
            );
        }
    }
}

struct Selector {
    metric: String,
    labels: String,
}

/// `rate(a{x="1"}[5m]) / rate(b[5m]) > 1`, and nothing that sums or matches.
fn ratio(text: &str) -> Option<(Selector, Selector)> {
    let expr = text.trim_start_matches("expr:").trim().trim_matches(['`', '\'', '"']);
    let sums = [
        "sum",
        "avg",
        "count",
        " by ",
        " on ",
        " on(",
        "ignoring",
        "group_left",
        "without",
        "histogram_quantile",
    ];
    if sums.iter().any(|word| expr.contains(word)) {
        return None;
    }
    let (one, rest) = rated(expr)?;
    let (two, _) = rated(rest.trim_start().strip_prefix('/')?.trim_start())?;
    Some((one, two))
}

fn rated(text: &str) -> Option<(Selector, &str)> {
    let inner = ["rate(", "irate(", "increase("].iter().find_map(|start| text.strip_prefix(start))?;
    let end = inner.find("])")?;
    let (selector, _) = inner.get(..end)?.rsplit_once('[')?;
    let (metric, labels) = selector.split_once('{').unwrap_or((selector, ""));
    let is_name =
        !metric.is_empty() && metric.trim().chars().all(|c| c.is_alphanumeric() || c == '_' || c == ':');
    is_name.then(|| {
        (
            Selector { metric: metric.trim().to_owned(), labels: labels.trim_end_matches('}').to_owned() },
            inner.get(end + 2..).unwrap_or_default(),
        )
    })
}

/// The metric of a proposed alert that stands nowhere else.
fn unknown(facts: &Facts<'_>, line: u32, expr: &str) -> Option<String> {
    let words = expr.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':'));
    let metric = words
        .filter(|word| word.matches('_').count() >= 2 && !word.starts_with('_'))
        .find(|word| word.chars().all(|c| !c.is_uppercase()))?;
    let others = facts.sentences.iter().filter(|other| other.text.span.line.abs_diff(line) > 0);
    let mut others = others.filter(|other| other.text.plain.contains(metric));
    others.next().is_none().then(|| metric.to_owned())
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    fn row(expr: &str) -> Vec<String> {
        found(&RULE, &format!("| Alert | Expression |\n|---|---|\n| Errors | {expr} |\n"))
    }

    #[test]
    fn divisions_without_a_sum_are_found() {
        assert_eq!(row("rate(hits_total{code=~\"5..\"}[5m]) / rate(hits_total[5m]) > 0.05"), ["certain 3"]);
        assert_eq!(row("rate(db_errors_total[5m]) / rate(hits_total[5m]) > 0.1"), ["likely 3"]);
        assert!(
            row("sum(rate(hits_total{code=~\"5..\"}[5m])) / sum(rate(hits_total[5m])) > 0.05").is_empty()
        );
        assert!(row("rate(hits_total[5m]) > 10").is_empty());
    }

    #[test]
    fn an_alert_on_a_metric_that_is_nowhere_is_found() {
        let text = "Exported: `hits_total_all`\n\n```yaml\nexpr: rate(slow_hits_total[5m]) > 10\n```\n";
        assert_eq!(found(&RULE, text), ["likely 4"]);
        assert!(found(&RULE, &text.replace("hits_total_all", "slow_hits_total")).is_empty());
    }
}
