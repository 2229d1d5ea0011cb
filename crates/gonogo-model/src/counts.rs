//! How many checks have which status, and how many findings which severity.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::status::{Severity, Status};

/// Checks by status. The sum is the number of planned checks that weigh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the number of checks with the status it is named for")]
pub struct Counts {
    pub pass: u64,
    pub partial: u64,
    pub fail: u64,
    pub blocked: u64,
    pub not_run: u64,
    pub error: u64,
    pub stale: u64,
    pub attested: u64,
    pub not_applicable: u64,
}

impl Counts {
    /// The counter of one status.
    pub fn of(&self, status: Status) -> u64 {
        let Counts { pass, partial, fail, blocked, not_run, error, stale, attested, not_applicable } = *self;
        match status {
            Status::Pass => pass,
            Status::Partial => partial,
            Status::Fail => fail,
            Status::Blocked => blocked,
            Status::NotRun => not_run,
            Status::Error => error,
            Status::Stale => stale,
            Status::Attested => attested,
            Status::NotApplicable => not_applicable,
        }
    }

    /// Counts one more check.
    pub fn add(&mut self, status: Status) {
        let counter = match status {
            Status::Pass => &mut self.pass,
            Status::Partial => &mut self.partial,
            Status::Fail => &mut self.fail,
            Status::Blocked => &mut self.blocked,
            Status::NotRun => &mut self.not_run,
            Status::Error => &mut self.error,
            Status::Stale => &mut self.stale,
            Status::Attested => &mut self.attested,
            Status::NotApplicable => &mut self.not_applicable,
        };
        *counter += 1;
    }

    /// All checks counted.
    pub fn total(&self) -> u64 {
        Status::ALL.iter().map(|status| self.of(*status)).sum()
    }
}

/// Findings by severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the number of findings with the severity it is named for")]
pub struct SeverityCounts {
    pub blocker: u64,
    pub high: u64,
    pub medium: u64,
    pub low: u64,
}

impl SeverityCounts {
    /// The counter of one severity.
    pub fn of(&self, severity: Severity) -> u64 {
        match severity {
            Severity::Blocker => self.blocker,
            Severity::High => self.high,
            Severity::Medium => self.medium,
            Severity::Low => self.low,
        }
    }

    /// Counts one more finding.
    pub fn add(&mut self, severity: Severity) {
        let counter = match severity {
            Severity::Blocker => &mut self.blocker,
            Severity::High => &mut self.high,
            Severity::Medium => &mut self.medium,
            Severity::Low => &mut self.low,
        };
        *counter += 1;
    }

    /// All findings counted.
    pub fn total(&self) -> u64 {
        self.blocker + self.high + self.medium + self.low
    }
}
