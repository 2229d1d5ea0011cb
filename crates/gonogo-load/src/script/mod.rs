//! Scripts: the steps of a flow, worked out once so that each walk costs little. It knows no network
//! and no clock. What a step means is in `docs/concepts/flows.md`, as the flow probe walks it.

mod answered;
mod compile;
mod jar;
mod memory;
mod request;
mod template;

use gonogo_model::flow::{Identities, Step as Written};
use serde::{Deserialize, Serialize};

pub(crate) use answered::{Answered, Judged};
pub(crate) use jar::Jar;
pub(crate) use memory::{Memory, Names};
pub(crate) use request::Request;
pub(crate) use template::Template;

use crate::plan::Refused;

/// What the users of a tier do.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flow {
    /// Who they are, and what each does once, before its first journey.
    pub identities: Identities,
    /// What they do in each journey.
    pub steps: Vec<Written>,
    /// Rows that are dealt out to users: the value of a column is `{{data.column}}`.
    pub data: Data,
}

/// A table whose rows are dealt out to users, one to each, from the start again after the last.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Data {
    /// The names of its columns.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<serde_json::Value>>,
}

/// A flow, worked out.
#[derive(Debug)]
pub(crate) struct Script {
    /// What a user does once: the first so many of `steps`.
    pub(crate) once: usize,
    pub(crate) steps: Vec<Step>,
    pub(crate) names: Names,
    pub(crate) people: Vec<String>,
    pub(crate) data: Data,
    /// How many WebSockets a user can have open.
    pub(crate) sockets: usize,
}

/// A step, worked out.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) act: Act,
    pub(crate) answered: Answered,
    pub(crate) within_ms: u64,
    pub(crate) times: u32,
}

/// What a step does.
#[derive(Debug)]
pub(crate) enum Act {
    Request(Request),
    Wait {
        ns: u64,
    },
    Open {
        socket: usize,
        target: usize,
        path: Template,
        headers: Vec<(String, Template)>,
        /// The value of `Authorization`, when the user has its token by now.
        bearer: Option<Template>,
    },
    Send {
        socket: usize,
        text: Template,
    },
    Receive {
        socket: usize,
    },
    Close {
        socket: usize,
    },
}

/// Without its texts: they may hold secrets.
impl std::fmt::Debug for Flow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Flow({} steps, {:?})", self.steps.len(), self.data)
    }
}

/// Without its values: they may be secrets.
impl std::fmt::Debug for Data {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Data({} columns, {} rows)", self.columns.len(), self.rows.len())
    }
}

impl Flow {
    /// Asks for one path and nothing else: the raw mode.
    ///
    /// # Errors
    /// [`Refused`] when the path is none.
    pub fn of_path(path: &str) -> Result<Flow, Refused> {
        let step = serde_json::from_value(serde_json::json!({ "get": path }));
        let step = step.map_err(|error| Refused(error.to_string()))?;
        Ok(Flow { steps: vec![step], ..Flow::default() })
    }

    /// The names of the steps that are measured, in order.
    pub(crate) fn of_steps(script: &Script) -> Vec<String> {
        script.steps.iter().map(|step| step.name.clone()).collect()
    }
}
