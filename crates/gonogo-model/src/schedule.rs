//! The open work as a schedule: what waits for what, how long it takes, and what to do first.
//! All times are working time from now on; nothing here knows a calendar.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::amount::{Effort, WorkTime};
use crate::status::Severity;
use crate::verdict::Priority;

/// The open work before launch as a network, with its longest way and what may happen to it.
/// A range holds the exact figure when everything takes its least, and when everything takes its
/// most. What nobody estimated counts as no time, so with any of it every figure is "at least".
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// Every piece of open work after what it needs; what may come after launch comes last.
    pub tasks: Vec<ScheduledTask>,
    /// The work of people, added up.
    pub effort: Effort,
    /// Everything, one thing after another: one person alone, who also waits for what only takes time.
    pub serial: Effort,
    /// The longest way when nobody ever waits for a person.
    pub parallel: Effort,
    /// No order of the work can be shorter than this, with each owner doing one thing at a time.
    pub floor: Effort,
    /// This schedule, where each owner does one thing at a time, in the order of the list.
    pub total: Effort,
    /// Tasks before launch that nobody estimated.
    pub without_estimate: u64,
    /// The tasks of the longest way of this schedule.
    pub critical: Ends<Vec<String>>,
    /// Tasks that are not on it and have no slack either.
    pub also_critical: Ends<u64>,
    /// What each owner has to do.
    pub owners: Vec<OwnerLoad>,
    /// The actions by how soon they have to be done, the sooner first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_priority: Vec<PriorityLoad>,
    /// The actions that solve an open problem by how bad it is, the worst first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_severity: Vec<SeverityLoad>,
    /// Of the tasks that can start now, those that something waits for or that shorten the total:
    /// first those that hold the most, then those that free the most, then those that save the
    /// most. At most ten.
    pub unblocks_most: Vec<String>,
    /// What may happen when each estimate is taken as a chance; absent when no estimate before
    /// launch is a range, or when there is too much work to draw it often enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simulation: Option<Simulation>,
    /// Work that may come after launch; no figure above contains it.
    pub later: WorkSum,
    /// Checks nobody could judge, and the fixes they may turn out to need; no figure above
    /// contains those.
    pub unproven: WorkSum,
    /// Tasks that need each other in a circle; what they need is left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub circular: Vec<String>,
}

/// The same figure when everything takes its least and when everything takes its most. Not a
/// range: either may be the larger, and neither bounds what is between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ends<T> {
    /// When everything takes its least.
    pub at_least: T,
    /// When everything takes its most.
    pub at_most: T,
}

/// What a piece of open work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// An open problem to fix.
    Fix,
    /// A look that must become possible, or be repeated.
    Look,
    /// A statement to sign.
    Sign,
    /// A condition to meet.
    Condition,
    /// A stage to run.
    Stage,
    /// An entry of a register to settle: a blocker, a decision, tasks of a checklist, a phase.
    Entry,
    /// Waiting for others after a blocker's own work.
    Lead,
    /// A phase that opens when what it needs is done.
    Phase,
}

impl TaskKind {
    /// The word people see.
    pub fn word(self) -> &'static str {
        match self {
            TaskKind::Fix => "fix",
            TaskKind::Look => "look",
            TaskKind::Sign => "sign",
            TaskKind::Condition => "condition",
            TaskKind::Stage => "stage",
            TaskKind::Entry => "entry",
            TaskKind::Lead => "lead",
            TaskKind::Phase => "phase",
        }
    }
}

/// One piece of open work with its place in the schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduledTask {
    /// Its name in the schedule, `fix/3` or `stage/verify`.
    pub id: String,
    /// What it is.
    pub kind: TaskKind,
    /// What is to be done.
    pub title: String,
    /// The number of its action, when it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<u64>,
    /// Who does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// How long it takes; absent when nobody estimated it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<Effort>,
    /// The last day it may be done, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub due: Option<Date>,
    /// It may come after launch.
    pub after_launch: bool,
    /// The open tasks it waits for.
    pub needs: Vec<String>,
    /// The task its owner does before it, when it would not wait for that otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// When it starts.
    pub start: Effort,
    /// When it is done.
    pub finish: Effort,
    /// When it must start at the latest for the total to hold; absent after launch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest_start: Option<Ends<WorkTime>>,
    /// How much later it may be done without moving the total; absent after launch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slack: Option<Ends<WorkTime>>,
    /// How often it was on a longest way of the simulation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criticality: Option<Share>,
    /// What can start as soon as it alone is done, and what is done after that.
    pub frees: Reach,
    /// What cannot start before it is done, directly or through other tasks; absent when there
    /// is too much to count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holds: Option<Reach>,
    /// How much shorter the total would be if it were done now; absent after launch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saves: Option<Ends<WorkTime>>,
}

/// What waits for a piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reach {
    /// Checks that nobody could look at yet.
    pub checks: u64,
    /// Stages.
    pub stages: u64,
    /// Entries of the registers.
    pub entries: u64,
}

impl Reach {
    /// Nothing waits.
    pub fn is_none(self) -> bool {
        self == Reach::default()
    }
}

/// So many of so many, and as a percentage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Share {
    /// In how many samples.
    pub samples: u64,
    /// Of all samples, rounded half-even to one decimal, `93.7%`.
    pub percent: String,
}

/// What one owner has to do before launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnerLoad {
    /// Who; absent for work that nobody owns, which is counted as one more person's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The work, added up.
    pub work: WorkSum,
}

/// The actions that have to be done equally soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PriorityLoad {
    /// How soon.
    pub priority: Priority,
    /// Them, added up.
    pub work: WorkSum,
}

/// The actions that solve open problems of one severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeverityLoad {
    /// How bad.
    pub severity: Severity,
    /// Open findings of it; several may have one action.
    pub findings: u64,
    /// The actions, added up.
    pub work: WorkSum,
}

/// Pieces of work, added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkSum {
    /// How many.
    pub number: u64,
    /// Their efforts, added up.
    pub effort: Effort,
    /// How many of them nobody estimated.
    pub without_estimate: u64,
}

impl WorkSum {
    /// One piece more.
    pub fn add(&mut self, effort: Option<Effort>) {
        self.number = self.number.saturating_add(1);
        match effort {
            Some(effort) => self.effort = self.effort.then(effort),
            None => self.without_estimate = self.without_estimate.saturating_add(1),
        }
    }
}

/// The schedule, drawn many times: each range as a symmetric triangle, each task for itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Simulation {
    /// What the numbers were drawn from: the first 16 digits of the digest of the spec without its
    /// hints.
    pub seed: String,
    /// How often it was drawn.
    pub samples: u64,
    /// Half of the samples were done by then.
    pub p50: WorkTime,
    /// Nine of ten samples were done by then.
    pub p90: WorkTime,
}
