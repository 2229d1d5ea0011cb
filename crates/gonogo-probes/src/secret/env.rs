//! `secret/env`: one secret in an environment variable, of gonogo itself or of a running process.
//! It returns what can be said without the value.

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed};
use gonogo_model::fact::Item;
use schemars::JsonSchema;
use serde::Deserialize;

use super::facts::{PRESENT, VALUE, measured};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::files::{self, FileError};
use crate::tools::variables::Variables;

/// A secret is a line, or a key of a few kilobytes.
const LIMIT: u64 = 64 << 10;

/// Looks at a secret in an environment variable.
pub(crate) struct Env;

/// Parameters of `secret/env`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {
    /// The environment variable. When it is not set but `<name>_FILE` is, the secret is read from
    /// that file, as services do that follow this convention.
    name: String,
}

impl Probe for Env {
    const ID: &'static str = "secret/env";
    const TITLE: &'static str = "Whether a secret in the environment is there and strong";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Optional(&[TargetKind::Process]);
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, Params { name }: Params) -> Result<Looked, Unmeasured> {
        let variables = Variables::read(context).await?;
        let item = Item::new(&name).read_at(variables.location());
        let given = variables.environment.get(&name).filter(|value| !value.trim().is_empty());
        let file_name = format!("{name}_FILE");
        let item = match (given, variables.environment.get(&file_name)) {
            (None, Some(path)) if !path.trim().is_empty() => {
                let value = in_file(&variables, path.trim(), &file_name).await?;
                measured(item.fact("from_file", true), &name, value.as_deref(), &context.secrets)
            }
            (value, _) => measured(item.fact("from_file", false), &name, value, &context.secrets),
        };
        Ok(Looked::item(item))
    }
}

const FACTS: &[FactInfo] = &[
    PRESENT,
    FactInfo {
        name: "from_file",
        kind: FactType::Bool,
        unit: "",
        about: "Whether the value was read from the file that `<name>_FILE` names.",
    },
    VALUE[0],
    VALUE[1],
    VALUE[2],
    VALUE[3],
    VALUE[4],
    VALUE[5],
    VALUE[6],
    VALUE[7],
    VALUE[8],
    VALUE[9],
    VALUE[10],
];

/// The file's text; nothing when there is no such file, because the service finds none either.
async fn in_file(variables: &Variables, path: &str, named_by: &str) -> Result<Option<String>, Unmeasured> {
    let place = variables.path_of(path);
    let text = files::off_thread(move || files::read(&place, LIMIT)?.text().map(str::to_owned)).await?;
    match text {
        Ok(text) => Ok(Some(text)),
        Err(FileError::Missing) => Ok(None),
        Err(error) => Err(error.of(format!("the file {path}, named by {named_by},"))),
    }
}
