//! What several processes do together is what one would have done.

use gonogo_load::engine::{Ended, Live, Stop};
use gonogo_load::measure::{Part, Window};
use gonogo_load::spread::{Division, run};
use tokio::sync::watch;

use super::server::Server;
use super::{Test, closed, crew, kin, open, order, until};

const ALL: Window = Window { from_s: 0, to_s: 1_000 };

pub(super) fn tests() -> Vec<Test> {
    vec![
        ("an open plan is carried out exactly", || Box::pin(open_plan())),
        ("users are dealt out, each once", || Box::pin(users())),
        ("a plan that fits into this process starts no other", || Box::pin(one())),
        ("an order goes over the pipe only", || Box::pin(secrets())),
    ]
}

async fn open_plan() {
    let server = Server::start(None).await;
    let order = order(open(400, 1_500, 25), server.target(), "/x");
    let (tell, mut told) = watch::channel(Live::default());
    let division = Division::of(&order, crew().machine).unwrap();
    assert_eq!(division.processes, 3);
    assert!(division.why.as_ref().unwrap().contains("25 users need 25 file descriptors"), "{division:?}");
    let seconds = tokio::spawn(async move {
        let mut seconds = Vec::new();
        while told.changed().await.is_ok() {
            let live = told.borrow_and_update().clone();
            seconds.push((live.second, live.started));
        }
        seconds
    });
    let spread = run(order, &crew(), Stop::default(), Some(tell)).await.unwrap();
    assert_eq!((spread.division, spread.gaps), (division, Vec::new()));
    let all = spread.measured.recording.summary(Part::All, ALL);
    assert_eq!((all.started, all.good, all.failed, all.unmeasured), (600, 600, 0, 0), "{all:?}");
    assert_eq!((server.asked("GET /x"), spread.measured.ended), (600, Ended::Planned));
    let of = |tier| spread.measured.recording.whole(Part::Tier(tier)).started;
    assert_eq!((of(0), of(1), all.lag.unwrap().count), (400, 200, 600));
    let started = |second| spread.measured.recording.second(Part::All, second).started;
    assert_eq!((started(0), started(1)), (400, 200));
    assert!(spread.measured.threads >= 3 && !spread.measured.cpu.is_zero());
    // One process after the other: each has connections from its own address.
    let from = server.seen.lock().unwrap().from.keys().cloned().collect::<Vec<_>>();
    assert_eq!(from, ["127.0.0.1", "127.0.1.1", "127.0.2.1"]);
    let seconds = seconds.await.unwrap();
    assert!(seconds.contains(&(0, 400)), "{seconds:?}");
}

async fn users() {
    let server = Server::start(None).await;
    let order = order(closed(30, 500), server.target(), "/{{unique}}");
    let spread = run(order, &crew(), Stop::default(), None).await.unwrap();
    assert_eq!((spread.division.processes, spread.gaps), (3, Vec::new()));
    let all = spread.measured.recording.summary(Part::All, ALL);
    // A machine that is busy may come too late to a last turn; that is told.
    assert_eq!((all.started, all.failed, all.good), (150, 0, server.all()), "{:?}", all.failures);
    let mut asked = 0;
    for (tier, users) in [(0, 20), (1, 10)] {
        let of_tier = spread.measured.recording.whole(Part::Tier(tier)).started;
        assert_eq!(of_tier, users * 5);
        for number in 0..users {
            let by_user = server.asked(&format!("GET /mt{tier}n{number}"));
            assert!((1..=5).contains(&by_user), "{by_user} by user {number} of tier {tier}");
            asked += by_user;
        }
    }
    assert_eq!(asked, server.all());
}

async fn one() {
    let server = Server::start(None).await;
    let order = order(closed(10, 300), server.target(), "/x");
    let mut crew = crew();
    crew.program = "/nonexistent".into();
    let spread = run(order, &crew, Stop::default(), None).await.unwrap();
    assert_eq!((spread.division, spread.gaps), (Division { processes: 1, why: None }, Vec::new()));
    assert_eq!(spread.measured.recording.whole(Part::All).started, 30);
}

async fn secrets() {
    let server = Server::start(None).await;
    let mut order = order(closed(25, 30_000), server.target(), "/x");
    let step = serde_json::json!([{"get": "/x", "headers": {"X-Key": "canary-7f3a"}}]);
    order.flows[0].steps = serde_json::from_value(step).unwrap();
    assert!(!format!("{order:?}").contains("canary"));
    let stop = Stop::default();
    let stopped = stop.clone();
    let running = tokio::spawn(async move { run(order, &crew(), stopped, None).await });
    until(|| server.seen.lock().unwrap().texts.iter().any(|text| text.contains("canary-7f3a"))).await;
    let workers = kin::workers_of(std::process::id());
    assert_eq!(workers.len(), 3);
    for pid in workers {
        assert_eq!(kin::words(pid, "environ"), "");
        assert!(kin::words(pid, "cmdline").ends_with("worker --pipe "));
    }
    stop.at_once();
    assert_eq!(running.await.unwrap().unwrap().gaps, []);
}
