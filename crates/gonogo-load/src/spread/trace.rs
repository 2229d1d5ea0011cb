//! For tests: workers that tell a recorded trace instead of sending anything, each its shard of it,
//! second by second as the engine does. So what is put together can be held against the whole.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::clock;
use super::message::{FromWorker, ToWorker};
use crate::engine::{Beat, Effort, Order};
use crate::measure::{Failure, Latencies, Layout, Recording, Timing};
use crate::plan::{Cap, Load, Pace, Plan, Profile, Segment, Shard, Tier};
use crate::script::Flow;
use crate::wire::Target;

const SECOND_US: u64 = 1_000_000;

/// A request as it was recorded.
#[derive(Clone, Copy)]
struct Event {
    number: u64,
    tier: usize,
    timing: Timing,
    failed: Option<Failure>,
    lag_us: u64,
}

/// Twenty thousand requests of six seconds, some of which end seconds later or fail.
fn events() -> impl Iterator<Item = Event> {
    let mut state = 42_u64;
    let mut draw = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    (0..20_000).map(move |number| {
        let intended_us = number * 300 + draw(300);
        let took_us = if draw(50) == 0 { draw(2_500_000) } else { 200 + draw(9_000) };
        let failed = (draw(40) == 0).then(|| Failure::ALL[draw(11) as usize]);
        let timing = Timing { intended_us, ended_us: intended_us + took_us };
        Event { number, tier: draw(2) as usize, timing, failed, lag_us: draw(700) }
    })
}

/// An order whose layout the trace has.
pub(super) fn order() -> Order {
    let pace = Pace::Think { least_ms: 0, most_ms: 0 };
    let tier = |name: &str| Tier { name: name.to_owned(), share: 1, pace };
    let rate = Profile::new(vec![Segment::steady(6_000, 3_333_000)]).unwrap();
    let cap = Cap { starts_per_s: 10_000, lasts_ms: 10_000, users: 1_000 };
    let plan = Plan::new(Load::Open { rate, connections: 100 }, vec![tier("free"), tier("pro")], cap, 1);
    let target = Target {
        name: "t".to_owned(),
        addresses: vec!["127.0.0.1:9".parse().unwrap()],
        host: "t".to_owned(),
        base: String::new(),
        tls: None,
        http2: false,
    };
    let flows = vec![Flow::of_path("/a").unwrap(), Flow::of_path("/b").unwrap()];
    Order::new(plan.unwrap(), vec![target], flows, "m".to_owned())
}

/// What one recording of the whole trace has.
pub(super) fn whole(layout: &Arc<Layout>) -> Recording {
    let mut whole = Recording::new(Arc::clone(layout));
    events().for_each(|event| record(&mut whole, event));
    whole
}

fn record(recording: &mut Recording, event: Event) {
    recording.step((event.tier, 0), event.timing, event.failed, (40, 200));
    recording.journey(event.tier, event.timing, event.failed);
    recording.lagged(event.tier, event.timing.intended_us, event.lag_us);
}

/// A worker that tells its shard of the trace, up to this second.
pub(super) async fn worker(
    mut heard: mpsc::UnboundedReceiver<ToWorker>,
    say: mpsc::UnboundedSender<FromWorker>,
    until_s: u32,
) {
    let Some(ToWorker::Hello { .. }) = heard.recv().await else { return };
    let Some(ToWorker::Order(order)) = heard.recv().await else { return };
    say.send(FromWorker::Ready { threads: 2 }).unwrap();
    // Its clock is an hour ahead.
    let shows = |asked_ns| FromWorker::Clock { asked_ns, shows_ns: clock::now_ns() + 3_600_000_000_000 };
    let begin_ns = loop {
        match heard.recv().await {
            Some(ToWorker::Clock { asked_ns }) => say.send(shows(asked_ns)).unwrap(),
            Some(ToWorker::Begin { at_ns }) => break at_ns,
            _ => return,
        }
    };
    assert!(begin_ns > clock::now_ns() + 3_599_000_000_000, "{begin_ns} is no moment of this clock");
    let (_, layout) = order.compile().unwrap();
    let layout = Arc::new(layout);
    for second in 0..until_s.min(9) {
        for thread in 0..2 {
            let beat = beat(&layout, order.shard.part(thread, 2), thread as usize, second);
            say.send(FromWorker::Beat(Box::new(beat))).unwrap();
        }
        tokio::task::yield_now().await;
    }
    if until_s >= 9 {
        let (cpu, loop_lag) = (Duration::from_millis(7), Latencies::default());
        let effort = Effort { took: Duration::from_secs(6), threads: 2, cpu, loop_lag };
        say.send(FromWorker::Done(Box::new(effort))).unwrap();
        while let Some(ToWorker::Clock { asked_ns }) = heard.recv().await {
            say.send(shows(asked_ns)).unwrap();
        }
    }
}

/// What ended in a second of a thread's shard.
fn beat(layout: &Arc<Layout>, shard: Shard, thread: usize, second: u32) -> Beat {
    let mut piece = Recording::new(Arc::clone(layout));
    let is_last = second == 8;
    let ended = events().filter(|event| {
        let ended = event.timing.ended_us / SECOND_US;
        shard.has(event.number) && (ended == u64::from(second) || is_last && ended > 8)
    });
    ended.for_each(|event| record(&mut piece, event));
    Beat { thread, seconds: (second, second + 1), users: 5, piece, is_last }
}
