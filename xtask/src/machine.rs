//! What this machine has for the tests, and what may be installed on it.

use std::process::{Command, Stdio};

use anyhow::Context as _;
use testbed_servers::{Alertmanager, Coturn, Mariadb, Nats, Nginx, Postgres, Prometheus, Rabbitmq, Redis};

use crate::say;
use crate::step::cargo;

/// The Debian package of a server, and whether it is there.
type Server = (&'static str, fn() -> bool);

/// The servers of which tests start private ones.
const SERVERS: [Server; 9] = [
    ("postgresql", || Postgres::find().is_some()),
    ("redis-server", || Redis::find().is_some()),
    ("mariadb-server", || Mariadb::find().is_some()),
    ("nats-server", || Nats::find().is_some()),
    ("rabbitmq-server", || Rabbitmq::find().is_some()),
    ("nginx-light", || Nginx::find().is_some()),
    ("coturn", || Coturn::find().is_some()),
    ("prometheus", || Prometheus::find().is_some()),
    ("prometheus-alertmanager", || Alertmanager::find().is_some()),
];

/// What this machine has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// The Debian packages of servers that it does not have.
    pub lacks: Vec<&'static str>,
    /// cargo-nextest.
    pub nextest: bool,
    /// Debian packages may be installed: there is apt-get, and we are root.
    pub installs: bool,
}

impl Machine {
    /// Looks.
    pub fn look() -> Machine {
        Machine {
            lacks: lacking(),
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
        if self.installs && !self.lacks.is_empty() {
            say::line(&format!("installing Debian packages for the tests: {}", self.lacks.join(" ")));
            if !install(&self.lacks)? {
                say::line("apt-get failed; is there a network, and is its list of packages right?");
            }
            self.lacks = lacking();
        }
        if !self.lacks.is_empty() {
            let lacks = self.lacks.join(" ");
            say::line(&format!(
                "some servers are not installed, so their tests are skipped; to install them: sudo apt-get install {lacks}"
            ));
        }
        Ok(self)
    }
}

fn lacking() -> Vec<&'static str> {
    SERVERS.iter().filter(|(_, there)| !there()).map(|(package, _)| *package).collect()
}

/// What a program prints, if it is there and succeeds.
fn says(program: &std::ffi::OsStr, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Installs Debian packages; whether it could. The list of packages may be old or empty.
fn install(packages: &[&str]) -> anyhow::Result<bool> {
    let install = [&["install"], packages].concat();
    Ok(apt_get(&install)? || (apt_get(&["update"])? && apt_get(&install)?))
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
    fn every_server_has_a_package_of_its_own() {
        let packages: std::collections::BTreeSet<&str> =
            SERVERS.iter().map(|(package, _)| *package).collect();
        assert_eq!(packages.len(), SERVERS.len());
        assert!(lacking().iter().all(|package| packages.contains(package)));
    }
}
