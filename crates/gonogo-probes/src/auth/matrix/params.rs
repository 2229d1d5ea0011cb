//! The parameters of `auth/matrix`: as written, and as checked.

use std::collections::BTreeMap;
use std::time::Duration;

use gonogo_model::amount::Wait;
use gonogo_model::fact::Value;
use gonogo_model::flow::{Identities, Step};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::api::cast::Script;

const LONGEST: Duration = Duration::from_secs(300);

/// Checked parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
pub(crate) struct Params {
    pub(super) document: Option<String>,
    pub(super) document_path: Option<String>,
    #[schemars(skip)]
    pub(super) script: Script,
    pub(super) owner: String,
    pub(super) actors: Vec<String>,
    pub(super) values: BTreeMap<String, Value>,
    pub(super) skip: BTreeMap<String, String>,
    pub(super) timeout: Wait,
    pub(super) patience: Wait,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "AuthMatrix")]
struct Written {
    /// The document: a target of kind path, the file itself or a folder with one document.
    document: Option<String>,
    /// Instead of `document`: the path at which the service gives out its document.
    document_path: Option<String>,
    /// Further targets that steps name: services with `at`, sinks with `sink`.
    #[serde(default)]
    #[expect(dead_code, reason = "the context has them; here they are only allowed")]
    others: Vec<String>,
    /// Headers of every request that say nothing of who asks.
    #[serde(default)]
    headers: BTreeMap<String, String>,
    /// The synthetic people.
    identities: Identities,
    /// What the owner does before: the objects that others ask for.
    #[serde(default)]
    steps: Vec<Step>,
    /// What is done at the end, whatever happened.
    #[serde(default)]
    cleanup: Vec<Step>,
    /// The user whose objects these are.
    owner: String,
    /// Users who ask for the owner's objects: strangers, or users of another role.
    #[serde(default)]
    actors: Vec<String>,
    /// Values to send: `/files/{id}` for the last name of this path and of all that start with it,
    /// which makes it an object of the owner; `limit` for every parameter and property of this name;
    /// `POST /files` for a whole body. They may hold what the owner captured, as `{{id}}`.
    #[serde(default)]
    values: BTreeMap<String, Value>,
    /// Operations that are not asked, each with the reason.
    #[serde(default)]
    skip: BTreeMap<String, String>,
    /// The longest one request may take; at most 5m.
    #[serde(default = "ten_seconds")]
    timeout: Wait,
    /// How long, in all, a service that answers 429 with `Retry-After` is waited for.
    #[serde(default = "patience")]
    patience: Wait,
}

fn ten_seconds() -> Wait {
    Wait::seconds(10)
}

fn patience() -> Wait {
    Wait::seconds(70)
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(written: Written) -> Result<Params, String> {
        let (document, document_path) = (written.document, written.document_path);
        if document.is_some() == document_path.is_some() {
            return Err("write one of `document` and `document_path`".to_owned());
        }
        if written.timeout.0.is_zero() || written.timeout.0 > LONGEST {
            return Err("`timeout` is a time span over 0 and at most 5m".to_owned());
        }
        let script = Script::new(written.identities, written.steps, written.cleanup, &written.headers)?;
        script.knows(&written.owner)?;
        for actor in &written.actors {
            script.knows(actor)?;
            if *actor == written.owner {
                return Err(format!("`{actor}` is the owner; name others in `actors`"));
            }
        }
        Ok(Params {
            document,
            document_path,
            script,
            owner: written.owner,
            actors: written.actors,
            values: written.values,
            skip: written.skip,
            timeout: written.timeout,
            patience: written.patience,
        })
    }
}
