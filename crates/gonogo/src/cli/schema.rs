//! `gonogo schema`: the JSON Schemas of what people write and of what is stored.

use clap::{Args, ValueEnum};
use gonogo_model::evidence::Evidence;
use gonogo_model::exit::Exit;
use gonogo_model::lineage::Lineage;
use gonogo_model::lineage::document::DocumentLineage;
use gonogo_model::plan::Plan;
use gonogo_model::spec::raw::{RawPack, RawSpec};
use gonogo_model::verdict::Verdict;
use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings};

use super::Screen;

/// Arguments of `gonogo schema`.
#[derive(Debug, Args)]
pub(super) struct SchemaArgs {
    /// Of what.
    #[arg(value_enum, default_value = "spec")]
    of: Of,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Of {
    Spec,
    Pack,
    Plan,
    Evidence,
    Verdict,
    Lineage,
    DocumentLineage,
}

pub(super) fn run(args: &SchemaArgs, screen: &Screen) -> anyhow::Result<Exit> {
    screen.print_known(&text(&schema(args.of)));
    Ok(Exit::Go)
}

/// Every schema that is generated and committed: file name in `schema/` and content.
pub fn schemas() -> Vec<(String, String)> {
    let named = [
        ("spec", Of::Spec),
        ("pack", Of::Pack),
        ("plan", Of::Plan),
        ("evidence", Of::Evidence),
        ("verdict", Of::Verdict),
        ("lineage", Of::Lineage),
        ("document-lineage", Of::DocumentLineage),
    ];
    named.into_iter().map(|(name, of)| (format!("{name}.schema.json"), text(&schema(of)))).collect()
}

fn text(schema: &Schema) -> String {
    format!("{:#}\n", schema.as_value())
}

fn schema(of: Of) -> Schema {
    match of {
        Of::Spec => written::<RawSpec>(),
        Of::Pack => written::<RawPack>(),
        Of::Plan => stored::<Plan>(),
        Of::Evidence => stored::<Evidence>(),
        Of::Verdict => stored::<Verdict>(),
        Of::Lineage => stored::<Lineage>(),
        Of::DocumentLineage => stored::<DocumentLineage>(),
    }
}

/// The schema of what people write: for reading, with the probes' own parameters.
fn written<T: JsonSchema>() -> Schema {
    let mut schema =
        SchemaGenerator::new(SchemaSettings::draft2020_12().for_deserialize()).into_root_schema_for::<T>();
    bind_parameters(&mut schema);
    schema
}

fn stored<T: JsonSchema>() -> Schema {
    SchemaGenerator::new(SchemaSettings::draft2020_12().for_serialize()).into_root_schema_for::<T>()
}

/// For every probe: a check that names it has `with` of the probe's own shape.
fn bind_parameters(schema: &mut Schema) {
    let rules: Vec<serde_json::Value> = gonogo_probes::catalog().probes().iter().map(rule).collect();
    let ids: Vec<&str> = gonogo_probes::all().map(|probe| probe.info.id).collect();
    if let Some(check) = schema.pointer_mut("/$defs/RawCheck").and_then(serde_json::Value::as_object_mut) {
        check.insert("allOf".to_owned(), serde_json::Value::Array(rules));
    }
    if let Some(probe) =
        schema.pointer_mut("/$defs/RawCheck/properties/probe").and_then(serde_json::Value::as_object_mut)
    {
        probe.insert("examples".to_owned(), serde_json::json!(ids));
    }
}

fn rule(probe: &gonogo_model::catalog::ProbeInfo) -> serde_json::Value {
    let mut with = (probe.parameters)().as_value().clone();
    if let Some(properties) = with.pointer_mut("/properties").and_then(serde_json::Value::as_object_mut) {
        properties.insert(
            "target".to_owned(),
            serde_json::json!({"type": "string", "description": "The target's name."}),
        );
    }
    if let Some(object) = with.as_object_mut() {
        object.remove("$schema");
        object.remove("title");
    }
    serde_json::json!({
        "if": { "properties": { "probe": { "const": probe.id } }, "required": ["probe"] },
        "then": { "properties": { "with": with } },
    })
}
