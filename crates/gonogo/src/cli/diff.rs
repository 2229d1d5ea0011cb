//! `gonogo diff`: what became of each finding from one stored run to another.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use gonogo_judge::lineage;
use gonogo_model::exit::Exit;
use gonogo_report::LineageFormat;

use super::{Screen, verified};

/// Arguments of `gonogo diff`.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes of diff:
   0  nothing is new, regressed, vanished or lost
   1  something is
   4  one of the runs does not verify")]
pub(super) struct DiffArgs {
    /// The folder of the earlier run.
    before: PathBuf,
    /// The folder of the later run.
    after: PathBuf,
    /// The form of the answer.
    #[arg(long, value_enum, default_value = "terminal")]
    format: DiffFormat,
    /// Write the answer to a file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum DiffFormat {
    Terminal,
    Markdown,
    Json,
}

pub(super) fn run(args: &DiffArgs, screen: &Screen) -> anyhow::Result<Exit> {
    let (_, before) = verified(&args.before)?;
    let (_, after) = verified(&args.after)?;
    let lineage = lineage(&before, &after);
    let format = match args.format {
        DiffFormat::Terminal => LineageFormat::Terminal,
        DiffFormat::Markdown => LineageFormat::Markdown,
        DiffFormat::Json => LineageFormat::Json,
    };
    let text = gonogo_report::lineage(&lineage, format, screen.style(args.output.is_none()))?;
    match &args.output {
        Some(file) => std::fs::write(file, screen.clean(&text).as_bytes())
            .with_context(|| format!("failed to write {}", file.display()))?,
        None => screen.print(&text),
    }
    // 0 and 1 as a verdict would say it: go on, or stop and look.
    Ok(if lineage.is_clean() { Exit::Go } else { Exit::NoGo })
}
