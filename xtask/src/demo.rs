//! `cargo demo`: a system of the testbed in the state that its seed found, judged by gonogo.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context as _;
use xtask::say;

use crate::system::{self, Fault, Programs, System, workspace};

/// Arguments of `cargo demo`.
#[derive(Debug, clap::Args)]
pub(crate) struct DemoArgs {
    /// Which system: backend (seed S0), ignition (seed S2), secureconnect (seeds S1 and S3),
    /// secureconnect-limits (the same with small limits), secureconnect-apart (the same with each
    /// service in a process of its own), secureconnect-attacked (the same while strangers type into
    /// it), or scale (50,000 users of seed S4 at an nginx).
    #[arg(long, value_name = "NAME", default_value = "backend")]
    system: String,
    /// Judge the system with nothing wrong.
    #[arg(long, conflicts_with = "fault")]
    healthy: bool,
    /// Switch on this fault instead of those of the seed; may be given several times.
    #[arg(long, value_name = "NAME")]
    fault: Vec<String>,
}

/// Builds, boots, judges and explains. The exit code is gonogo's.
pub(crate) fn run(args: &DemoArgs) -> anyhow::Result<ExitCode> {
    let system = system::named(&args.system)?;
    let faults = faults(args, &system)?;
    let programs = Programs::build()?;
    let since = Instant::now();
    say::aside(&format!("Booting {} …", system.title));
    for fault in &faults {
        say::aside(&format!("  fault on: {} ({})", fault.name, fault.description));
    }
    let running = system.boot(&programs, &faults)?;
    say::aside(&format!("  up at {} after {} ms\n", running.base_url(), since.elapsed().as_millis()));
    let out = free_folder();
    let mut judge = system.gonogo(&programs, running.as_ref(), &["--out", &out]);
    let status = judge.status().context("failed to start gonogo")?;
    say::aside("\nAsk on:");
    if let Some(check) = faults.iter().find_map(check_of) {
        say::aside(&format!("  target/debug/gonogo explain {out} {check}"));
    }
    for question in [format!("verify {out}"), format!("report {out} --format markdown")] {
        say::aside(&format!("  target/debug/gonogo {question}"));
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok()).context("gonogo was killed")?;
    Ok(ExitCode::from(code))
}

/// The check that finds a fault: the middle of `category/check/item`. A root cause has no item.
fn check_of(fault: &Fault) -> Option<&'static str> {
    let mut parts = fault.findings.first()?.splitn(3, '/').skip(1);
    let check = parts.next()?;
    parts.next().map(|_| check)
}

/// The first run folder of this name that is not taken.
fn free_folder() -> String {
    let names = (1..).map(|number| format!("gonogo-runs/demo-{number}"));
    names.into_iter().find(|name| !workspace().join(name).exists()).unwrap_or_default()
}

fn faults(args: &DemoArgs, system: &System) -> anyhow::Result<Vec<Fault>> {
    if args.healthy {
        return Ok(Vec::new());
    }
    match args.fault.is_empty() {
        true => system.seed(),
        false => args.fault.iter().map(|name| system.fault(name)).collect(),
    }
}
