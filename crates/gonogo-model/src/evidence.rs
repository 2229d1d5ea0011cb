//! Evidence: the record of one look, or of why it could not look.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::digest::Digest;
use crate::fact::Item;

/// The version of the stored form of evidence.
pub const FORMAT: u32 = 1;

/// One look of one probe.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// `<check>#<n>`, after the first check it was taken for; unique in a run.
    pub id: String,
    /// The checks it was taken for: all that look at the same subject at the same time share one
    /// look. Never empty.
    pub checks: Vec<String>,
    /// The probe that looked.
    pub probe: String,
    /// The probe's version.
    pub probe_version: u32,
    /// What was looked at: digest of probe, version, parameters and target as the spec has them.
    /// Evidence with another subject than the check's is STALE.
    pub subject: Digest,
    /// The address looked at, without credentials; absent when the probe has no target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// When the look started (UTC).
    #[schemars(with = "String")]
    pub started: Timestamp,
    /// When the look ended (UTC).
    #[schemars(with = "String")]
    pub ended: Timestamp,
    /// What it saw.
    pub outcome: Outcome,
}

/// What a look saw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// It looked.
    Looked {
        /// The items, in the order seen; keys are unique.
        items: Vec<Item>,
        /// Raw artefacts, by digest, in `blobs/`.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        artefacts: Vec<Artefact>,
    },
    /// It could not look.
    Unmeasured {
        /// Why, for a person: what happened and what to do.
        why: String,
    },
}

/// A raw artefact kept beside the facts: a response body, a command's output.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Artefact {
    /// What it is: `response body`, `stdout`.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Its bytes are `blobs/<digest>`.
    pub digest: Digest,
    /// Size in bytes, after redaction.
    pub bytes: u64,
}

/// Why a planned check has no evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Skip {
    /// A gate it needs did not pass, so it was not started.
    Blocked {
        /// The gate stages that hold it.
        by: Vec<String>,
    },
    /// `--only` or `--skip` left it out.
    Filtered,
    /// The run was cancelled before or while it looked.
    Cancelled,
    /// The run's budget ended before or while it looked.
    OutOfTime,
}
