//! Workers that are lost, and programs that are none.

use std::time::Duration;

use gonogo_load::engine::{Ended, Stop};
use gonogo_load::measure::Part;
use gonogo_load::plan::Shard;
use gonogo_load::spread::{Crew, Spread, run};
use rustix::process::Signal;

use super::server::Server;
use super::{Test, closed, crew, kin, open, order, until};

pub(super) fn tests() -> Vec<Test> {
    vec![
        ("a worker that is killed is a gap, and what it told counts", || Box::pin(killed())),
        ("a worker that says nothing any more is a gap", || Box::pin(silent())),
        ("a program that is no worker is refused before anything is sent", || Box::pin(no_worker())),
        ("what a worker refuses is refused", || Box::pin(refused())),
    ]
}

/// Runs three processes; once they have told of two seconds, one of them gets a signal.
async fn with_signal(which: Signal, crew: Crew) -> (Spread, Server) {
    let server = Server::start(None).await;
    let order = order(open(300, 5_000, 25), server.target(), "/x");
    let running = tokio::spawn(async move { run(order, &crew, Stop::default(), None).await });
    until(|| server.all() > 750).await;
    let workers = kin::workers_of(std::process::id());
    assert_eq!(workers.len(), 3);
    kin::signal(workers[0], which);
    (running.await.unwrap().unwrap(), server)
}

/// Two thirds of the plan are there, and of the rest what was told before.
fn is_all_but_a_gap(spread: &Spread, server: &Server) {
    assert_eq!(spread.gaps.len(), 1, "{:?}", spread.gaps);
    let gap = &spread.gaps[0];
    let (whole, starts) = (spread.measured.recording.whole(Part::All), gap.starts.unwrap());
    assert_eq!((gap.shard.of, gap.users), (3, if gap.shard.index == 0 { 9 } else { 8 }));
    assert!(gap.from_s >= 1 && gap.from_s <= 4, "{gap}");
    assert_eq!(starts, 100 * (5 - u64::from(gap.from_s)), "{gap}");
    // When the lost one last told, an answer or two had not come, and the next second had begun.
    let covered = 1_500 - starts;
    assert!((covered - 20..=covered + 90).contains(&whole.started), "{} of {covered}", whole.started);
    assert_eq!((whole.good.count(), spread.measured.ended), (whole.started, Ended::Planned));
    assert!(server.all() >= whole.started && server.all() < 1_500, "{}", server.all());
}

async fn killed() {
    let (spread, server) = with_signal(Signal::KILL, crew()).await;
    is_all_but_a_gap(&spread, &server);
    assert!(spread.gaps[0].why.contains("it was killed (signal 9)"), "{}", spread.gaps[0]);
    until(|| kin::workers_of(std::process::id()).is_empty()).await;
}

async fn silent() {
    let crew = Crew { silence: Duration::from_millis(1_500), ..crew() };
    let (spread, server) = with_signal(Signal::STOP, crew).await;
    is_all_but_a_gap(&spread, &server);
    assert!(spread.gaps[0].why.contains("nothing was heard of it for 1 s"), "{}", spread.gaps[0]);
    until(|| kin::workers_of(std::process::id()).is_empty()).await;
}

async fn no_worker() {
    let server = Server::start(None).await;
    for (program, said) in [
        ("/nonexistent", "/nonexistent cannot be started"),
        ("/bin/true", "of 3: it ended before it began: it ended with status 0"),
        // It says what it hears, which is no answer.
        ("/bin/cat", "it ended before it began"),
    ] {
        let crew = Crew { program: program.into(), arguments: Vec::new(), ..crew() };
        let refused = run(order(closed(25, 300), server.target(), "/x"), &crew, Stop::default(), None).await;
        let why = refused.unwrap_err().to_string();
        assert!(why.contains(said), "{program}: {why}");
    }
    assert_eq!(server.all(), 0);
}

async fn refused() {
    let server = Server::start(None).await;
    let mut order = order(closed(25, 300), server.target(), "/x");
    // Who leads does not look; who connects has to.
    order.shard = Shard { index: 0, of: 1 };
    order.targets[0].tls = Some(gonogo_load::Tls {
        name: "localhost".to_owned(),
        trust: gonogo_load::Trust::Only { pem: String::new() },
    });
    let why = run(order, &crew(), Stop::default(), None).await.unwrap_err().to_string();
    assert!(why.starts_with("process ") && why.ends_with("there is no root to trust"), "{why}");
    assert_eq!(server.all(), 0);
}
