//! The registers as written: one struct a YAML mapping. Their doc comments are what an editor shows.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::amount::{Effort, Percent, Wait};
use crate::offset::Offset;
use crate::spec::raw::RawAttest;
use crate::yaml::{At, Node};

/// Something that must go away before what it blocks can go on.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawBlocker {
    /// Name of the blocker, unique in the spec.
    pub id: At<String>,
    /// What is missing.
    pub title: At<String>,
    /// What kind it is, such as external, implementation or decision (default external).
    /// Blockers of one kind are shown and counted together.
    pub kind: Option<At<String>>,
    /// Who makes it go away.
    pub owner: At<String>,
    /// What it leads to while it is there.
    pub impact: Option<String>,
    /// What to do.
    #[serde(rename = "do")]
    pub text: Option<String>,
    /// The check that proves that it is gone.
    pub check: Option<At<String>>,
    /// Instead of a check: a person's statement that it is gone.
    pub attest: Option<RawAttest>,
    /// How long the work takes: 2d, 18d..28d.
    pub effort: Option<Effort>,
    /// How long one waits for others, in working time: 1w..3w.
    pub lead: Option<Effort>,
    /// The last day.
    pub due: Option<At<String>>,
    /// What has to come before it: checks and entries of registers, by id.
    #[serde(default)]
    pub needs: Vec<At<String>>,
    /// What waits for it (default `launch`): `launch`, stages, checks and entries of registers, by id.
    /// `[]` is for what is only told and holds nothing up.
    pub blocks: Option<Vec<At<String>>>,
}

/// A question with its options, and what was chosen.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawDecision {
    /// Name of the decision, unique in the spec.
    pub id: At<String>,
    /// What is decided.
    pub question: At<String>,
    /// What can be chosen.
    pub options: Vec<RawChoice>,
    /// Who decides.
    pub owner: At<String>,
    /// The option that was chosen. Then `on` is needed too.
    pub choice: Option<At<String>>,
    /// The day it was chosen.
    pub on: Option<At<String>>,
    /// The last day to choose; needed while nobody has.
    pub due: Option<At<String>>,
    /// Why it was chosen.
    pub reason: Option<String>,
    /// The check that proves that it is implemented.
    pub check: Option<At<String>>,
    /// Instead of a check: a person's statement that it is implemented.
    pub attest: Option<RawAttest>,
    /// How long it takes to decide and to implement.
    pub effort: Option<Effort>,
    /// What has to come before it: checks and entries of registers, by id.
    #[serde(default)]
    pub needs: Vec<At<String>>,
    /// What waits for it: `launch`, stages, checks and entries of registers, by id.
    #[serde(default)]
    pub blocks: Vec<At<String>>,
}

/// One option of a decision.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawChoice {
    /// Name in `choice:`.
    pub id: At<String>,
    /// What it means.
    pub text: String,
}

/// A list of tasks: `sections` of this spec, or the task list of a Markdown file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawChecklist {
    /// Name of the checklist, unique in the spec.
    pub id: At<String>,
    /// What people call it.
    pub title: Option<String>,
    /// Its tasks by time.
    #[schemars(with = "Option<Vec<RawSection>>")]
    pub sections: Option<Vec<Node>>,
    /// Instead of `sections`: the file its tasks are in.
    pub file: Option<RawTaskFile>,
}

/// Tasks that belong to one time.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawSection {
    /// Name of the section, unique in the checklist; other entries name it `checklist/section`.
    pub id: At<String>,
    /// What people call it.
    pub title: Option<String>,
    /// When its tasks are due: T-7d, T-24h, T-0, T+1h. Tasks from T-0 on wait for the launch and do
    /// not weigh; without `at`, they are due before it.
    pub at: Option<Offset>,
    /// Its tasks.
    #[schemars(with = "Vec<RawTask>")]
    pub items: Vec<Node>,
}

/// One task.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawTask {
    /// Name of the task, unique in the spec.
    pub id: At<String>,
    /// What has to be done.
    #[serde(rename = "do")]
    pub text: At<String>,
    /// Who does it.
    pub owner: Option<String>,
    /// The check that proves that it is done.
    pub check: Option<At<String>>,
    /// Instead of a check: a person's statement that it is done.
    pub attest: Option<RawAttest>,
    /// How long it takes.
    pub effort: Option<Effort>,
}

/// Tasks in a file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawTaskFile {
    /// The check that reads the file; its probe is document/checklist.
    pub check: At<String>,
    /// How many tasks the file has at least. With fewer, the missing ones are not done: to take a
    /// task out is not to do it.
    pub at_least: At<u32>,
    /// Who signs for the boxes that are ticked. Without it, a tick proves nothing.
    pub ticks: Option<RawAttest>,
    /// Tasks that more than a tick proves.
    #[serde(default)]
    #[schemars(with = "Vec<RawBoundTask>")]
    pub bind: Vec<Node>,
}

/// What proves a task of a file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawBoundTask {
    /// The task's text, as the file has it without its marks.
    pub task: At<String>,
    /// The heading it is under, where the same text is there twice.
    pub section: Option<String>,
    /// The check that proves that it is done.
    pub check: Option<At<String>>,
    /// Instead of a check: a person's statement that it is done.
    pub attest: Option<RawAttest>,
}

/// A part of the way. It opens when everything it needs holds.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawPhase {
    /// Name of the phase, unique in the spec.
    pub id: At<String>,
    /// What people call it.
    pub title: Option<String>,
    /// Whether launch needs it open (default true).
    #[serde(default = "yes")]
    pub required: bool,
    /// What must hold before it opens: stages, checks and entries of registers, by id.
    #[serde(default)]
    pub needs: Vec<At<String>>,
    /// The check that proves that it is done.
    pub check: Option<At<String>>,
    /// Instead of a check: a person's statement that it is done.
    pub attest: Option<RawAttest>,
    /// Who leads it.
    pub owner: Option<String>,
    /// How long it takes once it is open.
    pub effort: Option<Effort>,
}

/// How it is launched.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawLaunch {
    /// The day of the launch, T-0.
    pub date: Option<At<String>>,
    /// What the way is called, such as canary.
    pub strategy: Option<String>,
    /// The steps in order.
    #[serde(default)]
    #[schemars(with = "Vec<RawStep>")]
    pub steps: Vec<Node>,
    /// When to go back.
    #[serde(default)]
    #[schemars(with = "Vec<RawTrigger>")]
    pub rollback: Vec<Node>,
    /// What is watched afterwards.
    #[serde(default)]
    #[schemars(with = "Vec<RawWatch>")]
    pub monitoring: Vec<Node>,
}

/// One step of a launch.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawStep {
    /// Name of the step, unique in the launch.
    pub id: At<String>,
    /// What is done.
    pub title: Option<String>,
    /// The share of traffic or users that has the new version after it. Shares grow, the last is 100%.
    pub share: Option<At<Percent>>,
    /// How long it lasts.
    pub lasts: Option<Wait>,
    /// Checks that pass before it begins.
    #[serde(default)]
    pub enter: Vec<At<String>>,
    /// Checks that pass before the next one begins.
    #[serde(default)]
    pub exit: Vec<At<String>>,
}

/// When to go back, and how: at a `check` that does not pass, or a `metric` beyond a `threshold`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawTrigger {
    /// Name of the trigger, unique in the launch.
    pub id: At<String>,
    /// The check that does not pass.
    pub check: Option<At<String>>,
    /// Instead of a check: the metric.
    pub metric: Option<At<String>>,
    /// The threshold of the metric, such as > 1% for 5m.
    pub threshold: Option<At<String>>,
    /// What is done then.
    #[serde(rename = "do")]
    pub text: At<String>,
    /// Who does it.
    pub owner: Option<String>,
    /// How fast.
    pub within: Option<Wait>,
}

/// One thing that is watched after the launch.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawWatch {
    /// What.
    pub what: At<String>,
    /// When, and how often.
    pub when: At<String>,
    /// Who.
    pub who: At<String>,
    /// The check that looks at it.
    pub check: Option<At<String>>,
}

/// Who must sign before the launch. It changes no verdict: it says whether the launch is authorised.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawSignOff {
    /// Who prepared the evidence; cannot sign.
    pub prepared_by: Option<String>,
    /// The roles that must sign.
    #[schemars(with = "Vec<RawRole>")]
    pub roles: Vec<Node>,
}

/// A role that must sign. `by`, `on` and `verdict` once somebody has.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawRole {
    /// What the role is called.
    pub role: At<String>,
    /// Who signed.
    pub by: Option<At<String>>,
    /// The day.
    pub on: Option<At<String>>,
    /// The digest of what was signed, as the report prints it.
    pub verdict: Option<At<String>>,
}

const fn yes() -> bool {
    true
}
