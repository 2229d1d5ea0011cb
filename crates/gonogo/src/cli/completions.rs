//! `gonogo completions`: a completion script for a shell.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;
use gonogo_model::exit::Exit;

use super::{Cli, Screen};

/// Arguments of `gonogo completions`.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs, screen: &Screen) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "gonogo", &mut script);
    screen.print_known(&String::from_utf8_lossy(&script));
    Ok(Exit::Go)
}
