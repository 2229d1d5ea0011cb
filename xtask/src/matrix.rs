//! The detection matrix: for each fault of the testbed, gonogo must report exactly its finding,
//! and on the healthy system nothing. Its two figures are the proof that the gate can see.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use gonogo_model::verdict::{Call, Verdict};
use testbed_backend::{DatabaseKind, Fault};

use xtask::say;

use crate::demo::{Programs, boot, gonogo};

/// The finding each fault must make.
fn finding_of(fault: Fault) -> &'static str {
    match fault {
        Fault::NoJwtSecret | Fault::WeakJwtSecret | Fault::PlaceholderJwtSecret => {
            "secrets/jwt-secret/JWT_SECRET"
        }
        Fault::NoPoolSize | Fault::PoolOverLimit => match DatabaseKind::of_this_machine() {
            DatabaseKind::Postgres => "secrets/pool-size/database",
            DatabaseKind::Sqlite => "secrets/pool-size/CONNECTION_POOL_SIZE",
        },
        Fault::HealthLies => "runtime/health-truth//items",
        Fault::SlowAnswers => "runtime/answers-fast//items",
    }
}

/// What one system gave.
struct Row {
    name: &'static str,
    call: Call,
    found: Vec<String>,
    right: bool,
}

/// Judges the healthy system and every fault; prints the matrix. Fails unless every fault is
/// found, exactly, and the healthy system has no finding and is GO.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    let programs = Programs::build()?;
    let postgres = DatabaseKind::of_this_machine() == DatabaseKind::Postgres;
    let healthy = judge(&programs, None)?;
    let possible = Fault::ALL.into_iter().filter(|fault| postgres || !fault.needs_postgres());
    let rows = possible.map(|fault| judge(&programs, Some(fault))).collect::<anyhow::Result<Vec<Row>>>()?;
    say::line(&format!("\n{:<24} {:<15} findings", "system", "verdict"));
    for row in std::iter::once(&healthy).chain(&rows) {
        let found = if row.found.is_empty() { "none".to_owned() } else { row.found.join(", ") };
        say::line(&format!(
            "{:<24} {:<15} {found}{}",
            row.name,
            row.call.word(),
            if row.right { "" } else { "   <-- wrong" }
        ));
    }
    let detected = rows.iter().filter(|row| row.right).count();
    say::line(&format!("\nfaults found exactly: {detected} of {}", rows.len()));
    say::line(&format!("false alarms on the healthy system: {}", healthy.found.len()));
    if !postgres {
        say::line("left out: the faults that need Postgres, whose binaries this machine does not have");
    }
    let right = healthy.right && detected == rows.len();
    Ok(if right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn judge(programs: &Programs, fault: Option<Fault>) -> anyhow::Result<Row> {
    let system = boot(programs, fault.into_iter().collect())?;
    let folder = Folder::new(fault.map_or("healthy", Fault::name))?;
    let out = folder.0.join("run").display().to_string();
    let output = gonogo(programs, &system, &["--format", "json", "--quiet", "--out", &out])?
        .output()
        .context("failed to start gonogo")?;
    let verdict: Verdict = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("gonogo gave no verdict: {}", String::from_utf8_lossy(&output.stderr)))?;
    let found: Vec<String> = verdict.findings.iter().map(|finding| finding.id.clone()).collect();
    let right = match fault {
        None => found.is_empty() && verdict.call == Call::Go,
        Some(fault) => found == [finding_of(fault)] && verdict.call != Call::Go,
    };
    Ok(Row { name: fault.map_or("healthy", Fault::name), call: verdict.call, found, right })
}

/// A folder for one run, removed when the row is done.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> anyhow::Result<Folder> {
        let path = std::env::temp_dir().join(format!("gonogo-matrix-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&path).with_context(|| format!("failed to create {}", path.display()))?;
        Ok(Folder(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
