//! `gonogo run`: look, judge, and keep the proof.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use gonogo_model::exit::Exit;
use gonogo_model::spec::Spec;
use gonogo_probes::Repositories;
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::screen::environment;
use super::select::left_out;
use super::{OutputArgs, Screen, SpecArgs, UsageError};
use crate::pipeline::{self, Finished, Surroundings};
use crate::run::{Clock, Progress};
use crate::store::{RunFolder, Stored};

/// Arguments of `gonogo run`.
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    #[command(flatten)]
    spec: SpecArgs,
    #[command(flatten)]
    output: OutputArgs,
    /// Look only at these, and at the gates before them: a check, stage:ID, category:ID or probe:ID.
    /// The rest is NOT RUN.
    #[arg(long, value_name = "WHAT", num_args = 1.., value_delimiter = ',')]
    only: Vec<String>,
    /// Do not look at these: a check, stage:ID, category:ID or probe:ID. They are NOT RUN.
    #[arg(long, value_name = "WHAT", num_args = 1.., value_delimiter = ',')]
    skip: Vec<String>,
    /// Pin the moment of the run and of the judging, such as 2026-11-21T09:00:00Z.
    #[arg(long, value_name = "TIME")]
    now: Option<Timestamp>,
    /// The folder to keep the run in (default: gonogo-runs/<time>-<spec>).
    #[arg(long, value_name = "FOLDER", conflicts_with = "resume")]
    out: Option<PathBuf>,
    /// Continue a run that was killed. It goes on with the spec it began with.
    #[arg(long, value_name = "RUN", conflicts_with_all = ["only", "skip", "now", "env"])]
    resume: Option<PathBuf>,
}

/// A run that is about to start.
#[derive(Debug)]
pub(super) struct Started<'a> {
    pub(super) spec: &'a Spec,
    /// Checks that are left out.
    pub(super) filtered: BTreeSet<String>,
    /// Where relative paths of the spec start.
    pub(super) folder: PathBuf,
    /// Where the run is kept, when somebody says so.
    pub(super) out: Option<PathBuf>,
    /// The moment to pin, when somebody says so.
    pub(super) now: Option<Timestamp>,
    /// The folders that were walked already.
    pub(super) repositories: Arc<Repositories>,
    /// No line for each check.
    pub(super) brief: bool,
}

pub(super) fn run(args: &RunArgs, screen: &Screen) -> anyhow::Result<Exit> {
    let finished = match &args.resume {
        Some(path) => block_on(resume(path, screen))?,
        None => {
            let spec = args.spec.read()?;
            let filtered = left_out(&spec, &args.only, &args.skip).map_err(UsageError)?;
            let started = Started {
                spec: &spec,
                filtered,
                folder: args.spec.folder()?,
                out: args.out.clone(),
                now: args.now,
                repositories: Arc::default(),
                brief: false,
            };
            look(started, screen)?
        }
    };
    let exit = args.output.print(&finished.verdict, screen)?;
    screen.note(&format!("run  {}\nhead {}", finished.path.display(), finished.head));
    Ok(exit)
}

/// Walks a run from its first look to its seal.
pub(super) fn look(started: Started<'_>, screen: &Screen) -> anyhow::Result<Finished> {
    block_on(async {
        let Started { spec, filtered, folder, out, now, repositories, brief } = started;
        let surroundings = surroundings(folder, Clock::new(now), repositories, screen);
        let path = match out {
            Some(path) => path,
            None => default_folder(spec, surroundings.clock)?,
        };
        let progress = match brief {
            true => Progress::brief(screen.clone(), spec.checks.len()),
            false => Progress::new(screen.clone(), spec.checks.len()),
        };
        Ok(pipeline::run(spec, filtered, &path, surroundings, &progress).await?)
    })
}

fn block_on<T>(walk: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("failed to start the runtime")?;
    let walked = runtime.block_on(walk);
    // A look that was dropped may still hold a blocking thread; it must not hold the exit.
    runtime.shutdown_background();
    walked
}

async fn resume(path: &Path, screen: &Screen) -> anyhow::Result<Finished> {
    if Stored::read(path)?.sealed.is_some() {
        return Err(
            UsageError(format!("{} is finished; see it with `gonogo report {0}`", path.display())).into()
        );
    }
    let open = RunFolder::resume(path)?;
    let opened = &open.stored.opened;
    let surroundings = surroundings(opened.folder.clone(), Clock::new(opened.pinned), Arc::default(), screen);
    let progress = Progress::new(screen.clone(), open.stored.spec.checks.len());
    Ok(pipeline::resume(open, surroundings, &progress).await?)
}

fn surroundings(
    folder: PathBuf,
    clock: Clock,
    repositories: Arc<Repositories>,
    screen: &Screen,
) -> Surroundings {
    let cancel = CancellationToken::new();
    tokio::spawn(cancel_on_signal(cancel.clone(), screen.clone()));
    let (environment, secrets) = (environment(), screen.secrets());
    Surroundings { environment, folder, secrets, clock, cancel, repositories }
}

/// Ctrl-C and SIGTERM end the run cleanly.
async fn cancel_on_signal(cancel: CancellationToken, screen: Screen) {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => if interrupted.is_err() { return },
        _ = terminate.recv() => {}
    }
    screen.note("stopping: what was measured is kept, the rest is NOT RUN");
    cancel.cancel();
}

/// A new folder in `gonogo-runs`, which git passes over.
fn default_folder(spec: &Spec, clock: Clock) -> anyhow::Result<PathBuf> {
    let runs = Path::new("gonogo-runs");
    if !runs.exists() {
        std::fs::create_dir(runs)
            .and_then(|()| std::fs::write(runs.join(".gitignore"), "*\n"))
            .context("failed to make the folder gonogo-runs here; name another with --out")?;
    }
    let moment = clock.now().to_string().replace(':', "-");
    let base = runs.join(format!("{moment}-{}", spec.digest().short()));
    let others = (2..1000).map(|n| base.with_extension(n.to_string()));
    Ok(std::iter::once(base.clone()).chain(others).find(|path| !path.exists()).unwrap_or(base))
}
