//! `gonogo worker`: sends a part of a load that another gonogo leads.

use anyhow::Context as _;
use clap::Args;
use gonogo_load::spread::serve_pipe;
use gonogo_model::exit::Exit;

/// Arguments of `gonogo worker`.
#[derive(Debug, Args)]
pub(super) struct WorkerArgs {
    /// Take the order from standard input, and tell of it on standard output.
    #[arg(long, required = true)]
    pipe: bool,
}

pub(super) fn run(_: &WorkerArgs) -> anyhow::Result<Exit> {
    serve_pipe().context("failed to start as a worker")?;
    Ok(Exit::Go)
}
