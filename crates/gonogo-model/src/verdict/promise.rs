//! How acceptances and conditions stand.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::place::Origin;

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
