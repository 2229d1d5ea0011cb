//! `gonogo diff` over real run folders, and the reports for other tools through the binary.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::Command;

use gonogo_model::lineage::{Lineage, State};
use tempfile::TempDir;

const SPEC: &str = "\
version: 1
system: Shop
checks:
  - { id: readme, probe: document/file, with: { path: readme.md }, expect: exists, severity: high }
  - { id: runbook, probe: document/file, with: { path: runbook.md }, expect: exists, severity: medium }
";
const MOMENT: &str = "2026-11-21T09:00:00Z";

/// A folder with a spec, in which `readme.md` is there and `runbook.md` is not.
fn shop() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("gonogo.yaml"), SPEC).unwrap();
    fs::write(folder.path().join("readme.md"), "# Shop\n").unwrap();
    folder
}

/// Exit code and standard output.
fn gonogo(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_gonogo"))
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

fn run(folder: &TempDir, name: &str, more: &[&str]) {
    let arguments = [&["run", "--quiet", "--out", name, "--now", MOMENT], more].concat();
    let (code, said) = gonogo(folder.path(), &arguments);
    assert!([0, 1, 2].contains(&code), "{code}: {said}");
}

fn lineage(folder: &TempDir, before: &str, after: &str) -> (i32, Lineage) {
    let (code, text) = gonogo(folder.path(), &["diff", before, after, "--format", "json"]);
    (code, serde_json::from_str(&text).unwrap())
}

fn states(lineage: &Lineage) -> Vec<(State, &str)> {
    lineage.entries.iter().map(|entry| (entry.state, entry.finding.as_str())).collect()
}

const README: &str = "readiness/readme/readme.md";
const RUNBOOK: &str = "readiness/runbook/runbook.md";

#[test]
fn what_was_fixed_and_what_broke() {
    let shop = shop();
    run(&shop, "first", &[]);
    run(&shop, "again", &[]);
    let (code, same) = lineage(&shop, "first", "again");
    assert_eq!((code, states(&same)), (0, vec![(State::Open, RUNBOOK)]));
    fs::rename(shop.path().join("readme.md"), shop.path().join("runbook.md")).unwrap();
    run(&shop, "later", &[]);
    let (code, changed) = lineage(&shop, "first", "later");
    assert_eq!((code, states(&changed)), (1, vec![(State::Regressed, README), (State::Fixed, RUNBOOK)]));
    assert!(!changed.spec_changed);
    fs::write(shop.path().join("readme.md"), "# Shop\n").unwrap();
    run(&shop, "healthy", &[]);
    let (code, fixed) = lineage(&shop, "first", "healthy");
    assert_eq!((code, states(&fixed)), (0, vec![(State::Fixed, RUNBOOK)]));
}

#[test]
fn gone_is_not_fixed() {
    let shop = shop();
    run(&shop, "first", &[]);
    run(&shop, "half", &["--only", "readme"]);
    let (code, filtered) = lineage(&shop, "first", "half");
    assert_eq!((code, states(&filtered)), (1, vec![(State::Vanished, RUNBOOK)]));
    run(&shop, "other-half", &["--only", "runbook"]);
    let (code, lost) = lineage(&shop, "first", "other-half");
    assert_eq!((code, states(&lost)), (1, vec![(State::Open, RUNBOOK)]));
    assert_eq!(lost.lost[0].check, "readme");
    let without: Vec<&str> = SPEC.lines().filter(|line| !line.contains("runbook")).collect();
    fs::write(shop.path().join("gonogo.yaml"), without.join("\n")).unwrap();
    run(&shop, "shorter", &[]);
    let (code, shorter) = lineage(&shop, "first", "shorter");
    assert_eq!((code, states(&shorter)), (1, vec![(State::Vanished, RUNBOOK)]));
    assert!(shorter.spec_changed);
}

#[test]
fn both_runs_are_verified_first() {
    let shop = shop();
    run(&shop, "first", &[]);
    run(&shop, "second", &[]);
    let verdict = shop.path().join("second/verdict.json");
    let text = fs::read_to_string(&verdict).unwrap();
    fs::write(&verdict, text.replace("NO-GO", "GO")).unwrap();
    for pair in [["first", "second"], ["second", "first"]] {
        let (code, said) = gonogo(shop.path(), &["diff", pair[0], pair[1]]);
        assert_eq!((code, said.as_str()), (4, ""), "{pair:?}");
    }
    assert_eq!(gonogo(shop.path(), &["diff", "first", "nowhere"]).0, 64);
}

#[test]
fn every_form_is_written() {
    let shop = shop();
    run(&shop, "first", &[]);
    let (code, terminal) = gonogo(shop.path(), &["diff", "first", "first"]);
    assert_eq!(code, 0);
    assert!(terminal.contains("open 1") && terminal.contains(RUNBOOK), "{terminal}");
    let (_, nothing) =
        gonogo(shop.path(), &["diff", "first", "first", "--format", "markdown", "-o", "diff.md"]);
    assert_eq!(nothing, "");
    assert!(fs::read_to_string(shop.path().join("diff.md")).unwrap().starts_with("# Lineage of Shop\n"));
}

#[test]
fn reports_for_other_tools_have_the_exit_code_of_the_verdict() {
    let shop = shop();
    run(&shop, "first", &[]);
    let (verdict, _) = gonogo(shop.path(), &["report", "first"]);
    assert_ne!(verdict, 0);
    for (format, piece) in [
        ("sarif", "\"uri\": \"runbook.md\""),
        ("github", "::warning file=runbook.md,title="),
        ("github-summary", "| MEDIUM | ❌ FAIL |"),
        ("html", "<!doctype html>"),
    ] {
        let (code, text) = gonogo(shop.path(), &["report", "first", "--format", format]);
        assert_eq!(code, verdict, "{format}");
        assert!(text.contains(piece), "{format}:\n{text}");
        let (judged, _) = gonogo(shop.path(), &["judge", "first", "--now", MOMENT, "--format", format]);
        assert_eq!(judged, verdict, "{format}");
    }
}
