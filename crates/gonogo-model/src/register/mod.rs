//! How the registers of a spec stand: what a verdict says about blockers, decisions, checklists,
//! phases, the launch and who signed. Every number a report prints about them is a field here.

mod checklist;
mod launch;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::amount::Effort;
use crate::place::Origin;
use crate::spec::register::{Choice, Made, Ref};

pub use checklist::{ChecklistState, SectionState, TaskFileState, TaskState};
pub use launch::{
    Criterion, LaunchState, RoleState, SignOffState, SignatureState, StepState, TriggerState, WatchState,
};

/// How the registers stand.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RegisterStates {
    /// Blockers in the order of the spec.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blockers: Vec<BlockerState>,
    /// Blockers by kind, in the order in which the kinds first appear.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub blocker_kinds: Vec<BlockerKind>,
    /// Decisions in the order of the spec.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decisions: Vec<DecisionState>,
    /// Decisions by how they stand.
    #[serde(skip_serializing_if = "StandingCounts::is_empty")]
    pub decision_counts: StandingCounts,
    /// Checklists in the order of the spec.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub checklists: Vec<ChecklistState>,
    /// Phases in the order of the spec.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phases: Vec<PhaseState>,
    /// The plan of the launch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub launch: Option<LaunchState>,
    /// Who signed, and whether the launch is authorised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_off: Option<SignOffState>,
}

impl RegisterStates {
    /// Nobody decided anything.
    pub fn is_empty(&self) -> bool {
        *self == RegisterStates::default()
    }
}

/// How well something is proven. The better comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Its check is PASS or N/A.
    Proven,
    /// A person signed for it, and the signature is in force.
    Attested,
    /// Somebody looked, and it does not hold.
    Open,
    /// Nobody looked, nobody could, or nobody signed.
    Unproven,
}

impl Standing {
    /// Every standing, the better first.
    pub const ALL: [Standing; 4] = [Standing::Proven, Standing::Attested, Standing::Open, Standing::Unproven];

    /// The word people see.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Proven => "proven",
            Standing::Attested => "attested",
            Standing::Open => "open",
            Standing::Unproven => "unproven",
        }
    }
}

/// Entries by how they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StandingCounts {
    /// All of them.
    pub total: u64,
    /// Those that a check proves.
    pub proven: u64,
    /// Those that a person signed for.
    pub attested: u64,
    /// Those that were looked at and do not hold.
    pub open: u64,
    /// Those that nobody knows about.
    pub unproven: u64,
}

impl StandingCounts {
    /// Counts one more.
    pub fn add(&mut self, standing: Standing) {
        self.total = self.total.saturating_add(1);
        let count = match standing {
            Standing::Proven => &mut self.proven,
            Standing::Attested => &mut self.attested,
            Standing::Open => &mut self.open,
            Standing::Unproven => &mut self.unproven,
        };
        *count = count.saturating_add(1);
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: &StandingCounts) -> StandingCounts {
        StandingCounts {
            total: self.total.saturating_add(other.total),
            proven: self.proven.saturating_add(other.proven),
            attested: self.attested.saturating_add(other.attested),
            open: self.open.saturating_add(other.open),
            unproven: self.unproven.saturating_add(other.unproven),
        }
    }

    /// So many stand like this.
    pub fn of(&self, standing: Standing) -> u64 {
        match standing {
            Standing::Proven => self.proven,
            Standing::Attested => self.attested,
            Standing::Open => self.open,
            Standing::Unproven => self.unproven,
        }
    }

    /// There is nothing to count.
    pub fn is_empty(&self) -> bool {
        self.total == 0
    }
}

impl FromIterator<Standing> for StandingCounts {
    fn from_iter<T: IntoIterator<Item = Standing>>(standings: T) -> StandingCounts {
        standings.into_iter().fold(StandingCounts::default(), |mut counts, standing| {
            counts.add(standing);
            counts
        })
    }
}

/// What an entry rests on, and how that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// How well it is proven.
    pub standing: Standing,
    /// One sentence: why it stands so.
    pub why: String,
    /// The check it is bound to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
}

/// A blocker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BlockerState {
    /// Its name.
    pub id: String,
    /// What is missing.
    pub title: String,
    /// What kind it is.
    pub kind: String,
    /// Who makes it go away.
    pub owner: String,
    /// How it stands.
    pub state: BlockerProgress,
    /// What it rests on.
    pub basis: Basis,
    /// Whether launch waits for it.
    pub holds_launch: bool,
    /// What it leads to while it is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<String>,
    /// What to do.
    #[serde(rename = "do", default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
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
    /// Its last day is over and it is still there.
    pub overdue: bool,
    /// What has to come before it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Ref>,
    /// What waits for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blocks: Vec<Ref>,
    /// Where the spec says it.
    pub origin: Origin,
}

/// How a blocker stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BlockerProgress {
    /// Its check shows that it is gone.
    Cleared,
    /// A person says that it is gone.
    Attested,
    /// It is there.
    Open,
    /// Nobody knows whether it is gone.
    Unproven,
}

impl BlockerProgress {
    /// The words people see.
    pub fn word(self) -> &'static str {
        match self {
            BlockerProgress::Cleared => "cleared",
            BlockerProgress::Attested => "cleared by statement",
            BlockerProgress::Open => "open",
            BlockerProgress::Unproven => "unproven",
        }
    }
}

impl From<Standing> for BlockerProgress {
    fn from(standing: Standing) -> BlockerProgress {
        match standing {
            Standing::Proven => BlockerProgress::Cleared,
            Standing::Attested => BlockerProgress::Attested,
            Standing::Open => BlockerProgress::Open,
            Standing::Unproven => BlockerProgress::Unproven,
        }
    }
}

/// The blockers of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BlockerKind {
    /// The kind.
    pub kind: String,
    /// Its blockers by how they stand; proven means cleared.
    pub counts: StandingCounts,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionState {
    /// Its name.
    pub id: String,
    /// What is decided.
    pub question: String,
    /// What could be chosen.
    pub options: Vec<Choice>,
    /// Who decides.
    pub owner: String,
    /// What was chosen, and when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made: Option<Made>,
    /// What was chosen, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen: Option<String>,
    /// The last day to decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub due: Option<Date>,
    /// Why it was chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How it stands.
    pub state: DecisionProgress,
    /// What shows that it is implemented.
    pub basis: Basis,
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

/// How a decision stands. The better comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionProgress {
    /// It is made, and its check shows that the system does it.
    Implemented,
    /// It is made, and a person says that the system does it.
    Attested,
    /// It is made, and nothing was bound to it that could show more.
    Recorded,
    /// It is made, and its check shows that the system does not do it.
    NotImplemented,
    /// It is made, and what should show that the system does it has shown nothing.
    Unproven,
    /// Nobody has decided, and there is still time.
    Undecided,
    /// Nobody has decided, and the last day is over.
    Overdue,
}

impl DecisionProgress {
    /// The words people see.
    pub fn word(self) -> &'static str {
        match self {
            DecisionProgress::Implemented => "implemented",
            DecisionProgress::Attested => "implemented by statement",
            DecisionProgress::Recorded => "decided, nothing shows it",
            DecisionProgress::NotImplemented => "decided, not implemented",
            DecisionProgress::Unproven => "decided, unproven",
            DecisionProgress::Undecided => "undecided",
            DecisionProgress::Overdue => "undecided, overdue",
        }
    }
}

/// A phase.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PhaseState {
    /// Its name.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Whether launch needs it open.
    pub holds_launch: bool,
    /// How it stands.
    pub state: PhaseProgress,
    /// One sentence: why.
    pub why: String,
    /// What must hold before it opens, each with whether it does.
    pub needs: Vec<NeedState>,
    /// Those that hold.
    pub met: u64,
    /// All of them.
    pub needed: u64,
    /// Something that it needs, or that it is done, rests on a person's word.
    pub attested: bool,
    /// What shows that it is done, if anything could.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<Basis>,
    /// Who leads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// How long it takes once it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<Effort>,
    /// Where the spec says it.
    pub origin: Origin,
}

/// How a phase stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PhaseProgress {
    /// It was open, and it is shown to be done.
    Done,
    /// Everything it needs holds.
    Open,
    /// Something it needs does not hold.
    Blocked,
}

impl PhaseProgress {
    /// The word people see.
    pub fn word(self) -> &'static str {
        match self {
            PhaseProgress::Done => "done",
            PhaseProgress::Open => "open",
            PhaseProgress::Blocked => "blocked",
        }
    }
}

/// One thing that a phase needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NeedState {
    /// What.
    pub what: Ref,
    /// Whether it holds.
    pub met: bool,
    /// How it stands, in a word of its own kind.
    pub state: String,
}
