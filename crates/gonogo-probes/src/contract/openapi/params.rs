//! The parameters of `contract/openapi`: as written, and as checked.

use std::collections::BTreeMap;
use std::time::Duration;

use gonogo_model::amount::Wait;
use gonogo_model::fact::Value;
use gonogo_model::flow::{Identities, Step};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::cast::Script;

const LONGEST: Duration = Duration::from_secs(300);

/// Paths at which services show what nobody should see.
const FORGOTTEN: [&str; 12] = [
    "/.env",
    "/.git/config",
    "/actuator",
    "/actuator/env",
    "/admin",
    "/console",
    "/debug",
    "/debug/config",
    "/debug/pprof/",
    "/debug/vars",
    "/internal",
    "/server-status",
];

/// Checked parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
pub(crate) struct Params {
    pub(super) document: Option<String>,
    pub(super) document_path: Option<String>,
    #[schemars(skip)]
    pub(super) script: Script,
    pub(super) user: Option<String>,
    pub(super) values: BTreeMap<String, Value>,
    pub(super) skip: BTreeMap<String, String>,
    pub(super) deletes: bool,
    pub(super) bad_inputs: bool,
    pub(super) also_try: Vec<String>,
    pub(super) timeout: Wait,
    pub(super) patience: Wait,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ContractOpenapi")]
struct Written {
    /// The document: a target of kind path, the file itself or a folder with one document.
    document: Option<String>,
    /// Instead of `document`: the path at which the service gives out its document.
    document_path: Option<String>,
    /// Further targets that steps name: services with `at`, sinks with `sink`.
    #[serde(default)]
    #[expect(dead_code, reason = "the context has them; here they are only allowed")]
    others: Vec<String>,
    /// Headers of every request. Secrets come from the environment: `Authorization: "Bearer ${TOKEN}"`.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// The synthetic people whose operations these are.
    #[serde(default)]
    identities: Identities,
    /// What they do before: whatever must be there so that operations can succeed.
    #[serde(default)]
    steps: Vec<Step>,
    /// What is done at the end, whatever happened.
    #[serde(default)]
    cleanup: Vec<Step>,
    /// The user who asks; without it whoever `headers` say.
    #[serde(rename = "as")]
    user: Option<String>,
    /// Values to send: `limit` for every parameter and property of this name, `/files/{id}` for the
    /// last name of this path and of all that start with it, `POST /files` for a whole body. They may
    /// hold what steps captured, as `{{id}}`.
    #[serde(default)]
    values: BTreeMap<String, Value>,
    /// Operations that are not asked, each with the reason: `POST /orders: it costs money`.
    #[serde(default)]
    skip: BTreeMap<String, String>,
    /// Ask operations of the method DELETE too.
    #[serde(default)]
    deletes: bool,
    /// Send wrong inputs too.
    #[serde(default = "yes")]
    bad_inputs: bool,
    /// Paths that the document does not have, and at which nothing may be served; twelve well-known
    /// ones when nothing is said.
    also_try: Option<Vec<String>>,
    /// The longest one request may take; at most 5m.
    #[serde(default = "ten_seconds")]
    timeout: Wait,
    /// How long, in all, a service that answers 429 with `Retry-After` is waited for.
    #[serde(default = "patience")]
    patience: Wait,
}

fn yes() -> bool {
    true
}

fn ten_seconds() -> Wait {
    Wait::seconds(10)
}

fn patience() -> Wait {
    Wait(super::PATIENCE)
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(written: Written) -> Result<Params, String> {
        let (document, document_path) = (written.document, written.document_path);
        if document.is_some() == document_path.is_some() {
            return Err("write one of `document` and `document_path`".to_owned());
        }
        let also_try =
            written.also_try.unwrap_or_else(|| FORGOTTEN.iter().map(|&path| path.to_owned()).collect());
        if let Some(path) = also_try.iter().chain(&document_path).find(|path| !path.starts_with('/')) {
            return Err(format!("the path `{path}` does not start with a slash; write `/{path}`"));
        }
        if written.timeout.0.is_zero() || written.timeout.0 > LONGEST {
            return Err("`timeout` is a time span over 0 and at most 5m".to_owned());
        }
        let script = Script::new(written.identities, written.steps, written.cleanup, &written.headers)?;
        written.user.as_ref().map_or(Ok(()), |user| script.knows(user))?;
        Ok(Params {
            document,
            document_path,
            script,
            user: written.user,
            values: written.values,
            skip: written.skip,
            deletes: written.deletes,
            bad_inputs: written.bad_inputs,
            also_try,
            timeout: written.timeout,
            patience: written.patience,
        })
    }
}
