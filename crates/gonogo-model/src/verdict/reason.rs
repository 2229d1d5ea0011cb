//! Why a verdict is as it is: the rules that spoke, each with what it is about.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Call;
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
