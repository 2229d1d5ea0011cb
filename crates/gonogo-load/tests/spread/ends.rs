//! How a run over several processes ends: as one in a single process does, and with all of them.

use std::process::{Command, Stdio};
use std::time::Duration;

use gonogo_load::engine::{Ended, Stop};
use gonogo_load::measure::Part;
use gonogo_load::spread::run;
use rustix::process::Signal;

use super::server::{self, Server};
use super::{SOON, Test, closed, crew, kin, open, order, until};

pub(super) fn tests() -> Vec<Test> {
    vec![
        ("what is under way may end when it is stopped gently", || Box::pin(gently())),
        ("a run ends when too much fails", || Box::pin(too_much())),
        ("all end when nobody waits for the run any more", || Box::pin(dropped())),
        ("all end when who leads is killed", || Box::pin(orphaned())),
    ]
}

async fn gently() {
    let server = Server::start(None).await;
    let (order, stop) = (order(open(60, 60_000, 30), server.target(), "/sleep/200"), Stop::default());
    let stopped = stop.clone();
    let running = tokio::spawn(async move { run(order, &crew(), stopped, None).await });
    until(|| server.all() >= 10).await;
    stop.gently();
    let spread = running.await.unwrap().unwrap();
    let all = spread.measured.recording.whole(Part::All);
    assert_eq!((spread.measured.ended, spread.gaps), (Ended::Stopped, Vec::new()));
    assert_eq!((all.good.count(), all.failures.len()), (server.all(), 0));
    assert!(spread.measured.took < SOON);
}

async fn too_much() {
    let server = Server::start(None).await;
    let mut order = order(open(600, 60_000, 30), server.target(), "/500");
    order.abort_above = Some(0.5);
    let spread = run(order, &crew(), Stop::default(), None).await.unwrap();
    assert_eq!((spread.measured.ended, spread.gaps), (Ended::Aborted { failed: 1.0 }, Vec::new()));
    assert!(spread.measured.took < SOON && server.all() >= 100);
}

async fn dropped() {
    let server = Server::start(None).await;
    let order = order(closed(25, 60_000), server.target(), "/x");
    let running = tokio::spawn(async move { run(order, &crew(), Stop::default(), None).await });
    until(|| server.all() >= 25).await;
    let workers = kin::workers_of(std::process::id());
    assert_eq!(workers.len(), 3);
    running.abort();
    let _ = running.await;
    until(|| !workers.iter().any(|pid| kin::lives(*pid))).await;
}

async fn orphaned() {
    let server = Server::start(None).await;
    let program = std::env::current_exe().unwrap();
    let mut lead =
        Command::new(program).args(["lead", &server.port.to_string()]).stdout(Stdio::null()).spawn().unwrap();
    until(|| server.all() >= 25).await;
    let workers = kin::workers_of(lead.id());
    assert_eq!(workers.len(), 3);
    kin::signal(lead.id(), Signal::KILL);
    lead.wait().unwrap();
    until(|| !workers.iter().any(|pid| kin::lives(*pid))).await;
    // Nothing is sent after that.
    let before = server.all();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(server.all(), before);
}

/// Leads a long run, to be killed.
pub(super) fn lead(port: u16) {
    let order = order(closed(25, 60_000), server::target(port), "/x");
    let run = async { run(order, &crew(), Stop::default(), None).await.unwrap() };
    tokio::runtime::Runtime::new().unwrap().block_on(run);
}
