//! The verdict and everything a report may print: every number a report shows is a field here.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::counts::{Counts, SeverityCounts};
use crate::digest::Digest;
use crate::load::LoadRun;
use crate::register::RegisterStates;
pub use crate::schedule::{
    Ends, OwnerLoad, PriorityLoad, Reach, Schedule, ScheduledTask, SeverityLoad, Share, Simulation, TaskKind,
    WorkSum,
};

pub use self::action::{Action, Priority};
pub use self::finding::{Disposition, Finding};
pub use self::promise::{AcceptanceState, AcceptanceUse, ConditionProgress, ConditionState};
pub use self::reason::{Reason, Rule};
pub use self::result::{CheckResult, Confidence, ItemResult, StageResult, StageState};
pub use self::scenario::{ScenarioCell, ScenarioRow};
pub use self::score::{CategoryScore, Coverage, Score, Thresholds, Weakest};

mod action;
mod finding;
mod promise;
mod reason;
mod result;
mod scenario;
mod score;

/// The version of the stored form of a verdict.
pub const FORMAT: u32 = 2;

/// The computed answer to "may we launch?".
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Verdict {
    /// Version of this form.
    pub format: u32,
    /// The system judged.
    pub system: String,
    /// The environment judged.
    pub environment: String,
    /// Digest of the resolved spec: the scope, fixed before the run.
    pub spec: Digest,
    /// The moment the evidence was judged at (UTC).
    #[schemars(with = "String")]
    pub judged_at: Timestamp,
    /// The answer.
    pub call: Call,
    /// Why; never empty unless the answer is GO.
    pub reasons: Vec<Reason>,
    /// The weighted score over all categories.
    pub score: Score,
    /// What the score is compared with.
    pub thresholds: Thresholds,
    /// Planned checks that weigh, and how many were really looked at.
    pub coverage: Coverage,
    /// Checks by status.
    pub counts: Counts,
    /// Open findings by severity, accepted ones not counted.
    pub open: SeverityCounts,
    /// Scoring buckets in the order of the spec.
    pub categories: Vec<CategoryScore>,
    /// Stages in the order they run.
    pub stages: Vec<StageResult>,
    /// Every check that weighs, in the order of the plan.
    pub results: Vec<CheckResult>,
    /// Open problems, worst first.
    pub findings: Vec<Finding>,
    /// Every check that is only likely, in the order of the plan. Nothing else here depends on them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hint_results: Vec<CheckResult>,
    /// What those found and no check that weighs did, worst first: worth a look, no open problem.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hints: Vec<Finding>,
    /// Acceptances of the spec and whether they are in force.
    pub acceptances: Vec<AcceptanceState>,
    /// Conditions of the spec and whether they are met.
    pub conditions: Vec<ConditionState>,
    /// How the other registers of the spec stand.
    #[serde(default, skip_serializing_if = "RegisterStates::is_empty")]
    pub registers: RegisterStates,
    /// What goes wrong, and what holds then: a row for each fault, in the order of the plan.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scenarios: Vec<ScenarioRow>,
    /// What to do, in order.
    pub actions: Vec<Action>,
    /// The open work: what waits for what, how long it takes and what may happen.
    pub schedule: Schedule,
    /// Runs under load, as they went.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub loads: Vec<LoadRun>,
}

/// The three answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Call {
    /// Do not launch.
    #[serde(rename = "NO-GO")]
    NoGo,
    /// Launch only with what is listed.
    #[serde(rename = "CONDITIONAL GO")]
    ConditionalGo,
    /// Launch.
    #[serde(rename = "GO")]
    Go,
}

impl Call {
    /// The words people see.
    pub fn word(self) -> &'static str {
        match self {
            Call::Go => "GO",
            Call::ConditionalGo => "CONDITIONAL GO",
            Call::NoGo => "NO-GO",
        }
    }
}

impl std::fmt::Display for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.word())
    }
}
