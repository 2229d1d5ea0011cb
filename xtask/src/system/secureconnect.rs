//! The system of seeds S1 and S3: five services, with all that they lean on.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::time::Duration;

use anyhow::Context as _;
use testbed_secureconnect::{Launch, Running as Launched, launch, named};

use testbed_servers::process::folder_on_path;
use testbed_servers::{Alertmanager, Nginx, Postgres, Redis};

use self::found::{APART, ATTACKED, FOUND, Found, LIMITS};
use super::{Fault, Programs, Running, System};

mod found;

/// What S3 called blockers and must-fix.
const SEED: [&str; 4] = ["no-polls", "no-typing", "turn-test-credentials", "no-ai"];

/// The system.
pub(super) fn system() -> System {
    let groups = FOUND.iter().map(|(together, faults)| (Some(*together), *faults));
    System {
        name: "secureconnect",
        title: "SecureConnect: five services with database, cache and objects".to_owned(),
        spec: "testbed/secureconnect/gonogo.yaml",
        seed: SEED.to_vec(),
        seed_score: "356717/850080",
        start,
        ..judged(&groups.collect::<Vec<_>>())
    }
}

/// The system with small limits.
pub(super) fn limits() -> System {
    System {
        name: "secureconnect-limits",
        title: "SecureConnect with small limits".to_owned(),
        spec: "testbed/secureconnect/limits.yaml",
        seed: vec!["rate-limit-off"],
        seed_score: "0/1",
        start: start_limited,
        ..judged(&[(None, LIMITS)])
    }
}

/// The system with each service in a process of its own.
pub(super) fn apart() -> System {
    System {
        name: "secureconnect-apart",
        title: "SecureConnect with each service in a process of its own".to_owned(),
        spec: "testbed/secureconnect/apart.yaml",
        // Priorities 5 and 10 of S1.
        seed: vec!["no-request-timeout", "no-redis-retry"],
        seed_score: "9/10",
        start: start_apart,
        ..judged(&[(None, APART)])
    }
}

/// The system while strangers type into it.
pub(super) fn attacked() -> System {
    System {
        name: "secureconnect-attacked",
        title: "SecureConnect while strangers type into it".to_owned(),
        spec: "testbed/secureconnect/attacked.yaml",
        seed: vec!["sql-injection"],
        seed_score: "0/1",
        start: start_attacked,
        ..judged(&[(None, ATTACKED)])
    }
}

/// What all have in common.
fn judged(groups: &[(Option<&'static str>, &'static [Found])]) -> System {
    let there = [
        ("Postgres", Postgres::find().is_some()),
        ("Redis", Redis::find().is_some()),
        ("promtool", folder_on_path(&["promtool"]).is_some()),
        ("nginx", Nginx::find().is_some()),
        ("Alertmanager", Alertmanager::find().is_some()),
    ];
    let missing: Vec<&str> = there.iter().filter(|(_, found)| !found).map(|(name, _)| *name).collect();
    let faults = groups.iter().flat_map(|(together, faults)| {
        faults.iter().filter_map(|(name, findings)| {
            let of = named(name)?;
            let findings = findings.to_vec();
            Some(Fault { name: of.name, description: of.description, findings, together: *together })
        })
    });
    System {
        name: "",
        title: String::new(),
        spec: "",
        environment: "staging",
        faults: faults.collect(),
        left_out: if missing.is_empty() { 0 } else { groups.iter().map(|(_, faults)| faults.len()).sum() },
        missing,
        timed: false,
        seed: Vec::new(),
        seed_score: "",
        start,
    }
}

/// So few that a fault is found in seconds.
fn start_limited(programs: &Programs, faults: &[&str]) -> anyhow::Result<Box<dyn Running>> {
    let healthy = Launch::healthy(programs.of("secureconnect"));
    boot(healthy, faults, &[("RATE_ADDRESS", 120), ("RATE_USER", 40), ("RATE_WINDOW_S", 8)])
}

/// Whoever types a thousand times is no matter of the limiter here.
fn start_attacked(programs: &Programs, faults: &[&str]) -> anyhow::Result<Box<dyn Running>> {
    let healthy = Launch::healthy(programs.of("secureconnect"));
    boot(healthy, faults, &[("RATE_ADDRESS", 1_000_000), ("RATE_USER", 1_000_000)])
}

fn start(programs: &Programs, faults: &[&str]) -> anyhow::Result<Box<dyn Running>> {
    boot(Launch::healthy(programs.of("secureconnect")), faults, &[])
}

/// Pools that fit the server together, and addresses of files that outlive a store that hangs.
fn start_apart(programs: &Programs, faults: &[&str]) -> anyhow::Result<Box<dyn Running>> {
    let healthy = Launch { apart: true, ..Launch::healthy(programs.of("secureconnect")) };
    let times = [("REQUEST_TIMEOUT_MS", 5_000), ("PROXY_TIMEOUT_MS", 8_000), ("PRESIGNED_S", 60)];
    boot(healthy, faults, &[&times[..], &[("DATABASE_POOL", 8)]].concat())
}

fn boot(mut wanted: Launch, faults: &[&str], limits: &[(&str, u32)]) -> anyhow::Result<Box<dyn Running>> {
    let known = |name: &&str| named(name).with_context(|| format!("there is no fault `{name}`"));
    let faults = faults.iter().map(known).collect::<anyhow::Result<Vec<_>>>()?;
    let mut sinks = BTreeMap::new();
    for (name, scheme, variable) in
        [("MAIL", "smtp", "SMTP_URL"), ("PUSH", "http", "PUSH_URL"), ("MODEL", "http", "AI_URL")]
    {
        let address = free_address(scheme)?;
        sinks.insert(format!("SECURECONNECT_{name}_SINK"), address.clone());
        wanted = wanted.set(variable, address);
    }
    wanted = wanted.set("AI_KEY", "key-of-the-model").set("PRESIGNED_S", 4).set("QUOTA_BYTES", 1_000_000);
    // Longer than anything takes here that is well, also while other systems are judged beside it.
    for (name, ms) in
        [("QUERY_TIMEOUT_MS", 4_000), ("REQUEST_TIMEOUT_MS", 9_000), ("PROXY_TIMEOUT_MS", 12_000)]
    {
        wanted = wanted.set(name, ms);
    }
    for (name, limit) in limits {
        wanted = wanted.set(name, limit);
    }
    wanted.limit = Duration::from_secs(60);
    wanted.faults = faults;
    let running = launch(&wanted)?;
    let mut environment = running.environment().clone();
    environment.extend(sinks);
    Ok(Box::new(Judged { running, environment }))
}

/// An address on which nothing listens yet; gonogo will.
fn free_address(scheme: &str) -> anyhow::Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").context("failed to find a free port")?;
    Ok(format!("{scheme}://{}", listener.local_addr()?))
}

/// The system, and what its judge is told of it.
struct Judged {
    running: Launched,
    environment: BTreeMap<String, String>,
}

impl Running for Judged {
    fn base_url(&self) -> &str {
        self.running.base_url()
    }

    fn environment(&self) -> &BTreeMap<String, String> {
        &self.environment
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use testbed_secureconnect::{Change, all_faults};
    use testbed_servers::repository;

    use super::*;

    #[test]
    fn faults_that_are_judged_together_do_not_edit_the_same_lines() {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testbed/secureconnect/repository");
        for (group, faults) in FOUND {
            let edits = faults.iter().filter_map(|(name, _)| match named(name)?.change {
                Change::Repository(edits) => Some(edits),
                _ => None,
            });
            let folder = tempfile::tempdir().unwrap();
            let copied = repository::copy(&repository, folder.path(), edits.flatten());
            assert!(copied.is_ok(), "{group}: {copied:?}");
        }
    }

    #[test]
    fn every_fault_is_judged_and_by_no_system_twice() {
        let together = FOUND.iter().flat_map(|(_, faults)| *faults).copied().collect::<Vec<Found>>();
        let mut judged = BTreeSet::new();
        for faults in [&together, LIMITS, APART, ATTACKED] {
            let names: BTreeSet<&str> = faults.iter().map(|(name, _)| *name).collect();
            assert_eq!(names.len(), faults.len(), "a fault is judged twice");
            judged.extend(names);
        }
        assert_eq!(judged, all_faults().map(|fault| fault.name).collect());
    }
}
