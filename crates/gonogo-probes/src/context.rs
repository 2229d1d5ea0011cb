//! What a probe is given for one look: its target, the environment, and how far it may reach.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use gonogo_model::catalog::TargetKind;

use crate::afterwards::Afterwards;
use crate::live::Live;
use crate::redact::Redactor;
use crate::repository::Repositories;
use crate::tools::sinks::Sinks;

/// What a probe is given for one look.
#[derive(Debug, Clone)]
pub struct Context {
    /// The target, when the check names one.
    pub target: Option<Target>,
    /// The further targets that its parameters name, by name.
    pub others: BTreeMap<String, Target>,
    /// The environment variables it may read.
    pub environment: Environment,
    /// The folder of the spec; relative paths start here.
    pub folder: PathBuf,
    /// Which hosts may be contacted.
    pub reach: Reach,
    /// Where every secret that is read must be made known, before anything else is done with it.
    pub secrets: Arc<Redactor>,
    /// The folders that this run has walked already.
    pub repositories: Arc<Repositories>,
    /// What the system sends to where gonogo listens.
    pub sinks: Arc<Sinks>,
    /// What must still be done when a look is over or was cut off.
    pub afterwards: Arc<Afterwards>,
    /// What it says while it looks.
    pub live: Live,
}

/// A target with its variables replaced. The address may hold a secret: it is for the probe only.
#[derive(Clone)]
pub struct Target {
    /// Its name in the spec.
    pub name: String,
    /// What it is.
    pub kind: TargetKind,
    /// Its address.
    pub address: String,
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Target({} of kind {})", self.name, self.kind.name())
    }
}

/// A snapshot of environment variables.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// These variables.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>) -> Environment {
        Environment(variables.into_iter().collect())
    }

    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All variables by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Environment({} variables)", self.0.len())
    }
}

/// Which hosts may be contacted: loopback, and what the spec consents to.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    hosts: Vec<String>,
}

impl Reach {
    /// Loopback and these hosts: names, addresses, or `*.example.com`.
    pub fn new(hosts: Vec<String>) -> Reach {
        Reach { hosts }
    }

    /// Whether `address`, to which `host` resolved, may be contacted. A name that is not listed
    /// may be contacted only where it resolves to loopback.
    pub fn allows(&self, host: &str, address: IpAddr) -> bool {
        address.is_loopback()
            || self.hosts.iter().any(|listed| listed_as(listed, host) || listed.parse() == Ok(address))
    }
}

fn listed_as(listed: &str, host: &str) -> bool {
    match listed.strip_prefix("*.") {
        Some(parent) => {
            host.to_lowercase().strip_suffix(&parent.to_lowercase()).is_some_and(|rest| rest.ends_with('.'))
        }
        None => listed.eq_ignore_ascii_case(host),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reaches_loopback_and_what_is_listed() {
        let reach = Reach::new(vec!["db.internal".into(), "*.example.com".into(), "10.0.0.7".into()]);
        let (near, far): (IpAddr, IpAddr) = ("127.0.0.1".parse().unwrap(), "10.0.0.9".parse().unwrap());
        assert!(reach.allows("anything", near));
        assert!(reach.allows("DB.internal", far) && reach.allows("a.example.com", far));
        assert!(reach.allows("10.0.0.7", "10.0.0.7".parse().unwrap()));
        for host in ["db.internal.evil.com", "example.com", "badexample.com", "localhost", "10.0.0.9"] {
            assert!(!reach.allows(host, far), "{host}");
        }
    }
}
