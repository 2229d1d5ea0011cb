//! The walk of one datum, from the text of a spec to a sealed verdict. Every command enters or
//! leaves this walk; none has another way to a verdict.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use gonogo_judge::{Case, Integrity, judge};
use gonogo_model::digest::Digest;
use gonogo_model::evidence::Skip;
use gonogo_model::spec::{self, Spec, SpecError};
use gonogo_model::verdict::Verdict;
use gonogo_probes::{Afterwards, Environment, Live, Redactor, Repositories};
use tokio::sync::RwLock;
use tokio_util::sync::CancellationToken;

use crate::packs::PACKS;
use crate::run::{Clock, Progress, Scheduler, Surroundings as Around, Tally};
use crate::store::{Open, Opened, RunFolder, Sealed, StoreError};

/// Text to spec.
///
/// # Errors
/// [`SpecError`] with everything that is wrong.
pub fn read_spec(file: &str, text: &str, environment: Option<&str>) -> Result<Spec, SpecError> {
    spec::read(file, text, environment, &gonogo_probes::catalog(), PACKS)
}

/// What a run needs besides the spec.
#[derive(Debug)]
pub struct Surroundings {
    /// The environment variables probes may read.
    pub environment: Environment,
    /// The folder relative paths start at.
    pub folder: PathBuf,
    /// What keeps secrets out of everything.
    pub secrets: Arc<Redactor>,
    /// Where "now" comes from.
    pub clock: Clock,
    /// Ends the run early, keeping what was measured.
    pub cancel: CancellationToken,
    /// The folders that were walked already.
    pub repositories: Arc<Repositories>,
}

/// How long what looks left behind may take to be removed.
const CLEANING: Duration = Duration::from_secs(10);

/// A run that ended.
#[derive(Debug)]
pub struct Finished {
    /// Its folder.
    pub path: PathBuf,
    /// The verdict that was sealed.
    pub verdict: Verdict,
    /// The digest of the last record.
    pub head: Digest,
}

/// Starts a run and walks it to its end: look, keep, judge, seal.
///
/// # Errors
/// [`StoreError`] when the folder cannot be written.
pub async fn run(
    spec: &Spec,
    filtered: BTreeSet<String>,
    path: &Path,
    surroundings: Surroundings,
    progress: &Progress,
) -> Result<Finished, StoreError> {
    let pinned = match surroundings.clock {
        Clock::Pinned(moment) => Some(moment),
        Clock::System => None,
    };
    let opened = Opened {
        gonogo: env!("CARGO_PKG_VERSION").to_owned(),
        spec: spec.digest(),
        folder: surroundings.folder.clone(),
        at: surroundings.clock.now(),
        pinned,
        filtered: filtered.iter().cloned().collect(),
    };
    let folder = RunFolder::create(path, spec, opened)?;
    let skips = filtered.into_iter().map(|check| (check, Skip::Filtered)).collect();
    let tally = Tally { evidence: Vec::new(), skips };
    finish(spec, folder, tally, surroundings, progress).await
}

/// Continues an unfinished run to its end.
///
/// # Errors
/// [`StoreError`] when the folder cannot be written.
pub async fn resume(
    open: Open,
    surroundings: Surroundings,
    progress: &Progress,
) -> Result<Finished, StoreError> {
    let Open { folder, stored } = open;
    let tally = Tally { evidence: stored.evidence, skips: stored.skips };
    finish(&stored.spec, folder, tally, surroundings, progress).await
}

async fn finish(
    spec: &Spec,
    mut folder: RunFolder,
    mut tally: Tally,
    surroundings: Surroundings,
    progress: &Progress,
) -> Result<Finished, StoreError> {
    let Surroundings { environment, folder: base, secrets, clock, cancel, repositories } = surroundings;
    let afterwards: Arc<Afterwards> = Arc::default();
    let around = Around {
        spec: spec.clone(),
        environment,
        folder: base,
        secrets,
        repositories,
        sinks: Arc::default(),
        afterwards: Arc::clone(&afterwards),
        live: Live::default(),
        alone: RwLock::default(),
    };
    let ran = Scheduler::new(around, clock, progress, cancel).run(&mut folder, &mut tally).await;
    afterwards.done(CLEANING).await;
    ran?;
    let judged_at = clock.now();
    let case = Case {
        spec,
        evidence: &tally.evidence,
        skips: &tally.skips,
        now: judged_at,
        integrity: Integrity::Sound,
    };
    let verdict = judge(&case);
    let bytes = verdict_bytes(&verdict);
    let path = folder.path().to_owned();
    let head = folder.seal(Sealed { judged_at, verdict: Digest::of_bytes(&bytes) }, &bytes)?;
    Ok(Finished { path, verdict, head })
}

/// The one form in which a verdict is stored and compared.
pub fn verdict_bytes(verdict: &Verdict) -> Vec<u8> {
    // A verdict holds texts, whole numbers and finite facts; all of them have a JSON form.
    let mut bytes = serde_json::to_vec_pretty(verdict).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
