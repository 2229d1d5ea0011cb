//! What is open, and what outweighs it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::fact::Location;
use crate::spec::Fix;
use crate::status::{Severity, Status};

/// One open problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// `category/rule/item`; what an acceptance names.
    pub id: String,
    /// Digest of rule, subject and location: the same problem has the same one in every run.
    pub fingerprint: Digest,
    /// Exactly one severity: the worst of the checks that saw it.
    pub severity: Severity,
    /// FAIL or PARTIAL.
    pub status: Status,
    /// What must be true and is not.
    pub title: String,
    /// Why it is so, in terms of the facts.
    pub cause: String,
    /// What it leads to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<String>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// What to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// Every check that saw it.
    pub checks: Vec<String>,
    /// Whether a valid acceptance covers it.
    pub accepted: bool,
    /// What it does to the verdict; absent for a hint, which does nothing to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub disposition: Option<Disposition>,
}

/// What an open problem does to the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// A rule that no score outweighs keeps the launch from happening until it is fixed.
    MustFix,
    /// It lowers the score, and may wait when the score allows.
    MayWait,
    /// A valid acceptance covers it.
    Accepted,
}

impl Disposition {
    /// Every disposition, the worst first.
    pub const ALL: [Disposition; 3] = [Disposition::MustFix, Disposition::MayWait, Disposition::Accepted];

    /// The words people see.
    pub fn word(self) -> &'static str {
        match self {
            Disposition::MustFix => "must be fixed before launch",
            Disposition::MayWait => "lowers the score",
            Disposition::Accepted => "accepted",
        }
    }
}
