//! `gonogo run` and `gonogo worker --nats`: a fleet comes to the verdict of one machine, a worker that
//! is killed keeps it from being GO, and no secret is left anywhere.

use std::sync::atomic::{AtomicU64, Ordering};

use testbed_servers::{Nats, NatsOptions};

use crate::worker::serve;
use crate::world::{Running, World, files, wait_for};

const SECRET: &str = "canary-of-the-fleet-5b1c7e90aa21";
const TOKEN: &str = "canary-of-a-user-77d0";

/// A system under load for so many seconds, over so many workers of a fleet, or by one machine.
fn spec(seconds: u32, workers: Option<u32>) -> String {
    let fleet = workers.map_or(String::new(), |workers| {
        format!("fleet: bus, workers: {workers}, fleet_secret: \"${{GONOGO_WORKER_SECRET}}\",")
    });
    format!(
        r#"version: 1
system: Shop
targets:
  web: {{ http: "${{WEB}}" }}
  bus: {{ nats: "${{BUS}}" }}
consent: {{ probes: [load/steady] }}
checks:
  - id: under-load
    title: It answers 200 times a second
    probe: load/steady
    with: {{
      target: web, rate: 200/s, connections: 20, for: {seconds}s, cap: {{ rate: 200/s, for: 30s }}, {fleet}
      generator: {{ lag: 1m, busy: 100% }},
      tiers: [{{ steps: [{{ get: /, headers: {{ Authorization: "Bearer ${{USER_TOKEN}}" }} }}] }}]
    }}
    expect: failed == 0
    severity: blocker
"#
    )
}

struct Ground {
    world: World,
    nats: Nats,
    asked: std::sync::Arc<AtomicU64>,
    workers: Vec<Running>,
}

/// Nothing when there is no NATS on this machine; the workspace's test command says so.
fn ground(workers: usize) -> Option<Ground> {
    Nats::find()?;
    let nats = Nats::start(&NatsOptions { jetstream: true, ..NatsOptions::default() }).unwrap();
    let (target, asked) = serve();
    let mut world = World::new();
    world.set("WEB", &format!("http://{}", target.host));
    world.set("BUS", &format!("nats://app:{}@127.0.0.1:{}", nats.password(), nats.port()));
    world.set("GONOGO_WORKER_NATS", &format!("nats://app:{}@127.0.0.1:{}", nats.password(), nats.port()));
    world.set("GONOGO_WORKER_SECRET", SECRET);
    world.set("USER_TOKEN", TOKEN);
    let workers = (0..workers).map(|number| world.start(&["worker", "--name", &format!("w{number}")]));
    let workers = workers.collect();
    Some(Ground { world, nats, asked, workers })
}

#[test]
fn a_fleet_comes_to_the_verdict_of_one_machine() {
    let Some(ground) = ground(2) else { return };
    ground.world.write("one.yaml", &spec(2, None));
    ground.world.write("fleet.yaml", &spec(2, Some(2)));
    let one = ground.world.gonogo(&["run", "--spec", "one.yaml", "--out", "one"]).ended(0);
    assert_eq!(ground.asked.swap(0, Ordering::Relaxed), 400);
    let fleet = ground.world.gonogo(&["run", "--spec", "fleet.yaml", "--out", "fleet"]).ended(0);
    assert_eq!(ground.asked.load(Ordering::Relaxed), 400);
    let verdict = |said: &str| said.lines().find(|line| line.contains("GO")).map(str::to_owned).unwrap();
    assert_eq!(verdict(&one.stdout), verdict(&fleet.stdout));
    let kept = files(&ground.world.path("fleet"));
    let kept: Vec<_> = kept.values().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
    assert!(kept.iter().any(|text| text.contains(r#""workers":2"#)), "{kept:?}");
    for text in kept.iter().chain([&fleet.all()]) {
        for secret in [SECRET, TOKEN, ground.nats.password()] {
            assert!(!text.contains(secret), "{secret} is in {text}");
        }
    }
}

#[test]
fn a_worker_that_is_killed_keeps_it_from_being_go() {
    let Some(mut ground) = ground(4) else { return };
    ground.world.write("gonogo.yaml", &spec(8, Some(4)));
    let world = &ground.world;
    let said = std::thread::scope(|scope| {
        let run = scope.spawn(|| world.gonogo(&["run", "--out", "run"]));
        wait_for("load", || ground.asked.load(Ordering::Relaxed) > 400);
        ground.workers.remove(0).kill();
        run.join().unwrap()
    });
    let shown = said.ended(1).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "part of the load was never sent: nothing is known of part",
        "(5 users) from second",
        "worker w0: nothing was heard of it for 15 s",
    ] {
        assert!(shown.contains(part), "no {part}: {shown}");
    }
}

#[test]
fn a_worker_says_what_it_lacks() {
    let mut world = World::new();
    let said = world.gonogo(&["worker"]).ended(64);
    assert!(said.stderr.contains("say where to wait for work: --nats nats://host:4222"), "{}", said.stderr);
    let said = world.gonogo(&["worker", "--nats", "nats://127.0.0.1:1"]).ended(64);
    assert!(said.stderr.contains("GONOGO_WORKER_SECRET is not set"), "{}", said.stderr);
    world.set("GONOGO_WORKER_SECRET", "short");
    let said = world.gonogo(&["worker", "--nats", "nats://127.0.0.1:1"]).ended(64);
    assert!(said.stderr.contains("give it at least 32"), "{}", said.stderr);
    world.set("GONOGO_WORKER_SECRET", SECRET);
    let said = world.gonogo(&["worker", "--nats", "nats://127.0.0.1:1"]).ended(3);
    assert!(said.stderr.contains("failed as a worker: NATS at nats://127.0.0.1:1: "), "{}", said.stderr);
}
