//! Stages in the order of `needs`, checks side by side within them, gates before what needs
//! them. Knows no probe and no rule: it asks the judge whether a gate holds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use gonogo_judge::{Case, Integrity, holding_gates, status_of};
use gonogo_model::evidence::{Evidence, Skip};
use gonogo_model::spec::{Check, Proof};
use gonogo_model::status::Status;
use tokio_util::sync::CancellationToken;

use super::look::Surroundings;
use super::record::evidence;
use super::underway::{Ended, Shared, Underway};
use super::{Clock, Event, Progress, variables};
use crate::store::{Body, RunFolder, StoreError};

/// What has been seen so far.
#[derive(Debug, Default)]
pub struct Tally {
    /// The evidence in the order it was taken.
    pub evidence: Vec<Evidence>,
    /// Checks without evidence, and why.
    pub skips: BTreeMap<String, Skip>,
}

/// Runs the looks of a plan.
#[derive(Debug)]
pub struct Scheduler<'a> {
    surroundings: Arc<Surroundings>,
    clock: Clock,
    progress: &'a Progress,
    cancel: CancellationToken,
    ends: Instant,
}

impl<'a> Scheduler<'a> {
    /// A scheduler whose budget starts now.
    pub fn new(
        surroundings: Surroundings,
        clock: Clock,
        progress: &'a Progress,
        cancel: CancellationToken,
    ) -> Scheduler<'a> {
        let Surroundings { spec, environment, secrets, .. } = &surroundings;
        variables::learn(spec, environment, secrets);
        Scheduler {
            ends: Instant::now() + spec.budget.run.0,
            surroundings: Arc::new(surroundings),
            clock,
            progress,
            cancel,
        }
    }

    /// Looks at everything that has no evidence yet and is not filtered out; appends each
    /// record to the folder as it happens.
    ///
    /// # Errors
    /// [`StoreError`] when the folder cannot be written. Looks that fail are evidence, not errors.
    pub async fn run(&self, folder: &mut RunFolder, tally: &mut Tally) -> Result<(), StoreError> {
        let surroundings = Arc::clone(&self.surroundings);
        let spec = &surroundings.spec;
        let mut done: BTreeSet<&str> = BTreeSet::new();
        while done.len() < spec.stages.len() {
            let ready: Vec<&str> = spec
                .stages
                .iter()
                .filter(|stage| {
                    !done.contains(stage.id.as_str())
                        && stage.needs.iter().all(|need| done.contains(need.as_str()))
                })
                .map(|stage| stage.id.as_str())
                .collect();
            // A valid spec has no circle; a stored one that was tampered with must not hang us.
            if ready.is_empty() {
                break;
            }
            self.progress.show(Event::Stages(&ready));
            self.run_stages(&ready, folder, tally).await?;
            done.extend(ready);
        }
        Ok(())
    }

    async fn run_stages(
        &self,
        ready: &[&str],
        folder: &mut RunFolder,
        tally: &mut Tally,
    ) -> Result<(), StoreError> {
        let spec = &self.surroundings.spec;
        let mut waiting: Vec<&Check> = Vec::new();
        for stage in ready {
            let holding = holding_gates(&self.case(tally), stage);
            let open: Vec<&Check> =
                spec.checks.iter().filter(|check| check.stage == *stage && is_open(check, tally)).collect();
            for check in open {
                match holding.is_empty() {
                    true => waiting.push(check),
                    false => self.skip(
                        check,
                        Skip::Blocked { by: holding.clone() },
                        Status::Blocked,
                        folder,
                        tally,
                    )?,
                }
            }
        }
        self.look_at(waiting, folder, tally).await
    }

    async fn look_at(
        &self,
        waiting: Vec<&Check>,
        folder: &mut RunFolder,
        tally: &mut Tally,
    ) -> Result<(), StoreError> {
        let parallel = self.surroundings.spec.budget.parallel as usize;
        let mut underway = Underway::new(waiting);
        let mut live = self.surroundings.live.listen();
        loop {
            // Nothing may be touched any more once the run is over, not even for a moment.
            if let Some(why) = self.over() {
                return self.stop(why, underway, folder, tally).await;
            }
            underway.fill(&self.surroundings, self.clock, parallel);
            self.progress.show(Event::Looking(&underway.checks()));
            tokio::select! {
                biased;
                () = self.cancel.cancelled() => {}
                () = tokio::time::sleep_until(self.ends.into()) => {}
                Ok(()) = live.changed() => self.progress.show(Event::Live(&live.borrow_and_update())),
                ended = underway.next(self.clock) => match ended {
                    Some(ended) => self.keep(ended, folder, tally)?,
                    None => return Ok(()),
                },
            }
        }
    }

    fn keep(&self, ended: Ended, folder: &mut RunFolder, tally: &mut Tally) -> Result<(), StoreError> {
        let Ended { shared: Shared { look, checks }, seen, during, took } = ended;
        let evidence = evidence(folder, &self.surroundings.secrets, checks, &look, seen, during)?;
        folder.append(Body::Evidence(evidence.clone()))?;
        for check in &evidence.checks {
            tally.skips.remove(check);
            self.show(check, &evidence, took);
        }
        tally.evidence.push(evidence);
        Ok(())
    }

    fn show(&self, id: &str, evidence: &Evidence, took: Duration) {
        if !self.progress.tells() {
            self.progress.step();
            return;
        }
        if let Some(check) = self.surroundings.spec.checks.iter().find(|check| check.id == id) {
            let (status, why) = status_of(check, evidence, self.clock.now());
            let why = if check.is_hint() { format!("only a hint: {why}") } else { why };
            self.progress.show(Event::Looked { check: id, status, why: &why, took });
        }
    }

    fn skip(
        &self,
        check: &Check,
        why: Skip,
        status: Status,
        folder: &mut RunFolder,
        tally: &mut Tally,
    ) -> Result<(), StoreError> {
        folder.append(Body::Skipped { check: check.id.clone(), why: why.clone() })?;
        tally.skips.insert(check.id.clone(), why);
        self.progress.show(Event::Skipped { check: &check.id, status });
        Ok(())
    }

    /// Drops the looks in flight: what they looked at, and what still waits, is NOT RUN.
    async fn stop(
        &self,
        why: Skip,
        underway: Underway,
        folder: &mut RunFolder,
        tally: &mut Tally,
    ) -> Result<(), StoreError> {
        let left = underway.stop().await;
        for check in self.surroundings.spec.checks.iter().filter(|check| left.contains(&check.id)) {
            self.skip(check, why.clone(), Status::NotRun, folder, tally)?;
        }
        Ok(())
    }

    /// Why nothing more may be looked at.
    fn over(&self) -> Option<Skip> {
        match (self.cancel.is_cancelled(), Instant::now() >= self.ends) {
            (true, _) => Some(Skip::Cancelled),
            (_, true) => Some(Skip::OutOfTime),
            _ => None,
        }
    }

    fn case<'t>(&'t self, tally: &'t Tally) -> Case<'t> {
        Case {
            spec: &self.surroundings.spec,
            evidence: &tally.evidence,
            skips: &tally.skips,
            now: self.clock.now(),
            integrity: Integrity::Sound,
        }
    }
}

/// Whether a check still has to be looked at.
fn is_open(check: &Check, tally: &Tally) -> bool {
    let by_probe = matches!(check.proof, Proof::Probe(_)) && check.not_applicable.is_none();
    let filtered = tally.skips.get(&check.id) == Some(&Skip::Filtered);
    by_probe && !filtered && !tally.evidence.iter().any(|evidence| evidence.checks.contains(&check.id))
}
