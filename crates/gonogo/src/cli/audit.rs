//! `gonogo audit`: judge a repository with the shipped packs; nobody has to write a spec.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use gonogo_model::exit::Exit;
use gonogo_probes::Repositories;
use jiff::Timestamp;

use super::run::{Started, look};
use super::{OutputArgs, Screen, UsageError};
use crate::audit::{Audit, Wishes, counted};
use crate::pipeline;

/// Paths that were not looked at and are named one by one.
const NAMED: usize = 10;

/// Arguments of `gonogo audit`.
#[derive(Debug, Args)]
pub(super) struct AuditArgs {
    #[command(flatten)]
    subject: SubjectArgs,
    #[command(flatten)]
    output: OutputArgs,
    /// Pin the moment of the audit, such as 2026-11-21T09:00:00Z.
    #[arg(long, value_name = "TIME")]
    now: Option<Timestamp>,
    /// The folder to keep the run in (default: gonogo-runs/<time>-<spec>).
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

/// What is audited; the same for `gonogo audit` and `gonogo init`.
#[derive(Debug, Args)]
pub(super) struct SubjectArgs {
    /// The repository: a folder, or one file of it.
    #[arg(default_value = ".")]
    path: PathBuf,
    /// A folder below PATH with OSV or RustSec advisories: packages that they name are findings.
    #[arg(long, value_name = "FOLDER")]
    advisories: Option<String>,
    /// Look at the git history too: for secrets in any commit, and for migrations that were changed
    /// after they were committed.
    #[arg(long)]
    history: bool,
}

impl SubjectArgs {
    /// Walks the repository. The folder is where relative paths of its spec start.
    pub(super) fn discover(&self, repositories: &Arc<Repositories>) -> anyhow::Result<(Audit, PathBuf)> {
        let whole = std::path::absolute(&self.path)
            .with_context(|| format!("failed to find {}", self.path.display()))?;
        let (folder, path) = match whole.is_file() {
            true => {
                let name = whole.file_name().map(|name| name.to_string_lossy().into_owned());
                (whole.parent().unwrap_or(&whole).to_owned(), name.unwrap_or_default())
            }
            false => (whole.clone(), ".".to_owned()),
        };
        let discovery = repositories
            .discover(&folder.join(&path))
            .map_err(|error| UsageError(format!("failed to audit: {}", error.why)))?;
        let wishes = Wishes { advisories: self.advisories.clone(), history: self.history };
        Ok((Audit { system: name_of(&whole), path, discovery, wishes }, folder))
    }
}

/// The last part of a path that has a name: `shop` of `/work/shop/.`.
fn name_of(path: &Path) -> String {
    let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    real.file_name().map_or_else(|| "repository".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// What is said when there is nothing to judge.
pub(super) fn nothing(audit: &Audit, path: &Path) -> UsageError {
    let files = counted(audit.discovery.files, "file");
    UsageError(format!(
        "there is nothing in {} that a pack is about ({files}); name another folder, or write a spec: see \
         `gonogo packs` and `gonogo probes`",
        path.display()
    ))
}

pub(super) fn run(args: &AuditArgs, screen: &Screen) -> anyhow::Result<Exit> {
    let repositories = Arc::new(Repositories::default());
    let (audit, folder) = args.subject.discover(&repositories)?;
    let text = audit.spec().ok_or_else(|| nothing(&audit, &args.subject.path))?;
    let spec = pipeline::read_spec("the audit's own spec", &text, None)?;
    screen.note(&format!("found {} in {}", audit.found(), counted(audit.discovery.files, "file")));
    let started = Started {
        spec: &spec,
        filtered: BTreeSet::new(),
        folder,
        out: args.out.clone(),
        now: args.now,
        repositories,
        brief: true,
    };
    let finished = look(started, screen)?;
    let exit = args.output.print(&finished.verdict, screen)?;
    passed(&audit, screen);
    let run = finished.path.display();
    screen.note(&format!("run  {run}\nhead {}", finished.head));
    screen.note(&format!("why a check fails: gonogo explain {run} CHECK; to go on from here: gonogo init"));
    Ok(exit)
}

/// What was not looked at is said, not left out.
fn passed(audit: &Audit, screen: &Screen) {
    let passed = &audit.discovery.passed;
    if passed.is_empty() {
        return;
    }
    screen.note(&format!("not looked at: {}", counted(passed.len(), "path")));
    for (path, why) in passed.iter().take(NAMED) {
        screen.note(&format!("  {path} {why}"));
    }
    if let Some(more) = passed.len().checked_sub(NAMED).filter(|more| *more > 0) {
        screen.note(&format!("  and {more} more; `gonogo explain RUN repository-walked` has them all"));
    }
}
