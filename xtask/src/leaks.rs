//! `cargo xtask leaks`: whether `load/soak` tells a process that leaks from one that only warms up. Both
//! are real processes of known behaviour, forty at once, each under load for three minutes.

mod service;

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdin, Command, ExitCode, Stdio};
use std::sync::Arc;

use anyhow::Context as _;
use gonogo_model::catalog::TargetKind;
use gonogo_model::fact::{Item, Value};
use gonogo_probes::{Context, Environment, Reach, Registered, Target};

pub use service::{Kind, serve};

use crate::say;

/// How long each is under load, and how long before that, in seconds; and how often it is asked.
const SOAK_S: u32 = 180;
const WARM_UP_S: u32 = 10;
const RATE: u32 = 20;

/// Tries both kinds with so many seeds each, from the first on, all at once, and prints what was seen.
///
/// # Errors
/// A service that does not start, or a look that is none.
pub fn run(first: u64, seeds: u64) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let probe = gonogo_probes::find("load/soak").context("there is no probe load/soak")?;
    let kinds = [Kind::Leaks, Kind::Warms];
    let tried: Vec<(Kind, u64)> = kinds
        .into_iter()
        .flat_map(|kind| (first..first.saturating_add(seeds)).map(move |seed| (kind, seed)))
        .collect();
    let services =
        tried.iter().map(|(kind, seed)| Service::start(*kind, *seed)).collect::<Result<Vec<_>, _>>()?;
    say::line(&format!("{} services, each under {RATE} requests a second for {SOAK_S} s", services.len()));
    let looks: Vec<_> = services.iter().map(|service| (service.context(), service.params())).collect();
    let looks = looks.into_iter().map(|(context, params)| runtime.spawn(look(probe, context, params)));
    let looks: Vec<_> = looks.collect();
    let mut wrong = 0;
    for ((kind, seed), look) in tried.into_iter().zip(looks) {
        let rss = runtime.block_on(look)??;
        let leaks = rss.facts.get("leaks").and_then(Value::as_bool);
        let is_right = leaks == Some(kind == Kind::Leaks);
        wrong += u32::from(!is_right);
        say::line(&line(kind, seed, &rss, is_right));
    }
    say::line(&format!("{wrong} of {} wrong", 2 * seeds));
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn line(kind: Kind, seed: u64, rss: &Item, is_right: bool) -> String {
    let fact = |name: &str| rss.facts.get(name).cloned().unwrap_or_default();
    let mb = |name: &str, times: f64| fact(name).as_f64().map_or(f64::NAN, |value| value * times / 1e6);
    format!(
        "{:<6} seed {seed:>2}  {:<9} {:>6.2} MB a minute ({:.2} to {:.2})  rss {:.1} to {:.1} MB  p {:<9.1e} {}",
        kind.word(),
        fact("course").as_str().unwrap_or("unknown"),
        mb("slope_per_hour", 1.0 / 60.0),
        mb("slope_lower_per_hour", 1.0 / 60.0),
        mb("slope_upper_per_hour", 1.0 / 60.0),
        mb("first", 1.0),
        mb("last", 1.0),
        fact("p_value").as_f64().unwrap_or(f64::NAN),
        if is_right { "right" } else { "WRONG" }
    )
}

/// What is known of the memory of a service after its soak.
async fn look(probe: &'static Registered, context: Context, params: Value) -> anyhow::Result<Item> {
    let looked = probe.look(&context, params).await.map_err(|unmeasured| anyhow::anyhow!(unmeasured.why))?;
    let rss = looked.items.into_iter().find(|item| item.key == "process/rss");
    rss.context("nothing is known of its memory")
}

/// A service in a process of its own, which ends with its input.
struct Service {
    child: Child,
    port: u16,
    _input: Option<ChildStdin>,
}

impl Service {
    fn start(kind: Kind, seed: u64) -> anyhow::Result<Service> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["leaks", "--serve", kind.word(), "--seed", &seed.to_string()]);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let out = child.stdout.take().context("it has no output")?;
        let mut said = String::new();
        BufReader::new(out).read_line(&mut said)?;
        let port = said.trim().parse().context("it did not say its port")?;
        let _input = child.stdin.take();
        Ok(Service { child, port, _input })
    }

    fn context(&self) -> Context {
        let target = |name: &str, kind, address| Target { name: name.to_owned(), kind, address };
        let process = target("process", TargetKind::Process, format!("pid:{}", self.child.id()));
        Context {
            target: Some(target("service", TargetKind::Http, format!("http://127.0.0.1:{}", self.port))),
            others: BTreeMap::from([("process".to_owned(), process)]),
            environment: Environment::default(),
            folder: crate::root().to_owned(),
            reach: Reach::default(),
            secrets: Arc::default(),
            repositories: Arc::default(),
            sinks: Arc::default(),
            afterwards: Arc::default(),
            live: gonogo_probes::Live::default(),
        }
    }

    fn params(&self) -> Value {
        serde_json::json!({
            "process": "process",
            "rate": format!("{RATE}/s"),
            "connections": 4,
            "tiers": [{ "steps": [{ "get": "/" }] }],
            "warm_up": format!("{WARM_UP_S}s"),
            "for": format!("{SOAK_S}s"),
            "cap": { "rate": format!("{RATE}/s"), "for": format!("{}s", SOAK_S + WARM_UP_S) },
            // Forty generators share this machine; what is looked at is memory.
            "generator": { "threads": 1, "lag": "1m", "busy": "100%" },
        })
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
