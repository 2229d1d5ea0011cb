//! `cargo xtask test`: everything that must hold before a change is merged, in one command.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context as _;

use crate::machine::Machine;
use crate::step::Step;
use crate::{root, say};

/// Runs every step; stops at the first that fails.
///
/// # Errors
/// When a step cannot be started.
pub fn run() -> anyhow::Result<ExitCode> {
    let since = Instant::now();
    let machine = Machine::look().prepared()?;
    let logs = logs()?;
    let mut skipped = BTreeSet::new();
    for step in steps(&machine) {
        let done = step.run(root(), &logs)?;
        if !done.ok {
            return Ok(ExitCode::FAILURE);
        }
        skipped.extend(skips(&done.printed));
    }
    say::line(&format!("\nEverything holds; it took {:.0} s.", since.elapsed().as_secs_f64()));
    if !skipped.is_empty() {
        say::line(&format!("But {} things were not tested on this machine:", skipped.len()));
        skipped.iter().for_each(|line| say::line(&format!("  {line}")));
    }
    Ok(ExitCode::SUCCESS)
}

/// All steps, cheap ones first.
fn steps(machine: &Machine) -> Vec<Step> {
    let step = |name, cargo: &[&'static str], remedy| Step {
        name,
        cargo: cargo.to_vec(),
        environment: Vec::new(),
        remedy,
    };
    let tests: &[&str] = match machine.nextest {
        true => &[
            "nextest",
            "run",
            "--workspace",
            "--config-file",
            "xtask/nextest.toml",
            "--no-fail-fast",
            "--success-output",
            "immediate",
            "--failure-output",
            "final",
            "--final-status-level",
            "fail",
        ],
        false => &["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"],
    };
    let mut documentation =
        step("doc", &["doc", "--workspace", "--no-deps"], "Mend the documentation comments named above.");
    documentation.environment.push(("RUSTDOCFLAGS", "-D warnings"));
    vec![
        step("format", &["fmt", "--all", "--", "--check", "--color", "never"], "Run `cargo fmt --all`."),
        step(
            "clippy",
            &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"],
            "Mend what clippy names above. A lint that is wrong in one place is silenced there with `#[expect(lint, reason = \"…\")]`.",
        ),
        step("tests", tests, "Mend the tests that failed. One alone: `cargo nextest run -p <crate> <test>`."),
        step(
            "doctests",
            &["test", "--workspace", "--doc"],
            "Mend the examples in the documentation comments.",
        ),
        step(
            "generated",
            &["run", "--quiet", "--package", "xtask", "--", "gen", "--check"],
            "Run `cargo xtask gen` and commit what it changed.",
        ),
        documentation,
        step(
            "matrix",
            &["run", "--quiet", "--package", "xtask", "--", "matrix"],
            "A fault of the testbed was missed, or a healthy system was blamed: mend the probe, the spec or the system.",
        ),
    ]
}

/// What tests said they could not test here. They write it past the capture of the harness.
fn skips(printed: &str) -> impl Iterator<Item = String> {
    printed.lines().filter_map(|line| line.find("SKIPPED: ").map(|at| line[at..].trim_end().to_owned()))
}

/// The folder of the logs, made if needed.
fn logs() -> anyhow::Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let logs = target.join("xtask");
    fs::create_dir_all(&logs).with_context(|| format!("failed to create {}", logs.display()))?;
    Ok(logs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_runs_with_and_without_nextest() {
        for nextest in [true, false] {
            let machine = Machine { lacks: Vec::new(), nextest, installs: false };
            let steps = steps(&machine);
            let names: Vec<&str> = steps.iter().map(|step| step.name).collect();
            assert_eq!(names, ["format", "clippy", "tests", "doctests", "generated", "doc", "matrix"]);
            assert_eq!(steps[2].cargo[0], if nextest { "nextest" } else { "test" });
        }
    }

    #[test]
    fn skips_are_found_wherever_the_line_starts() {
        let printed = "ok\n    SKIPPED: no postgres binaries \nSKIPPED is a word\nSKIPPED: b\n";
        let found: Vec<String> = skips(printed).collect();
        assert_eq!(found, ["SKIPPED: no postgres binaries", "SKIPPED: b"]);
    }
}
