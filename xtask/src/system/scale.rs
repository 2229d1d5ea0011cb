//! Fifty thousand customers of seed S4, and a private nginx that answers them. It has no faults: what
//! is tried on it is the load itself.

use std::collections::BTreeMap;

use testbed_servers::{Nginx, NginxOptions, NginxWorkers};

use super::{Programs, Running, System};

/// A process has 20,000 file descriptors here, and the kernel deals connections out unevenly.
const WORKERS: NginxWorkers = NginxWorkers { count: 4, connections: 16_000 };
/// A connection is kept between two requests of its user.
const KEPT: &str = "keepalive_timeout 300s; keepalive_requests 1000000;";

/// The system on this machine.
pub(super) fn system() -> System {
    System {
        name: "scale",
        title: "a private nginx, for 50,000 users".to_owned(),
        spec: "testbed/seeds/s4/load.yaml",
        environment: "laptop",
        faults: Vec::new(),
        left_out: 0,
        missing: if Nginx::find().is_some() { Vec::new() } else { vec!["nginx"] },
        timed: true,
        seed: Vec::new(),
        seed_score: "1/1",
        start,
    }
}

/// The server and where it is.
struct Site {
    base_url: String,
    environment: BTreeMap<String, String>,
    _server: Nginx,
}

fn start(_: &Programs, _: &[&str]) -> anyhow::Result<Box<dyn Running>> {
    let server = Nginx::start(&NginxOptions {
        lines: vec![KEPT.to_owned()],
        workers: Some(WORKERS),
        ..NginxOptions::default()
    })?;
    let base_url = format!("http://127.0.0.1:{}", server.port());
    let environment = BTreeMap::from([("SCALE_URL".to_owned(), base_url.clone())]);
    Ok(Box::new(Site { base_url, environment, _server: server }))
}

impl Running for Site {
    fn base_url(&self) -> &str {
        &self.base_url
    }

    fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment
    }
}
