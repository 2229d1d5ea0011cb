//! What this machine has for the tests, and what may be installed on it.

use std::process::{Command, Stdio};

use anyhow::Context as _;
use testbed_servers::Postgres;

use crate::say;
use crate::step::cargo;

/// The Debian package with the Postgres server.
const POSTGRES: &str = "postgresql";

/// What this machine has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    /// The programs of a Postgres server.
    pub postgres: bool,
    /// cargo-nextest.
    pub nextest: bool,
    /// Debian packages may be installed: there is apt-get, and we are root.
    pub installs: bool,
}

impl Machine {
    /// Looks.
    pub fn look() -> Machine {
        Machine {
            postgres: Postgres::find().is_some(),
            nextest: says(cargo().as_os_str(), &["nextest", "--version"]).is_some(),
            installs: says("apt-get".as_ref(), &["--version"]).is_some()
                && says("id".as_ref(), &["-u"]).is_some_and(|id| id.trim() == "0"),
        }
    }

    /// Installs what is missing where that is allowed, and says what is missing after that;
    /// returns what the machine has then.
    ///
    /// # Errors
    /// When apt-get cannot be started.
    pub fn prepared(mut self) -> anyhow::Result<Machine> {
        if !self.nextest {
            say::line(
                "cargo-nextest is not installed, so `cargo test` runs the tests; to install it: cargo install cargo-nextest --locked",
            );
        }
        if self.installs_postgres() {
            say::line(&format!("installing the Debian package {POSTGRES} for the tests"));
            if !install(POSTGRES)? {
                say::line("apt-get failed; is there a network, and is its list of packages right?");
            }
            self.postgres = Postgres::find().is_some();
        }
        if !self.postgres {
            say::line(&format!(
                "no Postgres server is installed, so its tests are skipped; to install it: sudo apt-get install {POSTGRES}"
            ));
        }
        Ok(self)
    }

    fn installs_postgres(self) -> bool {
        !self.postgres && self.installs
    }
}

/// What a program prints, if it is there and succeeds.
fn says(program: &std::ffi::OsStr, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Installs a Debian package; whether it could. The list of packages may be old or empty.
fn install(package: &str) -> anyhow::Result<bool> {
    Ok(apt_get(&["install", package])? || (apt_get(&["update"])? && apt_get(&["install", package])?))
}

fn apt_get(args: &[&str]) -> anyhow::Result<bool> {
    let output = Command::new("apt-get")
        .args(["--yes", "--quiet", "--no-install-recommends"])
        .args(args)
        .env("DEBIAN_FRONTEND", "noninteractive")
        // Debian's own way to keep a package from starting its server: the tests start private ones.
        .env("RUNLEVEL", "1")
        .stdin(Stdio::null())
        .output()
        .context("failed to start apt-get")?;
    Ok(output.status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_are_installed_only_where_that_is_allowed() {
        let installs = |postgres, installs| Machine { postgres, nextest: true, installs }.installs_postgres();
        assert!(installs(false, true));
        assert!(!installs(false, false) && !installs(true, true) && !installs(true, false));
    }
}
