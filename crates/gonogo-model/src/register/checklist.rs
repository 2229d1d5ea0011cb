//! How the checklists of a spec stand: sections by time, tasks, and what a file lacks.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Basis, StandingCounts};
use crate::amount::Effort;
use crate::offset::Offset;
use crate::place::Origin;

/// A checklist.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChecklistState {
    /// Its name.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// The check that reads the file its tasks are in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<TaskFileState>,
    /// Its sections in the order of the list.
    pub sections: Vec<SectionState>,
    /// All its tasks by how they stand, those that a file lacks too.
    pub counts: StandingCounts,
    /// Tasks with a ticked box whose check does not pass.
    pub contradictions: u64,
    /// Where the spec says it.
    pub origin: Origin,
}

/// The file that the tasks of a checklist are in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskFileState {
    /// The check that reads it.
    pub check: String,
    /// How many tasks it has at least, says the spec.
    pub at_least: u64,
    /// How many were read; absent when nobody could.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<u64>,
    /// How many are missing; each counts as a task that nobody knows about.
    pub missing: u64,
}

/// Tasks that belong to one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SectionState {
    /// Its name in the checklist.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// When its tasks are due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Offset>,
    /// The day that is, when the day of the launch is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub due: Option<Date>,
    /// Whether launch waits for it; what is due from T-0 on waits for the launch.
    pub holds_launch: bool,
    /// Its tasks.
    pub tasks: Vec<TaskState>,
    /// Its tasks by how they stand.
    pub counts: StandingCounts,
}

/// A task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskState {
    /// Its name.
    pub id: String,
    /// What has to be done.
    #[serde(rename = "do")]
    pub text: String,
    /// Who does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Whether its box is ticked, when it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticked: Option<bool>,
    /// How it stands.
    pub basis: Basis,
    /// Its box is ticked and its check does not pass.
    #[serde(default, skip_serializing_if = "is_false")]
    pub contradiction: bool,
    /// How long it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<Effort>,
    /// Where it is written: in the spec, or in the file.
    pub origin: Origin,
}

fn is_false(value: &bool) -> bool {
    !*value
}
