//! Requests a second and processor time per request against a private nginx with one worker, beside
//! other generators, alternating in one run; then measured latencies beside the truth. nginx has the
//! first core, the generator the second, and figures are only good as ratios: others may use the
//! machine.
//!
//! `cargo bench -p gonogo-load --bench rate -- [seconds] [rounds]`
#![expect(clippy::print_stdout, reason = "a bench prints its table")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot run has nothing to say")]

#[path = "rate/contest.rs"]
mod contest;
#[path = "rate/generators.rs"]
mod generators;
#[path = "rate/truth.rs"]
mod truth;

use testbed_servers::{Nginx, NginxOptions};

/// What is answered: 34 bytes of JSON.
const BODY: &str = r#"{"id":12345,"state":"ok","n":1000}"#;
/// Connections that are kept.
const CONNECTIONS: u32 = 64;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [role, port, seconds] = arguments.as_slice()
        && let Some(generator) = generators::ours(role)
    {
        // One generator, in a process of its own so that it can be pinned and its time be taken.
        println!("{}", generator(port.parse().unwrap(), seconds.parse().unwrap()));
        return;
    }
    let number =
        |at: usize, usual: u64| arguments.get(at).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let nginx = nginx();
    contest::run(nginx.port(), number(0, 2), number(1, 9));
    truth::run();
}

/// One worker, pinned, that closes no connection.
fn nginx() -> Nginx {
    let lines = vec![
        format!("location /json {{ default_type application/json; return 200 '{BODY}'; }}"),
        "keepalive_requests 1000000000;".to_owned(),
        "keepalive_timeout 600s;".to_owned(),
    ];
    let nginx = Nginx::start(&NginxOptions { lines, ..NginxOptions::default() }).unwrap();
    contest::pin(nginx.pid(), 0);
    nginx
}
