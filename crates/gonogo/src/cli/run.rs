//! `gonogo run`: look, judge, and keep the proof.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;
use gonogo_model::exit::Exit;
use gonogo_model::spec::Spec;
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

pub(super) fn run(args: &RunArgs, screen: &Screen) -> anyhow::Result<Exit> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("failed to start the runtime")?;
    let finished = runtime.block_on(async {
        match &args.resume {
            Some(path) => resume(path, screen).await,
            None => start(args, screen).await,
        }
    });
    // A look that was dropped may still hold a blocking thread; it must not hold the exit.
    runtime.shutdown_background();
    let finished = finished?;
    let exit = args.output.print(&finished.verdict, screen)?;
    screen.note(&format!("run  {}\nhead {}", finished.path.display(), finished.head));
    Ok(exit)
}

async fn start(args: &RunArgs, screen: &Screen) -> anyhow::Result<Finished> {
    let spec = args.spec.read()?;
    let filtered = left_out(&spec, &args.only, &args.skip).map_err(UsageError)?;
    let folder = args.spec.folder()?;
    let surroundings = surroundings(folder, Clock::new(args.now), screen);
    let path = args.out.clone().unwrap_or_else(|| default_folder(&spec, surroundings.clock));
    let progress = Progress::new(screen.clone(), spec.checks.len());
    Ok(pipeline::run(&spec, filtered, &path, surroundings, &progress).await?)
}

async fn resume(path: &Path, screen: &Screen) -> anyhow::Result<Finished> {
    if Stored::read(path)?.sealed.is_some() {
        return Err(
            UsageError(format!("{} is finished; see it with `gonogo report {0}`", path.display())).into()
        );
    }
    let open = RunFolder::resume(path)?;
    let opened = &open.stored.opened;
    let surroundings = surroundings(opened.folder.clone(), Clock::new(opened.pinned), screen);
    let progress = Progress::new(screen.clone(), open.stored.spec.checks.len());
    Ok(pipeline::resume(open, surroundings, &progress).await?)
}

fn surroundings(folder: PathBuf, clock: Clock, screen: &Screen) -> Surroundings {
    let cancel = CancellationToken::new();
    tokio::spawn(cancel_on_signal(cancel.clone(), screen.clone()));
    Surroundings { environment: environment(), folder, secrets: screen.secrets(), clock, cancel }
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

fn default_folder(spec: &Spec, clock: Clock) -> PathBuf {
    let moment = clock.now().to_string().replace(':', "-");
    let base = Path::new("gonogo-runs").join(format!("{moment}-{}", spec.digest().short()));
    let taken: BTreeSet<PathBuf> = (2..1000).map(|n| base.with_extension(n.to_string())).collect();
    std::iter::once(base.clone()).chain(taken).find(|path| !path.exists()).unwrap_or(base)
}
