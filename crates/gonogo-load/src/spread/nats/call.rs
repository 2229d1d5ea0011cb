//! How workers are found. Who leads calls every second until enough have offered themselves, and then
//! says whom it takes. It does not know what is to be done.

use std::time::Duration;

use rustix::fs::readlink;
use serde::{Deserialize, Serialize};

use crate::plan::Refused;

/// How often it is called.
pub(super) const EVERY: Duration = Duration::from_secs(1);
/// All calls, of all runs.
pub(super) const CALLS: &str = "gonogo.load.*.call";

/// Who leads needs workers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Call {
    /// The form of all that is said.
    pub(super) version: u32,
    /// Which run it is.
    pub(super) run: String,
    /// Whom it takes, by id, in the order of their shards; nothing while it looks for some.
    pub(super) crew: Option<Vec<String>>,
}

/// A worker is there.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Offer {
    /// Of this offer and no other, so that nothing that was said can be said again to somebody else.
    pub(super) id: String,
    /// What a person calls it.
    pub(super) name: String,
    /// See [`place()`].
    pub(super) place: String,
}

/// Where this process is: who has the same place reaches the same 127.0.0.1.
pub(super) fn place() -> String {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let network = readlink("/proc/self/ns/net", Vec::new()).unwrap_or_default();
    format!("{} {}", boot.trim(), network.to_string_lossy())
}

/// A word that no other run or offer has.
pub(super) fn word() -> Result<String, Refused> {
    let mut bytes = [0; 16];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Refused("this machine has no randomness".to_owned()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// Subjects of a run.
pub(super) struct Subjects(pub(super) String);

impl Subjects {
    pub(super) fn call(&self) -> String {
        format!("gonogo.load.{}.call", self.0)
    }

    /// The offers of all.
    pub(super) fn offers(&self) -> String {
        self.offer("*")
    }

    pub(super) fn offer(&self, worker: &str) -> String {
        format!("gonogo.load.{}.offer.{worker}", self.0)
    }

    pub(super) fn to(&self, worker: &str) -> String {
        format!("gonogo.load.{}.to.{worker}", self.0)
    }

    pub(super) fn from(&self, worker: &str) -> String {
        format!("gonogo.load.{}.from.{worker}", self.0)
    }

    pub(super) fn all(&self) -> String {
        format!("gonogo.load.{}.>", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_the_same_within_a_machine_and_a_word_never() {
        assert_eq!(place(), place());
        assert!(place().contains("net:["), "{}", place());
        let (one, other) = (word().unwrap(), word().unwrap());
        assert!(one != other && one.len() == 32, "{one}");
    }
}
