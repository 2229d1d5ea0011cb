//! `gonogo judge`: judge a stored run again, at another moment if wanted.

use std::path::PathBuf;

use clap::Args;
use gonogo_judge::{Case, Integrity, judge};
use gonogo_model::exit::Exit;
use jiff::Timestamp;

use super::{OutputArgs, Screen};
use crate::run::Clock;
use crate::store::{StoreError, Stored, verify};

/// Arguments of `gonogo judge`.
#[derive(Debug, Args)]
pub(super) struct JudgeArgs {
    /// The run folder.
    run: PathBuf,
    /// The moment to judge at (default: this one). Evidence that is too old then is STALE.
    #[arg(long, value_name = "TIME")]
    now: Option<Timestamp>,
    #[command(flatten)]
    output: OutputArgs,
}

pub(super) fn run(args: &JudgeArgs, screen: &Screen) -> anyhow::Result<Exit> {
    let stored = Stored::read(&args.run)?;
    let integrity = match &stored.sealed {
        None => Integrity::Broken("the run is not sealed: it was cut off or is not finished"),
        Some(_) => {
            let broken = |problems| StoreError::Broken { path: args.run.clone(), problems };
            verify(&args.run, None).map_err(broken)?;
            Integrity::Sound
        }
    };
    let now = Clock::new(args.now).now();
    let verdict =
        judge(&Case { spec: &stored.spec, evidence: &stored.evidence, skips: &stored.skips, now, integrity });
    args.output.print(&verdict, screen)
}
