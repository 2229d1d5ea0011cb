//! Workers that meet at a real NATS: what they do together is what one would have done, who is lost
//! is told, nobody goes on alone, and nobody else can read or order anything.

use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::StreamExt as _;
use gonogo_load::engine::{Ended, Order, Stop};
use gonogo_load::measure::{Part, Window};
use gonogo_load::plan::Refused;
use gonogo_load::spread::{Fleet, Joining, Key, Meeting, News, Spread, join, run_over};
use rustix::process::Signal;
use testbed_servers::{Authority, Leaf, Nats, NatsOptions};

use super::server::Server;
use super::{SOON, Test, closed, kin, open, order, until};

const KEY: &str = "9f86d081884c7d659a2feaa0c55ad015";
const ALL: Window = Window { from_s: 0, to_s: 1_000 };

pub(super) fn tests() -> Vec<Test> {
    if Nats::find().is_none() {
        // The workspace's test command says so.
        return Vec::new();
    }
    vec![
        ("workers over NATS carry a plan out exactly", || Box::pin(exactly())),
        ("one of four that is killed is a gap, and the others end as planned", || Box::pin(killed())),
        ("all stop at once when the run is dropped, and do the next one", || Box::pin(dropped())),
        ("workers do not go on when NATS is gone", || Box::pin(without_nats())),
        ("what goes over NATS can be read by nobody", || Box::pin(unread())),
        ("too few workers, and those with another key, send nothing", || Box::pin(too_few())),
        ("a worker sends nothing to hosts that were not permitted", || Box::pin(not_permitted())),
        ("NATS without JetStream is said", || Box::pin(without_jetstream())),
        ("workers meet over TLS", || Box::pin(over_tls())),
    ]
}

/// A NATS, and workers that wait there, each a process.
struct Yard {
    nats: Option<Nats>,
    address: String,
    workers: Vec<Child>,
}

impl Drop for Yard {
    fn drop(&mut self) {
        for worker in &mut self.workers {
            let _ = worker.kill();
            let _ = worker.wait();
        }
    }
}

impl Yard {
    fn new(workers: usize, options: &NatsOptions) -> Yard {
        let nats = Nats::start(options).unwrap();
        let user = if options.open { String::new() } else { format!("app:{}@", nats.password()) };
        let address = format!("nats://{user}127.0.0.1:{}", nats.port());
        let workers = (0..workers).map(|_| worker(&address, KEY)).collect();
        Yard { nats: Some(nats), address, workers }
    }

    fn fleet(&self, workers: u64) -> Fleet {
        fleet(meeting(&self.address, KEY), workers)
    }
}

fn usual() -> NatsOptions {
    NatsOptions { jetstream: true, ..NatsOptions::default() }
}

fn worker(address: &str, key: &str) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["worker", "--nats"]).env("ADDRESS", address).env("KEY", key);
    command.stdout(Stdio::null()).spawn().unwrap()
}

/// Is a worker that waits at a NATS.
pub(super) fn serve() {
    let of = |name| std::env::var(name).unwrap();
    let joining = joining(meeting(&of("ADDRESS"), &of("KEY")));
    // A NATS that is gone is what some of the tests are about.
    let _ = tokio::runtime::Runtime::new().unwrap().block_on(join(&joining, |_| {}));
}

fn joining(meeting: Meeting) -> Joining {
    Joining { meeting, name: "yard".to_owned(), allow: Vec::new(), once: false }
}

fn meeting(address: &str, key: &str) -> Meeting {
    Meeting::new(address, String::new(), Key::new(key).unwrap()).unwrap()
}

fn fleet(meeting: Meeting, workers: u64) -> Fleet {
    Fleet { meeting, workers, wait: SOON, silence: Duration::from_secs(4) }
}

async fn run(order: Order, fleet: &Fleet) -> Result<Spread, Refused> {
    run_over(order, fleet, Stop::default(), None, |parting| drop(tokio::spawn(parting))).await
}

async fn exactly() {
    let (server, yard) = (Server::start(None).await, Yard::new(4, &usual()));
    for workers in [2, 4] {
        let before = server.all();
        let spread =
            run(order(open(400, 1_500, 24), server.target(), "/x"), &yard.fleet(workers)).await.unwrap();
        assert_eq!((spread.division.processes, spread.gaps), (workers, Vec::new()));
        let all = spread.measured.recording.summary(Part::All, ALL);
        assert_eq!((all.started, all.good, all.failed, all.unmeasured), (600, 600, 0, 0), "{all:?}");
        assert_eq!((server.all() - before, spread.measured.ended), (600, Ended::Planned));
        let started = |second| spread.measured.recording.second(Part::All, second).started;
        assert_eq!((started(0), started(1)), (400, 200));
        // All of this is one machine, whose clock is one.
        assert!(spread.clocks_apart.unwrap() < Duration::from_millis(500), "{:?}", spread.clocks_apart);
    }
    // Each worker has connections from its own address.
    assert_eq!(server.seen.lock().unwrap().from.len(), 4);
}

async fn killed() {
    let (server, yard) = (Server::start(None).await, Yard::new(4, &usual()));
    let (plan, fleet) = (open(400, 6_000, 24), yard.fleet(4));
    let running = tokio::spawn({
        let order = order(plan, server.target(), "/x");
        async move { run(order, &fleet).await }
    });
    until(|| server.all() > 1_000).await;
    kin::signal(yard.workers[1].id(), Signal::KILL);
    let spread = running.await.unwrap().unwrap();
    assert_eq!(spread.gaps.len(), 1, "{:?}", spread.gaps);
    let gap = &spread.gaps[0];
    assert!(gap.why.starts_with("worker yard: nothing was heard of it for 4 s"), "{gap}");
    assert_eq!((gap.shard.of, gap.users), (4, 6));
    // Each tier is dealt out by itself, so a part has a start more or less.
    let missing = 100 * (6 - u64::from(gap.from_s));
    assert!(gap.starts.unwrap().abs_diff(missing) <= 2, "{gap:?} of {missing}");
    let started = spread.measured.recording.whole(Part::All).started;
    let covered = 2_400 - gap.starts.unwrap();
    // When the lost one last told, an answer or two had not come, and the next second had begun.
    assert!((covered - 20..=covered + 90).contains(&started), "{started} of {covered}: {gap}");
    assert_eq!(spread.measured.ended, Ended::Planned);
}

async fn dropped() {
    let (server, yard) = (Server::start(None).await, Yard::new(2, &usual()));
    let fleet = yard.fleet(2);
    let again = fleet.clone();
    let long = order(closed(24, 60_000), server.target(), "/x");
    let running = tokio::spawn(async move { run(long, &fleet).await });
    until(|| server.all() >= 24).await;
    running.abort();
    let _ = running.await;
    stands_still(&server, Duration::from_secs(3)).await;
    let before = server.all();
    let spread = run(order(open(100, 1_000, 4), server.target(), "/x"), &again).await.unwrap();
    assert_eq!((spread.gaps, server.all() - before), (Vec::new(), 100));
}

async fn without_nats() {
    let (server, mut yard) = (Server::start(None).await, Yard::new(2, &usual()));
    let fleet = yard.fleet(2);
    let long = order(closed(24, 60_000), server.target(), "/x");
    let running = tokio::spawn(async move { run(long, &fleet).await });
    until(|| server.all() >= 24).await;
    yard.nats = None;
    let spread = running.await.unwrap().unwrap();
    assert_eq!(spread.gaps.len(), 2, "{:?}", spread.gaps);
    stands_still(&server, SOON).await;
}

/// Waits until a server is asked nothing for half a second.
async fn stands_still(server: &Server, within: Duration) {
    let asked = async {
        let mut before = server.all();
        loop {
            tokio::time::sleep(Duration::from_millis(500)).await;
            if std::mem::replace(&mut before, server.all()) == before {
                return;
            }
        }
    };
    tokio::time::timeout(within, asked).await.unwrap();
}

async fn unread() {
    let (server, yard) = (Server::start(None).await, Yard::new(2, &usual()));
    let password = yard.nats.as_ref().unwrap().password().to_owned();
    let options = async_nats::ConnectOptions::with_user_and_password("app".to_owned(), password);
    let client = options.connect(yard.address.as_str()).await.unwrap();
    let mut everything = client.subscribe("gonogo.>").await.unwrap();
    let read = Arc::new(Mutex::new(Vec::new()));
    let reader = tokio::spawn({
        let read = Arc::clone(&read);
        async move {
            while let Some(message) = everything.next().await {
                read.lock().unwrap().push((message.subject.to_string(), message.payload.to_vec()));
            }
        }
    });
    let mut order = order(open(50, 1_000, 4), server.target(), "/x");
    let step = serde_json::json!([{"get": "/x", "headers": {"X-Key": "canary-7f3a"}}]);
    order.flows[0].steps = serde_json::from_value(step).unwrap();
    run(order, &yard.fleet(2)).await.unwrap();
    assert!(server.seen.lock().unwrap().texts.iter().any(|text| text.contains("canary-7f3a")));
    reader.abort();
    let read = read.lock().unwrap();
    for kind in ["call", "offer", "to", "from"] {
        assert!(read.iter().any(|(subject, _)| subject.split('.').nth(3) == Some(kind)), "no {kind}");
    }
    for (subject, bytes) in read.iter() {
        let text = String::from_utf8_lossy(bytes);
        let plain = ["canary", "X-Key", "127.0.0.1", "seconds", "version"];
        assert!(!plain.iter().any(|word| text.contains(word)), "{subject} can be read: {text}");
    }
}

async fn too_few() {
    let (server, yard) = (Server::start(None).await, Yard::new(1, &usual()));
    let other = meeting(&yard.address, &"o".repeat(32));
    let news = Arc::new(Mutex::new(Vec::new()));
    let strange = tokio::spawn({
        let news = Arc::clone(&news);
        async move { join(&joining(other), |new| news.lock().unwrap().push(new)).await }
    });
    until(|| !news.lock().unwrap().is_empty()).await;
    let fleet = Fleet { wait: Duration::from_secs(3), ..yard.fleet(2) };
    let why = run(order(closed(4, 300), server.target(), "/x"), &fleet).await.unwrap_err().to_string();
    assert!(why.starts_with("1 of 2 workers came to nats://127.0.0.1:"), "{why}");
    assert!(!why.contains(yard.nats.as_ref().unwrap().password()), "{why}");
    let said = News::Strange("somebody calls who has another secret".to_owned());
    assert_eq!(*news.lock().unwrap(), [News::Waits, said]);
    assert_eq!(server.all(), 0);
    strange.abort();
}

async fn not_permitted() {
    let yard = Yard::new(2, &usual());
    // An address of a network that is nowhere (RFC 5737).
    let target = gonogo_load::Target {
        addresses: vec!["192.0.2.1:80".parse().unwrap()],
        host: "shop.example".to_owned(),
        ..super::server::target(9)
    };
    let why = run(order(closed(4, 300), target, "/x"), &yard.fleet(2)).await.unwrap_err().to_string();
    assert_eq!(
        why,
        "worker yard: it sends no load to shop.example; start it with `--allow shop.example` if it may"
    );
}

async fn without_jetstream() {
    let yard = Yard::new(0, &NatsOptions::default());
    let order = order(closed(4, 300), super::server::target(9), "/x");
    let why = run(order, &yard.fleet(1)).await.unwrap_err().to_string();
    assert!(why.contains("JetStream is needed"), "{why}");
}

async fn over_tls() {
    let folder = tempfile::tempdir().unwrap();
    let leaf = Leaf { names: vec!["localhost".to_owned()], from_days: -1, until_days: 30 };
    let paper = Authority::new().unwrap().issue(&leaf, folder.path()).unwrap();
    let roots = std::fs::read_to_string(&paper.authority).unwrap();
    let nats = Nats::start(&NatsOptions { tls: Some(paper), ..usual() }).unwrap();
    let address = format!("tls://app:{}@localhost:{}", nats.password(), nats.port());
    let at = |roots: &str| Meeting::new(&address, roots.to_owned(), Key::new(KEY).unwrap()).unwrap();
    let server = Server::start(None).await;
    let worker = tokio::spawn({
        let joining = Joining { once: true, ..joining(at(&roots)) };
        async move { join(&joining, |_| {}).await }
    });
    let spread = run(order(open(50, 1_000, 4), server.target(), "/x"), &fleet(at(&roots), 1)).await.unwrap();
    assert_eq!((spread.gaps, server.all()), (Vec::new(), 50));
    worker.await.unwrap().unwrap();
    let why = run(order(closed(4, 300), server.target(), "/x"), &fleet(at(""), 1)).await.unwrap_err();
    assert!(why.to_string().starts_with("NATS at tls://localhost:"), "{why}");
}
