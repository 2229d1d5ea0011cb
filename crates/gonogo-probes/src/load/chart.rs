//! What charts are drawn of: load over time, and how answers are spread. Seconds and buckets are put
//! together exactly; nothing is sampled.

use std::collections::BTreeMap;

use gonogo_load::measure::{Latencies, Part, Recording, Tally, Window};
use gonogo_model::fact::Value;
use serde_json::Map;

use super::figures::{ms, number};

/// More points in time are put together.
const MOST_POINTS: u32 = 240;
/// More steps of a distribution are put together.
const MOST_STEPS: usize = 60;
/// Ten steps of equal ratio from 1 to 10, in thousandths.
const TENTHS: [u64; 10] = [1_000, 1_259, 1_585, 1_995, 2_512, 3_162, 3_981, 5_012, 6_310, 7_943];

/// Points in time, and how many seconds each stands for.
pub(super) struct OverTime {
    pub(super) grain_s: u32,
    pub(super) points: Vec<Value>,
}

/// Load over time, from the start of the recording. `users` is how many there were in a second, of
/// those in which that is known.
pub(super) fn over_time(recording: &Recording, to_s: u32, users: &BTreeMap<u32, u64>) -> OverTime {
    let counted = recording.layout().grain_s;
    let grain_s = counted * to_s.div_ceil(counted).div_ceil(MOST_POINTS).max(1);
    let point = |from_s: u32| {
        let window = Window { from_s, to_s: (from_s + grain_s).min(to_s) };
        point(&tally(recording, window), window, users)
    };
    OverTime { grain_s, points: (0..to_s).step_by(grain_s as usize).map(point).collect() }
}

/// All that was counted in a window that begins where a grain does.
pub(super) fn tally(recording: &Recording, window: Window) -> Tally {
    let grain = recording.layout().grain_s as usize;
    let mut all = Tally::default();
    (window.from_s..window.to_s)
        .step_by(grain)
        .for_each(|second| all.merge(&recording.second(Part::All, second)));
    all
}

fn point(tally: &Tally, window: Window, users: &BTreeMap<u32, u64>) -> Value {
    let lasts = f64::from(window.to_s - window.from_s);
    let at = |share: f64| tally.good.quantile_us(share).and_then(ms);
    let most_users = users.range(window.from_s..window.to_s).map(|(_, users)| *users).max();
    let entries = [
        ("second", Some(Value::from(window.from_s))),
        ("users", most_users.map(Value::from)),
        ("offered_per_s", number(tally.started as f64 / lasts)),
        ("achieved_per_s", number(tally.finished as f64 / lasts)),
        ("failed", Some(Value::from(tally.failed_by_target()))),
        ("p50_ms", at(0.5)),
        ("p95_ms", at(0.95)),
        ("p99_ms", at(0.99)),
    ];
    map(entries)
}

/// How the good answers are spread, in steps of equal ratio from the first that has one to the last.
pub(super) fn distribution(good: &Latencies) -> Vec<Value> {
    let buckets: Vec<(u64, u64)> = good.buckets().collect();
    let (Some((first, _)), Some((last, _))) = (buckets.first(), buckets.last()) else { return Vec::new() };
    let bounds = (1_usize..).map(|every| bounds(*first, *last, every)).find(|all| all.len() <= MOST_STEPS);
    let mut buckets = buckets.into_iter().peekable();
    let step = |bound: u64| {
        let mut requests = 0;
        // A bucket on the border belongs to the step that holds all of it.
        while let Some((_, count)) = buckets.next_if(|(us, _)| us.saturating_mul(1_000) <= bound) {
            requests += count;
        }
        let up_to_ms = number(bound as f64 / 1e6);
        map([("up_to_ms", up_to_ms), ("requests", Some(Value::from(requests)))])
    };
    bounds.unwrap_or_default().into_iter().map(step).collect()
}

/// Upper bounds in nanoseconds, each `every`-th of ten a decade: the first that holds `first`, up to
/// the first that holds `last`; both are in microseconds.
fn bounds(first: u64, last: u64, every: usize) -> Vec<u64> {
    let decades = (0..).map_while(|decade| 10_u64.checked_pow(decade));
    let all = decades.flat_map(|ten| TENTHS.map(|tenth| tenth.saturating_mul(ten)));
    let all: Vec<u64> = all.step_by(every).collect();
    let at = |us: u64| all.partition_point(|bound| *bound < us.saturating_mul(1_000));
    all.get(at(first)..=at(last)).map(<[u64]>::to_vec).unwrap_or_default()
}

fn map<const N: usize>(entries: [(&str, Option<Value>); N]) -> Value {
    let known = entries.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(known.collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use gonogo_load::measure::{Layout, TierLayout, Timing};
    use proptest::prelude::*;

    use super::*;

    fn of(times: &[u64]) -> Latencies {
        let mut latencies = Latencies::default();
        times.iter().for_each(|us| latencies.record(*us));
        latencies
    }

    proptest! {
        #[test]
        fn every_answer_is_in_one_step_and_none_in_a_wrong_one(times in prop::collection::vec(0_u64..5_000_000_000, 1..300)) {
            let spread = of(&times);
            let steps = distribution(&spread);
            prop_assert!((1..=MOST_STEPS).contains(&steps.len()), "{}", steps.len());
            let mut before = 0;
            for step in &steps {
                let up_to_us = (step["up_to_ms"].as_f64().unwrap() * 1_000.0).floor() as u64;
                before += step["requests"].as_u64().unwrap();
                // What HDR buckets hold together cannot be told apart: one in a thousand.
                let least = times.iter().filter(|us| (**us).min(3_600_000_000) * 1_002 / 1_000 < up_to_us).count() as u64;
                let most = times.iter().filter(|us| (**us).min(3_600_000_000) <= up_to_us).count() as u64;
                prop_assert!((least..=most).contains(&before), "{step}: {least} {before} {most}");
            }
            prop_assert_eq!(before, times.len() as u64);
        }

        #[test]
        fn points_are_few_and_lose_nothing(ends in prop::collection::vec(0_u64..2_000_000_000, 0..300), to_s in 1_u32..2_000) {
            let steps = vec!["GET /".to_owned()];
            let layout = Layout { tiers: vec![TierLayout { name: "a".to_owned(), steps }], grain_s: 1 };
            let mut recording = Recording::new(Arc::new(layout));
            let within: Vec<u64> = ends.into_iter().filter(|us| *us < u64::from(to_s) * 1_000_000).collect();
            within.iter().for_each(|us| recording.journey(0, Timing { intended_us: *us, ended_us: *us }, None));
            let over_time = over_time(&recording, to_s, &BTreeMap::new());
            prop_assert!((1..=240).contains(&over_time.points.len()));
            let offered = |point: &Value| {
                let from = point["second"].as_u64().unwrap();
                let lasts = (u64::from(to_s) - from).min(u64::from(over_time.grain_s));
                (point["offered_per_s"].as_f64().unwrap() * lasts as f64).round() as usize
            };
            prop_assert_eq!(over_time.points.iter().map(offered).sum::<usize>(), within.len());
        }
    }

    #[test]
    fn a_point_says_only_what_is_known() {
        let users = BTreeMap::from([(3, 5), (4, 7), (9, 90)]);
        let point = point(&Tally::default(), Window { from_s: 3, to_s: 5 }, &users);
        let expected = serde_json::json!({
            "second": 3, "users": 7, "offered_per_s": 0.0, "achieved_per_s": 0.0, "failed": 0
        });
        assert_eq!(point, expected);
    }
}
