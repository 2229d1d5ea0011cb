//! One step of a longer command: runs quietly, says in one line how it went, and shows what it
//! printed only when it failed. It does not know what the steps are for.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::Context as _;

use crate::say;

/// Lines of a failed step that are shown; the rest is in its log.
const SHOWN: usize = 200;

/// A cargo command with a name and a remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// One word; also the name of its log.
    pub name: &'static str,
    /// Arguments of cargo.
    pub cargo: Vec<&'static str>,
    /// Environment variables to set.
    pub environment: Vec<(&'static str, &'static str)>,
    /// What to do when it fails.
    pub remedy: &'static str,
}

/// How a step went.
#[derive(Debug)]
pub struct Done {
    /// Whether it succeeded.
    pub ok: bool,
    /// All that it printed.
    pub printed: String,
}

impl Step {
    /// Runs the step in `root`, with its log in `logs`.
    ///
    /// # Errors
    /// When cargo cannot be started or the log cannot be written.
    pub fn run(&self, root: &Path, logs: &Path) -> anyhow::Result<Done> {
        say::start(&format!("{:<12}", self.name));
        let since = Instant::now();
        let log = logs.join(format!("{}.log", self.name));
        let ok = self.start(root, &log)?;
        say::line(&format!(
            "{:<6} {:>7.1} s",
            if ok { "ok" } else { "FAILED" },
            since.elapsed().as_secs_f64()
        ));
        let printed = fs::read(&log).with_context(|| format!("failed to read {}", log.display()))?;
        let printed = String::from_utf8_lossy(&printed).into_owned();
        if !ok {
            say::line(&failure(&printed, self.remedy, &log));
        }
        Ok(Done { ok, printed })
    }

    fn start(&self, root: &Path, log: &Path) -> anyhow::Result<bool> {
        let out = File::create(log).with_context(|| format!("failed to create {}", log.display()))?;
        let status = Command::new(cargo())
            .args(&self.cargo)
            .envs(self.environment.iter().copied())
            .env("CARGO_TERM_COLOR", "never")
            .current_dir(root)
            .stdin(Stdio::null())
            .stderr(out.try_clone().context("failed to share the log")?)
            .stdout(out)
            .status()
            .with_context(|| format!("failed to start cargo {}", self.cargo.join(" ")))?;
        Ok(status.success())
    }
}

/// The cargo that runs us, or the one on `PATH`.
pub fn cargo() -> PathBuf {
    std::env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

/// The end of what a failed step printed, what to do, and where all of it is.
fn failure(printed: &str, remedy: &str, log: &Path) -> String {
    let lines: Vec<&str> = printed.lines().collect();
    let left_out = lines.len().saturating_sub(SHOWN);
    let more = if left_out > 0 { format!("({left_out} lines before)\n") } else { String::new() };
    let end = lines[left_out..].join("\n");
    format!("\n{more}{end}\n\nWhat to do: {remedy}\nAll of the output: {}", log.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_shows_its_end_and_the_remedy() {
        let printed: String = (1..=201).map(|line| format!("line {line}\n")).collect();
        let said = failure(&printed, "Mend it.", Path::new("x.log"));
        assert!(said.contains("(1 lines before)\nline 2\n") && !said.contains("line 1\n"), "{said}");
        assert!(said.ends_with("line 201\n\nWhat to do: Mend it.\nAll of the output: x.log"));
    }

    #[test]
    fn a_step_that_fails_says_so_and_keeps_its_log() {
        let logs = tempfile::tempdir().unwrap();
        let step = |cargo| Step { name: "try", cargo, environment: Vec::new(), remedy: "None." };
        let bad = step(vec!["no-such-command-of-cargo"]).run(crate::root(), logs.path()).unwrap();
        assert!(!bad.ok && bad.printed.contains("no-such-command-of-cargo"), "{}", bad.printed);
        let good = step(vec!["--version"]).run(crate::root(), logs.path()).unwrap();
        assert!(good.ok && good.printed.starts_with("cargo "), "{}", good.printed);
        assert!(logs.path().join("try.log").is_file());
    }
}
