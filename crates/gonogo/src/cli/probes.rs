//! `gonogo probes`: the eyes there are, what they take and what they return.

use clap::{Args, ValueEnum};
use gonogo_model::catalog::{ProbeInfo, TargetNeed, kind_names};
use gonogo_model::diagnostic::closest;
use gonogo_model::exit::Exit;
use serde_json::{Value, json};

use super::{Screen, UsageError};

/// Arguments of `gonogo probes`.
#[derive(Debug, Args)]
pub(super) struct ProbesArgs {
    /// Show this probe: its parameters and facts.
    probe: Option<String>,
    /// The form of the list.
    #[arg(long, value_enum, default_value = "terminal")]
    format: ProbesFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ProbesFormat {
    Terminal,
    Json,
}

pub(super) fn run(args: &ProbesArgs, screen: &Screen) -> anyhow::Result<Exit> {
    let catalog = gonogo_probes::catalog();
    let text = match (&args.probe, args.format) {
        (None, ProbesFormat::Json) => pretty(&catalog.probes().iter().map(as_json).collect()),
        (None, ProbesFormat::Terminal) => catalog.probes().iter().map(line).collect(),
        (Some(id), format) => {
            let Some(probe) = catalog.find(id) else {
                let known: Vec<&str> = catalog.probes().iter().map(|probe| probe.id).collect();
                let hint = closest(id, &known).map_or_else(
                    || format!("known are {}", known.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                return Err(UsageError(format!("there is no probe `{id}`; {hint}")).into());
            };
            match format {
                ProbesFormat::Json => pretty(&as_json(probe)),
                ProbesFormat::Terminal => page(probe),
            }
        }
    };
    screen.print_known(&text);
    Ok(Exit::Go)
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn line(probe: &ProbeInfo) -> String {
    format!("{:<20} {:<12} {}\n", probe.id, probe.class.to_string(), probe.title)
}

fn page(probe: &ProbeInfo) -> String {
    let target = match probe.target {
        TargetNeed::Never => "none".to_owned(),
        TargetNeed::Optional(kinds) => format!("{} (optional)", kind_names(kinds)),
        TargetNeed::Required(kinds) => kind_names(kinds),
    };
    format!(
        "{}: {}\nclass: {}    target: {target}\n\n{}",
        probe.id,
        probe.title,
        probe.class,
        gonogo_probes::page::generated(probe)
    )
}

fn as_json(probe: &ProbeInfo) -> Value {
    let facts: Vec<Value> = probe
        .facts
        .iter()
        .map(|fact| json!({"name": fact.name, "type": fact.kind, "unit": fact.unit, "about": fact.about}))
        .collect();
    let target = match probe.target {
        TargetNeed::Never => Value::Null,
        TargetNeed::Optional(kinds) => json!({"kinds": kinds, "required": false}),
        TargetNeed::Required(kinds) => json!({"kinds": kinds, "required": true}),
    };
    let also: Vec<Value> =
        probe.also.iter().map(|p| json!({"parameter": p.name, "kinds": p.kinds})).collect();
    json!({"id": probe.id, "title": probe.title, "version": probe.version, "class": probe.class, "target": target, "also": also, "facts": facts, "parameters": (probe.parameters)()})
}
