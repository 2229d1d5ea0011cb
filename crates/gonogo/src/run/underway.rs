//! Looks under way: started in the order of the plan, a few at a time. It does not know why a
//! look may start, nor what becomes of what it saw.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use gonogo_model::amount::Wait;
use gonogo_model::digest::Digest;
use gonogo_model::spec::{Check, Look, Proof};
use gonogo_probes::Unmeasured;
use tokio::task::{Id, JoinSet};

use super::Clock;
use super::look::{Seen, Surroundings};
use super::record::During;

/// A look and the checks that share it.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) look: Look,
    pub(super) checks: Vec<String>,
}

/// A look that ended.
#[derive(Debug)]
pub(super) struct Ended {
    pub(super) shared: Shared,
    pub(super) seen: Seen,
    pub(super) during: During,
    pub(super) took: Duration,
}

/// Looks that wait, and looks that are under way.
#[derive(Debug)]
pub(super) struct Underway {
    waiting: VecDeque<Shared>,
    running: HashMap<Id, Shared>,
    tasks: JoinSet<(Seen, During, Duration)>,
}

impl Underway {
    /// The looks these checks need; those that look at the same subject within the same time
    /// share one.
    pub(super) fn new(checks: Vec<&Check>) -> Underway {
        let mut waiting: VecDeque<Shared> = VecDeque::new();
        let mut places: BTreeMap<(&Digest, Wait), usize> = BTreeMap::new();
        for check in checks {
            let Proof::Probe(look) = &check.proof else { continue };
            let place = *places.entry((&look.subject, look.time_limit)).or_insert(waiting.len());
            match waiting.get_mut(place) {
                Some(shared) => shared.checks.push(check.id.clone()),
                None => waiting.push_back(Shared { look: look.clone(), checks: vec![check.id.clone()] }),
            }
        }
        Underway { waiting, running: HashMap::new(), tasks: JoinSet::new() }
    }

    /// Starts looks until `parallel` are under way.
    pub(super) fn fill(&mut self, surroundings: &Arc<Surroundings>, clock: Clock, parallel: usize) {
        while self.running.len() < parallel {
            let Some(shared) = self.waiting.pop_front() else { return };
            let (surroundings, look) = (Arc::clone(surroundings), shared.look.clone());
            let task = self.tasks.spawn(async move {
                let (started, since) = (clock.now(), Instant::now());
                let seen = surroundings.look(&look).await;
                (seen, During { started, ended: clock.now() }, since.elapsed())
            });
            self.running.insert(task.id(), shared);
        }
    }

    /// The checks that are looked at now, one of each look, by id.
    pub(super) fn checks(&self) -> BTreeSet<&str> {
        self.running.values().filter_map(|shared| shared.checks.first()).map(String::as_str).collect()
    }

    /// The next look that ends; `None` when none is under way. Nothing is lost when this is dropped.
    pub(super) async fn next(&mut self, clock: Clock) -> Option<Ended> {
        let (id, (seen, during, took)) = match self.tasks.join_next_with_id().await? {
            Ok(ended) => ended,
            Err(error) => (error.id(), broken(clock)),
        };
        let shared = self.running.remove(&id)?;
        Some(Ended { shared, seen, during, took })
    }

    /// Drops everything; returns the checks that were not looked at.
    pub(super) async fn stop(mut self) -> BTreeSet<String> {
        self.tasks.shutdown().await;
        let left = self.waiting.into_iter().chain(self.running.into_values());
        left.flat_map(|shared| shared.checks).collect()
    }
}

/// A probe that panicked could not look; the run goes on.
fn broken(clock: Clock) -> (Seen, During, Duration) {
    let why = "the probe broke off: this is a bug in gonogo; please report it".to_owned();
    let now = clock.now();
    (
        Seen { address: None, outcome: Err(Unmeasured { why }) },
        During { started: now, ended: now },
        Duration::ZERO,
    )
}
