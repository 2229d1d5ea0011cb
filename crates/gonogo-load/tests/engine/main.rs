//! The engine against a server of known behaviour: counts are exact, classes are right, latency
//! counts from the intended start, and a run ends when it is to. Times are only compared where a
//! slow machine cannot turn them round.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod ends;
mod flows;
mod secure;
mod server;

use std::num::NonZeroUsize;
use std::time::Duration;

use gonogo_load::Flow;
use gonogo_load::engine::{Ended, Measured, Order, Stop, run};
use gonogo_load::measure::{Failure, Part, Summary, Window};
use gonogo_load::plan::{Cap, Load, Pace, Plan, Profile, Segment, Tier};
use serde_json::json;
use server::Server;

const ALL: Window = Window { from_s: 0, to_s: 1_000 };

fn cap() -> Cap {
    Cap { starts_per_s: 100_000, lasts_ms: 60_000, users: 10_000 }
}

fn tier(pace: Pace) -> Tier {
    Tier { name: "all".to_owned(), share: 1, pace }
}

const AT_ONCE: Pace = Pace::Think { least_ms: 0, most_ms: 0 };

/// So many starts a second, for so long, over so many connections.
fn open(per_s: u64, lasts_ms: u64, connections: u64) -> Plan {
    let rate = Profile::new(vec![Segment::steady(lasts_ms, per_s * 1_000)]).unwrap();
    Plan::new(Load::Open { rate, connections }, vec![tier(AT_ONCE)], cap(), 1).unwrap()
}

fn closed(users: u64, lasts_ms: u64, pace: Pace) -> Plan {
    let users = Profile::new(vec![Segment::steady(lasts_ms, users * 1_000)]).unwrap();
    Plan::new(Load::Closed { users }, vec![tier(pace)], cap(), 1).unwrap()
}

fn flow(steps: serde_json::Value) -> Flow {
    Flow { steps: serde_json::from_value(steps).unwrap(), ..Flow::default() }
}

fn order(plan: Plan, server: &Server, flow: Flow) -> Order {
    let mut order = Order::new(plan, vec![server.target()], vec![flow], "m".to_owned());
    order.threads = NonZeroUsize::new(2);
    order.abort_above = None;
    order
}

async fn done(order: Order) -> Measured {
    run(order, Stop::default(), None).await.unwrap()
}

fn whole(measured: &Measured) -> Summary {
    measured.recording.summary(Part::All, ALL)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_plan_sends_exactly_what_it_says() {
    let server = Server::start(None).await;
    let measured = done(order(open(400, 1_000, 20), &server, Flow::of_path("/x").unwrap())).await;
    let all = whole(&measured);
    assert_eq!((all.started, all.good, all.failed, all.unmeasured), (400, 400, 0, 0), "{all:?}");
    assert_eq!((server.asked("GET /x"), measured.ended), (400, Ended::Planned));
    let step = measured.recording.summary(Part::Step(0, 0), ALL);
    assert_eq!((step.good, step.received % 400), (400, 0));
    assert!(step.sent > 400 * 30 && step.received > 400 * 50, "{step:?}");
    assert_eq!(all.lag.unwrap().count, 400);
    assert!(measured.cpu > Duration::ZERO && measured.loop_lag.count() > 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn users_who_go_by_the_clock_do_not_lose_a_turn() {
    // Each answer takes longer than a turn: the sixth turn of each user is late by its predecessors.
    let server = Server::start(None).await;
    let plan = closed(8, 600, Pace::Every { ms: 100 });
    let measured = done(order(plan, &server, Flow::of_path("/sleep/20").unwrap())).await;
    let all = whole(&measured);
    assert_eq!((all.started, all.good, server.all()), (48, 48, 48), "{all:?}");
    assert!(all.latency.unwrap().p50_us >= 20_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn turns_that_came_too_late_are_counted() {
    // Six turns each were planned, and none after the first can begin before the end.
    let server = Server::start(None).await;
    let plan = closed(3, 600, Pace::Every { ms: 100 });
    let all = whole(&done(order(plan, &server, Flow::of_path("/sleep/650").unwrap())).await);
    assert_eq!((all.started, all.failed), (18, 0));
    assert_eq!((all.good, all.unmeasured), (server.all(), 18 - server.all()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stalled_server_cannot_hide() {
    // A closed loop with 2 connections would see two slow answers in the stall; people asked 80 times.
    let stall = Some((Duration::from_millis(400), Duration::from_millis(900)));
    let server = Server::start(stall).await;
    let measured = done(order(open(200, 1_500, 2), &server, Flow::of_path("/x").unwrap())).await;
    let all = whole(&measured);
    assert_eq!((all.started, all.good), (300, 300));
    let tally = measured.recording.whole(Part::All);
    let slow = tally.good.count() - tally.good.count_up_to(100_000);
    assert!(slow >= 70, "{slow} of 300 took longer than 100 ms");
    assert!(tally.good.quantile_us(1.0).unwrap() >= 450_000);
    // That they waited is the target's doing, not the generator's.
    assert!(tally.queued.quantile_us(0.9).unwrap() > 100_000, "{:?}", tally.queued.percentiles());
    assert!(tally.lag.quantile_us(0.5).unwrap() < 100_000, "{:?}", tally.lag.percentiles());
}

#[tokio::test(flavor = "multi_thread")]
async fn each_failure_has_its_class() {
    let server = Server::start(None).await;
    for (steps, failure) in [
        (json!([{"get": "/404"}]), Failure::Status4xx),
        (json!([{"get": "/500"}]), Failure::Status5xx),
        (json!([{"get": "/shed"}]), Failure::Shed),
        (json!([{"get": "/503", "expect": "status == 200"}]), Failure::Shed),
        (json!([{"get": "/shed-badly"}]), Failure::Status4xx),
        (json!([{"get": "/close"}]), Failure::Reset),
        (json!([{"get": "/no-http"}]), Failure::Protocol),
        (json!([{"get": "/hang", "within": "100ms"}]), Failure::Timeout),
        (json!([{"get": "/x", "expect": "body.state == 'no'"}]), Failure::Assertion),
        (json!([{"get": "/x", "capture": {"a": "/missing"}}]), Failure::Assertion),
        (json!([{"get": "/{{nobody}}"}]), Failure::Generator),
    ] {
        let measured = done(order(open(100, 200, 20), &server, flow(steps.clone()))).await;
        let all = whole(&measured);
        assert_eq!(all.failures, [(failure, 20)].into(), "{steps}");
        assert_eq!((all.started, all.good), (20, 0), "{steps}");
    }
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut refused = order(open(100, 200, 20), &server, Flow::of_path("/x").unwrap());
    refused.targets = vec![server::target(nobody)];
    assert_eq!(whole(&done(refused).await).failures, [(Failure::Refused, 20)].into());
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_of_every_form_are_read() {
    let server = Server::start(None).await;
    for path in ["/chunked", "/until-close"] {
        let steps =
            json!([{"get": path, "expect": "status == 200 && body.id == 1 && body.a == 2"}, {"head": "/x"}]);
        let all = whole(&done(order(open(100, 200, 4), &server, flow(steps))).await);
        assert_eq!((all.started, all.good), (20, 20), "{path} {:?}", all.failures);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_kept_or_made_for_each_request() {
    let kept = Server::start(None).await;
    done(order(open(200, 500, 6), &kept, Flow::of_path("/x").unwrap())).await;
    assert!(kept.seen.lock().unwrap().connections <= 6);
    let fresh = Server::start(None).await;
    let mut each = order(open(200, 500, 6), &fresh, Flow::of_path("/x").unwrap());
    each.connection_per_request = true;
    assert_eq!(whole(&done(each).await).good, 100);
    assert_eq!(fresh.seen.lock().unwrap().connections, 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cap_holds_a_closed_plan_back() {
    let server = Server::start(None).await;
    let users = Profile::new(vec![Segment::steady(1_000, 10_000)]).unwrap();
    let cap = Cap { starts_per_s: 100, ..cap() };
    let plan = Plan::new(Load::Closed { users }, vec![tier(AT_ONCE)], cap, 1).unwrap();
    let all = whole(&done(order(plan, &server, Flow::of_path("/x").unwrap())).await);
    // One second's worth, and a tenth at most that was saved up before.
    assert!(all.good >= 20 && all.good <= 125, "{}", all.good);
}

#[tokio::test(flavor = "multi_thread")]
async fn shards_merge_into_the_plan_and_come_from_their_own_addresses() {
    let server = Server::start(None).await;
    let shard = |index| {
        let mut order = order(open(300, 500, 9), &server, Flow::of_path("/x").unwrap());
        order.shard = gonogo_load::plan::Shard { index, of: 3 };
        order
    };
    let (a, b, c) = tokio::join!(done(shard(0)), done(shard(1)), done(shard(2)));
    let mut merged = a.recording;
    merged.merge(&b.recording).unwrap();
    merged.merge(&c.recording).unwrap();
    let all = merged.summary(Part::All, ALL);
    assert_eq!((all.started, all.good, server.all()), (150, 150, 150));
    let from = server.seen.lock().unwrap().from.keys().cloned().collect::<Vec<_>>();
    assert_eq!(from, ["127.0.0.1", "127.0.1.1", "127.0.2.1"]);
}
