//! The nine statuses of a check, how sure it is, and severity.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is known about one check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Looked; all assertions true.
    Pass,
    /// Looked; the declared partial condition is met.
    Partial,
    /// Looked; an assertion is false.
    Fail,
    /// A gate before it did not pass; not started.
    Blocked,
    /// Selected, not executed: time, filter, cancelled.
    NotRun,
    /// Could not look, or no data.
    Error,
    /// Evidence too old, or of another subject.
    Stale,
    /// A person's signed statement, with expiry.
    Attested,
    /// Not applicable, with a signed reason.
    NotApplicable,
}

impl Status {
    /// Every status, best first.
    pub const ALL: [Status; 9] = [
        Status::Pass,
        Status::NotApplicable,
        Status::Attested,
        Status::Partial,
        Status::Stale,
        Status::NotRun,
        Status::Blocked,
        Status::Error,
        Status::Fail,
    ];

    /// The word people see; the same everywhere.
    pub fn word(self) -> &'static str {
        match self {
            Status::Pass => "PASS",
            Status::Partial => "PARTIAL",
            Status::Fail => "FAIL",
            Status::Blocked => "BLOCKED",
            Status::NotRun => "NOT RUN",
            Status::Error => "ERROR",
            Status::Stale => "STALE",
            Status::Attested => "ATTESTED",
            Status::NotApplicable => "N/A",
        }
    }

    /// Nothing is known: it says neither that the requirement holds nor that it does not.
    pub fn is_unproven(self) -> bool {
        matches!(self, Status::Blocked | Status::NotRun | Status::Error | Status::Stale)
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.word())
    }
}

/// How sure a check is of what it finds. The surer comes first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// What it finds is a problem. It weighs.
    #[default]
    Certain,
    /// What it finds may be meant so. It is a hint: listed apart, and it never weighs.
    Likely,
}

impl Certainty {
    /// Whether it weighs; the default, which stored forms leave out.
    pub fn is_certain(&self) -> bool {
        *self == Certainty::Certain
    }

    /// The word people see.
    pub fn word(self) -> &'static str {
        match self {
            Certainty::Certain => "certain",
            Certainty::Likely => "likely",
        }
    }
}

/// How bad it is when a check does not hold. Worse is greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to have.
    Low,
    /// To be fixed soon after launch.
    Medium,
    /// Caps its category while open.
    High,
    /// Vetoes the launch while open.
    Blocker,
}

impl Severity {
    /// Every severity, worst first.
    pub const ALL: [Severity; 4] = [Severity::Blocker, Severity::High, Severity::Medium, Severity::Low];

    /// The word people see.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Blocker => "blocker",
            Severity::High => "high",
            Severity::Medium => "medium",
            Severity::Low => "low",
        }
    }
}

impl std::fmt::Display for Severity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.word())
    }
}
