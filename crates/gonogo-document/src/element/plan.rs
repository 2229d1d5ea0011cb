//! What is to be done, decided or waited for.

use crate::element::Source;
use crate::outline::Text;
use crate::value::{Duration, Exact, Id, IdRange, Mark, Severity};

/// Something to be ticked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChecklistItem {
    /// What is to be done or to be true.
    pub text: Text,
    /// Ticked, not ticked, or without a box.
    pub ticked: Option<bool>,
    /// Its id.
    pub id: Option<Id>,
    /// The severity of its list or of its id.
    pub severity: Option<Severity>,
    /// When it is due, relative to the launch.
    pub moment: Option<Moment>,
    /// Before or after the launch.
    pub timing: Timing,
    /// Who has it.
    pub owner: Option<Text>,
    /// Where it stands.
    pub source: Source,
}

/// A moment relative to the launch: `T-7 days` is −168 hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Moment {
    /// Hours after the launch; negative before it.
    pub hours: i64,
}

/// Before or after the launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Timing {
    /// Before it.
    BeforeLaunch,
    /// At it.
    AtLaunch,
    /// After it.
    AfterLaunch,
    /// It is not said.
    #[default]
    Unsaid,
}

/// Something outside that is waited for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Blocker {
    /// Its id.
    pub id: Option<Id>,
    /// What it is.
    pub name: Text,
    /// Who has it.
    pub owner: Option<Text>,
    /// What waits for it.
    pub blocks: Option<Text>,
    /// Its state.
    pub status: Option<Mark>,
    /// How long it takes.
    pub effort: Option<(Duration, Text)>,
    /// Where it stands.
    pub source: Source,
}

/// A decision.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decision {
    /// Its id.
    pub id: Option<Id>,
    /// What is decided.
    pub name: Text,
    /// What may be chosen.
    pub options: Vec<Text>,
    /// What was chosen.
    pub choice: Option<Text>,
    /// Its state.
    pub status: Option<Mark>,
    /// Who decides.
    pub owner: Option<Text>,
    /// Where it stands.
    pub source: Source,
}

/// A phase, gate or step.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Phase {
    /// Its number: `Phase 26` is 26.
    pub number: Option<u64>,
    /// What it is called.
    pub name: Text,
    /// Whether it is open, blocked or done.
    pub status: Option<Mark>,
    /// What must come first.
    pub prerequisites: Vec<Text>,
    /// Whether the document says its prerequisites are met.
    pub prerequisites_met: Option<bool>,
    /// How long it lasts.
    pub effort: Option<(Duration, Text)>,
    /// Where it stands.
    pub source: Source,
}

/// A risk, and whether it is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Acceptance {
    /// The risk.
    pub risk: Text,
    /// Accepted, not accepted, or not said.
    pub accepted: Option<bool>,
    /// The mark, as written.
    pub mark: Option<Mark>,
    /// Why, or what is done about it.
    pub mitigation: Option<Text>,
    /// The severity of its row.
    pub severity: Option<Severity>,
    /// Who accepts it.
    pub owner: Option<Text>,
    /// Until when.
    pub expires: Option<Text>,
    /// Where it stands.
    pub source: Source,
}

/// A condition of a launch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Condition {
    /// What must be done.
    pub text: Text,
    /// Before or after the launch.
    pub timing: Timing,
    /// Required, or only recommended.
    pub required: Option<bool>,
    /// By when, as written.
    pub due: Option<Text>,
    /// Its mark.
    pub mark: Option<Mark>,
    /// How long it takes.
    pub effort: Option<(Duration, Text)>,
    /// Who has it.
    pub owner: Option<Text>,
    /// What else is said about it.
    pub details: Vec<Text>,
    /// Where it stands.
    pub source: Source,
}

/// A criterion of a launch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Criterion {
    /// What must be true.
    pub text: Text,
    /// What it is a criterion of.
    pub kind: CriterionKind,
    /// Its mark.
    pub mark: Option<Mark>,
    /// Whether its box is ticked.
    pub ticked: Option<bool>,
    /// Where it stands.
    pub source: Source,
}

/// What a criterion is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum CriterionKind {
    /// Must be true before a launch: go-live criteria, «do not launch until».
    #[default]
    MustHold,
    /// May be open at a launch: «can launch with monitoring».
    MayBeOpen,
    /// Ends a launch: no-go conditions, rollback triggers.
    Stops,
    /// Opens a phase: prerequisites, «remains blocked until».
    OpensPhase,
}

/// A statement of how long something takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effort {
    /// What takes so long: the title of its section, the name of its row.
    pub subject: Option<Text>,
    /// How long.
    pub duration: Duration,
    /// One part, or a total.
    pub kind: EffortKind,
    /// How many things it is for, when its row says so.
    pub count: Option<Exact>,
    /// The ids it says it covers: `(for Priority 1-5 fixes)`.
    pub covers: Vec<IdRange>,
    /// The severity it is for.
    pub severity: Option<Severity>,
    /// As written, with its label.
    pub text: Text,
    /// Where it stands.
    pub source: Source,
}

/// What an effort is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum EffortKind {
    /// One piece of work.
    #[default]
    Part,
    /// All of the work, or until it is ready.
    Total,
    /// How long something lasts that is no work: a soak, a phase, a retention.
    Span,
}
