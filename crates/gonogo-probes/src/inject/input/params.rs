//! The parameters of `inject/input`: as written, and as checked.

use std::collections::BTreeMap;
use std::time::Duration;

use gonogo_model::amount::Wait;
use gonogo_model::fact::Value;
use gonogo_model::flow::{Identities, Step};
use schemars::JsonSchema;
use serde::Deserialize;

use super::payload::Kind;
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
    pub(super) user: Option<String>,
    #[schemars(skip)]
    pub(super) kinds: Vec<Kind>,
    pub(super) values: BTreeMap<String, Value>,
    pub(super) skip: BTreeMap<String, String>,
    pub(super) timeout: Wait,
    pub(super) patience: Wait,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "InjectInput")]
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
    /// Which kinds of payloads to send: `sql`, `nosql`, `command`, `path`, `template`, `header`, `xss`;
    /// all of them when nothing is said.
    kinds: Option<Vec<String>>,
    /// Values to send where no payload stands: `limit` for every parameter and property of this name,
    /// `/files/{id}` for the last name of this path and of all that start with it, `POST /files` for a
    /// whole body. They may hold what steps captured, as `{{id}}`.
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
        written.user.as_ref().map_or(Ok(()), |user| script.knows(user))?;
        Ok(Params {
            document,
            document_path,
            script,
            user: written.user,
            kinds: written.kinds.map_or_else(|| Ok(super::every_kind()), |names| kinds(&names))?,
            values: written.values,
            skip: written.skip,
            timeout: written.timeout,
            patience: written.patience,
        })
    }
}

fn kinds(names: &[String]) -> Result<Vec<Kind>, String> {
    let known = |name: &String| {
        let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name);
        kind.ok_or_else(|| {
            let all = Kind::ALL.map(Kind::name).join(", ");
            format!("there is no kind `{name}` of payloads; write some of {all}")
        })
    };
    names.iter().map(known).collect()
}
