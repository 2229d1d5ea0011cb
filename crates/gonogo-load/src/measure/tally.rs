//! What is counted of some requests: those of one second, or of a whole run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::failure::Failure;
use super::latencies::Latencies;

/// What was counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tally {
    /// How many were to start in this time.
    pub started: u64,
    /// How many good answers came in this time, whenever they were asked for.
    pub finished: u64,
    /// How long the good answers took to those that were to start in this time.
    pub good: Latencies,
    /// How long it took those of them that failed to do so.
    pub bad: Latencies,
    /// Why they failed.
    pub failures: BTreeMap<Failure, u64>,
    /// How much later than intended the generator started them, for no fault of the target.
    pub lag: Latencies,
    /// How long they waited for a free connection, because the target kept all of them busy.
    pub queued: Latencies,
    /// Bytes sent in this time, of HTTP, without TLS.
    pub sent: u64,
    /// Bytes received in this time, of HTTP, without TLS.
    pub received: u64,
}

/// How one request, or one journey, went in time. Microseconds since the start of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// When it was to start.
    pub intended_us: u64,
    /// When it ended.
    pub ended_us: u64,
}

impl Timing {
    /// How long it took from when it was to start.
    pub fn took_us(self) -> u64 {
        self.ended_us.saturating_sub(self.intended_us)
    }
}

impl Tally {
    /// Adds all of another one.
    pub fn merge(&mut self, other: &Tally) {
        self.started += other.started;
        self.finished += other.finished;
        self.sent += other.sent;
        self.received += other.received;
        self.good.merge(&other.good);
        self.bad.merge(&other.bad);
        self.lag.merge(&other.lag);
        self.queued.merge(&other.queued);
        for (failure, count) in &other.failures {
            *self.failures.entry(*failure).or_default() += count;
        }
    }

    /// How many failed through the target.
    pub fn failed_by_target(&self) -> u64 {
        self.failures.iter().filter(|(failure, _)| failure.is_of_target()).map(|(_, count)| count).sum()
    }

    /// How many were never put to the target, or not long enough to say anything of it.
    pub fn unmeasured(&self) -> u64 {
        self.failures.iter().filter(|(failure, _)| !failure.is_of_target()).map(|(_, count)| count).sum()
    }
}
