//! `gonogo sbom`: which packages a repository builds in, as a CycloneDX bill of materials.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use gonogo_model::exit::Exit;
use gonogo_probes::{Making, bill_of_materials};
use jiff::Timestamp;

use super::Screen;

/// Arguments of `gonogo sbom`.
#[derive(Debug, Args)]
pub(super) struct SbomArgs {
    /// The repository, a folder of it, or one lockfile.
    path: PathBuf,
    /// Write it to a file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The moment to write into it (default: none, so that the same lockfiles give the same bytes).
    #[arg(long, value_name = "TIME")]
    now: Option<Timestamp>,
}

pub(super) fn run(args: &SbomArgs, screen: &Screen) -> anyhow::Result<Exit> {
    let path =
        std::path::absolute(&args.path).with_context(|| format!("failed to find {}", args.path.display()))?;
    let name = path.file_name().map_or_else(|| "repository".into(), |name| name.to_string_lossy());
    let making = Making {
        name: &name,
        version: env!("CARGO_PKG_VERSION"),
        moment: args.now.map(|now| now.to_string()),
    };
    let bill = bill_of_materials(&path, &making).map_err(|unmeasured| anyhow::anyhow!(unmeasured.why))?;
    for what in &bill.missing {
        screen.error(&format!("not in the bill: {what}"));
    }
    let text = format!("{:#}\n", bill.document);
    match &args.output {
        Some(file) => std::fs::write(file, text.as_bytes())
            .with_context(|| format!("failed to write {}", file.display()))?,
        None => screen.print(&text),
    }
    Ok(if bill.missing.is_empty() { Exit::Go } else { Exit::CouldNotJudge })
}
