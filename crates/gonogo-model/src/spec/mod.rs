//! The spec after validation: everything it names exists, everything it promises can be kept.
//! This is what a run stores and what the judge judges by.

mod checks;
mod decisions;
mod environment;
mod hint;
mod include;
mod inline_secret;
mod pack;
mod proof;
pub mod raw;
mod read;
pub mod register;
mod stages;
mod template;
mod touched;

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::amount::{Effort, Percent, Wait};
use crate::catalog::TargetKind;
use crate::digest::Digest;
use crate::fact::Value;
use crate::place::Origin;
use crate::status::{Certainty, Severity};

pub use inline_secret::mask;
pub use pack::{Pack, PackSource};
pub use read::{SpecError, read};
use register::Registers;
pub use template::{Template, UnsetVariable};

/// The version of the stored form of a resolved spec.
pub const FORMAT: u32 = 1;

/// What must be true before launch, for one environment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// Version of the stored form.
    pub format: u32,
    /// The system that is judged.
    pub system: String,
    /// The environment that is judged.
    pub environment: String,
    /// Digest of the text it was read from.
    pub source: Digest,
    /// The things that may be touched.
    pub targets: BTreeMap<String, Target>,
    /// Stages in an order in which each comes after what it needs.
    pub stages: Vec<Stage>,
    /// Scoring buckets.
    pub categories: Vec<Category>,
    /// Every check, by stage in the order of `stages`; in a stage hints come last, else as written.
    pub checks: Vec<Check>,
    /// Risks taken knowingly.
    pub acceptances: Vec<Acceptance>,
    /// Work that may come after launch.
    pub conditions: Vec<Condition>,
    /// What else people decided and track.
    #[serde(default, skip_serializing_if = "Registers::is_empty")]
    pub registers: Registers,
    /// Thresholds.
    pub policy: Policy,
    /// Limits.
    pub budget: Budget,
    /// What may be contacted, and how.
    pub consent: Consent,
}

impl Spec {
    /// The digest that fixes the scope of a run.
    pub fn digest(&self) -> Digest {
        Digest::of(self)
    }

    /// The stage with this id.
    pub fn stage(&self, id: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.id == id)
    }

    /// Production refuses what it did not allow by name.
    pub fn is_production(&self) -> bool {
        matches!(self.environment.as_str(), "production" | "prod")
    }
}

/// A thing that may be touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// What it is.
    pub kind: TargetKind,
    /// Its address; may contain `${VARIABLE}`, never a secret.
    pub address: String,
}

/// Checks that run together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Its name.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Whether later stages need it to pass.
    pub gate: bool,
    /// Whether the verdict needs it proven.
    pub required: bool,
    /// The stages it comes after.
    pub needs: Vec<String>,
    /// How long people expect it to take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub takes: Option<Effort>,
}

/// A scoring bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Category {
    /// Its name.
    pub id: String,
    /// The question it answers.
    pub question: String,
    /// Its share; all weights sum to 100.
    pub weight: u32,
    /// Under this it is NO-GO.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub floor: Option<Percent>,
}

/// One requirement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// Its name, unique in the spec.
    pub id: String,
    /// The sentence that must be true.
    pub title: String,
    /// The stage it runs in.
    pub stage: String,
    /// The category it scores in.
    pub category: String,
    /// How bad it is when it does not hold.
    pub severity: Severity,
    /// How sure it is of what it finds.
    #[serde(default, skip_serializing_if = "Certainty::is_certain")]
    pub certainty: Certainty,
    /// How it is established.
    pub proof: Proof,
    /// Whether an acceptance may cover it.
    pub waivable: bool,
    /// Checks with the same root cause make one finding together, whatever their items.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub root_cause: Option<String>,
    /// What it leads to when it does not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub impact: Option<String>,
    /// What to do then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Fix>,
    /// How old its evidence may be.
    pub max_age: Wait,
    /// Why it does not apply, signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_applicable: Option<Signed>,
    /// What goes wrong in it, and what of the answer it looks at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<Scenario>,
    /// Where the spec says it.
    pub origin: Origin,
}

impl Check {
    /// It is only likely: it is looked at and listed apart, and it never weighs.
    pub fn is_hint(&self) -> bool {
        !self.certainty.is_certain()
    }
}

/// What goes wrong while a check looks, and what it looks at then: a cell of the matrix of failures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// What goes wrong: the row.
    pub fault: String,
    /// What must hold then, such as isolation or no data loss: the column.
    pub aspect: String,
}

/// How a check is established.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Proof {
    /// A probe looks.
    Probe(Look),
    /// A person states it.
    Attested(Statement),
}

/// What a probe looks at and what must hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// The probe.
    pub probe: String,
    /// The target's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The further targets that its parameters name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// The probe's parameters; text may contain `${VARIABLE}`.
    pub with: Value,
    /// What must hold for every item.
    pub expect: String,
    /// What makes a failing item PARTIAL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partial: Option<String>,
    /// The fact that says in words what is wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// How long the look may take.
    pub time_limit: Wait,
    /// Digest of probe, version, target and parameters; evidence must have the same.
    pub subject: Digest,
}

/// A person's statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// What is stated.
    pub statement: String,
    /// Who, when and until when; absent while nobody has signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<Signature>,
}

/// Who states something, when and until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Who.
    pub by: String,
    /// The day.
    #[schemars(with = "String")]
    pub on: Date,
    /// The last day it holds.
    #[schemars(with = "String")]
    pub expires: Date,
}

/// What to do about an open problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fix {
    /// What to do.
    #[serde(rename = "do")]
    pub text: String,
    /// A command to run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<String>,
    /// How long it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effort: Option<Effort>,
    /// Who does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
}

/// A signed reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Signed {
    /// Why.
    pub reason: String,
    /// Who says so.
    pub by: String,
}

/// A risk taken knowingly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// The finding's id: category/rule/item.
    pub finding: String,
    /// Why the risk is taken.
    pub reason: String,
    /// Who carries it.
    pub owner: String,
    /// Who agreed; never the owner.
    pub approved_by: String,
    /// The last day it holds.
    #[schemars(with = "String")]
    pub expires: Date,
    /// A check that watches the risk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monitor: Option<String>,
    /// Where the spec says it.
    pub origin: Origin,
}

/// Work that may come after launch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// Its name.
    pub id: String,
    /// What must be done.
    #[serde(rename = "do")]
    pub text: String,
    /// Who does it.
    pub owner: String,
    /// The last day.
    #[schemars(with = "String")]
    pub due: Date,
    /// The check that proves it.
    pub check: String,
    /// What happens when it is overdue, besides the NO-GO.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overdue: Option<String>,
    /// Where the spec says it.
    pub origin: Origin,
}

/// Thresholds of the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// From here GO.
    pub go_at: Percent,
    /// From here CONDITIONAL GO; never above `go_at`.
    pub conditional_at: Percent,
    /// The most a category with an open high finding can score.
    pub high_cap: Percent,
    /// What an ATTESTED check counts; at most a half.
    pub attested_counts: Percent,
    /// Whether a blocker may be accepted.
    pub accept_blockers: bool,
}

/// Limits of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// The whole run.
    pub run: Wait,
    /// Looks at the same time; at least 1.
    pub parallel: u32,
}

/// What may be contacted beyond loopback, and which probes may run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Hosts beyond loopback.
    pub hosts: Vec<String>,
    /// Probes allowed by name.
    pub probes: Vec<String>,
}
