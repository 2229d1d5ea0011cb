//! A monitor, alert or mitigation that rests on a metric which the document says is missing.

use super::facts::word::{self, says};
use super::facts::{Facts, Place, Sentence};
use super::kind::{Findings, Kind, Rule};
use crate::name::Name;

pub(super) const RULE: Rule = Rule {
    id: "missing-metric",
    kind: Kind::Evidence,
    why: "What is not measured cannot be watched, so nobody will notice.",
    find,
};

const METRICS: &[&str] = &[
    "metric",
    "metrics",
    "metrik",
    "metriken",
    "métrique*",
    "métrica*",
    "metriek*",
    "is not exported",
    "not exposed",
    "is not measured",
    "counter",
    "gauge",
    "not exported",
    "not counted",
    "not measured",
    "not tracked",
    "does not exist",
    "is not collected",
    "are not collected",
    "is not recorded",
    "are not recorded",
    "not instrumented",
    "is not scraped",
    "are not scraped",
    "are not exported",
    "is not logged",
    "wird nicht erfasst",
    "n'est pas mesuré*",
    "no se mide*",
    "wordt niet gemeten",
];
/// Then it is the work on the gap, and not a use of what is missing.
const WORK: &[&str] = &[
    "add",
    "fix",
    "expose",
    "implement",
    "create",
    "configure",
    "set up",
    "root cause",
    "impact",
    "no",
    "missing",
    "hinzufügen",
    "ajouter",
    "añadir",
];
const WATCHES: &[&str] = &[
    "monitor",
    "monitoring",
    "watch",
    "alert",
    "observe",
    "überwachen",
    "surveiller",
    "vigilar",
    "bewaken",
    "track",
    "alert on",
    "abort",
    "roll back",
    "rollback",
    "alarm",
    "beobachten",
];

/// A bound in words on a name in code.
const COMPARES: &[&str] = &[
    "above",
    "below",
    "over",
    "under",
    "exceeds",
    "more than",
    "less than",
    "über",
    "unter",
    "mehr als",
    "au-dessus",
    "plus de",
    "moins de",
    "supérieur",
    "por encima",
    "más de",
    "menos de",
    "boven",
    "onder",
    "meer dan",
    "oltre",
    "sopra",
    "sotto",
    "più di",
    "acima",
    "abaixo",
    "mais de",
];

fn find(facts: &Facts<'_>, findings: &mut Findings) {
    let gaps = facts.sentences.iter().filter(|sentence| {
        matches!(sentence.place, Place::Prose | Place::Item | Place::Heading | Place::Cell)
    });
    for gap in gaps.filter(|sentence| is_gap(&sentence.lower())).take(40) {
        // The names of what is measured are code.
        let lower = gap.with_code();
        let code = code_name(&gap.text.plain);
        if code.is_none() && says(&lower, &["does not exist"]) {
            continue;
        }
        let words = Name::of(&lower).words.into_iter().filter(|word| !says_little(word)).collect::<Vec<_>>();
        if words.is_empty() {
            continue;
        }
        let users: Vec<&Sentence> = facts
            .sentences
            .iter()
            .filter(|other| rests_on(facts, other, gap, code.as_deref(), &words))
            .collect();
        if let Some(first) = users.first() {
            let message = format!(
                "«{}» rests on what is not measured: «{}»",
                first.text.plain.trim(),
                gap.text.plain.trim()
            );
            let places = users.iter().map(|other| other.said()).chain([gap.said()]).collect();
            findings.say(
                code.is_some() && users.iter().any(|other| other.place != Place::Prose),
                message,
                places,
            );
        }
    }
}

fn is_gap(lower: &str) -> bool {
    // `GET /metrics` is a place, not what is measured there.
    says(&lower.replace("/metrics", ""), METRICS)
        && word::denies(lower)
        && !lower.contains('?')
        && lower.split_whitespace().count() <= 20
        && !says(lower, &["remove", "used again"])
}

fn says_little(word: &str) -> bool {
    let common = [
        "metric",
        "metrics",
        "gap",
        "known",
        "there",
        "yet",
        "state",
        "expos",
        "export",
        "not",
        "no",
        "alert",
        "counter",
        "prometheus",
        "grafana",
        "later",
        "2019",
        "high",
        "low",
        "medium",
        "by",
        "docks",
        "dock",
        "database",
        "query",
        "api",
        "proxy",
    ];
    common.contains(&word) || word.chars().all(|c| c.is_ascii_digit())
}

/// A name as in code: `battery_level`.
fn code_name(text: &str) -> Option<String> {
    let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    words.filter(|word| word.contains('_') && word.len() > 4).map(str::to_lowercase).next()
}

/// Whether a sentence or cell watches what the gap says is not there.
fn rests_on(
    facts: &Facts<'_>,
    other: &Sentence,
    gap: &Sentence,
    code: Option<&str>,
    words: &[String],
) -> bool {
    if other.text.span == gap.text.span || (other.place == Place::Code && code.is_none()) {
        return false;
    }
    let lower = other.with_code();
    if let Some(code) = code {
        let in_expression = matches!(other.place, Place::Cell | Place::Item | Place::Code)
            && lower.contains(code)
            && (lower.contains(['<', '>', '='])
                || says(&lower, COMPARES)
                || lower.trim().trim_matches('`') == code);
        return in_expression && !word::denies(&lower);
    }
    // Names cost time: only where there is something to compare.
    if !words.iter().any(|word| lower.contains(word.as_str())) {
        return false;
    }
    let own = Name::of(&lower).words;
    let shared = words.iter().filter(|word| own.contains(*word)).count();
    let in_watch_section = says(
        &facts.section(other.section).title.plain.to_lowercase(),
        &["trigger*", "alert*", "monitor*", "rollback"],
    );
    let watches = says(&lower, WATCHES) || (other.place == Place::Cell && in_watch_section);
    watches
        && !word::denies(&lower)
        && !says(&lower, WORK)
        && shared >= 1
        && (shared == words.len() || shared >= 2)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::contradiction::trial::found;

    #[test]
    fn a_watch_on_what_is_not_measured_is_found() {
        let text = "| Alert | Expression |\n|---|---|\n| Low | `tank_level < 15` |\n\n- `tank_level` is not exported by the old tanks\n";
        assert_eq!(found(&RULE, text), ["certain 3,5"]);
        let text = "1. `TankLow`, on `tank_level < 15`\n\nThe gauge `tank_level` is not exported yet.\n";
        assert_eq!(found(&RULE, text), ["certain 1,3"]);
        let text = "1. Saturation: `pool_used` above 80 % pages\n\n| Id | Gap |\n|---|---|\n| A-9 | `pool_used` is not collected anywhere |\n";
        assert_eq!(found(&RULE, text), ["certain 1,5"]);
        let text = "## Triggers\n\n| Trigger | Limit |\n|---|---|\n| Duplicate photos | 50 |\n\nThere is no metric for duplicate photos yet.\n";
        assert_eq!(found(&RULE, text), ["likely 5,7"]);
    }

    #[test]
    fn other_gaps_are_silent() {
        let text = "- Cause: GET /metrics: `text.matches('breaker_open')` does not hold\n\n| Item | Facts |\n|---|---|\n| a | `metrics = [\"breaker_open\"]` |\n";
        assert!(found(&RULE, text).is_empty());
        assert!(
            found(&RULE, "Monitor the depth of the queue.\n\nThere is no metric for bid expiry.\n")
                .is_empty()
        );
    }
}
