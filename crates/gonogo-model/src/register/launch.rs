//! How the launch stands: its steps, when to go back, who watches, and who signed.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::amount::{Percent, Wait};
use crate::digest::Digest;
use crate::place::Origin;
use crate::status::Status;

/// The plan of the launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LaunchState {
    /// The day of the launch, T-0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub date: Option<Date>,
    /// What the way is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strategy: Option<String>,
    /// The steps in order.
    pub steps: Vec<StepState>,
    /// When to go back.
    pub rollback: Vec<TriggerState>,
    /// What is watched afterwards.
    pub monitoring: Vec<WatchState>,
    /// Where the spec says it.
    pub origin: Origin,
}

/// A check that a part of the launch names, with its status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// The check.
    pub check: String,
    /// Its status.
    pub status: Status,
}

/// One step of the launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StepState {
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
    /// What must hold before it begins.
    pub enter: Vec<Criterion>,
    /// What must hold before the next one begins.
    pub exit: Vec<Criterion>,
    /// Everything that must hold before it begins holds now.
    pub may_begin: bool,
}

/// When to go back, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TriggerState {
    /// Its name.
    pub id: String,
    /// What must happen, in words.
    pub when: String,
    /// The check that trips it, with its status now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<Criterion>,
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

/// One thing that is watched after the launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WatchState {
    /// What.
    pub what: String,
    /// When, and how often.
    pub when: String,
    /// Who.
    pub who: String,
    /// The check that looks at it, with its status now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<Criterion>,
}

/// Who signed, and whether the launch is authorised. No verdict depends on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignOffState {
    /// The digest to sign: of the call, the scores, every check with its status, every finding and
    /// every register. Judged again with the same outcome it is the same, whatever the time.
    pub digest: Digest,
    /// Who prepared the evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prepared_by: Option<String>,
    /// The roles in the order of the spec.
    pub roles: Vec<RoleState>,
    /// Roles whose signature holds.
    pub signed: u64,
    /// All roles.
    pub required: u64,
    /// Every signature holds and the verdict is not NO-GO.
    pub authorised: bool,
    /// One sentence: why it is, or is not.
    pub why: String,
    /// Where the spec says it.
    pub origin: Origin,
}

/// A role that must sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleState {
    /// What it is called.
    pub role: String,
    /// Who signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub on: Option<Date>,
    /// The digest that was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Digest>,
    /// Whether the signature holds.
    pub state: SignatureState,
    /// What the person signed for as evidence, when that is why it does not hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own_evidence: Vec<String>,
}

/// Whether a signature holds. The first that fits counts, from bottom to top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignatureState {
    /// It does.
    Signed,
    /// It is under another outcome than this one.
    OtherVerdict,
    /// The person made a part of the evidence.
    OwnEvidence,
    /// It is dated in the future.
    Future,
    /// Nobody signed.
    Unsigned,
}

impl SignatureState {
    /// The words people see.
    pub fn word(self) -> &'static str {
        match self {
            SignatureState::Signed => "signed",
            SignatureState::OtherVerdict => "signed another verdict",
            SignatureState::OwnEvidence => "signed their own evidence",
            SignatureState::Future => "dated in the future",
            SignatureState::Unsigned => "unsigned",
        }
    }
}
