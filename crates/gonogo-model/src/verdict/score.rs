//! How much of it was proven: scores of all and of each category, and how much was looked at.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Call, Confidence};
use crate::amount::Percent;
use crate::counts::{Counts, SeverityCounts};

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
