//! What goes wrong, and what holds then.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Score;
use crate::status::Status;

/// One fault, and what holds while it lasts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioRow {
    /// What goes wrong.
    pub fault: String,
    /// What was looked at, in the order of the plan; the same aspect may be there twice.
    pub cells: Vec<ScenarioCell>,
    /// What its checks count of what they could, as in a category.
    pub score: Score,
}

/// One aspect of a fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioCell {
    /// What must hold.
    pub aspect: String,
    /// The check that looks at it.
    pub check: String,
    /// Its status.
    pub status: Status,
}
