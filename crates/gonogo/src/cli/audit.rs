//! `gonogo audit`: judge a repository with the shipped packs; nobody has to write a spec.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
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
    /// The API documents as they were released, one document or a folder: changes that their callers
    /// notice are findings.
    #[arg(long, value_name = "OLD")]
    against: Option<PathBuf>,
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
        let against = self.against.as_deref().map(|old| seen_from(&folder, old)).transpose()?;
        let wishes = Wishes { advisories: self.advisories.clone(), history: self.history, against };
        Ok((Audit { system: name_of(&whole), path, discovery, wishes }, folder))
    }
}

/// A path that was given from here, as the spec in `folder` names it. Without a folder in common
/// it is whole.
fn seen_from(folder: &Path, path: &Path) -> anyhow::Result<String> {
    let real = |path: &Path| {
        path.canonicalize().map_err(|error| UsageError(format!("failed to find {}: {error}", path.display())))
    };
    let (from, to) = (real(folder)?, real(path)?);
    let pairs = from.components().zip(to.components());
    let shared = pairs.take_while(|(ours, theirs)| ours == theirs).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    let seen: PathBuf = match shared {
        // Only the root, and no drive is the same.
        0 | 1 => to,
        _ => up.chain(to.components().skip(shared)).collect(),
    };
    Ok(if seen.as_os_str().is_empty() { ".".to_owned() } else { seen.display().to_string() })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_named_as_the_spec_sees_them() {
        let top = std::env::temp_dir().canonicalize().unwrap().join(format!("gonogo-{}", std::process::id()));
        std::fs::create_dir_all(top.join("app/released")).unwrap();
        std::fs::create_dir_all(top.join("v1")).unwrap();
        let seen = |path: &str| seen_from(&top.join("app"), &top.join(path)).unwrap();
        assert_eq!([seen("app/released"), seen("v1"), seen("app")], ["released", "../v1", "."]);
        let error = seen_from(&top, Path::new("nowhere.yaml")).unwrap_err().to_string();
        assert!(error.starts_with("failed to find nowhere.yaml"), "{error}");
        std::fs::remove_dir_all(&top).unwrap();
    }
}
