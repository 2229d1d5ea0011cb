//! The registers after validation: what people decided and track, each entry bound to what proves
//! it. How an entry stands is not known here; that is computed from evidence.

mod checklist;
mod launch;
mod order;
pub mod raw;
mod read;

use std::fmt;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Statement;
use crate::amount::{Effort, Percent, Wait};
use crate::digest::Digest;
use crate::offset::Offset;
use crate::place::Origin;

use read::Names;
pub(super) use read::registers;

/// Everything people decided and track, but for acceptances and conditions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Registers {
    /// What must go away first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blockers: Vec<Blocker>,
    /// What had or has to be decided.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<Decision>,
    /// Lists of tasks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checklists: Vec<Checklist>,
    /// Parts of the way, each after the ones it needs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<Phase>,
    /// How it is launched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub launch: Option<Launch>,
    /// Who must sign.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_off: Option<SignOff>,
}

impl Registers {
    /// Nobody decided anything.
    pub fn is_empty(&self) -> bool {
        *self == Registers::default()
    }
}

/// What proves an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Bond {
    /// A check of the spec.
    Check(String),
    /// A person's statement.
    Attested(Statement),
}

/// What an entry can name: something of the spec by its kind and id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Ref {
    /// The launch itself.
    Launch,
    /// A stage.
    Stage(String),
    /// A check.
    Check(String),
    /// A blocker.
    Blocker(String),
    /// A decision.
    Decision(String),
    /// A whole checklist.
    Checklist(String),
    /// A section of a checklist.
    Section {
        /// The checklist.
        checklist: String,
        /// The section; the one of a file may turn out not to exist.
        section: String,
    },
    /// A phase.
    Phase(String),
}

impl fmt::Display for Ref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ref::Launch => f.write_str("launch"),
            Ref::Stage(id)
            | Ref::Check(id)
            | Ref::Blocker(id)
            | Ref::Decision(id)
            | Ref::Checklist(id)
            | Ref::Phase(id) => f.write_str(id),
            Ref::Section { checklist, section } => write!(f, "{checklist}/{section}"),
        }
    }
}

/// Something that must go away before what it blocks can go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Blocker {
    /// Its name.
    pub id: String,
    /// What is missing.
    pub title: String,
    /// What kind it is; blockers of one kind are shown together.
    pub kind: String,
    /// Who makes it go away.
    pub owner: String,
    /// What it leads to while it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<String>,
    /// What to do.
    #[serde(rename = "do", default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What proves that it is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bond: Option<Bond>,
    /// How long the work takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<Effort>,
    /// How long one waits for others, in working time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<Effort>,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub due: Option<Date>,
    /// What has to come before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Ref>,
    /// What waits for it; nothing means that it is only told.
    pub blocks: Vec<Ref>,
    /// Where the spec says it.
    pub origin: Origin,
}

/// A question with its options, and what was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// Its name.
    pub id: String,
    /// What is decided.
    pub question: String,
    /// What could be chosen.
    pub options: Vec<Choice>,
    /// Who decides.
    pub owner: String,
    /// What was chosen, and when; absent while nobody decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Made>,
    /// The last day to decide; there while nobody decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub due: Option<Date>,
    /// Why it was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What proves that it is implemented.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bond: Option<Bond>,
    /// How long it takes to decide and to implement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<Effort>,
    /// What has to come before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Ref>,
    /// What waits for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<Ref>,
    /// Where the spec says it.
    pub origin: Origin,
}

/// One option of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Its name.
    pub id: String,
    /// What it means.
    pub text: String,
}

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Made {
    /// The option.
    pub choice: String,
    /// The day.
    #[schemars(with = "String")]
    pub on: Date,
}

/// A list of tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Checklist {
    /// Its name.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Where its tasks are.
    pub tasks: TaskSource,
    /// Where the spec says it.
    pub origin: Origin,
}

/// Where the tasks of a checklist are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TaskSource {
    /// In the spec.
    Sections(Vec<Section>),
    /// In a file that a check reads.
    File(TaskFile),
}

/// Tasks that belong to one time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Its name, unique in the checklist.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// When its tasks are due; absent means before launch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Offset>,
    /// Its tasks; never empty.
    pub items: Vec<Task>,
}

/// One task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Its name, unique in the spec.
    pub id: String,
    /// What has to be done.
    #[serde(rename = "do")]
    pub text: String,
    /// Who does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// What proves that it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bond: Option<Bond>,
    /// How long it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<Effort>,
    /// Where the spec says it.
    pub origin: Origin,
}

/// Tasks in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskFile {
    /// The check that reads the file; its probe is `document/checklist`.
    pub check: String,
    /// How many tasks the file has at least. A task that is taken out is not a task that is done.
    pub at_least: u32,
    /// Who signs for the boxes that are ticked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticks: Option<Statement>,
    /// Tasks that more than a tick proves.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bind: Vec<BoundTask>,
}

/// What proves a task of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BoundTask {
    /// The task's text, as the file has it without its marks.
    pub task: String,
    /// The heading it is under, where the same text is there twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    /// What proves that it is done.
    pub bond: Bond,
    /// Where the spec says it.
    pub origin: Origin,
}

/// A part of the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Its name.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Whether launch needs it open.
    pub required: bool,
    /// What must hold before it opens.
    pub needs: Vec<Ref>,
    /// What proves that it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bond: Option<Bond>,
    /// Who leads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// How long it takes once it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<Effort>,
    /// Where the spec says it.
    pub origin: Origin,
}

/// How it is launched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Launch {
    /// The day of the launch, T-0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub date: Option<Date>,
    /// What the way is called, such as canary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strategy: Option<String>,
    /// The steps in order.
    pub steps: Vec<Step>,
    /// When to go back.
    pub rollback: Vec<Trigger>,
    /// What is watched afterwards.
    pub monitoring: Vec<Watch>,
    /// Where the spec says it.
    pub origin: Origin,
}

/// One step of a launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Its name.
    pub id: String,
    /// What is done.
    pub title: String,
    /// The share of traffic or users that has the new version after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<Percent>,
    /// How long it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lasts: Option<Wait>,
    /// Checks that pass before it begins.
    pub enter: Vec<String>,
    /// Checks that pass before the next one begins.
    pub exit: Vec<String>,
}

/// When to go back, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// Its name.
    pub id: String,
    /// What must happen.
    pub on: TriggerOn,
    /// What is done then.
    #[serde(rename = "do")]
    pub text: String,
    /// Who does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// How fast.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Wait>,
}

/// What sets off a rollback.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum TriggerOn {
    /// A check that does not pass.
    Check(String),
    /// A metric beyond a threshold.
    Metric {
        /// The metric.
        metric: String,
        /// The threshold, such as `> 1% for 5m`.
        threshold: String,
    },
}

/// One thing that is watched after the launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Watch {
    /// What.
    pub what: String,
    /// When, and how often.
    pub when: String,
    /// Who.
    pub who: String,
    /// The check that looks at it, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
}

/// Who must sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOff {
    /// Who prepared the evidence; never one of those who sign.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prepared_by: Option<String>,
    /// The roles; never empty.
    pub roles: Vec<Role>,
    /// Where the spec says it.
    pub origin: Origin,
}

/// A role that must sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// What it is called.
    pub role: String,
    /// Who signed, and what; absent while nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Authorisation>,
}

/// A signature under a verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Authorisation {
    /// Who.
    pub by: String,
    /// The day.
    #[schemars(with = "String")]
    pub on: Date,
    /// The digest of what was signed, as the report prints it under "Launch authorisation".
    pub verdict: Digest,
}
