//! `cargo demo`: the backend of seed S0 with its database, judged by gonogo.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use testbed_backend::{DatabaseKind, Fault, Launch, Running, launch};
use xtask::say;

/// Variables of this process that the judged system and gonogo may see; nothing else leaks in.
const PASSED_ON: [&str; 10] = [
    "PATH",
    "HOME",
    "TERM",
    "LANG",
    "NO_COLOR",
    "COLUMNS",
    "CARGO_HOME",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "CARGO_TARGET_DIR",
];

/// Arguments of `cargo demo`.
#[derive(Debug, clap::Args)]
pub(crate) struct DemoArgs {
    /// Judge the system with nothing wrong.
    #[arg(long, conflicts_with = "fault")]
    healthy: bool,
    /// Switch on this fault instead of S0's two; may be given several times.
    #[arg(long, value_name = "NAME")]
    fault: Vec<String>,
}

/// Builds, boots, judges and explains. The exit code is gonogo's.
pub(crate) fn run(args: &DemoArgs) -> anyhow::Result<ExitCode> {
    let faults = faults(args)?;
    let programs = Programs::build()?;
    let system = boot(&programs, faults)?;
    let out = free_folder();
    let status = gonogo(&programs, &system, &["--out", &out])?.status().context("failed to start gonogo")?;
    say::aside("\nAsk on:");
    for question in [
        format!("explain {out} pool-size"),
        format!("verify {out}"),
        format!("report {out} --format markdown"),
    ] {
        say::aside(&format!("  target/debug/gonogo {question}"));
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok()).context("gonogo was killed")?;
    Ok(ExitCode::from(code))
}

/// The first run folder of this name that is not taken.
fn free_folder() -> String {
    let names = (1..).map(|number| format!("gonogo-runs/demo-{number}"));
    names.into_iter().find(|name| !workspace().join(name).exists()).unwrap_or_default()
}

fn faults(args: &DemoArgs) -> anyhow::Result<Vec<Fault>> {
    if args.healthy {
        return Ok(Vec::new());
    }
    if args.fault.is_empty() {
        return Ok(vec![Fault::NoJwtSecret, Fault::NoPoolSize]);
    }
    args.fault.iter().map(|name| named(name)).collect()
}

fn named(name: &str) -> anyhow::Result<Fault> {
    match Fault::ALL.into_iter().find(|fault| fault.name() == name) {
        Some(fault) => Ok(fault),
        None => bail!("there is no fault `{name}`; there are {}", Fault::ALL.map(Fault::name).join(", ")),
    }
}

/// The programs a demo runs, built in this workspace.
pub(crate) struct Programs {
    /// The gate.
    pub(crate) gonogo: PathBuf,
    backend: PathBuf,
}

impl Programs {
    /// Builds both, with cargo's own progress.
    pub(crate) fn build() -> anyhow::Result<Programs> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut build = Command::new(cargo);
        build.args(["build", "--package", "gonogo", "--package", "testbed-backend"]).current_dir(workspace());
        if !build.status().context("failed to start cargo")?.success() {
            bail!("the build failed; the errors are above");
        }
        let folder = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| workspace().join("target"), PathBuf::from)
            .join("debug");
        Ok(Programs { gonogo: folder.join("gonogo"), backend: folder.join("backend") })
    }
}

/// Starts the backend with its database, and says what is wrong with it on purpose.
pub(crate) fn boot(programs: &Programs, faults: Vec<Fault>) -> anyhow::Result<Running> {
    let database = DatabaseKind::of_this_machine();
    let since = Instant::now();
    say::aside(&format!(
        "Booting the backend with {} …",
        match database {
            DatabaseKind::Postgres => "a private Postgres",
            DatabaseKind::Sqlite => "SQLite (this machine has no Postgres binaries)",
        }
    ));
    for fault in &faults {
        say::aside(&format!("  fault on: {} ({})", fault.name(), fault.description()));
    }
    let system = launch(&Launch {
        database,
        faults,
        limit: Duration::from_secs(60),
        ..Launch::healthy(&programs.backend)
    })?;
    say::aside(&format!("  up at {} after {} ms\n", system.base_url(), since.elapsed().as_millis()));
    Ok(system)
}

/// `gonogo run` over the backend's spec, in the environment the backend runs in.
pub(crate) fn gonogo(programs: &Programs, system: &Running, more: &[&str]) -> anyhow::Result<Command> {
    let environment = match system.database() {
        DatabaseKind::Postgres => "staging",
        DatabaseKind::Sqlite => "laptop",
    };
    let mut command = Command::new(&programs.gonogo);
    command.args(["run", "--spec", "testbed/backend/gonogo.yaml", "--env", environment]).args(more);
    command.current_dir(workspace()).stdin(Stdio::null()).env_clear();
    command.envs(std::env::vars_os().filter(|(name, _)| PASSED_ON.iter().any(|passed| name == *passed)));
    command.envs(system.environment());
    Ok(command)
}

/// The root of the workspace.
pub(crate) fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}
