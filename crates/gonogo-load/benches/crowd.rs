//! Fifty thousand users in three tiers, each with an open connection of its own, against a private
//! nginx with several workers on the same machine: how much memory the generator takes for each user,
//! whether anybody is lost, and how late it starts them.
//!
//! `cargo bench -p gonogo-load --bench crowd -- [users]`
#![expect(clippy::print_stdout, reason = "a bench prints its table")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot run has nothing to say")]

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gonogo_load::engine::{Order, Stop};
use gonogo_load::measure::{Latencies, Part, Window};
use gonogo_load::plan::{Cap, Load, Pace, Plan, Profile, Segment, Tier};
use gonogo_load::spread::{Crew, Division, Spread, run, serve_pipe};
use gonogo_load::{Flow, Target};
use testbed_servers::{Nginx, NginxOptions, NginxWorkers};

/// Users come over this time, and stay for this long.
const COME_MS: u64 = 20_000;
const STAY_MS: u64 = 45_000;
/// Name, share, and how often each of its users asks.
const TIERS: [(&str, u64, u64); 3] = [("free", 30, 30_000), ("starter", 15, 20_000), ("pro", 5, 10_000)];
/// Of nginx. A process has 20,000 descriptors, and the kernel deals connections out unevenly.
const WORKERS: NginxWorkers = NginxWorkers { count: 4, connections: 16_000 };

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if arguments.first().is_some_and(|word| word == "worker") {
        return serve_pipe().unwrap();
    }
    let users = arguments.first().map_or(50_000, |users| users.parse().unwrap());
    println!(
        "| users | processes | connections open at nginx | started, good | failed, unmeasured | lag p50, p99, max in ms | latency p50, p99 in ms | memory, MiB | KiB for each user |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let few = go(users / 1_000);
    let many = go(users);
    println!(
        "\nKiB for each user beyond the first {}: {:.1}",
        users / 1_000,
        (many - few) / (users as f64 * 0.999)
    );
    println!("Memory is that of all processes of the generator, with the one that leads, at its highest.");
}

/// One run; gives its memory in KiB.
fn go(users: u64) -> f64 {
    let nginx = nginx();
    let crew = Crew { silence: Duration::from_secs(60), ..Crew::of_this_program().unwrap() };
    let order = order(users, nginx.port());
    let division = Division::of(&order, crew.machine).unwrap();
    if let Some(why) = &division.why {
        println!("<!-- {why}: {} processes -->", division.processes);
    }
    let over = Arc::new(AtomicBool::new(false));
    let watch = watch(Arc::clone(&over), nginx.port());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let spread = runtime.block_on(run(order, &crew, Stop::default(), None)).unwrap();
    over.store(true, Ordering::Relaxed);
    let (memory, open) = watch.join().unwrap();
    print(users, &spread, memory, open);
    memory
}

fn print(users: u64, spread: &Spread, memory: f64, open: u64) {
    assert_eq!(spread.gaps, []);
    let recording = &spread.measured.recording;
    let all = recording.summary(Part::All, Window { from_s: 0, to_s: u32::MAX });
    let whole = recording.whole(Part::All);
    let ms = |of: &Latencies, share| of.quantile_us(share).unwrap() as f64 / 1_000.0;
    println!(
        "| {users} | {} | {open} | {}, {} | {}, {} | {:.2}, {:.2}, {:.1} | {:.2}, {:.2} | {:.0} | {:.1} |",
        spread.division.processes,
        all.started,
        all.good,
        all.failed,
        all.unmeasured,
        ms(&whole.lag, 0.5),
        ms(&whole.lag, 0.99),
        ms(&whole.lag, 1.0),
        ms(&whole.good, 0.5),
        ms(&whole.good, 0.99),
        memory / 1_024.0,
        memory / users as f64,
    );
    for (at, (name, ..)) in TIERS.iter().enumerate() {
        let tier = recording.summary(Part::Tier(at), Window { from_s: 0, to_s: u32::MAX });
        println!("<!-- {name}: {} started, {} good, {:?} -->", tier.started, tier.good, tier.failures);
    }
}

fn nginx() -> Nginx {
    let lines = [
        "location /json { default_type application/json; return 200 '{\"id\":12345}'; }",
        "location /status { stub_status; }",
        "keepalive_requests 1000000000;",
        "keepalive_timeout 600s;",
    ];
    let lines = lines.map(str::to_owned).to_vec();
    Nginx::start(&NginxOptions { lines, workers: Some(WORKERS), ..NginxOptions::default() }).unwrap()
}

fn order(users: u64, port: u16) -> Order {
    let come = Segment { lasts_ms: COME_MS, from_milli: 0, to_milli: users * 1_000 };
    let profile = Profile::new(vec![come, Segment::steady(STAY_MS, users * 1_000)]).unwrap();
    let tier =
        |(name, share, ms): (&str, u64, u64)| Tier { name: name.to_owned(), share, pace: Pace::Every { ms } };
    let cap = Cap { starts_per_s: 100_000, lasts_ms: COME_MS + STAY_MS, users };
    let plan = Plan::new(Load::Closed { users: profile }, TIERS.map(tier).to_vec(), cap, 1).unwrap();
    let target = Target {
        name: "target".to_owned(),
        addresses: vec![SocketAddr::from((Ipv4Addr::LOCALHOST, port))],
        host: format!("127.0.0.1:{port}"),
        base: String::new(),
        tls: None,
        http2: false,
    };
    let flows = TIERS.map(|_| Flow::of_path("/json").unwrap()).to_vec();
    Order::new(plan, vec![target], flows, "crowd".to_owned())
}

/// Looks on: gives the memory of the generator and the connections of nginx, both at their highest.
fn watch(over: Arc<AtomicBool>, port: u16) -> std::thread::JoinHandle<(f64, u64)> {
    std::thread::spawn(move || {
        let (highest, mut open) = (Mutex::new(BTreeMap::new()), 0);
        while !over.load(Ordering::Relaxed) {
            let mut highest = highest.lock().unwrap();
            for id in kin() {
                let memory = peak_kib(&id).max(highest.get(&id).copied().unwrap_or(0.0));
                highest.insert(id, memory);
            }
            drop(highest);
            open = open.max(connections(port).unwrap_or(0));
            std::thread::sleep(Duration::from_millis(500));
        }
        (highest.into_inner().unwrap().values().sum(), open)
    })
}

/// This process and its workers.
fn kin() -> Vec<String> {
    let threads = std::fs::read_dir("/proc/self/task").unwrap().flatten();
    let lists = threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok());
    let all: Vec<String> =
        lists.flat_map(|list| list.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect();
    let is_worker = |id: &String| {
        std::fs::read_to_string(format!("/proc/{id}/cmdline")).is_ok_and(|words| words.contains("--pipe"))
    };
    all.into_iter().filter(is_worker).chain(["self".to_owned()]).collect()
}

fn peak_kib(id: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0.0)
}

/// How many connections nginx has, as it says itself.
fn connections(port: u16) -> Option<u64> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
    stream.write_all(b"GET /status HTTP/1.0\r\n\r\n").ok()?;
    let mut text = String::new();
    stream.read_to_string(&mut text).ok()?;
    // It counts this one too.
    text.split("Active connections: ").nth(1)?.split_whitespace().next()?.parse::<u64>().ok().map(|n| n - 1)
}
