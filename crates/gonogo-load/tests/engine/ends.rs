//! How runs end: gently, at once, by what is seen of the target, and when nobody waits any more.

use std::time::{Duration, Instant};

use gonogo_load::Flow;
use gonogo_load::engine::{Ended, Live, Stop, run};
use gonogo_load::measure::Failure;
use gonogo_load::plan::Pace;
use serde_json::json;
use tokio::sync::watch;

use super::server::Server;
use super::{AT_ONCE, closed, done, flow, open, order, whole};

/// Long enough for any machine, and much shorter than the plans that are stopped.
const SOON: Duration = Duration::from_secs(30);

async fn until(what: impl Fn() -> bool) {
    let until = Instant::now() + SOON;
    while !what() && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_under_way_may_end_when_it_is_stopped_gently() {
    let server = Server::start(None).await;
    let stop = Stop::default();
    let mut order = order(open(50, 60_000, 40), &server, Flow::of_path("/sleep/300").unwrap());
    order.grace = Duration::from_secs(30);
    let running = tokio::spawn(run(order, stop.clone(), None));
    until(|| server.all() >= 5).await;
    stop.gently();
    let measured = running.await.unwrap().unwrap();
    let all = whole(&measured);
    assert_eq!(measured.ended, Ended::Stopped);
    assert_eq!((all.failed, all.unmeasured, all.good), (0, 0, server.all()));
    assert!(measured.took < SOON, "{:?}", measured.took);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_under_way_is_cut_off_and_counted_so_when_it_is_stopped_at_once() {
    let server = Server::start(None).await;
    let stop = Stop::default();
    let running = tokio::spawn(run(
        order(open(50, 60_000, 40), &server, flow(json!([{ "get": "/hang", "within": "1m" }]))),
        stop.clone(),
        None,
    ));
    until(|| server.all() >= 5).await;
    stop.at_once();
    let measured = running.await.unwrap().unwrap();
    let all = whole(&measured);
    assert!(all.failures.keys().eq([&Failure::CutOff]) && all.started >= 5, "{:?}", all.failures);
    assert_eq!((all.good, all.failed, all.unmeasured), (0, 0, all.started));
    assert!(measured.took < SOON, "{:?}", measured.took);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_the_plan_cuts_off_after_its_grace_and_what_found_no_connection_is_counted() {
    let server = Server::start(None).await;
    let mut order = order(open(100, 500, 4), &server, Flow::of_path("/hang").unwrap());
    order.grace = Duration::from_millis(100);
    let all = whole(&done(order).await);
    assert_eq!((all.started, all.unmeasured), (50, 50));
    assert_eq!(server.all(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_due_before_the_end_comes_about_when_the_generator_is_late() {
    let server = Server::start(None).await;
    // Everybody wakes when all is over already.
    for pace in [Pace::Every { ms: 500 }, Pace::Think { least_ms: 500, most_ms: 500 }] {
        let before = server.all();
        let mut order = order(closed(10, 500, pace), &server, Flow::of_path("/x").unwrap());
        (order.begin, order.grace) = (Instant::now().checked_sub(Duration::from_secs(2)), SOON);
        let all = whole(&done(order).await);
        assert_eq!((all.started, all.good, server.all() - before), (10, 10, 10), "{:?}", all.failures);
        // That it was late is its own doing.
        assert!(all.lag.unwrap().p50_us >= 1_000_000, "{:?}", all.lag);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn users_who_have_nothing_more_to_do_stay_to_the_end() {
    let server = Server::start(None).await;
    let mut order = order(closed(8, 1_000, Pace::Every { ms: 400 }), &server, Flow::of_path("/x").unwrap());
    let begin = Instant::now() + Duration::from_millis(100);
    order.begin = Some(begin);
    assert_eq!(whole(&done(order).await).failed, 0);
    until(|| server.seen.lock().unwrap().ended.len() == 8).await;
    let seen = server.seen.lock().unwrap();
    let first = seen.ended.iter().min().unwrap().saturating_duration_since(begin);
    assert!(seen.connections == 8 && first >= Duration::from_secs(1), "{first:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_between_two_steps_may_end_its_walk_within_the_grace() {
    let server = Server::start(None).await;
    let steps = json!([{ "get": "/x" }, { "wait": "300ms" }, { "get": "/x" }]);
    let mut order = order(open(40, 500, 40), &server, flow(steps));
    order.grace = SOON;
    let measured = done(order.clone()).await;
    let all = whole(&measured);
    assert_eq!((all.started, all.good, all.unmeasured), (20, 20, 0), "{:?}", all.failures);
    assert!(measured.took < SOON, "{:?}", measured.took);
    order.grace = Duration::ZERO;
    assert!(whole(&done(order).await).unmeasured > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_ends_when_too_much_fails() {
    let server = Server::start(None).await;
    let mut order = order(open(500, 60_000, 20), &server, Flow::of_path("/500").unwrap());
    order.abort_above = Some(0.5);
    let measured = done(order).await;
    assert_eq!(measured.ended, Ended::Aborted { failed: 1.0 });
    assert!(measured.took < SOON, "{:?}", measured.took);
    assert!(server.all() >= 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_when_nobody_waits_any_more() {
    let server = Server::start(None).await;
    let running = tokio::spawn(run(
        order(closed(10, 60_000, AT_ONCE), &server, Flow::of_path("/x").unwrap()),
        Stop::default(),
        None,
    ));
    until(|| server.all() >= 5).await;
    running.abort();
    let _ = running.await;
    // The threads see it within some 20 ms; then the count stands still.
    let mut before = 0;
    let until = Instant::now() + SOON;
    while server.all() != before && Instant::now() < until {
        before = server.all();
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    assert_eq!(server.all(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_second_is_told_while_it_goes_on() {
    let server = Server::start(None).await;
    let (tell, mut told) = watch::channel(Live::default());
    let running = tokio::spawn(run(
        order(closed(4, 2_500, Pace::Every { ms: 50 }), &server, Flow::of_path("/x").unwrap()),
        Stop::default(),
        Some(tell),
    ));
    let mut started = 0;
    while told.changed().await.is_ok() {
        started += told.borrow_and_update().started;
    }
    assert!(started >= 100, "{started}");
    assert_eq!(whole(&running.await.unwrap().unwrap()).started, 200);
}
