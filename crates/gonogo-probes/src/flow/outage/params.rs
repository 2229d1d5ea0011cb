//! What `flow/outage` is told.

use gonogo_model::flow::{Identities, Step};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::outage::Commands;

const MOST_STEPS: usize = 200;

/// Checked parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(!try_from, with = "Written")]
pub(crate) struct Params {
    pub(super) dependency: String,
    pub(super) forgets: Option<String>,
    pub(super) commands: Option<Commands>,
    pub(super) identities: Identities,
    pub(super) before: Vec<Step>,
    pub(super) during: Vec<Step>,
    pub(super) after: Vec<Step>,
    pub(super) cleanup: Vec<Step>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "FlowOutage")]
struct Written {
    /// The target that is taken away. A process is stalled with SIGSTOP, with all that it started, and
    /// continued afterwards; a path is moved aside and back. Anything else needs `stop` and `start`.
    dependency: String,
    /// A target of kind redis that is emptied as the dependency goes away, as a cache is that keeps
    /// nothing on a disk.
    forgets: Option<String>,
    /// The program and its arguments that stop the dependency. It needs `start`.
    stop: Option<Vec<String>>,
    /// The program and its arguments that start it again.
    start: Option<Vec<String>>,
    /// Further targets that steps name: services with `at`, sinks with `sink`.
    #[serde(default)]
    #[expect(dead_code, reason = "the context has them; here they are only allowed")]
    others: Vec<String>,
    /// The synthetic people who walk.
    #[serde(default)]
    identities: Identities,
    /// What they do while all is well. When a step fails, nothing is broken.
    #[serde(default)]
    before: Vec<Step>,
    /// What they do while it is away.
    during: Vec<Step>,
    /// What they do once it is back, with `eventually` where that takes time.
    #[serde(default)]
    after: Vec<Step>,
    /// What is done at the end whatever happened.
    #[serde(default)]
    cleanup: Vec<Step>,
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(written: Written) -> Result<Params, String> {
        let Written { dependency, forgets, stop, start, identities, .. } = written;
        let Written { before, during, after, cleanup, .. } = written;
        let steps = before.len() + during.len() + after.len() + cleanup.len();
        if during.is_empty() || steps > MOST_STEPS {
            return Err(format!(
                "`during` needs at least one step, and all parts together have at most {MOST_STEPS}"
            ));
        }
        // Later parts know what earlier ones captured.
        let all: Vec<Step> = [&before, &during, &after].into_iter().flatten().cloned().collect();
        identities.check(&all)?;
        identities.check(&cleanup)?;
        let commands = Commands::read(stop, start)?;
        Ok(Params { dependency, forgets, commands, identities, before, during, after, cleanup })
    }
}
