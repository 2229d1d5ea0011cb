//! The faults of S1 and S3 that can be switched on. A fault is in how the system behaves, in the
//! environment that it is given, or in the repository of the people who run it.

mod behaviour;
mod deployment;
mod environment;
mod features;
mod reliability;
mod security;
mod watch;

use std::collections::BTreeMap;

use testbed_servers::repository::Edit;

pub use behaviour::{Behaviour, Faults};

/// One fault.
#[derive(Debug)]
pub struct Fault {
    /// The name on the command line.
    pub name: &'static str,
    /// What is wrong, in one line.
    pub description: &'static str,
    /// What somebody sees who only has the system's addresses, its log, its rows and its files.
    pub seen: &'static str,
    /// Where it is.
    pub change: Change,
}

/// Where a fault is.
#[derive(Debug)]
pub enum Change {
    /// A flag of the program.
    Behaviour(Behaviour),
    /// In the environment: it changes that of a healthy system.
    Environment(fn(&mut BTreeMap<String, String>)),
    /// In the repository.
    Repository(&'static [Edit]),
}

/// A fault that changes files of the repository.
const fn edited(
    name: &'static str,
    description: &'static str,
    seen: &'static str,
    edits: &'static [Edit],
) -> Fault {
    Fault { name, description, seen, change: Change::Repository(edits) }
}

/// All faults, in the order they are listed.
pub fn all() -> impl Iterator<Item = &'static Fault> {
    let behaviours = features::FAULTS.iter().chain(reliability::FAULTS).chain(security::FAULTS);
    behaviours.chain(environment::FAULTS).chain(deployment::FAULTS).chain(watch::FAULTS)
}

/// The fault of this name.
pub fn named(name: &str) -> Option<&'static Fault> {
    all().find(|fault| fault.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_fault_has_a_name_of_its_own_and_says_what_is_seen() {
        let names: BTreeSet<&str> = all().map(|fault| fault.name).collect();
        assert_eq!(names.len(), all().count());
        assert!(names.len() >= 60);
        for fault in all() {
            let plain = |c: char| c.is_ascii_lowercase() || c == '-';
            assert!(fault.name.chars().all(plain), "{}", fault.name);
            assert!(fault.description.len() > 10 && fault.seen.len() > 10, "{}", fault.name);
        }
    }
}
