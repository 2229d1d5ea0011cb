//! The targets of the design, section 9, beside what is measured: start-up, planning, judging,
//! reading a spec, verifying a run. Prints a table; nothing fails when a target is missed.
#![expect(clippy::print_stdout, reason = "a bench prints its table")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot run has nothing to say")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use gonogo::pipeline::{read_spec, verdict_bytes};
use gonogo::store::{Body, Opened, RunFolder, Sealed, verify};
use gonogo_judge::{Case, Integrity, Judged, judge, verdict_of};
use gonogo_model::digest::Digest;
use gonogo_model::evidence::{Artefact, Evidence, Outcome};
use gonogo_model::fact::Item;
use gonogo_model::plan::Plan;
use gonogo_model::spec::{Proof, Spec};
use jiff::Timestamp;

const GONOGO: &str = env!("CARGO_BIN_EXE_gonogo");

fn main() {
    println!("| what | measured | target | measured / target |");
    println!("|---|---|---|---|");
    let folder = tempfile::tempdir().unwrap();
    let (one, thousand) = (text(1), text(1_000));
    fs::write(folder.path().join("one.yaml"), &one).unwrap();
    fs::write(folder.path().join("thousand.yaml"), &thousand).unwrap();
    let start_up = Some(Duration::from_millis(10));
    row("`gonogo --version`, median of 30", process(folder.path(), &["--version"]), start_up);
    row(
        "`gonogo plan`, 1 check, median of 30",
        process(folder.path(), &["plan", "--spec", "one.yaml"]),
        start_up,
    );
    let plan = Some(Duration::from_millis(50));
    row(
        "`gonogo plan`, 1,000 checks, median of 30",
        process(folder.path(), &["plan", "--spec", "thousand.yaml"]),
        plan,
    );
    row("text to plan, 1,000 checks, in the library", median(30, || planned(&thousand)), plan);
    row("text to spec, 1,000 checks", median(30, || drop(black_box(spec(&thousand)))), None);
    row("results to verdict, 1,000,000", judged(1_000_000), Some(Duration::from_secs(1)));
    sealed(&folder.path().join("run"), &spec(&thousand));
    row("verify, 1,000 records and artefacts", median(10, || verified(&folder.path().join("run"))), None);
}

fn row(what: &str, measured: Duration, target: Option<Duration>) {
    let (target, ratio) = target.map_or(("–".to_owned(), "–".to_owned()), |target| {
        (format!("< {target:?}"), format!("{:.2}", measured.as_secs_f64() / target.as_secs_f64()))
    });
    println!("| {what} | {measured:.1?} | {target} | {ratio} |");
}

fn median(rounds: usize, mut once: impl FnMut()) -> Duration {
    let mut took: Vec<Duration> = (0..rounds)
        .map(|_| {
            let since = Instant::now();
            once();
            since.elapsed()
        })
        .collect();
    took.sort();
    took[rounds / 2]
}

/// The binary from start to end, with nothing but a path in its environment.
fn process(folder: &Path, arguments: &[&str]) -> Duration {
    median(30, || {
        let mut command = Command::new(GONOGO);
        command
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .stdout(Stdio::null());
        assert!(command.status().unwrap().success());
    })
}

/// A spec as people write them: ten stages one after the other, five categories, four probes.
fn text(checks: usize) -> String {
    let stages = checks.min(10);
    let mut text = String::from(
        "version: 1\nsystem: Bench\ntargets:\n  web: { http: \"http://127.0.0.1:9\" }\nstages:\n",
    );
    for n in 0..stages {
        let needs = n.checked_sub(1).map_or(String::new(), |before| format!(", needs: [s{before}]"));
        writeln!(text, "  - {{ id: s{n}{needs} }}").unwrap();
    }
    let categories = checks.min(5);
    text.push_str("categories:\n");
    for n in 0..categories {
        writeln!(text, "  - {{ id: c{n}, question: \"Is it so?\", weight: {} }}", 100 / categories).unwrap();
    }
    text.push_str("checks:\n");
    for n in 0..checks {
        let (probe, with, expect) = [
            ("secret/env", format!("name: SECRET_{n}"), "present && decoded_bytes >= 48 && !placeholder"),
            ("config/env", format!("name: NUMBER_{n}, kind: integer"), "present && valid && value >= 1"),
            ("http/get", format!("target: web, path: /page/{n}"), "status == 200 && latency_p95_ms < 250"),
            ("document/file", format!("path: docs/{n}.md"), "exists && size(placeholders) == 0"),
        ][n % 4]
            .clone();
        writeln!(
            text,
            "  - id: check-{n}\n    title: Requirement {n} holds\n    stage: s{}\n    category: c{}\n    probe: {probe}\n    with: {{ {with} }}\n    expect: \"{expect}\"\n    severity: {}\n    fix: {{ do: \"Mend it\", effort: 10m..1h, owner: platform }}",
            n * stages / checks,
            n % categories,
            ["low", "medium", "high", "blocker"][n % 4],
        )
        .unwrap();
    }
    text
}

fn spec(text: &str) -> Spec {
    read_spec("gonogo.yaml", text, None).unwrap_or_else(|error| unreachable!("{error}"))
}

fn planned(text: &str) {
    black_box(Plan::compile(&spec(text), &gonogo_probes::catalog()));
}

fn now() -> Timestamp {
    Timestamp::from_second(1_795_251_600).unwrap()
}

/// What each check's probe would have seen; every twentieth fails.
fn evidence(spec: &Spec, artefacts: &[Digest]) -> Vec<Evidence> {
    let seen = spec.checks.iter().enumerate().filter_map(|(n, check)| {
        let Proof::Probe(look) = &check.proof else { return None };
        let bad = n % 20 == 7;
        let item = Item::new(format!("item-{n}"))
            .fact("present", !bad)
            .fact("decoded_bytes", 48)
            .fact("placeholder", false)
            .fact("valid", true)
            .fact("value", n as u64 + 1)
            .fact("status", if bad { 500 } else { 200 })
            .fact("latency_p95_ms", 12.5)
            .fact("exists", !bad)
            .fact("placeholders", Vec::<String>::new());
        let artefacts = artefacts.get(n).map(|digest| Artefact {
            name: "response body".into(),
            media_type: "text/plain".into(),
            digest: digest.clone(),
            bytes: 0,
        });
        Some(Evidence {
            id: format!("{}#1", check.id),
            checks: vec![check.id.clone()],
            probe: look.probe.clone(),
            probe_version: 1,
            subject: look.subject.clone(),
            address: None,
            started: now(),
            ended: now(),
            outcome: Outcome::Looked { items: vec![item], artefacts: artefacts.into_iter().collect() },
        })
    });
    seen.collect()
}

/// From the results of so many checks to the verdict, best of three. The checks, and what was
/// judged of each, are those of the thousand under other names.
fn judged(checks: usize) -> Duration {
    let small = spec(&text(1_000));
    let (evidence, skips) = (evidence(&small, &[]), Default::default());
    let case =
        Case { spec: &small, evidence: &evidence, skips: &skips, now: now(), integrity: Integrity::Sound };
    let known = judge(&case);
    let mut large = small.clone();
    let mut results = Vec::with_capacity(checks);
    large.checks.clear();
    for n in 0..checks {
        // By stage, as in every spec.
        let like = n * small.checks.len() / checks;
        let (mut check, mut result) = (small.checks[like].clone(), known.results[like].clone());
        check.id = format!("check-{n}");
        result.check.clone_from(&check.id);
        large.checks.push(check);
        results.push(result);
    }
    let digest = small.digest();
    let once = || {
        let judged = Judged {
            seed: digest.clone(),
            digest: digest.clone(),
            results: results.clone(),
            found: Vec::new(),
            acceptances: Vec::new(),
            tasks: BTreeMap::new(),
            now: now(),
            integrity: Integrity::Sound,
        };
        let since = Instant::now();
        black_box(verdict_of(&large, judged));
        since.elapsed()
    };
    (0..3).map(|_| once()).min().unwrap_or_default()
}

/// A sealed run of one record and one artefact a check.
fn sealed(path: &Path, spec: &Spec) {
    let opened = Opened {
        folder: path.to_owned(),
        gonogo: "bench".into(),
        spec: spec.digest(),
        at: now(),
        pinned: Some(now()),
        filtered: Vec::new(),
    };
    let mut folder = RunFolder::create(path, spec, opened).unwrap();
    let body = "the body of a response, a line that is often repeated\n".repeat(80);
    let artefacts: Vec<Digest> =
        (0..spec.checks.len()).map(|n| folder.keep(&format!("{n}\n{body}")).unwrap()).collect();
    let evidence = evidence(spec, &artefacts);
    for evidence in &evidence {
        folder.append(Body::Evidence(evidence.clone())).unwrap();
    }
    let skips = Default::default();
    let verdict =
        judge(&Case { spec, evidence: &evidence, skips: &skips, now: now(), integrity: Integrity::Sound });
    let bytes = verdict_bytes(&verdict);
    folder.seal(Sealed { judged_at: now(), verdict: Digest::of_bytes(&bytes) }, &bytes).unwrap();
}

fn verified(path: &Path) {
    assert!(verify(path, None).is_ok());
}
