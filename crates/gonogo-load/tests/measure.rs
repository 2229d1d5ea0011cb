//! The laws of measurement: parts merge into the whole whatever the order, storing loses nothing,
//! and what is told is what was recorded.

use std::sync::Arc;

use gonogo_load::measure::{Failure, Layout, Part, Recording, TierLayout, Timing, Window};
use proptest::prelude::*;

/// Something that was measured, as a trace says it.
#[derive(Debug, Clone)]
struct Event {
    tier: usize,
    step: usize,
    timing: Timing,
    failed: Option<Failure>,
    lag_us: u64,
}

fn layout(grain_s: u32) -> Arc<Layout> {
    let tier = |name: &str, steps: &[&str]| TierLayout {
        name: name.to_owned(),
        steps: steps.iter().map(|step| (*step).to_owned()).collect(),
    };
    Arc::new(Layout { tiers: vec![tier("free", &["GET /a", "POST /b"]), tier("pro", &["GET /a"])], grain_s })
}

/// Most are short; some take longer than a minute.
fn took() -> impl Strategy<Value = u64> {
    prop_oneof![8 => 0_u64..3_000, 4 => 0_u64..400_000, 1 => 0_u64..90_000_000]
}

fn event() -> impl Strategy<Value = Event> {
    let failed =
        prop_oneof![3 => Just(None), 1 => prop::sample::select(Failure::ALL.to_vec()).prop_map(Some)];
    (0..2_usize, 0..2_usize, 0_u64..9_000_000, took(), failed, 0_u64..5_000).prop_map(
        |(tier, step, intended_us, took, failed, lag_us)| Event {
            tier,
            step: step.min(1 - tier),
            timing: Timing { intended_us, ended_us: intended_us + took },
            failed,
            lag_us,
        },
    )
}

fn record(recording: &mut Recording, event: &Event) {
    let Event { tier, step, timing, failed, lag_us } = event.clone();
    recording.step((tier, step), timing, failed, (40, 200));
    recording.journey(tier, timing, failed);
    recording.lagged(tier, timing.intended_us, lag_us);
    recording.queued(tier, timing.intended_us, lag_us / 2);
}

fn recorded<'e>(grain_s: u32, events: impl IntoIterator<Item = &'e Event>) -> Recording {
    let mut recording = Recording::new(layout(grain_s));
    events.into_iter().for_each(|event| record(&mut recording, event));
    recording
}

const PARTS: [Part; 6] =
    [Part::All, Part::Tier(0), Part::Tier(1), Part::Step(0, 0), Part::Step(0, 1), Part::Step(1, 0)];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn parts_merge_into_the_whole_in_any_order(
        events in prop::collection::vec((event(), 0..4_usize), 0..120),
        order in Just(vec![0, 1, 2, 3]).prop_shuffle(),
        grain_s in prop::sample::select(vec![1, 10]),
    ) {
        let whole = recorded(grain_s, events.iter().map(|(event, _)| event));
        let mut merged = Recording::new(layout(grain_s));
        for part in order {
            let of_part = events.iter().filter(|(_, of)| *of == part).map(|(event, _)| event);
            let stored = serde_json::to_string(&recorded(grain_s, of_part)).unwrap();
            merged.merge(&serde_json::from_str::<Recording>(&stored).unwrap()).unwrap();
        }
        prop_assert_eq!(&merged, &whole);
        prop_assert_eq!(serde_json::to_string(&merged).unwrap(), serde_json::to_string(&whole).unwrap());
    }

    #[test]
    fn seconds_add_up_to_the_whole(events in prop::collection::vec(event(), 0..120)) {
        let recording = recorded(1, &events);
        for part in PARTS {
            let mut sum = gonogo_load::measure::Tally::default();
            recording.seconds(part).into_iter().for_each(|second| sum.merge(&recording.second(part, second)));
            prop_assert_eq!(sum, recording.whole(part));
        }
    }

    #[test]
    fn a_summary_counts_every_event_once(events in prop::collection::vec(event(), 1..120)) {
        let recording = recorded(1, &events);
        let all = recording.summary(Part::All, Window { from_s: 0, to_s: 200 });
        prop_assert_eq!(all.started, events.len() as u64);
        prop_assert_eq!(all.good + all.failed + all.unmeasured, all.started);
        prop_assert_eq!(all.failures.values().sum::<u64>() + all.good, all.started);
        let longest = events.iter().map(|event| event.timing.took_us()).max().unwrap();
        let told = all.latency_of_all.unwrap().max_us;
        prop_assert!(told >= longest && told <= longest + longest / 1_000 + 1);
        prop_assert_eq!(all.worst.latency.unwrap().1.max_us.max(told), told);
        let warm = recording.summary(Part::All, Window { from_s: 0, to_s: 7 }).started;
        let rest = recording.summary(Part::All, Window { from_s: 7, to_s: 200 }).started;
        prop_assert_eq!(warm + rest, all.started);
    }
}

fn good(intended_us: u64, took: u64) -> Event {
    let timing = Timing { intended_us, ended_us: intended_us + took };
    Event { tier: 0, step: 0, timing, failed: None, lag_us: 0 }
}

#[test]
fn a_stall_is_seen_where_people_met_it_and_where_nothing_came() {
    // Ten a second for ten seconds; what was asked for in second 4 waited until second 6 began.
    let stalled = |at: u64| (4_000_000..6_000_000).contains(&at);
    let events: Vec<Event> = (0..100)
        .map(|n| n * 100_000)
        .map(|at| good(at, if stalled(at) { 6_000_100 - at } else { 1_000 }))
        .collect();
    let summary = recorded(1, &events).summary(Part::All, Window { from_s: 0, to_s: 10 });
    assert_eq!(summary.latency.unwrap().p50_us, 1_000);
    let (second, points) = summary.worst.latency.unwrap();
    assert!(second == 4 && points.p99_us >= 2_000_000, "{second} {points:?}");
    assert_eq!(summary.worst.achieved, Some((4, 0.0)));
    assert_eq!(summary.achieved_per_s, 10.0);
}

#[test]
fn what_the_generator_could_not_send_is_no_failure_of_the_target() {
    let failed = |failure| Event { failed: Some(failure), ..good(0, 10) };
    let events = [good(0, 10), failed(Failure::CutOff), failed(Failure::Generator), failed(Failure::Reset)];
    let summary = recorded(1, &events).summary(Part::All, Window { from_s: 0, to_s: 1 });
    assert_eq!((summary.good, summary.failed, summary.unmeasured), (1, 1, 2));
    assert_eq!(summary.worst.failures, Some((0, 0.5)));
}

#[test]
fn recordings_of_other_plans_do_not_merge() {
    let mut one = recorded(1, &[good(0, 10)]);
    assert!(one.merge(&recorded(10, &[good(0, 10)])).is_err());
    assert_eq!(one, recorded(1, &[good(0, 10)]));
}

#[test]
fn a_stored_recording_that_was_changed_is_refused() {
    let stored = serde_json::to_string(&recorded(10, &[good(20_000_000, 10)])).unwrap();
    for (from, to) in [
        ("\"version\":1", "\"version\":2"),
        ("\"20\":", "\"21\":"),
        ("\"GET /a\",\"POST /b\"", "\"GET /a\""),
        ("\"grain_s\":10", "\"grain_s\":0"),
        ("\"good\":\"HI", "\"good\":\"HJ"),
    ] {
        let changed = stored.replacen(from, to, 1);
        assert_ne!(changed, stored, "{from} is not there: {stored}");
        assert!(serde_json::from_str::<Recording>(&changed).is_err(), "{from} -> {to}");
    }
}
