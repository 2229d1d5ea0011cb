//! The command line of the backend: reads the environment and the fault switches, and serves.

use std::collections::BTreeMap;
use std::io::Write;

use clap::{Parser, ValueEnum};
use serde_json::json;
use testbed_backend::{Config, Fault, serve};

/// The backend of seed S0. It reads PORT, DATABASE_URL, JWT_SECRET, CONNECTION_POOL_SIZE,
/// SEED_USER_EMAIL and SEED_USER_PASSWORD from the environment.
#[derive(Debug, Parser)]
#[command(name = "backend", version)]
struct Arguments {
    /// Switch a fault on (repeatable)
    #[arg(long = "fault", value_name = "NAME", value_enum, hide_possible_values = true)]
    faults: Vec<Fault>,
    /// Print the faults and end
    #[arg(long)]
    list_faults: bool,
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
    // A variable that is not text is none of ours.
    let environment: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    Ok(serve(Config::from_environment(environment, &arguments.faults)?).await?)
}

fn list_faults(format: Format) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match format {
        Format::Text => {
            for fault in Fault::ALL {
                writeln!(out, "{:<24}{}", fault.name(), fault.description())?;
            }
        }
        Format::Json => {
            let faults =
                Fault::ALL.map(|fault| json!({ "name": fault.name(), "description": fault.description() }));
            writeln!(out, "{}", serde_json::to_string_pretty(&faults)?)?;
        }
    }
    Ok(())
}
