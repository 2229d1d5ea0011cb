//! The command line of the system: reads the environment and the fault switches, and serves.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Context as _;
use clap::{Parser, ValueEnum};
use serde_json::{Value, json};
use testbed_secureconnect::{Change, Config, Fault, Faults, Role, all_faults, named, serve};

/// The system of seeds S1 and S3. What it reads from the environment is in
/// testbed/secureconnect/repository/.env.example.
#[derive(Debug, Parser)]
#[command(name = "secureconnect", version)]
struct Arguments {
    /// Which services this process runs
    #[arg(long, value_enum, default_value = "all")]
    service: Role,
    /// Switch a fault of behaviour on (repeatable)
    #[arg(long = "fault", value_name = "NAME")]
    faults: Vec<String>,
    /// Print the faults and end
    #[arg(long)]
    list_faults: bool,
    /// Print the environment variables that are read, and end
    #[arg(long)]
    list_variables: bool,
    /// How to print the faults
    #[arg(long, value_enum, default_value = "text", requires = "list_faults")]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    if arguments.list_faults {
        return list_faults(arguments.format);
    }
    if arguments.list_variables {
        let mut out = std::io::stdout().lock();
        Config::variables().iter().try_for_each(|name| writeln!(out, "{name}"))?;
        return Ok(());
    }
    // A variable that is not text is none of ours.
    let mut environment: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let faults = arguments.faults.iter().map(|name| fault(name)).collect::<anyhow::Result<Vec<_>>>()?;
    let mut behaviours = Vec::new();
    for fault in faults {
        match fault.change {
            Change::Behaviour(behaviour) => behaviours.push(behaviour),
            Change::Environment(change) => change(&mut environment),
            Change::Repository(_) => {
                anyhow::bail!("{} is a fault of the repository; it changes no process", fault.name)
            }
        }
    }
    let config = Config::from_environment(arguments.service, environment)?;
    Ok(serve(config, behaviours.into_iter().collect::<Faults>()).await?)
}

fn fault(name: &str) -> anyhow::Result<&'static Fault> {
    named(name).with_context(|| format!("there is no fault `{name}`; --list-faults shows all"))
}

fn list_faults(format: Format) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match format {
        Format::Text => {
            for fault in all_faults() {
                writeln!(out, "{:<28}{}", fault.name, fault.description)?;
            }
        }
        Format::Json => {
            let shown = all_faults().map(
                |fault| json!({ "name": fault.name, "description": fault.description, "seen": fault.seen }),
            );
            writeln!(out, "{}", serde_json::to_string_pretty(&shown.collect::<Vec<Value>>())?)?;
        }
    }
    Ok(())
}
