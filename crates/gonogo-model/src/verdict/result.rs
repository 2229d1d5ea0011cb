//! How stages, checks and their items came out.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::counts::Counts;
use crate::fact::{Location, Value};
use crate::place::Origin;
use crate::status::{Severity, Status};

/// How a stage stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StageState {
    /// Every check in it holds, or is accepted.
    Passed,
    /// A check in it does not hold, or is not proven.
    NotPassed,
    /// A gate before it did not pass, so nothing in it was started.
    Blocked,
}

impl StageState {
    /// The words people see.
    pub fn word(self) -> &'static str {
        match self {
            StageState::Passed => "PASSED",
            StageState::NotPassed => "NOT PASSED",
            StageState::Blocked => "BLOCKED",
        }
    }
}

/// One stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StageResult {
    /// Stage id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Whether later stages need it to pass.
    pub gate: bool,
    /// Whether the verdict needs it.
    pub required: bool,
    /// The stages it comes after.
    pub needs: Vec<String>,
    /// How it stands.
    pub state: StageState,
    /// The gates that hold it, when BLOCKED.
    pub blocked_by: Vec<String>,
    /// Its checks by status.
    pub counts: Counts,
}

/// One check's status, with what decided it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckResult {
    /// Check id.
    pub check: String,
    /// What must be true.
    pub title: String,
    /// Its category.
    pub category: String,
    /// Its stage.
    pub stage: String,
    /// How bad it is when it does not hold.
    pub severity: Severity,
    /// What is known.
    pub status: Status,
    /// One sentence: why this status.
    pub why: String,
    /// The assertion, for checks with a probe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expect: Option<String>,
    /// The items that were judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<ItemResult>,
    /// The evidence that was judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// The line of the spec that decided it.
    pub origin: Origin,
    /// The acceptance (by finding) that covers every failing item, when there is one.
    pub accepted: bool,
    /// What the samples prove, when there were samples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Confidence>,
}

/// One item of a check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemResult {
    /// The item's key.
    pub key: String,
    /// PASS, PARTIAL, FAIL or ERROR.
    pub status: Status,
    /// The facts the assertion names, as measured.
    pub facts: BTreeMap<String, Value>,
    /// Where it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// Why it is ERROR.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// What samples prove about a failure rate: a bound, never certainty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Confidence {
    /// Samples taken.
    pub samples: u64,
    /// Of those, how many failed.
    pub failures: u64,
    /// The exact one-sided 95 % upper bound of the failure rate, rounded up, `5.82%`.
    /// Absent when it was not computed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upper_95: Option<String>,
}
