//! The detection matrix: for each fault of each system of the testbed, gonogo must report exactly its
//! finding, and on the healthy systems nothing. Its two figures are the proof that the gate can see.
//! The reports of the healthy systems and of all faults together are held against the rules for
//! documents that contradict themselves.

mod report;

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
    /// These faults, which do not touch each other; often only one.
    Faults(&'a [&'a Fault]),
}

/// What one system gave.
struct Row<'a> {
    system: &'static str,
    case: Case<'a>,
    verdict: Verdict,
    right: bool,
    /// Where its report contradicts itself, if it was read.
    contradictions: Option<Vec<String>>,
}

/// Arguments of `cargo xtask matrix`.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct MatrixArgs {
    /// Only this system.
    #[arg(long, value_name = "NAME")]
    system: Option<String>,
    /// Only this fault; may be given several times.
    #[arg(long, value_name = "NAME")]
    fault: Vec<String>,
    /// Judge each fault in a run of its own, also those that do not touch each other.
    #[arg(long)]
    each: bool,
    /// Also hold the reports of single faults against the rules for contradictions.
    #[arg(long)]
    reports: bool,
}

impl MatrixArgs {
    /// The faults of a system that are asked for, in the groups that are judged together.
    fn groups<'a>(&self, system: &'a System) -> Vec<Vec<&'a Fault>> {
        let groups = match self.each {
            true => system.faults.iter().map(|fault| vec![fault]).collect(),
            false => system.groups(),
        };
        let asked =
            |fault: &&Fault| self.fault.is_empty() || self.fault.iter().any(|name| name == fault.name);
        let chosen = groups.into_iter().map(|group| group.into_iter().filter(asked).collect::<Vec<_>>());
        chosen.filter(|group| !group.is_empty()).collect()
    }
}

/// Judges the healthy systems and every fault; prints the matrix. Fails unless every fault is found,
/// exactly, the healthy systems have no finding and are GO, and no report that is read contradicts itself.
pub(crate) fn run(args: &MatrixArgs) -> anyhow::Result<ExitCode> {
    let programs = Programs::build()?;
    let systems = system::all();
    let chosen = |system: &&System| args.system.as_deref().is_none_or(|name| name == system.name);
    let groups: Vec<(&System, Vec<Vec<&Fault>>)> = systems
        .iter()
        .filter(chosen)
        .filter(|system| system.missing.is_empty())
        .map(|system| (system, args.groups(system)))
        .collect();
    let mut rows = Vec::new();
    for (system, groups) in &groups {
        rows.extend(rows_of(&programs, system, groups, args.reports)?);
    }
    say::line(&format!("\n{:<36} {:<15} findings", "system", "verdict"));
    rows.iter().for_each(Row::say);
    let faults = |row: &Row<'_>| match row.case {
        Case::Faults(faults) => faults.len(),
        _ => 0,
    };
    let all: usize = rows.iter().map(faults).sum();
    let detected: usize = rows.iter().filter(|row| row.right).map(faults).sum();
    let runs = rows.iter().filter(|row| matches!(row.case, Case::Faults(_))).count();
    let healthy: Vec<&Row<'_>> = rows.iter().filter(|row| matches!(row.case, Case::Healthy)).collect();
    let alarms: usize = healthy.iter().map(|row| row.verdict.findings.len()).sum();
    say::line(&format!("\nfaults found exactly: {detected} of {all}, in {runs} runs"));
    say::line(&format!("false alarms on {} healthy systems: {alarms}", healthy.len()));
    for system in systems.iter().filter(|system| system.left_out > 0) {
        say::line(&format!(
            "left out: {} faults of {} that need what this machine does not have",
            system.left_out, system.name
        ));
    }
    let read: Vec<&Vec<String>> = rows.iter().filter_map(|row| row.contradictions.as_ref()).collect();
    let contradictions: usize = read.iter().map(|found| found.len()).sum();
    say::line(&format!("contradictions in {} reports: {contradictions}", read.len()));
    let right = contradictions == 0 && rows.iter().all(|row| row.right);
    Ok(if right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How much of the cause of a finding that should not be there is shown.
const CAUSE: usize = 300;

/// How many rows are judged at a time.
const WORKERS: usize = 2;

/// The rows of one system in order: healthy, as its seed found it, then each fault. Several are
/// judged side by side where that cannot slow down what is measured.
fn rows_of<'a>(
    programs: &Programs,
    system: &'a System,
    groups: &'a [Vec<&'a Fault>],
    reports: bool,
) -> anyhow::Result<Vec<Row<'a>>> {
    let workers = if system.timed { 1 } else { WORKERS };
    let faults = groups.iter().map(|group| Case::Faults(group));
    let cases: Vec<Case<'_>> = [Case::Healthy, Case::Seed].into_iter().chain(faults).collect();
    let next = AtomicUsize::new(0);
    let work = || -> anyhow::Result<Vec<(usize, Row<'a>)>> {
        let taken = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        let taken = taken.map_while(|at| Some((at, *cases.get(at)?)));
        taken.map(|(at, case)| Ok((at, judge(programs, system, case, reports)?))).collect()
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

fn judge<'a>(
    programs: &Programs,
    system: &'a System,
    case: Case<'a>,
    reports: bool,
) -> anyhow::Result<Row<'a>> {
    let faults = match case {
        Case::Healthy => Vec::new(),
        Case::Seed => system.seed()?,
        Case::Faults(faults) => faults.iter().map(|fault| (*fault).clone()).collect(),
    };
    let running = system.boot(programs, &faults)?;
    let folder = Folder::new(&format!("{}-{}", system.name, case.folder()))?;
    let out = folder.0.join("run").display().to_string();
    let output = system
        .gonogo(programs, running.as_ref(), &["--format", "json", "--quiet", "--out", &out])
        .output()
        .context("failed to start gonogo")?;
    let verdict: Verdict = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("gonogo gave no verdict: {}", String::from_utf8_lossy(&output.stderr)))?;
    let right = right(system, case, &faults, &verdict);
    let is_read = reports || case.is_read();
    let contradictions = is_read.then(|| report::against_itself(&verdict)).transpose()?;
    let row = Row { system: system.name, right, case, verdict, contradictions };
    say::aside(&format!("judged {} {}", system.name, case.name()));
    Ok(row)
}

/// Whether exactly the findings of these faults are there, and the verdict is what it must be.
fn right(system: &System, case: Case<'_>, faults: &[Fault], verdict: &Verdict) -> bool {
    let expected: BTreeSet<&str> = faults.iter().flat_map(|fault| fault.findings.clone()).collect();
    let found: BTreeSet<&str> = verdict.findings.iter().map(|finding| finding.id.as_str()).collect();
    let call = match case {
        Case::Healthy => verdict.call == Call::Go,
        Case::Seed => verdict.call == Call::NoGo && verdict.score.exact == system.seed_score,
        // Only what people would notice has to stop the launch.
        Case::Faults(_) => {
            let noticed = verdict.findings.iter().any(|finding| finding.severity >= Severity::High);
            !(noticed && verdict.call == Call::Go)
        }
    };
    found == expected && found.len() == verdict.findings.len() && call
}

impl Case<'_> {
    /// Its first fault: enough to tell the rows of a system apart.
    fn folder(&self) -> String {
        match self {
            Case::Faults([first, ..]) => first.name.to_owned(),
            other => other.name().replace(' ', "-"),
        }
    }

    /// Whether its report is always read as a document. Reading all of them takes a third of the
    /// time of the whole matrix.
    fn is_read(&self) -> bool {
        matches!(self, Case::Healthy | Case::Seed)
    }

    fn name(&self) -> String {
        match self {
            Case::Healthy => "healthy".to_owned(),
            Case::Seed => "as its seed".to_owned(),
            Case::Faults(faults) => faults.iter().map(|fault| fault.name).collect::<Vec<_>>().join(" + "),
        }
    }
}

impl Row<'_> {
    fn say(&self) {
        let found: Vec<&str> = self.verdict.findings.iter().map(|finding| finding.id.as_str()).collect();
        let shown = match self.case {
            Case::Seed => {
                let score = &self.verdict.score;
                format!("{} ({}), {} findings", score.percent, score.exact, found.len())
            }
            _ if found.is_empty() => "none".to_owned(),
            Case::Faults(faults) if faults.len() > 1 => format!("{} findings", found.len()),
            _ => found.join(", "),
        };
        let title = match self.case {
            Case::Faults(faults) if faults.len() > 1 => format!("{}, {} together", self.system, faults.len()),
            case => format!("{} {}", self.system, case.name()),
        };
        let wrong = if self.right { "" } else { "   <-- wrong" };
        say::line(&format!("{title:<36} {:<15} {shown}{wrong}", self.verdict.call.word()));
        match self.case {
            Case::Faults(faults) => self.say_each(faults, &found),
            Case::Healthy => self.say_each(&[], &found),
            Case::Seed => {}
        }
        self.contradictions.iter().flatten().for_each(|found| say::line(&format!("  its report: {found}")));
    }

    /// Which finding each of several faults made, and what else is there.
    fn say_each(&self, faults: &[&Fault], found: &[&str]) {
        let expected: BTreeSet<&str> = faults.iter().flat_map(|fault| fault.findings.clone()).collect();
        for fault in faults.iter().filter(|_| faults.len() > 1) {
            say::line(&format!("  {:<34} {:<15} {}", fault.name, "", fault.findings.join(", ")));
        }
        for missing in expected.iter().filter(|finding| !found.contains(finding)) {
            say::line(&format!("  not found: {missing}"));
        }
        for strange in self.verdict.findings.iter().filter(|found| !expected.contains(found.id.as_str())) {
            let cause: String = strange.cause.chars().take(CAUSE).collect();
            say::line(&format!("  not expected: {}: {cause}", strange.id));
        }
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
