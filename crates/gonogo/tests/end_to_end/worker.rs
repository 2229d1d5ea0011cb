//! `gonogo worker`: the binary carries a part of a load out for whoever started it.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use gonogo_load::engine::{Machine, Order, Stop};
use gonogo_load::measure::Part;
use gonogo_load::plan::{Cap, Load, Pace, Plan, Profile, Segment, Tier};
use gonogo_load::spread::{Crew, run};
use gonogo_load::{Flow, Target};

const GONOGO: &str = env!("CARGO_BIN_EXE_gonogo");

/// Answers whatever it is asked, and counts.
pub(crate) fn serve() -> (Target, Arc<AtomicU64>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let (address, asked) = (listener.local_addr().unwrap(), Arc::<AtomicU64>::default());
    let count = Arc::clone(&asked);
    std::thread::spawn(move || {
        let answer = |mut stream: TcpStream, count: &AtomicU64| {
            let mut read = [0; 4_096];
            while stream.read(&mut read).is_ok_and(|length| length > 0) {
                count.fetch_add(1, Ordering::Relaxed);
                if stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").is_err() {
                    return;
                }
            }
        };
        for stream in listener.incoming().flatten() {
            let count = Arc::clone(&count);
            std::thread::spawn(move || answer(stream, &count));
        }
    });
    let (name, host) = ("t".to_owned(), address.to_string());
    (Target { name, addresses: vec![address], host, base: String::new(), tls: None, http2: false }, asked)
}

#[test]
fn the_binary_carries_out_what_is_too_large_for_one_process() {
    let (target, asked) = serve();
    let users = Profile::new(vec![Segment::steady(500, 25_000)]).unwrap();
    let tiers = vec![Tier { name: "all".to_owned(), share: 1, pace: Pace::Every { ms: 100 } }];
    let cap = Cap { starts_per_s: 10_000, lasts_ms: 1_000, users: 100 };
    let plan = Plan::new(Load::Closed { users }, tiers, cap, 1).unwrap();
    let order = Order::new(plan, vec![target], vec![Flow::of_path("/").unwrap()], "m".to_owned());
    let crew = Crew {
        program: GONOGO.into(),
        arguments: vec!["worker".to_owned(), "--pipe".to_owned()],
        machine: Machine { descriptors: 138, ..Machine::this() },
        silence: Duration::from_secs(60),
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let spread = runtime.block_on(run(order, &crew, Stop::default(), None)).unwrap();
    assert_eq!((spread.division.processes, spread.gaps), (3, Vec::new()));
    let whole = spread.measured.recording.whole(Part::All);
    assert_eq!((whole.started, whole.good.count()), (125, asked.load(Ordering::Relaxed)));
}

#[test]
fn a_worker_that_hears_nothing_ends() {
    let mut worker =
        Command::new(GONOGO).args(["worker", "--pipe"]).stdin(Stdio::piped()).spawn().expect("it starts");
    drop(worker.stdin.take());
    assert!(worker.wait().unwrap().success());
}
