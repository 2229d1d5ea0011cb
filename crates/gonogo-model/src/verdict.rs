//! The verdict and everything a report may print: every number a report shows is a field here.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::amount::{Effort, Percent};
pub use crate::counts::{Counts, SeverityCounts};
use crate::digest::Digest;
use crate::fact::{Location, Value};
use crate::load::LoadRun;
use crate::place::Origin;
use crate::register::RegisterStates;
pub use crate::schedule::{
    Ends, OwnerLoad, PriorityLoad, Reach, Schedule, ScheduledTask, SeverityLoad, Share, Simulation, TaskKind,
    WorkSum,
};
use crate::spec::Fix;
use crate::status::{Severity, Status};

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

/// One rule of the verdict function that applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// The rule.
    pub rule: Rule,
    /// One sentence with the names and numbers.
    pub text: String,
    /// The checks that caused it; never empty unless `entries` says what did.
    pub checks: Vec<String>,
    /// The entries of registers that caused it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<String>,
}

/// The rules of the verdict function, in the order they are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The stored evidence was changed or is incomplete.
    IntegrityBroken,
    /// A gate stage did not pass.
    GateFailed,
    /// A blocker is open and not accepted.
    BlockerOpen,
    /// A check that cannot be waived is not PASS.
    NotWaivable,
    /// A check of a required stage, or a blocker anywhere, is BLOCKED, NOT RUN, ERROR or STALE,
    /// in whole or in one item.
    RequiredUnproven,
    /// A category has nothing that could be scored.
    NothingScored,
    /// A category is under its floor.
    UnderFloor,
    /// The score is under `conditional_at`.
    UnderConditional,
    /// A condition is overdue and its check does not pass.
    ConditionOverdue,
    /// An entry of a register that launch waits for is open or unproven, a decision is overdue, or
    /// a phase is blocked.
    RegisterOpen,
    /// An acceptance names an open finding, in force or not, or a check that could not be judged.
    AcceptanceInUse,
    /// A condition is open and not yet due.
    ConditionOpen,
    /// An entry of a register that launch waits for rests on a person's word, or a decision has
    /// nothing that shows it or is not due yet.
    RegisterPending,
    /// A check of a required stage is PARTIAL, ATTESTED or FAIL: a GO has no open problem there.
    PartlyProven,
    /// The score is under `go_at`.
    UnderGo,
}

impl Rule {
    /// Every rule in the order of the verdict function.
    pub const ALL: [Rule; 15] = [
        Rule::IntegrityBroken,
        Rule::GateFailed,
        Rule::BlockerOpen,
        Rule::NotWaivable,
        Rule::RequiredUnproven,
        Rule::NothingScored,
        Rule::UnderFloor,
        Rule::UnderConditional,
        Rule::ConditionOverdue,
        Rule::RegisterOpen,
        Rule::AcceptanceInUse,
        Rule::ConditionOpen,
        Rule::RegisterPending,
        Rule::PartlyProven,
        Rule::UnderGo,
    ];

    /// What the verdict is when this is the first rule that applies.
    pub fn call(self) -> Call {
        if self < Rule::AcceptanceInUse { Call::NoGo } else { Call::ConditionalGo }
    }

    /// The id in reports and documentation.
    pub fn id(self) -> &'static str {
        match self {
            Rule::IntegrityBroken => "integrity-broken",
            Rule::GateFailed => "gate-failed",
            Rule::BlockerOpen => "blocker-open",
            Rule::NotWaivable => "not-waivable",
            Rule::RequiredUnproven => "required-unproven",
            Rule::NothingScored => "nothing-scored",
            Rule::UnderFloor => "under-floor",
            Rule::UnderConditional => "under-conditional",
            Rule::ConditionOverdue => "condition-overdue",
            Rule::RegisterOpen => "register-open",
            Rule::AcceptanceInUse => "acceptance-in-use",
            Rule::ConditionOpen => "condition-open",
            Rule::RegisterPending => "register-pending",
            Rule::PartlyProven => "partly-proven",
            Rule::UnderGo => "under-go",
        }
    }
}

/// A score: exact as a fraction, rounded once for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// The exact value from 0 to 1 in lowest terms, `143/320`.
    pub exact: String,
    /// For people: percent, rounded half-even to two decimals, `44.69%`.
    pub percent: String,
    /// Points and their maximum, `10.5/24`; for the weighted score the points of 100, exact when
    /// they have an end within six decimals, else rounded half-even to two.
    pub points: String,
}

/// What the score is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// From here GO.
    pub go_at: Percent,
    /// From here CONDITIONAL GO.
    pub conditional_at: Percent,
}

/// How much of the plan was really looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Coverage {
    /// Planned checks that are applicable.
    pub planned: u64,
    /// Of those, the ones with fresh facts (PASS, PARTIAL or FAIL).
    pub looked: u64,
}

/// One scoring bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CategoryScore {
    /// Category id.
    pub id: String,
    /// Its question.
    pub question: String,
    /// Its share of the score.
    pub weight: u32,
    /// The score that counts: measured, then capped.
    pub score: Score,
    /// What it adds to the 100 points of the whole, of its weight: `4.6875/25`.
    pub weighted: String,
    /// The score before the cap, when a cap applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncapped: Option<Score>,
    /// The least it must reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<Percent>,
    /// Whether it reaches its floor (true without one).
    pub floor_met: bool,
    /// Its checks by status.
    pub counts: Counts,
    /// Its open findings by severity, accepted ones not counted.
    pub open: SeverityCounts,
    /// What it would be if it were all there is: the answer to its question.
    pub decision: Call,
    /// Its checks that apply, and how many were really looked at.
    pub coverage: Coverage,
    /// The check of it whose samples prove least.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weakest: Option<Weakest>,
}

/// The check of a category whose samples prove least.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Weakest {
    /// The check.
    pub check: String,
    /// What its samples prove.
    pub confidence: Confidence,
}

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

/// How an acceptance of the spec stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptanceState {
    /// The finding it names.
    pub finding: String,
    /// Why the risk is taken.
    pub reason: String,
    /// Who carries it.
    pub owner: String,
    /// Who agreed.
    pub approved_by: String,
    /// The last day it holds.
    #[schemars(with = "String")]
    pub expires: jiff::civil::Date,
    /// The check that watches the risk, if one is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monitor: Option<String>,
    /// How it stands.
    pub state: AcceptanceUse,
    /// Where the spec says it.
    pub origin: Origin,
}

/// How an acceptance stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AcceptanceUse {
    /// It covers an open finding.
    InUse,
    /// No open finding has this id.
    Unused,
    /// Its last day is over; it covers nothing.
    Expired,
    /// The finding is a blocker and the policy does not allow to accept those, or a check of it
    /// says `waivable: false`.
    NotAllowed,
    /// The check that should watch the risk does not pass, so the acceptance covers nothing.
    MonitorUnproven,
}

impl AcceptanceUse {
    /// The words people see.
    pub fn word(self) -> &'static str {
        match self {
            AcceptanceUse::InUse => "in use",
            AcceptanceUse::Unused => "unused",
            AcceptanceUse::Expired => "expired",
            AcceptanceUse::NotAllowed => "not allowed",
            AcceptanceUse::MonitorUnproven => "monitor unproven",
        }
    }
}

/// How a condition of the spec stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConditionState {
    /// Condition id.
    pub id: String,
    /// What must be done.
    pub text: String,
    /// Who does it.
    pub owner: String,
    /// The last day.
    #[schemars(with = "String")]
    pub due: jiff::civil::Date,
    /// The check that proves it.
    pub check: String,
    /// What happens when it is overdue, besides the NO-GO.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdue_action: Option<String>,
    /// How it stands.
    pub state: ConditionProgress,
    /// Where the spec says it.
    pub origin: Origin,
}

/// How a condition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConditionProgress {
    /// Its check passes.
    Met,
    /// Its check does not pass yet and it is not due.
    Open,
    /// It is due and its check does not pass.
    Overdue,
}

impl ConditionProgress {
    /// The word people see.
    pub fn word(self) -> &'static str {
        match self {
            ConditionProgress::Met => "met",
            ConditionProgress::Open => "open",
            ConditionProgress::Overdue => "overdue",
        }
    }
}

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
