//! Measured latencies beside the truth: a server that notes how long it took itself, and one that
//! stalls for half a second, of which the plan says who has to wait how long.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use gonogo_load::Flow;
use gonogo_load::measure::{Latencies, Part};
use gonogo_load::plan::{Cap, Load, Pace, Plan, Profile, Segment, Shard, Tier};

use super::generators::carried_out;

const PER_S: u64 = 500;
const LASTS_MS: u64 = 4_000;
/// When it stalls, in nanoseconds since the plan began: from between two starts to between two others.
const STALL: (u64, u64) = (2_001_000_000, 2_501_000_000);

/// Whether it stalls, and how long each answer took it.
struct Server {
    stalls: bool,
    begin: Instant,
    took: Mutex<Latencies>,
}

pub(super) fn run() {
    println!("\n| server | percentile | truth, ms | measured, ms | off by, ms |");
    println!("|---|---|---|---|---|");
    for (name, stalls) in [("answers in 1, 5 or 20 ms", false), ("stalls for 500 ms", true)] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let begin = Instant::now() + Duration::from_millis(100);
        let server = Arc::new(Server { stalls, begin, took: Mutex::default() });
        let serving = Arc::clone(&server);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let server = Arc::clone(&serving);
                thread::spawn(move || server.serve(&stream.unwrap()));
            }
        });
        let plan = plan();
        let measured = carried_out(plan.clone(), port, Flow::of_path("/").unwrap(), Some(begin));
        let seen = measured.recording.whole(Part::All).good;
        let truth = if stalls { server.truth(&plan) } else { server.took.lock().unwrap().clone() };
        assert_eq!(seen.count(), PER_S * LASTS_MS / 1_000);
        for share in [0.5, 0.99, 0.999] {
            let ms = |latencies: &Latencies| latencies.quantile_us(share).unwrap() as f64 / 1_000.0;
            let (truth, seen) = (ms(&truth), ms(&seen));
            println!("| {name} | p{} | {truth:.2} | {seen:.2} | {:+.2} |", share * 100.0, seen - truth);
        }
    }
}

fn plan() -> Plan {
    let rate = Profile::new(vec![Segment::steady(LASTS_MS, PER_S * 1_000)]).unwrap();
    let pace = Pace::Think { least_ms: 0, most_ms: 0 };
    let tier = Tier { name: "all".to_owned(), share: 1, pace };
    let cap = Cap { starts_per_s: 10_000, lasts_ms: LASTS_MS, users: 100 };
    Plan::new(Load::Open { rate, connections: 40 }, vec![tier], cap, 1).unwrap()
}

impl Server {
    fn serve(&self, stream: &TcpStream) {
        stream.set_nodelay(true).unwrap();
        let (mut lines, mut to) = (BufReader::new(stream).lines(), stream);
        let mut number = 0_u64;
        // A request ends with an empty line.
        while let Some(Ok(line)) = lines.next() {
            if !line.is_empty() {
                continue;
            }
            let began = Instant::now();
            number += 1;
            thread::sleep(self.delay(number, began.saturating_duration_since(self.begin)));
            to.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").unwrap();
            self.took.lock().unwrap().record(u64::try_from(began.elapsed().as_micros()).unwrap());
        }
    }

    fn delay(&self, number: u64, at: Duration) -> Duration {
        let (from, until) = (Duration::from_nanos(STALL.0), Duration::from_nanos(STALL.1));
        match number {
            _ if self.stalls && (from..until).contains(&at) => until - at,
            _ if self.stalls => Duration::ZERO,
            n if n % 25 == 0 => Duration::from_millis(20),
            n if n % 5 == 0 => Duration::from_millis(5),
            _ => Duration::from_millis(1),
        }
    }

    /// Who was to start in the stall waited for its end; whoever else, next to nothing.
    fn truth(&self, plan: &Plan) -> Latencies {
        let mut truth = Latencies::default();
        let usual = self.took.lock().unwrap().quantile_us(0.5).unwrap();
        for start in plan.starts(Shard::WHOLE) {
            let is_in = (STALL.0..STALL.1).contains(&start.at_ns);
            truth.record(if is_in { (STALL.1 - start.at_ns) / 1_000 } else { usual });
        }
        truth
    }
}
