//! `gonogo diff`: what became of each finding from one stored run to another, or of everything that
//! a readiness document lists from an older to a newer one.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use gonogo_judge::lineage;
use gonogo_model::exit::Exit;
use gonogo_model::lineage::document::DocumentLineage;
use gonogo_report::LineageFormat;

use super::import::bytes_of;
use super::{Screen, UsageError, verified};

/// Arguments of `gonogo diff`.
#[derive(Debug, Args)]
#[command(
    after_help = "Two runs are verified first. Of two documents nothing is proven: what one calls fixed is a claim.

Exit codes of diff:
   0  nothing is new, regressed, vanished or lost
   1  something is, or a document says of the other what does not hold
   4  one of the runs does not verify"
)]
pub(super) struct DiffArgs {
    /// The folder of the earlier run, or the older document (Markdown).
    before: PathBuf,
    /// The folder of the later run, or the newer document (Markdown).
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
    let format = match args.format {
        DiffFormat::Terminal => LineageFormat::Terminal,
        DiffFormat::Markdown => LineageFormat::Markdown,
        DiffFormat::Json => LineageFormat::Json,
    };
    let style = screen.style(args.output.is_none());
    let (text, is_clean) = match (args.before.is_file(), args.after.is_file()) {
        (true, true) => {
            let lineage = of_documents(&args.before, &args.after, screen)?;
            (gonogo_report::document_lineage(&lineage, format, style)?, lineage.is_clean())
        }
        (is_old, is_new) if is_old || is_new => return Err(mixed(args, is_old).into()),
        _ => {
            let lineage = lineage(&verified(&args.before)?.1, &verified(&args.after)?.1);
            (gonogo_report::lineage(&lineage, format, style)?, lineage.is_clean())
        }
    };
    match &args.output {
        Some(file) => std::fs::write(file, screen.clean(&text).as_bytes())
            .with_context(|| format!("failed to write {}", file.display()))?,
        None => screen.print(&text),
    }
    // 0 and 1 as a verdict would say it: go on, or stop and look.
    Ok(if is_clean { Exit::Go } else { Exit::NoGo })
}

/// One is a file and the other is not.
fn mixed(args: &DiffArgs, is_old: bool) -> UsageError {
    let (document, other) = if is_old { (&args.before, &args.after) } else { (&args.after, &args.before) };
    let (document, other_name) = (document.display(), other.display());
    UsageError(match other.exists() {
        true => format!("{document} is a file and {other_name} is a folder; name two runs, or two documents"),
        false => format!("failed to read {other_name}: there is no such file"),
    })
}

fn of_documents(before: &Path, after: &Path, screen: &Screen) -> anyhow::Result<DocumentLineage> {
    let (old, new) = (before.display().to_string(), after.display().to_string());
    let (was, is) = (read(before)?, read(after)?);
    let mut lineage = gonogo_document::lineage::lineage((&old, &was), (&new, &is));
    // What people write into documents passes the redactor like everything that is read.
    let secrets = screen.secrets();
    for text in lineage.texts_mut() {
        *text = secrets.redact(text).into_owned();
    }
    Ok(lineage)
}

/// A document in which there is something to compare.
fn read(path: &Path) -> anyhow::Result<gonogo_document::Report> {
    let report = gonogo_document::read(&bytes_of(path)?);
    let name = path.display();
    if path.extension().is_some_and(|ending| ending == "jsonl" || ending == "json") {
        return Err(
            UsageError(format!("{name} is no Markdown; name the folder of a run, or a document")).into()
        );
    }
    if !gonogo_document::lineage::is_comparable(&report) {
        return Err(UsageError(format!(
            "nothing was found in {name} that could be compared: no finding, no task, no decision, no verdict; name a readiness document"
        ))
        .into());
    }
    Ok(report)
}
