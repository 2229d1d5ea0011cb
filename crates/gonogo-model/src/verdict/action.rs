//! What to do next.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::amount::Effort;
use crate::status::Severity;

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Its number, from 1, in the order to do them.
    pub number: u64,
    /// What to do.
    pub text: String,
    /// The command to run, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// Who does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// How long it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<Effort>,
    /// How bad the problem is; absent for work that is not a fix, such as looking again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// The checks that prove it is done.
    pub proven_by: Vec<String>,
    /// The stages it helps to unblock.
    pub unblocks: Vec<String>,
    /// The entries of registers it settles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<String>,
    /// The last day for it, when one is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub due: Option<jiff::civil::Date>,
    /// How soon it has to be done.
    pub priority: Priority,
}

/// How soon something has to be done. The sooner comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Now: it vetoes the launch, or its last day is over.
    Immediate,
    /// A week before the launch at the latest.
    BeforeT7,
    /// Before the launch.
    BeforeLaunch,
}

impl Priority {
    /// Every priority, the sooner first.
    pub const ALL: [Priority; 3] = [Priority::Immediate, Priority::BeforeT7, Priority::BeforeLaunch];

    /// The words people see.
    pub fn word(self) -> &'static str {
        match self {
            Priority::Immediate => "immediately",
            Priority::BeforeT7 => "before T-7d",
            Priority::BeforeLaunch => "before launch",
        }
    }
}
