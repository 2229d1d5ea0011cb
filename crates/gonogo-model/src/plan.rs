//! The plan: every check that will run, in order, with what it will touch. A view of the spec
//! for people and scripts; the scope itself is fixed by the spec's digest.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::amount::{Effort, Wait};
use crate::catalog::{Catalog, Class};
use crate::digest::Digest;
use crate::place::Origin;
use crate::spec::{Budget, Check, Proof, Spec};
use crate::status::{Certainty, Severity};

/// Every check that will run, by stage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The system.
    pub system: String,
    /// The environment.
    pub environment: String,
    /// Digest of the resolved spec.
    pub spec: Digest,
    /// Limits of the run.
    pub budget: Budget,
    /// Stages in the order they run.
    pub stages: Vec<PlannedStage>,
}

/// One stage of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedStage {
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
    /// Its checks.
    pub checks: Vec<PlannedCheck>,
}

/// One check of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedCheck {
    /// Its name.
    pub id: String,
    /// The sentence that must be true.
    pub title: String,
    /// The category it scores in.
    pub category: String,
    /// How bad it is when it does not hold.
    pub severity: Severity,
    /// How sure it is of what it finds.
    #[serde(default, skip_serializing_if = "Certainty::is_certain")]
    pub certainty: Certainty,
    /// What establishes it.
    pub by: PlannedProof,
    /// Where the spec says it.
    pub origin: Origin,
}

/// What establishes a planned check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum PlannedProof {
    /// A probe looks.
    Probe {
        /// The probe.
        probe: String,
        /// How much it disturbs.
        class: Class,
        /// The target's name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        target: Option<String>,
        /// The target's address as the spec has it, so without secrets.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address: Option<String>,
        /// The further targets it touches.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        also: Vec<PlannedTarget>,
        /// How long the look may take.
        time_limit: Wait,
    },
    /// A person states it.
    Person,
    /// It does not apply; nothing looks.
    Nobody {
        /// Why, with the name of who says so.
        reason: String,
    },
}

/// A further target that a planned check touches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedTarget {
    /// Its name.
    pub name: String,
    /// Its address as the spec has it, so without secrets.
    pub address: String,
}

impl Plan {
    /// The plan of a spec that was validated against `catalog`.
    pub fn compile(spec: &Spec, catalog: &Catalog) -> Plan {
        let stages = spec.stages.iter().map(|stage| PlannedStage {
            id: stage.id.clone(),
            title: stage.title.clone(),
            gate: stage.gate,
            required: stage.required,
            needs: stage.needs.clone(),
            takes: stage.takes,
            checks: spec
                .checks
                .iter()
                .filter(|check| check.stage == stage.id)
                .map(|check| planned(spec, check, catalog))
                .collect(),
        });
        Plan {
            system: spec.system.clone(),
            environment: spec.environment.clone(),
            spec: spec.digest(),
            budget: spec.budget,
            stages: stages.collect(),
        }
    }

    /// Every check in the order they run.
    pub fn checks(&self) -> impl Iterator<Item = &PlannedCheck> {
        self.stages.iter().flat_map(|stage| &stage.checks)
    }
}

fn planned(spec: &Spec, check: &Check, catalog: &Catalog) -> PlannedCheck {
    let by = match (&check.proof, &check.not_applicable) {
        (_, Some(signed)) => PlannedProof::Nobody { reason: format!("{} ({})", signed.reason, signed.by) },
        (Proof::Attested(_), None) => PlannedProof::Person,
        (Proof::Probe(look), None) => PlannedProof::Probe {
            probe: look.probe.clone(),
            // A probe that is not in the catalog cannot run; showing it as the worst class is the safe side.
            class: catalog.find(&look.probe).map_or(Class::Destructive, |probe| probe.class),
            target: look.target.clone(),
            address: look
                .target
                .as_ref()
                .and_then(|name| spec.targets.get(name))
                .map(|target| target.address.clone()),
            also: look.also.iter().filter_map(|name| further(spec, name)).collect(),
            time_limit: look.time_limit,
        },
    };
    PlannedCheck {
        id: check.id.clone(),
        title: check.title.clone(),
        category: check.category.clone(),
        severity: check.severity,
        certainty: check.certainty,
        by,
        origin: check.origin.clone(),
    }
}

fn further(spec: &Spec, name: &str) -> Option<PlannedTarget> {
    let address = spec.targets.get(name)?.address.clone();
    Some(PlannedTarget { name: name.to_owned(), address })
}
