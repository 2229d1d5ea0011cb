//! What a readiness document says, as nouns. Each has a [`Source`]: where it stands, and how sure
//! the reader is. They are read from a document, and never computed from one another.

mod grid;
mod kind;
mod plan;
mod statement;

use crate::outline::{SectionId, Text};
use crate::place::Span;
use crate::value::{Duration, FileReference, Id, Mark, Severity};

pub use grid::{Cell, Column, Grid, GridKind, GridRow, Role};
pub use plan::{
    Acceptance, Blocker, ChecklistItem, Condition, Criterion, CriterionKind, Decision, Effort, EffortKind,
    Moment, Phase, Timing,
};
pub use statement::VerdictKind;
pub use statement::{
    Call, Claim, ClaimKind, Definition, Launches, Metadata, MetadataKey, Score, ScoreKind, Setting, Verdict,
};

/// Where something stands, and how sure it is that it is what it was taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Source {
    /// Where.
    pub span: Span,
    /// In which section.
    pub section: SectionId,
    /// How sure.
    pub confidence: Confidence,
}

/// How sure the reader is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Confidence {
    /// It could be something else.
    #[default]
    Likely,
    /// Its heading, column or label says so.
    Certain,
}

/// Everything a document says, each kind in document order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Elements {
    /// What the document is called.
    pub title: Option<Text>,
    /// Date, author, system and other facts about the document itself.
    pub metadata: Vec<Metadata>,
    /// Every table, and every block of `key: marked value` lines, with the meaning of its columns.
    pub grids: Vec<Grid>,
    /// Categories with status, score and counts. One category may be stated several times.
    pub categories: Vec<Category>,
    /// Overall scores and totals.
    pub scores: Vec<Score>,
    /// Named things with a state: rows of tables, marked list items, marked `key: value` lines.
    pub items: Vec<Item>,
    /// Problems. One problem may be stated several times, also under several ids.
    pub findings: Vec<Finding>,
    /// Things to be ticked.
    pub checklist: Vec<ChecklistItem>,
    /// Things outside that something waits for.
    pub blockers: Vec<Blocker>,
    /// Decisions, made or to be made.
    pub decisions: Vec<Decision>,
    /// Phases, gates and steps with what they need.
    pub phases: Vec<Phase>,
    /// Risks that are accepted, or not.
    pub acceptances: Vec<Acceptance>,
    /// Conditions of a launch.
    pub conditions: Vec<Condition>,
    /// Criteria of a launch: what must be true first, what may be open.
    pub criteria: Vec<Criterion>,
    /// Statements of how long something takes.
    pub efforts: Vec<Effort>,
    /// Verdicts: on the whole, or on a category.
    pub verdicts: Vec<Verdict>,
    /// What the document says its verdict words mean.
    pub definitions: Vec<Definition>,
    /// Claims in prose, lists and headings: counts, totals, absolutes, percentages.
    pub claims: Vec<Claim>,
    /// What was seen and not understood.
    pub not_understood: Vec<Unread>,
}

/// A category of an assessment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Category {
    /// Its name.
    pub name: Text,
    /// Its state, such as ⚠️ PARTIAL.
    pub status: Option<Mark>,
    /// Its score, as written.
    pub score: Option<Text>,
    /// Its weight, as written.
    pub weight: Option<Text>,
    /// Its counts of problems or rows, each under its heading.
    pub counts: Vec<Tally>,
    /// What is asked.
    pub question: Option<Text>,
    /// What is said to prove it.
    pub evidence: Vec<Text>,
    /// The verdict on it.
    pub decision: Option<Call>,
    /// How sure the document says it is: `HIGH (90%)`.
    pub confidence: Option<Text>,
    /// Where its section is, when it is a heading.
    pub is_heading: bool,
    /// Where it stands.
    pub source: Source,
}

/// A number in a table, and what it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The heading of the column.
    pub label: Text,
    /// The severity that is counted.
    pub severity: Option<Severity>,
    /// What kind of column it stands in.
    pub role: Role,
    /// The number or fraction, as written.
    pub value: Text,
}

/// A named thing and its state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    /// The name.
    pub name: Text,
    /// The state.
    pub status: Option<Mark>,
    /// The severity, when its row or its status names one.
    pub severity: Option<Severity>,
    /// What else is said about it: notes, evidence.
    pub notes: Vec<Text>,
    /// The grid and the row in [`Elements::grids`] it is from; none for list items.
    pub row: Option<(usize, usize)>,
    /// Where it stands.
    pub source: Source,
}

/// What a document wants done about a problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Disposition {
    /// Before launch.
    MustFix,
    /// Before launch, if possible.
    ShouldFix,
    /// Can wait until after launch.
    Deferred,
    /// Accepted as it is.
    Accepted,
}

/// In what form a problem is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Form {
    /// As a section or an item with details: cause, impact, fix.
    #[default]
    Detailed,
    /// As a line of a list.
    Listed,
    /// As a row of a table.
    Tabled,
    /// As something to be done about it, in a checklist.
    Task,
}

/// A problem.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Finding {
    /// Its id, as `BLOCKER-1`.
    pub id: Option<Id>,
    /// What is wrong.
    pub title: Text,
    /// How bad its label, id or list says it is.
    pub severity: Option<Severity>,
    /// How bad its own `Risk:` line says it is.
    pub risk: Option<(Severity, Text)>,
    /// What its section says is to be done about it.
    pub disposition: Option<Disposition>,
    /// In what form it is stated.
    pub form: Form,
    /// Why it is so.
    pub causes: Vec<Text>,
    /// What happens because of it.
    pub impacts: Vec<Text>,
    /// What to do.
    pub fixes: Vec<Text>,
    /// Files it names.
    pub files: Vec<FileReference>,
    /// How long its fix takes.
    pub effort: Option<(Duration, Text)>,
    /// Who has it.
    pub owner: Option<Text>,
    /// Its own state, when one is stated.
    pub status: Option<Mark>,
    /// Where it stands.
    pub source: Source,
}

/// Something that was seen and not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Its beginning.
    pub text: String,
    /// Why, as a sentence without full stop.
    pub why: &'static str,
    /// Where it stands.
    pub source: Source,
}

impl Elements {
    /// How many elements there are, of all kinds.
    pub fn count(&self) -> usize {
        usize::from(self.title.is_some())
            + self.metadata.len()
            + self.grids.len()
            + self.categories.len()
            + self.scores.len()
            + self.items.len()
            + self.findings.len()
            + self.checklist.len()
            + self.blockers.len()
            + self.decisions.len()
            + self.phases.len()
            + self.acceptances.len()
            + self.conditions.len()
            + self.criteria.len()
            + self.efforts.len()
            + self.verdicts.len()
            + self.definitions.len()
            + self.claims.len()
    }
}
