//! The laws of plans: the n-th start is where the integral of the rate says, users are there when
//! the level says, and the shards of a plan are together exactly the plan.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use gonogo_load::plan::{Cap, Load, Pace, Plan, Profile, Segment, Shard, Start, Tier, User};
use proptest::prelude::*;

const NANOS: f64 = 1e9;

fn cap() -> Cap {
    Cap { starts_per_s: 1_000_000, lasts_ms: 4 * 24 * 3_600_000, users: 1_000_000 }
}

fn tiers(shares: &[u64]) -> Vec<Tier> {
    let pace = Pace::Think { least_ms: 0, most_ms: 0 };
    shares.iter().map(|share| Tier { name: format!("of {share}"), share: *share, pace }).collect()
}

fn open(segments: Vec<Segment>, shares: &[u64]) -> Plan {
    let load = Load::Open { rate: Profile::new(segments).unwrap(), connections: 10 };
    Plan::new(load, tiers(shares), cap(), 1).unwrap()
}

fn closed(segments: Vec<Segment>, shares: &[u64]) -> Plan {
    let load = Load::Closed { users: Profile::new(segments).unwrap() };
    Plan::new(load, tiers(shares), cap(), 1).unwrap()
}

fn segment(most_milli: u64) -> impl Strategy<Value = Segment> {
    let level = prop_oneof![1 => Just(0), 4 => 0..most_milli];
    let levels = prop_oneof![level.clone().prop_map(|level| (level, level)), (level.clone(), level)];
    (1_u64..5_000, levels).prop_map(|(lasts_ms, (from_milli, to_milli))| Segment {
        lasts_ms,
        from_milli,
        to_milli,
    })
}

fn segments(most_milli: u64) -> impl Strategy<Value = Vec<Segment>> {
    prop::collection::vec(segment(most_milli), 1..5).prop_filter("no load", |segments| {
        segments.iter().any(|segment| segment.from_milli + segment.to_milli > 0)
    })
}

/// Arrivals up to `at` nanoseconds, exact: in units of which 2e12 × `lasts` are one; per segment.
fn integral(segments: &[Segment], at: u64) -> f64 {
    let (mut sum, mut before) = (0.0, 0_u64);
    for segment in segments {
        let lasts = segment.lasts_ms * 1_000_000;
        let t = at.saturating_sub(before).min(lasts) as f64 / NANOS;
        let (a, b) = (segment.from_milli as f64 / 1e3, segment.to_milli as f64 / 1e3);
        sum += a * t + (b - a) * t * t / (2.0 * lasts as f64 / NANOS);
        before += lasts;
    }
    sum
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_nth_start_is_where_the_integral_reaches_n(segments in segments(400_000)) {
        let plan = open(segments.clone(), &[1]);
        let starts: Vec<Start> = plan.starts(Shard::WHOLE).collect();
        let total = integral(&segments, u64::MAX);
        prop_assert!((starts.len() as f64 - total).abs() < 1.0 + 1e-6, "{} {total}", starts.len());
        prop_assert!(starts.is_sorted());
        for (n, start) in starts.iter().enumerate() {
            prop_assert!(start.at_ns < plan.lasts_ns());
            let reached = integral(&segments, start.at_ns) - n as f64;
            prop_assert!(reached > -1e-6, "{n}: {reached}");
            // A nanosecond earlier it was not reached, but for a pause just before.
            let earlier = integral(&segments, start.at_ns.saturating_sub(1)) - n as f64;
            prop_assert!(earlier < 1e-6, "{n}: {earlier}");
        }
    }

    #[test]
    fn users_are_there_when_the_level_says(segments in segments(40_000), at in 0_u64..10_000_000_000) {
        let plan = closed(segments.clone(), &[1]);
        prop_assume!(at < plan.lasts_ns());
        let there = plan.users(Shard::WHOLE).filter(|user| user.spans.iter().any(|(from, to)| (*from..*to).contains(&at)));
        let mut before = 0;
        let level = segments.iter().find_map(|segment| {
            let lasts = segment.lasts_ms * 1_000_000;
            let t = at - before;
            before += lasts;
            let (a, b) = (i128::from(segment.from_milli), i128::from(segment.to_milli));
            (t < lasts).then(|| (a * i128::from(lasts) + (b - a) * i128::from(t), i128::from(lasts) * 1_000))
        });
        let (level, one) = level.unwrap();
        let profile = Profile::new(segments).unwrap();
        prop_assert_eq!(i128::from(profile.milli_at(at).div_ceil(1_000)), (level + one - 1) / one);
        prop_assert_eq!(profile.milli_at(plan.lasts_ns()), 0);
        prop_assert_eq!(there.count() as i128, (level + one - 1) / one);
    }

    #[test]
    fn shards_are_together_exactly_the_plan(
        segments in segments(60_000),
        shares in prop::collection::vec(1_u64..20, 1..4),
        of in 1_u64..6,
        threads in 1_u64..4,
    ) {
        let parts = || (0..of).flat_map(|index| (0..threads).map(move |thread| Shard { index, of }.part(thread, threads)));
        let plan = open(segments.clone(), &shares);
        let mut starts: Vec<Start> = parts().flat_map(|shard| plan.starts(shard).collect::<Vec<_>>()).collect();
        let mut whole: Vec<Start> = plan.starts(Shard::WHOLE).collect();
        starts.sort();
        whole.sort();
        prop_assert_eq!(starts, whole);
        for shard in (0..of).map(|index| Shard { index, of }) {
            let mut parts: Vec<Start> =
                (0..threads).flat_map(|thread| plan.starts(shard.part(thread, threads)).collect::<Vec<_>>()).collect();
            parts.sort();
            let mut all: Vec<Start> = plan.starts(shard).collect();
            all.sort();
            prop_assert_eq!(parts, all, "the parts of {:?}", shard);
        }

        let plan = closed(segments, &shares);
        let mut users: Vec<User> = parts().flat_map(|shard| plan.users(shard).collect::<Vec<_>>()).collect();
        let mut whole: Vec<User> = plan.users(Shard::WHOLE).collect();
        users.sort();
        whole.sort();
        prop_assert_eq!(parts().map(|shard| shard.count(1_000)).sum::<u64>(), 1_000);
        prop_assert_eq!(users, whole);
    }
}

#[test]
fn a_rate_is_a_schedule_and_a_pause_is_a_pause() {
    let plan = open(
        vec![Segment::steady(1_000, 4_000), Segment::steady(500, 0), Segment::steady(1_000, 2_000)],
        &[1],
    );
    let ms: Vec<u64> = plan.starts(Shard::WHOLE).map(|start| start.at_ns / 1_000_000).collect();
    assert_eq!(ms, [0, 250, 500, 750, 1_500, 2_000]);
}

#[test]
fn thirds_do_not_drift() {
    // Three in a second for three days: the last is where it belongs to the nanosecond.
    let plan = open(vec![Segment::steady(3 * 24 * 3_600_000, 3_000)], &[1]);
    let Load::Open { rate, .. } = plan.load() else { panic!("it is open") };
    assert_eq!(rate.arrivals(), 777_600);
    assert_eq!(rate.starts().at(777_599), Some(259_199_666_666_667));
}

#[test]
fn the_greatest_plan_does_not_overflow() {
    let day = 24 * 3_600_000;
    let ramps = [(0, 1_000_000_000), (1_000_000_000, 0)];
    for (from_milli, to_milli) in ramps {
        let profile = Profile::new(vec![Segment { lasts_ms: 4 * day, from_milli, to_milli }]).unwrap();
        assert_eq!(profile.arrivals(), 172_800_000_000);
        let last = profile.starts().at(172_799_999_999).unwrap();
        assert!(last < profile.lasts_ns() && last > profile.lasts_ns() - 1_000_000_000, "{last}");
    }
}

#[test]
fn tiers_have_their_shares() {
    let plan = open(vec![Segment::steady(10_000, 500_000)], &[60, 30, 10]);
    let mut counts = [0; 3];
    plan.starts(Shard::WHOLE).for_each(|start| counts[start.tier] += 1);
    assert_eq!(counts, [3_000, 1_500, 500]);
}

#[test]
fn what_exceeds_its_cap_is_refused_with_the_reason() {
    let steady = |lasts_ms, milli| Profile::new(vec![Segment::steady(lasts_ms, milli)]).unwrap();
    let plan =
        |load, shares: &[u64], cap| Plan::new(load, tiers(shares), cap, 1).map_err(|error| error.to_string());
    let open = |milli, connections| Load::Open { rate: steady(1_000, milli), connections };
    let small = Cap { starts_per_s: 10, lasts_ms: 1_000, users: 5 };
    assert!(plan(open(10_000, 5), &[1], small).is_ok());
    for (load, shares, cap, said) in [
        (open(10_001, 5), &[1][..], small, "11 starts a second"),
        (open(10_000, 6), &[1], small, "6 users"),
        (open(10_000, 0), &[1], small, "at least 1"),
        (Load::Closed { users: steady(1_001, 1_000) }, &[1], small, "1001 ms"),
        (Load::Closed { users: steady(1_000, 6_000) }, &[1], small, "6 users"),
        (open(10_000, 5), &[], small, "shares"),
        (open(10_000, 5), &[0], small, "shares"),
        (open(10_000, 5), &[1], Cap { starts_per_s: 0, ..small }, "0 starts"),
    ] {
        let error = plan(load, shares, cap).unwrap_err();
        assert!(error.contains(said), "{error}");
    }
    assert!(Profile::new(vec![]).is_err());
    assert!(Profile::new(vec![Segment::steady(0, 1)]).is_err());
    assert!(Profile::new(vec![Segment::steady(1, 0)]).is_err());
    assert!(Profile::new(vec![Segment::steady(1, 1_000_000_001)]).is_err());
    assert!(Profile::new(vec![Segment::steady(u64::MAX, 1), Segment::steady(2, 1)]).is_err());
}

#[test]
fn a_stored_plan_keeps_its_caps() {
    let stored = serde_json::to_string(&open(vec![Segment::steady(1_000, 10_000)], &[2, 1])).unwrap();
    let back: Plan = serde_json::from_str(&stored).unwrap();
    assert_eq!(serde_json::to_string(&back).unwrap(), stored);
    let bold = stored.replace("\"starts_per_s\":1000000", "\"starts_per_s\":9");
    assert!(serde_json::from_str::<Plan>(&bold).unwrap_err().to_string().contains("cap is 9"));
}
