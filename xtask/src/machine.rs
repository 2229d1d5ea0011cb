//! What this machine has for the tests, and what may be installed on it.

use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
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

/// What to do about what is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Missing {
    Nothing,
    /// Install this Debian package.
    Install(&'static str),
    /// Go on without, and say so.
    Say(String),
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

    /// Installs what is missing where that is allowed, else says what is missing; returns what
    /// the machine has then.
    ///
    /// # Errors
    /// When a package cannot be installed.
    pub fn prepared(self) -> anyhow::Result<Machine> {
        if !self.nextest {
            say::line(
                "cargo-nextest is not installed, so `cargo test` runs the tests; to install it: cargo install cargo-nextest --locked",
            );
        }
        match self.missing() {
            Missing::Nothing => Ok(self),
            Missing::Say(what) => {
                say::line(&what);
                Ok(self)
            }
            Missing::Install(package) => {
                say::line(&format!("installing the Debian package {package} for the tests"));
                install(package)?;
                Ok(Machine { postgres: Postgres::find().is_some(), ..self })
            }
        }
    }

    fn missing(self) -> Missing {
        match (self.postgres, self.installs) {
            (true, _) => Missing::Nothing,
            (false, true) => Missing::Install(POSTGRES),
            (false, false) => Missing::Say(format!(
                "no Postgres server is installed, so its tests are skipped; to install it: sudo apt-get install {POSTGRES}"
            )),
        }
    }
}

/// What a program prints, if it is there and succeeds.
fn says(program: &std::ffi::OsStr, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn install(package: &str) -> anyhow::Result<()> {
    if apt_get(&["install", package])? {
        return Ok(());
    }
    // The list of packages may be old or empty.
    if apt_get(&["update"])? && apt_get(&["install", package])? {
        return Ok(());
    }
    bail!(
        "failed to install {package}; try `apt-get update && apt-get install {package}` and read what it says"
    )
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
        let machine = |postgres, installs| Machine { postgres, nextest: true, installs };
        assert_eq!(machine(true, true).missing(), Missing::Nothing);
        assert_eq!(machine(true, false).missing(), Missing::Nothing);
        assert_eq!(machine(false, true).missing(), Missing::Install("postgresql"));
        let Missing::Say(what) = machine(false, false).missing() else { panic!("it must say something") };
        assert!(what.contains("tests are skipped") && what.contains("apt-get install postgresql"), "{what}");
    }
}
