//! The facts of `prometheus/rule`, as its page lists them.

use gonogo_model::catalog::{FactInfo, FactType};

pub(super) const FACTS: &[FactInfo] = &[
    fact(
        "for_development",
        FactType::Bool,
        "Whether names of files or folders say development, test or example.",
    ),
    fact("kind", FactType::Text, "`alert` or `recording`."),
    fact("group", FactType::Text, "Name of its group."),
    fact(
        "read",
        FactType::Bool,
        "Whether the expression was read, so that the facts about what it says are there. Otherwise their lists are empty.",
    ),
    fact("parse_error", FactType::Text, "Why Prometheus refuses the expression; empty when it does not."),
    fact(
        "unjudged",
        FactType::Text,
        "Why the expression could not be judged: another language, a template, too large; otherwise empty.",
    ),
    fact("metrics", FactType::List, "Metrics it names."),
    fact(
        "always_itself",
        FactType::List,
        "Operations whose two sides are the same series, so that a ratio is always 1 and a difference always 0, in words.",
    ),
    fact(
        "never_matches",
        FactType::List,
        "Operations whose two sides can never have the same labels, in words.",
    ),
    fact(
        "unlike_labels",
        FactType::List,
        "Operations on all labels of two metrics to which the source code gives different labels, in words.",
    ),
    fact(
        "strange_matches",
        FactType::List,
        "Ratios on all labels of two metrics of different families, in words. Whether they share their labels is not known.",
    ),
    fact(
        "always_true",
        FactType::List,
        "Comparisons that hold for every value the left side can have, in words.",
    ),
    fact("never_true", FactType::List, "Comparisons that hold for none, in words."),
    fact(
        "has_condition",
        FactType::Bool,
        "Whether an alert compares, subtracts or misses something; without that it fires because the series exist. True for recording rules.",
    ),
    fact("raw_counters", FactType::List, "Counters whose value is compared with a number, without a rate."),
    fact("rated_gauges", FactType::List, "Gauges of which a rate is taken."),
    fact(
        "wrong_quantiles",
        FactType::List,
        "Quantiles without the label `le` or not between 0 and 1, in words.",
    ),
    fact(
        "short_ranges",
        FactType::List,
        "Rates over less than two of the shortest scrape intervals; empty when no configuration is in the repository.",
    ),
    fact(
        "missing_metrics",
        FactType::List,
        "Metrics that nobody exposes although the source code has others of the same family.",
    ),
    fact("doubtful_metrics", FactType::List, "Metrics of which nobody is known who exposes them."),
    fact(
        "better_metrics",
        FactType::List,
        "Metrics of the source code that have the name of the alert, when it asks others.",
    ),
    fact("severity", FactType::Text, "The label `severity`; empty when there is none."),
    fact("has_for", FactType::Bool, "Whether it says how long the condition must hold."),
    fact("for_seconds", FactType::Int, "How long the condition must hold."),
    fact(
        "instant",
        FactType::Bool,
        "Whether it rests on the last sample alone, without a range, an offset or the time.",
    ),
    fact(
        "summarised",
        FactType::Bool,
        "Whether it has an annotation that says what happened: `summary`, `description`, `message` or `title`.",
    ),
    fact("runbook", FactType::Bool, "Whether it has an annotation that leads to a runbook."),
    fact("unknown_labels", FactType::List, "Labels that its templates name and its expression cannot have."),
    fact("copy_of", FactType::List, "Earlier rules of the file with the same expression, labels and `for`."),
    fact(
        "outweighed_by",
        FactType::List,
        "Alerts of the file on the same expression with a higher severity that fire no later.",
    ),
];

const fn fact(name: &'static str, kind: FactType, about: &'static str) -> FactInfo {
    FactInfo { name, kind, unit: "", about }
}
