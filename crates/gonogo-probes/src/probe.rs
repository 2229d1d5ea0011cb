//! What a probe is, and how one is registered.

use std::future::Future;
use std::pin::Pin;

use gonogo_model::catalog::{Class, FactInfo, ProbeInfo, TargetNeed, TargetParameter};
use gonogo_model::fact::{Item, Value};
use gonogo_model::yaml;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::de::DeserializeOwned;

use crate::context::Context;

/// An eye: looks at a target, returns facts, and has no opinion about them.
pub trait Probe: 'static {
    /// `family/name`; also its file, page and case file.
    const ID: &'static str;
    /// What it looks at, one line without a full stop.
    const TITLE: &'static str;
    /// Raised when the same look can give different facts than before.
    const VERSION: u32 = 1;
    /// How much it disturbs.
    const CLASS: Class;
    /// Whether it needs a target.
    const TARGET: TargetNeed;
    /// Parameters that name more targets; each is in `context.others` under its name.
    const ALSO: &'static [TargetParameter] = &[];
    /// The facts it can return for an item.
    const FACTS: &'static [FactInfo];
    /// Its parameters, without `target`. Unknown keys are refused.
    type Params: DeserializeOwned + JsonSchema + Send;

    /// Looks once. The scheduler drops the future at the deadline, so whatever it holds must
    /// let go on drop.
    fn look(
        context: &Context,
        params: Self::Params,
    ) -> impl Future<Output = Result<Looked, Unmeasured>> + Send;
}

/// What a look saw.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Looked {
    /// The items; their keys are unique.
    pub items: Vec<Item>,
    /// Raw artefacts to keep beside the facts.
    pub artefacts: Vec<RawArtefact>,
}

impl Looked {
    /// One item and nothing else.
    pub fn item(item: Item) -> Looked {
        Looked { items: vec![item], artefacts: Vec::new() }
    }

    /// Keeps a raw artefact.
    #[must_use]
    pub fn keeping(mut self, artefact: RawArtefact) -> Looked {
        self.artefacts.push(artefact);
        self
    }
}

/// A raw artefact before redaction: a response body, a command's output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawArtefact {
    /// What it is: `response body`, `stdout`.
    pub name: String,
    /// Media type.
    pub media_type: String,
    /// Its text. Artefacts are text, so that redaction can read them; other bytes are kept
    /// lossily.
    pub text: String,
}

/// Why a probe could not look: what happened and what to do, without a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmeasured {
    /// One or two sentences for a person.
    pub why: String,
}

impl Unmeasured {
    /// Because of `why`.
    pub fn because(why: impl Into<String>) -> Unmeasured {
        Unmeasured { why: why.into() }
    }
}

/// A look under way.
pub type Looking<'a> = Pin<Box<dyn Future<Output = Result<Looked, Unmeasured>> + Send + 'a>>;

/// A probe as the registry holds it.
#[derive(Debug, Clone, Copy)]
pub struct Registered {
    /// What there is to know about it.
    pub info: ProbeInfo,
    look: for<'a> fn(&'a Context, Value) -> Looking<'a>,
}

impl Registered {
    /// Looks once with the parameters of a check, variables already replaced.
    pub fn look<'a>(&self, context: &'a Context, params: Value) -> Looking<'a> {
        (self.look)(context, params)
    }
}

/// The registry's line for a probe.
pub(crate) const fn register<P: Probe>() -> Registered {
    Registered {
        info: ProbeInfo {
            id: P::ID,
            title: P::TITLE,
            version: P::VERSION,
            class: P::CLASS,
            target: P::TARGET,
            also: P::ALSO,
            facts: P::FACTS,
            accepts: |node| yaml::read::<P::Params>(node).map(drop),
            parameters: parameters::<P::Params>,
        },
        look: |context, params| {
            Box::pin(async move {
                let params = serde_json::from_value(params).map_err(|error| {
                    Unmeasured::because(format!("the parameters do not fit the probe: {error}"))
                })?;
                P::look(context, params).await
            })
        },
    }
}

/// The schema of parameters, whole: it is put inside other schemas.
fn parameters<T: JsonSchema>() -> schemars::Schema {
    let settings =
        SchemaSettings::draft2020_12().for_deserialize().with(|settings| settings.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<T>()
}
