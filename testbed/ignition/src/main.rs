//! The command line of the service: reads PORT and the fault switches, and serves.

use clap::Parser;
use testbed_ignition::{Service, serve};

/// The service of seed S2. It reads PORT, IGNITION_OLD_SESSION and IGNITION_FORMER_ADMIN from the
/// environment.
#[derive(Debug, Parser)]
#[command(name = "ignition", version)]
struct Arguments {
    /// Switch a fault of the service on (repeatable)
    #[arg(long = "fault", value_name = "NAME")]
    faults: Vec<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    // A variable that is not text is none of ours.
    let variable = |name: &str| std::env::var_os(name).and_then(|value| value.into_string().ok());
    let port = variable("PORT").and_then(|port| port.parse().ok()).unwrap_or(0);
    let service = Service::new(&arguments.faults, variable)?;
    Ok(serve(service, port).await?)
}
