//! `gonogo init`: write a spec for a repository from what is in it.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use gonogo_model::exit::Exit;
use gonogo_probes::Repositories;

use super::audit::{SubjectArgs, nothing};
use super::{Screen, UsageError};
use crate::audit::counted;
use crate::pipeline;

/// Arguments of `gonogo init`.
#[derive(Debug, Args)]
pub(super) struct InitArgs {
    #[command(flatten)]
    subject: SubjectArgs,
    /// Print the spec instead of writing PATH/gonogo.yaml.
    #[arg(long)]
    print: bool,
}

pub(super) fn run(args: &InitArgs, screen: &Screen) -> anyhow::Result<Exit> {
    let repositories = Arc::new(Repositories::default());
    let (audit, folder) = args.subject.discover(&repositories)?;
    let text = audit.spec().ok_or_else(|| nothing(&audit, &folder))?;
    let spec = pipeline::read_spec("gonogo.yaml", &text, None)?;
    if args.print {
        screen.print(&text);
        return Ok(Exit::Go);
    }
    let file = folder.join("gonogo.yaml");
    write_new(&file, &text)?;
    screen.note(&format!(
        "found {} in {}\nwrote {} with {}; `gonogo plan --spec {}` shows them",
        audit.found(),
        counted(audit.discovery.files, "file"),
        file.display(),
        counted(spec.checks.len(), "check"),
        file.display()
    ));
    Ok(Exit::Go)
}

/// Writes a file that is not there yet: what somebody wrote by hand is never lost.
pub(super) fn write_new(file: &PathBuf, text: &str) -> anyhow::Result<()> {
    let created = std::fs::OpenOptions::new().write(true).create_new(true).open(file);
    match created {
        Ok(mut open) => {
            open.write_all(text.as_bytes()).with_context(|| format!("failed to write {}", file.display()))
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(UsageError(format!(
            "{} is there already and is left as it is; see what would be written with --print",
            file.display()
        ))
        .into()),
        Err(error) => Err(error).with_context(|| format!("failed to write {}", file.display())),
    }
}
