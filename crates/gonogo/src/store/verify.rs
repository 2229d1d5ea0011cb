//! Finding every change to a sealed run folder. What it does not prove: that the folder is
//! not another, consistently made one; for that, keep the head digest elsewhere.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::Path;

use gonogo_judge::{Case, Integrity, judge};
use gonogo_model::digest::Digest;
use gonogo_model::verdict::Verdict;

use super::chain::{Sealed, follow};
use super::folder::{Stored, artefacts, stored};
use crate::pipeline::verdict_bytes;

/// One thing that is wrong with a run folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, relative to the run folder.
    pub file: String,
    /// The line, from 1.
    pub line: Option<u64>,
    /// What is wrong.
    pub what: String,
}

impl Problem {
    pub(super) fn new(file: &str, line: Option<u64>, what: String) -> Problem {
        Problem { file: file.to_owned(), line, what }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        self.line.map_or(Ok(()), |line| write!(f, ":{line}"))?;
        write!(f, ": {}", self.what)
    }
}

/// Checks a sealed run and judges it again, offline, at the moment it was judged at.
///
/// # Errors
/// Every [`Problem`] found; never an empty list.
pub fn verify(path: &Path, head: Option<&str>) -> Result<(Stored, Verdict), Vec<Problem>> {
    let mut problems = strangers(path);
    let (run, sealed) = match read(path) {
        Ok(read) => read,
        Err(problem) => {
            problems.push(problem);
            return Err(problems);
        }
    };
    problems.extend(blobs(path, &run));
    problems.extend(evidence(&run));
    if let Some(head) = head.filter(|head| *head != run.head.as_str()) {
        problems.push(Problem::new(
            "run.jsonl",
            None,
            format!("its head is {}, not {head}; this is another run", run.head),
        ));
    }
    let case = Case {
        spec: &run.spec,
        evidence: &run.evidence,
        skips: &run.skips,
        now: sealed.judged_at,
        integrity: Integrity::Sound,
    };
    let verdict = judge(&case);
    problems.extend(recomputed(path, &sealed, &verdict));
    if problems.is_empty() { Ok((run, verdict)) } else { Err(problems) }
}

fn read(path: &Path) -> Result<(Stored, Sealed), Problem> {
    let bytes = fs::read(path.join("run.jsonl"))
        .map_err(|error| Problem::new("run.jsonl", None, format!("it cannot be read: {error}")))?;
    let chain = follow(&bytes);
    if let Some(problem) = chain.problem.clone() {
        return Err(problem);
    }
    let lines = chain.records.len() as u64;
    let run = stored(path, chain)?;
    let unsealed = || {
        Problem::new("run.jsonl", Some(lines), "the run is not sealed: it was cut off or is not finished (continue it with `gonogo run --resume`)".to_owned())
    };
    let sealed = run.sealed.clone().ok_or_else(unsealed)?;
    Ok((run, sealed))
}

/// Files that no run writes.
fn strangers(path: &Path) -> Vec<Problem> {
    const KNOWN: [&str; 4] = ["run.jsonl", "spec.json", "verdict.json", "blobs"];
    let names = fs::read_dir(path)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| !KNOWN.contains(&name.as_str())).collect();
    names.sort();
    names
        .iter()
        .map(|name| Problem::new(name, None, "no run writes this file; it was added".to_owned()))
        .collect()
}

/// What is wrong with the artefacts of a run.
pub(super) fn blobs(path: &Path, run: &Stored) -> Vec<Problem> {
    let wanted: BTreeSet<&str> = artefacts(&run.evidence).into_iter().map(Digest::as_str).collect();
    let entries = fs::read_dir(path.join("blobs")).into_iter().flatten().flatten();
    let found: BTreeSet<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let added = found.iter().filter(|name| !wanted.contains(name.as_str()));
    let mut problems: Vec<Problem> = added
        .map(|name| {
            Problem::new(
                &format!("blobs/{name}"),
                None,
                "no record names this artefact; it was added".to_owned(),
            )
        })
        .collect();
    for name in wanted {
        let what = match fs::read(path.join("blobs").join(name)) {
            Ok(bytes) if Digest::of_bytes(&bytes).as_str() == name => continue,
            Ok(_) => "the artefact was changed".to_owned(),
            Err(error) => format!("the artefact cannot be read: {error}"),
        };
        problems.push(Problem::new(&format!("blobs/{name}"), None, what));
    }
    problems
}

fn evidence(run: &Stored) -> Vec<Problem> {
    let mut ids = BTreeSet::new();
    let mut problems = Vec::new();
    for evidence in &run.evidence {
        if !ids.insert(&evidence.id) {
            problems.push(Problem::new(
                "run.jsonl",
                None,
                format!("the evidence {} is there twice", evidence.id),
            ));
        }
        if !evidence.checks.iter().all(|name| run.spec.checks.iter().any(|check| check.id == *name)) {
            problems.push(Problem::new(
                "run.jsonl",
                None,
                format!("the evidence {} is for a check the spec does not have", evidence.id),
            ));
        }
    }
    problems
}

fn recomputed(path: &Path, sealed: &Sealed, verdict: &Verdict) -> Option<Problem> {
    let wrong = |what: &str| Some(Problem::new("verdict.json", None, what.to_owned()));
    let bytes = verdict_bytes(verdict);
    match fs::read(path.join("verdict.json")) {
        Err(error) => wrong(&format!("it cannot be read: {error}")),
        Ok(stored) if Digest::of_bytes(&stored) != sealed.verdict => {
            wrong("it is not the verdict that was sealed; it was changed")
        }
        Ok(stored) if stored != bytes => {
            wrong("judging the evidence again gives other bytes; it was made by another judge")
        }
        Ok(_) => None,
    }
}
