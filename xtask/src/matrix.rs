//! The detection matrix: for each fault of each system of the testbed, gonogo must report exactly its
//! finding, and on the healthy systems nothing. Its two figures are the proof that the gate can see.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context as _, anyhow};
use gonogo_model::status::Severity;
use gonogo_model::verdict::{Call, Verdict};

use xtask::say;

use crate::system::{self, Fault, Programs, System};

/// In which state a system is judged.
#[derive(Clone, Copy)]
enum Case<'a> {
    Healthy,
    /// All faults of its seed together.
    Seed,
    One(&'a Fault),
}

/// What one system gave.
struct Row<'a> {
    system: &'static str,
    case: Case<'a>,
    verdict: Verdict,
    right: bool,
}

/// Judges the healthy systems and every fault; prints the matrix. Fails unless every fault is found,
/// exactly, and the healthy systems have no finding and are GO.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    let programs = Programs::build()?;
    let systems = system::all();
    let mut rows = Vec::new();
    for system in &systems {
        rows.extend(rows_of(&programs, system)?);
    }
    say::line(&format!("\n{:<36} {:<15} findings", "system", "verdict"));
    rows.iter().for_each(Row::say);
    let of_faults: Vec<&Row<'_>> = rows.iter().filter(|row| matches!(row.case, Case::One(_))).collect();
    let detected = of_faults.iter().filter(|row| row.right).count();
    let healthy: Vec<&Row<'_>> = rows.iter().filter(|row| matches!(row.case, Case::Healthy)).collect();
    let alarms: usize = healthy.iter().map(|row| row.verdict.findings.len()).sum();
    say::line(&format!("\nfaults found exactly: {detected} of {}", of_faults.len()));
    say::line(&format!("false alarms on {} healthy systems: {alarms}", healthy.len()));
    for system in systems.iter().filter(|system| system.left_out > 0) {
        say::line(&format!(
            "left out: {} faults of {} that need what this machine does not have",
            system.left_out, system.name
        ));
    }
    let right = rows.iter().all(|row| row.right);
    Ok(if right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How many rows are judged at a time.
const WORKERS: usize = 3;

/// The rows of one system in order: healthy, as its seed found it, then each fault. Several are
/// judged side by side where that cannot slow down what is measured.
fn rows_of<'a>(programs: &Programs, system: &'a System) -> anyhow::Result<Vec<Row<'a>>> {
    let workers = if system.timed { 1 } else { WORKERS };
    let faults = system.faults.iter().map(Case::One);
    let cases: Vec<Case<'_>> = [Case::Healthy, Case::Seed].into_iter().chain(faults).collect();
    let next = AtomicUsize::new(0);
    let work = || -> anyhow::Result<Vec<(usize, Row<'a>)>> {
        let taken = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        let taken = taken.map_while(|at| Some((at, *cases.get(at)?)));
        taken.map(|(at, case)| Ok((at, judge(programs, system, case)?))).collect()
    };
    let done = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let done =
            workers.into_iter().map(|worker| worker.join().map_err(|_| anyhow!("a row ended early"))?);
        done.collect::<anyhow::Result<Vec<_>>>()
    })?;
    let mut rows: Vec<(usize, Row<'_>)> = done.into_iter().flatten().collect();
    rows.sort_by_key(|(at, _)| *at);
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

fn judge<'a>(programs: &Programs, system: &'a System, case: Case<'a>) -> anyhow::Result<Row<'a>> {
    let faults = match case {
        Case::Healthy => Vec::new(),
        Case::Seed => system.seed()?,
        Case::One(fault) => vec![*fault],
    };
    let running = system.boot(programs, &faults)?;
    let folder = Folder::new(&format!("{}-{}", system.name, case.name()))?;
    let out = folder.0.join("run").display().to_string();
    let output = system
        .gonogo(programs, running.as_ref(), &["--format", "json", "--quiet", "--out", &out])
        .output()
        .context("failed to start gonogo")?;
    let verdict: Verdict = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("gonogo gave no verdict: {}", String::from_utf8_lossy(&output.stderr)))?;
    let row = Row { system: system.name, right: right(system, case, &faults, &verdict), case, verdict };
    say::aside(&format!("judged {} {}", system.name, case.name()));
    Ok(row)
}

/// Whether exactly the findings of these faults are there, and the verdict is what it must be.
fn right(system: &System, case: Case<'_>, faults: &[Fault], verdict: &Verdict) -> bool {
    let expected: BTreeSet<&str> = faults.iter().map(|fault| fault.finding).collect();
    let found: BTreeSet<&str> = verdict.findings.iter().map(|finding| finding.id.as_str()).collect();
    let call = match case {
        Case::Healthy => verdict.call == Call::Go,
        Case::Seed => verdict.call == Call::NoGo && verdict.score.exact == system.seed_score,
        // Only what people would notice has to stop the launch.
        Case::One(_) => {
            let noticed = verdict.findings.iter().any(|finding| finding.severity >= Severity::High);
            !(noticed && verdict.call == Call::Go)
        }
    };
    found == expected && found.len() == verdict.findings.len() && call
}

impl Case<'_> {
    fn name(&self) -> &'static str {
        match self {
            Case::Healthy => "healthy",
            Case::Seed => "as its seed",
            Case::One(fault) => fault.name,
        }
    }
}

impl Row<'_> {
    fn say(&self) {
        let found: Vec<&str> = self.verdict.findings.iter().map(|finding| finding.id.as_str()).collect();
        let found = match self.case {
            Case::Seed => format!("{}, {} findings", self.verdict.score.percent, found.len()),
            _ if found.is_empty() => "none".to_owned(),
            _ => found.join(", "),
        };
        let title = format!("{} {}", self.system, self.case.name());
        let wrong = if self.right { "" } else { "   <-- wrong" };
        say::line(&format!("{title:<36} {:<15} {found}{wrong}", self.verdict.call.word()));
    }
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
