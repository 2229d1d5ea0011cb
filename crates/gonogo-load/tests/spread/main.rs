//! A plan over several processes, of this machine or over NATS: together they do exactly what one would,
//! none outlives who started it, and one that is lost is told. The processes are this program again.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../engine/server.rs"]
mod server;

mod ends;
mod fleet;
mod kin;
mod lost;
mod whole;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use gonogo_load::engine::{Machine, Order};
use gonogo_load::plan::{Cap, Load, Pace, Plan, Profile, Segment, Tier};
use gonogo_load::spread::{Crew, serve_pipe};
use gonogo_load::{Flow, Target};
use libtest_mimic::{Arguments, Trial};

/// Long enough for any machine, and much shorter than the plans that are stopped.
const SOON: Duration = Duration::from_secs(30);
/// Users of a process here, so that a small plan is too large for one.
const EACH: u64 = 10;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["worker", "--pipe"] => {
            serve_pipe().unwrap();
            return ExitCode::SUCCESS;
        }
        ["worker", "--nats"] => {
            fleet::serve();
            return ExitCode::SUCCESS;
        }
        ["lead", port] => {
            ends::lead(port.parse().unwrap());
            return ExitCode::SUCCESS;
        }
        _ => {}
    }
    let trials = [whole::tests(), lost::tests(), ends::tests(), fleet::tests()].concat();
    let trials = trials.into_iter().map(|(name, test)| {
        Trial::test(name, move || {
            tokio::runtime::Runtime::new().unwrap().block_on(test());
            Ok(())
        })
    });
    // Each looks at the children of this process.
    let arguments = Arguments { test_threads: Some(1), ..Arguments::from_args() };
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// A test by its name.
type Test = (&'static str, fn() -> std::pin::Pin<Box<dyn Future<Output = ()>>>);

fn crew() -> Crew {
    let machine = Machine { descriptors: 128 + EACH, ..Machine::this() };
    Crew { machine, silence: SOON, ..Crew::of_this_program().unwrap() }
}

fn tier(name: &str, share: u64, pace: Pace) -> Tier {
    Tier { name: name.to_owned(), share, pace }
}

fn cap() -> Cap {
    Cap { starts_per_s: 100_000, lasts_ms: 60_000, users: 10_000 }
}

/// So many starts a second, for so long, over so many connections.
fn open(per_s: u64, lasts_ms: u64, connections: u64) -> Plan {
    let rate = Profile::new(vec![Segment::steady(lasts_ms, per_s * 1_000)]).unwrap();
    let at_once = Pace::Think { least_ms: 0, most_ms: 0 };
    let tiers = vec![tier("free", 2, at_once), tier("pro", 1, at_once)];
    Plan::new(Load::Open { rate, connections }, tiers, cap(), 1).unwrap()
}

fn closed(users: u64, lasts_ms: u64) -> Plan {
    let users = Profile::new(vec![Segment::steady(lasts_ms, users * 1_000)]).unwrap();
    let pace = Pace::Every { ms: 100 };
    Plan::new(Load::Closed { users }, vec![tier("free", 2, pace), tier("pro", 1, pace)], cap(), 1).unwrap()
}

fn order(plan: Plan, target: Target, path: &str) -> Order {
    let flows = vec![Flow::of_path(path).unwrap(), Flow::of_path(path).unwrap()];
    let mut order = Order::new(plan, vec![target], flows, "m".to_owned());
    order.abort_above = None;
    order
}

/// Waits until something is so.
async fn until(what: impl Fn() -> bool) {
    let until = Instant::now() + SOON;
    while !what() {
        assert!(Instant::now() < until, "it was not so for {SOON:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
