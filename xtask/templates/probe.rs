//! `__ID__`: (what it looks at, one sentence, and what it must not know).

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetNeed};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};

/// Looks at (what it looks at).
pub(crate) struct __TYPE__;

/// Parameters of `__ID__`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Params {}

impl Probe for __TYPE__ {
    const ID: &'static str = "__ID__";
    const TITLE: &'static str = "(What it looks at, one line without a full stop)";
    const CLASS: Class = Class::Passive;
    const TARGET: TargetNeed = TargetNeed::Never;
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(_: &Context, _: Params) -> Result<Looked, Unmeasured> {
        Err(Unmeasured::because("the probe __ID__ is not written yet"))
    }
}

const FACTS: &[FactInfo] =
    &[FactInfo { name: "present", kind: FactType::Bool, unit: "", about: "(What it says)." }];
