//! A catalog of made-up probes: one of each class, and one that stands for `document/checklist`.

use gonogo_model::catalog::{Catalog, Class, FactInfo, FactType, ProbeInfo, TargetKind, TargetNeed};
use gonogo_model::yaml;
use schemars::JsonSchema;
use serde::Deserialize;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its shape is used")]
struct Secret {
    name: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its shape is used")]
struct Page {
    #[serde(default)]
    samples: u32,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Break {}

const SECRET: &[FactInfo] = &[fact("present", FactType::Bool), fact("length", FactType::Int)];
const PAGE: &[FactInfo] = &[fact("status", FactType::Int), fact("p95_ms", FactType::Number)];
const TICKED: &[FactInfo] = &[fact("ticked", FactType::Bool)];
const BREAK: &[FactInfo] = &[fact("done", FactType::Bool)];

const fn fact(name: &'static str, kind: FactType) -> FactInfo {
    FactInfo { name, kind, unit: "", about: "" }
}

pub(crate) fn catalog() -> Catalog {
    Catalog::new([
        ProbeInfo {
            id: "test/secret",
            title: "A secret",
            version: 1,
            class: Class::Passive,
            target: TargetNeed::Never,
            also: &[],
            facts: SECRET,
            accepts: |node| yaml::read::<Secret>(node).map(drop),
            parameters: || schemars::schema_for!(Secret),
        },
        ProbeInfo {
            id: "test/page",
            title: "A page",
            version: 1,
            class: Class::Active,
            target: TargetNeed::Required(&[TargetKind::Http]),
            also: &[],
            facts: PAGE,
            accepts: |node| yaml::read::<Page>(node).map(drop),
            parameters: || schemars::schema_for!(Page),
        },
        ProbeInfo {
            id: "test/break",
            title: "A fault",
            version: 1,
            class: Class::Destructive,
            target: TargetNeed::Never,
            also: &[],
            facts: BREAK,
            accepts: |node| yaml::read::<Break>(node).map(drop),
            parameters: || schemars::schema_for!(Break),
        },
        ProbeInfo {
            id: "document/checklist",
            title: "A checklist",
            version: 1,
            class: Class::Passive,
            target: TargetNeed::Never,
            also: &[],
            facts: TICKED,
            accepts: |node| yaml::read::<Break>(node).map(drop),
            parameters: || schemars::schema_for!(Break),
        },
    ])
}
