//! `gonogo report`: print the report of a stored run, as it was judged.

use std::path::PathBuf;

use clap::Args;
use gonogo_model::exit::Exit;

use super::{OutputArgs, Screen, verified};

/// Arguments of `gonogo report`.
#[derive(Debug, Args)]
pub(super) struct ReportArgs {
    /// The run folder.
    run: PathBuf,
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run(args: &ReportArgs, screen: &Screen) -> anyhow::Result<Exit> {
    let (_, verdict) = verified(&args.run)?;
    args.output.print(&verdict, screen)
}
