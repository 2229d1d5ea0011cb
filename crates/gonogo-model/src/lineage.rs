//! What became of each finding from one verdict to a later one.

pub mod document;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::fact::Location;
use crate::status::{Severity, Status};
use crate::verdict::{Call, Coverage, Score};

/// The version of the stored form of a lineage.
pub const FORMAT: u32 = 1;

/// Two verdicts side by side, and every finding of both in exactly one entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lineage {
    /// Version of this form.
    pub format: u32,
    /// The earlier verdict.
    pub before: Answer,
    /// The later verdict.
    pub after: Answer,
    /// Whether the two were judged by different specs.
    pub spec_changed: bool,
    /// Entries by state.
    pub counts: LineageCounts,
    /// Every finding of both verdicts, what asks for a reader first.
    pub entries: Vec<Entry>,
    /// Checks that passed before and are not looked at now, in the order of the earlier plan.
    pub lost: Vec<LostCheck>,
}

impl Lineage {
    /// Nothing is new, regressed or vanished, and no check was lost.
    pub fn is_clean(&self) -> bool {
        let LineageCounts { regressed, new, vanished, open: _, fixed: _ } = self.counts;
        regressed + new + vanished == 0 && self.lost.is_empty()
    }
}

/// One of the two verdicts in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The system judged.
    pub system: String,
    /// The environment judged.
    pub environment: String,
    /// Digest of the resolved spec.
    pub spec: Digest,
    /// The moment it was judged at (UTC).
    #[schemars(with = "String")]
    pub judged_at: Timestamp,
    /// The answer.
    pub call: Call,
    /// The weighted score.
    pub score: Score,
    /// Planned checks, and how many were looked at.
    pub coverage: Coverage,
}

/// What became of a finding. What asks for a reader comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It was shown to hold before, and does not hold now.
    Regressed,
    /// It was not known before.
    New,
    /// It is no longer seen, but nobody showed that it was fixed.
    Vanished,
    /// It was open before and is open now.
    Open,
    /// Its checks look, and what was open holds now.
    Fixed,
}

impl State {
    /// Every state in the order of the entries.
    pub const ALL: [State; 5] = [State::Regressed, State::New, State::Vanished, State::Open, State::Fixed];

    /// The word people see; the same everywhere.
    pub fn word(self) -> &'static str {
        match self {
            State::Regressed => "regressed",
            State::New => "new",
            State::Vanished => "vanished",
            State::Open => "open",
            State::Fixed => "fixed",
        }
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.word())
    }
}

/// Entries by state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "each field is the number of entries with the state it is named for")]
pub struct LineageCounts {
    pub regressed: u64,
    pub new: u64,
    pub vanished: u64,
    pub open: u64,
    pub fixed: u64,
}

impl LineageCounts {
    /// The counter of one state.
    pub fn of(&self, state: State) -> u64 {
        match state {
            State::Regressed => self.regressed,
            State::New => self.new,
            State::Vanished => self.vanished,
            State::Open => self.open,
            State::Fixed => self.fixed,
        }
    }

    /// Counts one more entry.
    pub fn add(&mut self, state: State) {
        let counter = match state {
            State::Regressed => &mut self.regressed,
            State::New => &mut self.new,
            State::Vanished => &mut self.vanished,
            State::Open => &mut self.open,
            State::Fixed => &mut self.fixed,
        };
        *counter += 1;
    }
}

/// What became of one finding. Title, checks and location are those of the later verdict when
/// it is in there, else those of the earlier one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Digest of rule, subject and location: the same problem has the same one in every run.
    pub fingerprint: Digest,
    /// `category/rule/item`.
    pub finding: String,
    /// What became of it.
    pub state: State,
    /// One sentence: why this state.
    pub why: String,
    /// What must be true.
    pub title: String,
    /// The checks that saw it.
    pub checks: Vec<String>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// How it stood in the earlier verdict, when it was in there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Standing>,
    /// How it stands in the later verdict, when it is in there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Standing>,
}

/// How a finding stands in one verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Standing {
    /// Its severity.
    pub severity: Severity,
    /// FAIL or PARTIAL.
    pub status: Status,
    /// Whether a valid acceptance covers it.
    pub accepted: bool,
}

/// A check that passed before and about which nothing is measured now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LostCheck {
    /// Check id.
    pub check: String,
    /// What must be true.
    pub title: String,
    /// How bad it would be.
    pub severity: Severity,
    /// Its status now; absent when the spec no longer has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// One sentence: why nothing is measured.
    pub why: String,
}
