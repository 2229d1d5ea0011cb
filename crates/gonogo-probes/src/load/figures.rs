//! From a recording to the facts of one part of it over one stretch of time. What there are too few
//! samples for is absent.

use gonogo_load::measure::{Failure, Percentiles, Recording, Summary, Window};
use gonogo_model::fact::{Item, Value};
use gonogo_model::sampling::upper_bound;
use serde_json::Map;

use super::scope::Scope;

/// A percentile needs ten samples beyond it.
const BEYOND: f64 = 10.0;
/// When more than one in so many is not known, percentiles of the rest would be too good.
pub(super) const UNKNOWN: u64 = 100;
/// Shares are told to a billionth.
const DIGITS: u32 = 9;

/// Milliseconds of microseconds.
pub(super) fn ms(us: u64) -> Option<Value> {
    number(us as f64 / 1_000.0)
}

/// A number to three decimals; none that is no number.
pub(super) fn number(value: f64) -> Option<Value> {
    serde_json::Number::from_f64((value * 1_000.0).round() / 1_000.0).map(Value::Number)
}

/// A share, not rounded where people look.
pub(super) fn share(part: u64, whole: u64) -> Option<Value> {
    let share = (whole > 0).then(|| part as f64 / whole as f64)?;
    exact(share)
}

/// What a share does not exceed with 95 % confidence.
pub(super) fn upper_share(whole: u64, part: u64) -> Option<Value> {
    upper_bound(whole, part, DIGITS).and_then(|steps| exact(steps as f64 / 1e9))
}

fn exact(share: f64) -> Option<Value> {
    serde_json::Number::from_f64((share * 1e9).round() / 1e9).map(Value::Number)
}

/// The facts of a scope over a window, with those of its warm-up before.
pub(super) fn figures(recording: &Recording, scope: &Scope, window: Window) -> Item {
    let seen = recording.summary(scope.part, window);
    let item = scope.item();
    let item = match &scope.steps {
        None => moved(item.fact("requests", seen.started), seen.sent, seen.received),
        Some(steps) => {
            // Bytes are counted by step.
            let steps: Vec<Summary> = steps.iter().map(|part| recording.summary(*part, window)).collect();
            let sum = |of: fn(&Summary) -> u64| steps.iter().map(of).sum::<u64>();
            let item = item.fact("journeys", seen.started).fact("requests", sum(|step| step.started));
            warm_up(moved(item, sum(|step| step.sent), sum(|step| step.received)), recording, scope, window)
        }
    };
    worst(latencies(counts(item, &seen), &seen), &seen)
}

fn moved(item: Item, sent: u64, received: u64) -> Item {
    item.fact("sent_bytes", sent).fact("received_bytes", received)
}

fn counts(item: Item, seen: &Summary) -> Item {
    let bad = seen.failed + seen.unmeasured;
    let reasons: Map<String, Value> =
        seen.failures.iter().map(|(failure, count)| (word(*failure), Value::from(*count))).collect();
    item.fact("good", seen.good)
        .fact("failed", seen.failed)
        .fact("unmeasured", seen.unmeasured)
        .fact("failures", reasons)
        .fact_if_known("error_share", share(bad, seen.started))
        .fact_if_known("error_share_upper", upper_share(seen.started, bad))
        .fact_if_known("offered_per_s", number(seen.offered_per_s))
        .fact_if_known("achieved_per_s", number(seen.achieved_per_s))
        .fact_if_known(
            "achieved_of_offered",
            (seen.started > 0).then(|| number(seen.achieved_per_s / seen.offered_per_s)).flatten(),
        )
}

/// A failure in one word, as a fact has it.
pub(super) fn word(failure: Failure) -> String {
    let name = serde_json::to_value(failure).ok();
    name.as_ref().and_then(Value::as_str).map_or_else(|| failure.to_string(), str::to_owned)
}

fn latencies(item: Item, seen: &Summary) -> Item {
    let item = item.fact("samples", seen.good);
    let all = seen.latency_of_all.filter(|points| enough(points.count, 0.99));
    let item = item
        .fact_if_known("all_p99_ms", all.and_then(|points| ms(points.p99_us)))
        .fact_if_known("queued_p99_ms", seen.queued.and_then(|points| ms(points.p99_us)))
        .fact_if_known("queued_max_ms", seen.queued.and_then(|points| ms(points.max_us)));
    match seen.latency.filter(|_| seen.unmeasured * UNKNOWN <= seen.started) {
        Some(points) => percentiles(item, &points),
        None => item,
    }
}

fn percentiles(item: Item, points: &Percentiles) -> Item {
    [
        ("p50_ms", 0.5, points.p50_us),
        ("p90_ms", 0.9, points.p90_us),
        ("p95_ms", 0.95, points.p95_us),
        ("p99_ms", 0.99, points.p99_us),
        ("p999_ms", 0.999, points.p999_us),
    ]
    .into_iter()
    .filter(|(_, at, _)| enough(points.count, *at))
    .fold(item, |item, (name, _, us)| item.fact_if_known(name, ms(us)))
    .fact_if_known("mean_ms", number(points.mean_us / 1_000.0))
    .fact_if_known("max_ms", ms(points.max_us))
}

/// Whether so many samples tell this percentile.
pub(super) fn enough(samples: u64, at: f64) -> bool {
    // 10 / (1 - 0.99) is 999.9999999999991.
    samples as f64 >= (BEYOND / (1.0 - at)).round()
}

fn worst(item: Item, seen: &Summary) -> Item {
    let worst = &seen.worst;
    item.fact_if_known("worst_p99_ms", worst.latency.and_then(|(_, points)| ms(points.p99_us)))
        .fact_if_known("worst_p99_second", worst.latency.map(|(second, _)| second))
        .fact_if_known(
            "worst_error_share",
            worst
                .failures
                .map_or((seen.started > 0).then_some(0.0), |(_, share)| Some(share))
                .and_then(exact),
        )
        .fact_if_known("worst_error_second", worst.failures.map(|(second, _)| second))
        .fact_if_known("worst_achieved_per_s", worst.achieved.and_then(|(_, per_s)| number(per_s)))
        .fact_if_known("worst_achieved_second", worst.achieved.map(|(second, _)| second))
}

/// What came before the window.
fn warm_up(item: Item, recording: &Recording, scope: &Scope, window: Window) -> Item {
    if window.from_s == 0 || !scope.follows_warm_up() {
        return item;
    }
    let seen = recording.summary(scope.part, Window { from_s: 0, to_s: window.from_s });
    let points = seen.latency.filter(|points| points.count >= 100);
    item.fact("warm_up_journeys", seen.started)
        .fact_if_known("warm_up_error_share", share(seen.failed + seen.unmeasured, seen.started))
        .fact_if_known("warm_up_p99_ms", points.and_then(|points| ms(points.p99_us)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_needs_ten_samples_beyond_it() {
        for (at, least) in [(0.5, 20), (0.9, 100), (0.95, 200), (0.99, 1_000), (0.999, 10_000)] {
            assert!(enough(least, at) && !enough(least - 1, at), "{at}");
        }
    }

    #[test]
    fn shares_are_told_to_a_billionth() {
        assert_eq!(share(1, 3), Some(Value::from(0.333_333_333)));
        assert_eq!(share(0, 7), Some(Value::from(0.0)));
        assert_eq!(share(0, 0), None);
        assert_eq!(ms(1_234), Some(Value::from(1.234)));
    }
}
