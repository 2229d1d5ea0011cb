//! What a system is to keep to while it is under load, as the spec says it in CEL, and whether it did
//! in a stretch of time. It has no opinion of its own.

use gonogo_load::measure::Tally;
use gonogo_model::expression::Expression;
use gonogo_model::fact::Item;
use schemars::JsonSchema;
use serde::Deserialize;

use super::figures::{UNKNOWN, enough, ms, number, share};

/// What it may name.
const NAMES: [&str; 9] = [
    "p50_ms",
    "p90_ms",
    "p95_ms",
    "p99_ms",
    "max_ms",
    "error_share",
    "offered_per_s",
    "achieved_per_s",
    "achieved_of_offered",
];

/// An objective.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String", extend("examples" = ["p95_ms <= 300 && error_share <= 0.01"]))]
pub(super) struct Objective(Expression);

impl TryFrom<String> for Objective {
    type Error = String;

    fn try_from(text: String) -> Result<Objective, String> {
        let expression = Expression::parse(&text).map_err(|error| format!("`objective`: {error}"))?;
        match expression.names().iter().find(|name| !NAMES.contains(&name.as_str())) {
            Some(unknown) => {
                Err(format!("`objective` knows no `{unknown}`; it may name {}", NAMES.join(", ")))
            }
            None if expression.names().is_empty() => {
                Err("`objective` names no figure; write such as \"p95_ms <= 300 && error_share <= 0.01\""
                    .to_owned())
            }
            None => Ok(Objective(expression)),
        }
    }
}

/// How few samples tell a percentile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Samples {
    /// Any: a second that is judged by itself has few.
    Any,
    /// As many as facts need.
    Enough,
}

impl Objective {
    /// Whether it was kept to in what was counted of `lasts_s` seconds; `None` when nothing was to
    /// start. What it names and was not measured was not kept to.
    pub(super) fn is_held(&self, tally: &Tally, lasts_s: f64, samples: Samples) -> Option<bool> {
        (tally.started > 0).then(|| self.0.holds(&figures(tally, lasts_s, samples)) == Ok(true))
    }

    /// The same of a stretch that is to be judged by itself: `None` also when it was kept to, but by
    /// fewer answers than the percentiles that it names need.
    pub(super) fn is_shown(&self, tally: &Tally, lasts_s: f64) -> Option<bool> {
        let held = self.is_held(tally, lasts_s, Samples::Any)?;
        let shown = self.is_held(tally, lasts_s, Samples::Enough)?;
        (held == shown).then_some(held)
    }
}

fn figures(tally: &Tally, lasts_s: f64, samples: Samples) -> Item {
    let unmeasured = tally.unmeasured();
    let (offered, achieved) = (tally.started as f64 / lasts_s, tally.finished as f64 / lasts_s);
    let item = Item::new("stretch")
        .fact_if_known("error_share", share(tally.failed_by_target() + unmeasured, tally.started))
        .fact_if_known("offered_per_s", number(offered))
        .fact_if_known("achieved_per_s", number(achieved))
        .fact_if_known("achieved_of_offered", number(achieved / offered));
    if unmeasured * UNKNOWN > tally.started {
        return item;
    }
    [("p50_ms", 0.5), ("p90_ms", 0.9), ("p95_ms", 0.95), ("p99_ms", 0.99), ("max_ms", 1.0)]
        .into_iter()
        .filter(|(_, at)| samples == Samples::Any || *at >= 1.0 || enough(tally.good.count(), *at))
        .fold(item, |item, (name, at)| item.fact_if_known(name, tally.good.quantile_us(at).and_then(ms)))
}

#[cfg(test)]
mod tests {
    use gonogo_load::measure::Failure;

    use super::*;

    fn objective(text: &str) -> Result<Objective, String> {
        Objective::try_from(text.to_owned())
    }

    fn tally(good_us: &[u64], failures: &[(Failure, u64)]) -> Tally {
        let mut tally = Tally { failures: failures.iter().copied().collect(), ..Tally::default() };
        good_us.iter().for_each(|us| tally.good.record(*us));
        tally.finished = good_us.len() as u64;
        tally.started = tally.finished + failures.iter().map(|(_, count)| count).sum::<u64>();
        tally
    }

    #[test]
    fn it_names_figures_only() {
        assert!(objective("p95_ms <= 300 && error_share <= 0.01").is_ok());
        for (wrong, said) in [
            ("", "empty"),
            ("p95 < 3", "knows no `p95`"),
            ("true", "names no figure"),
            ("p95_ms <", "cannot be read"),
        ] {
            let error = objective(wrong).unwrap_err();
            assert!(error.contains(said), "{wrong}: {error}");
        }
    }

    #[test]
    fn what_was_not_measured_was_not_kept_to() {
        let held = |text: &str, tally: &Tally, samples| objective(text).unwrap().is_held(tally, 1.0, samples);
        let good = tally(&[5_000; 50], &[]);
        assert_eq!(held("p95_ms <= 5.1", &good, Samples::Any), Some(true));
        assert_eq!(held("p95_ms <= 4", &good, Samples::Any), Some(false));
        assert_eq!(held("p95_ms <= 5.1", &good, Samples::Enough), Some(false));
        assert_eq!(held("p50_ms <= 5.1 && achieved_of_offered >= 1", &good, Samples::Enough), Some(true));
        assert_eq!(held("p95_ms <= 5.1", &Tally::default(), Samples::Any), None);
        let cut = tally(&[5_000; 50], &[(Failure::CutOff, 1)]);
        assert_eq!(held("p95_ms <= 5.1", &cut, Samples::Any), Some(false));
        assert_eq!(held("error_share < 0.02", &cut, Samples::Any), Some(true));
        let shown = |text: &str, tally: &Tally| objective(text).unwrap().is_shown(tally, 1.0);
        assert_eq!(shown("p95_ms <= 5.1", &good), None);
        assert_eq!(shown("p95_ms <= 4", &good), Some(false));
        assert_eq!(shown("p50_ms <= 5.1", &good), Some(true));
        assert_eq!(shown("p50_ms <= 5.1", &Tally::default()), None);
        let none = tally(&[], &[(Failure::Refused, 9)]);
        assert_eq!(held("p95_ms <= 5.1", &none, Samples::Any), Some(false));
        assert_eq!(held("error_share > 0.5", &none, Samples::Any), Some(true));
    }
}
