//! `gonogo import`: a spec from a readiness document, and the verdict that follows from it beside
//! the one that the document asserts.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use gonogo_document::draft::{Draft, draft};
use gonogo_judge::{Case, Integrity, judge};
use gonogo_model::exit::Exit;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::init::write_new;
use super::{Screen, UsageError};
use crate::audit::counted;
use crate::pipeline;
use crate::run::Clock;

/// Bytes of a document; people read it.
const LIMIT: u64 = 32 << 20;
/// Reasons that are shown.
const MOST: usize = 5;

/// Arguments of `gonogo import`.
#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// The document: Markdown.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Where to write the spec (default: FILE with the ending .gonogo.yaml).
    #[arg(long, short, value_name = "SPEC")]
    output: Option<PathBuf>,
    /// Print the spec instead of writing it.
    #[arg(long, conflicts_with = "output")]
    print: bool,
    /// Pin the moment of the judgement, such as 2026-11-21T09:00:00Z.
    #[arg(long, value_name = "TIME")]
    now: Option<Timestamp>,
}

pub(super) fn run(args: &ImportArgs, screen: &Screen) -> anyhow::Result<Exit> {
    let now = Clock::new(args.now).now();
    let name = args.file.display().to_string();
    let report = gonogo_document::read(&bytes_of(&args.file)?);
    if !report.elements.is_about_readiness() {
        return Err(UsageError(format!(
            "{name} does not read like a readiness report, a go-live checklist or a phase gate; name a document that is one"
        ))
        .into());
    }
    let today = now.to_zoned(TimeZone::UTC).date();
    let file = args.file.file_name().map_or_else(|| name.clone(), |name| name.to_string_lossy().into_owned());
    let drafted = draft(&report, &file, today);
    let target = args.output.clone().unwrap_or_else(|| args.file.with_extension("gonogo.yaml"));
    // What is written can be read: the same door as for every spec.
    let spec = pipeline::read_spec(&target.display().to_string(), &drafted.text, None)?;
    if args.print {
        screen.print(&drafted.text);
        return Ok(Exit::Go);
    }
    write_new(&target, &drafted.text)?;
    let skips = std::collections::BTreeMap::new();
    let case = Case { spec: &spec, evidence: &[], skips: &skips, now, integrity: Integrity::Sound };
    let verdict = judge(&case);
    screen.print(&format!(
        "{}computed: {}\n{}wrote {} with {}; `gonogo plan --spec {}` shows what would have to be proven\n",
        asserted(&drafted),
        verdict.call,
        reasons(&verdict),
        target.display(),
        counted(spec.checks.len(), "check"),
        target.display()
    ));
    Ok(Exit::Go)
}

/// The bytes of a document that people wrote.
pub(super) fn bytes_of(path: &Path) -> anyhow::Result<Vec<u8>> {
    let wrong = |error: std::io::Error| UsageError(format!("failed to read {}: {error}", path.display()));
    let file = std::fs::File::open(path).map_err(wrong)?;
    if !file.metadata().map_err(wrong)?.is_file() {
        return Err(UsageError(format!("{} is no file; name a Markdown document", path.display())).into());
    }
    let mut bytes = Vec::new();
    file.take(LIMIT).read_to_end(&mut bytes).with_context(|| format!("failed to read {}", path.display()))?;
    Ok(bytes)
}

fn asserted(draft: &Draft) -> String {
    let said: Vec<String> = draft
        .asserted
        .iter()
        .map(|(line, call)| format!("{} (line {line})", call.words().to_uppercase()))
        .collect();
    match said.is_empty() {
        true => "asserted: nothing\n".to_owned(),
        false => format!("asserted: {}\n", said.join(", ")),
    }
}

/// Why the verdict is what it is.
fn reasons(verdict: &gonogo_model::verdict::Verdict) -> String {
    verdict
        .reasons
        .iter()
        .take(MOST)
        .map(|reason| format!("  {}: {}\n", reason.rule.id(), reason.text))
        .collect()
}
