//! A run in this process, from order to outcome.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, oneshot, watch};

use super::gathering::{Gathering, LOOK};
use super::live::{Beat, Live};
use super::means::Machine;
use super::order::{Order, Ready};
use super::stop::Stop;
use super::thread::{self, Counts, Task};
use crate::measure::{Latencies, Layout, Recording};
use crate::plan::Refused;

/// How long after it was ordered a run begins: threads and users must be there by then.
const AHEAD: Duration = Duration::from_millis(50);

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ended {
    /// By its plan.
    Planned,
    /// Somebody stopped it.
    Stopped,
    /// Too much failed: this share of the journeys of two seconds.
    Aborted {
        /// From 0 to 1.
        failed: f64,
    },
}

/// What was measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// What became of every request.
    pub recording: Recording,
    /// How it ended.
    pub ended: Ended,
    /// From begin to end, with the grace.
    pub took: Duration,
    /// Threads of the generator, and the processor time that all of them took together.
    pub threads: usize,
    /// See `threads`.
    pub cpu: Duration,
    /// How late its threads came to what they do every 20 ms: beyond some milliseconds it was busy
    /// with itself, and latencies are partly its own.
    pub loop_lag: Latencies,
}

/// What is known of threads when they are done, beside their beats.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Effort {
    pub(crate) took: Duration,
    pub(crate) threads: usize,
    pub(crate) cpu: Duration,
    pub(crate) loop_lag: Latencies,
}

impl Effort {
    /// Adds those of threads that ran beside these.
    pub(crate) fn add(&mut self, other: &Effort) {
        self.took = self.took.max(other.took);
        self.threads += other.threads;
        self.cpu += other.cpu;
        self.loop_lag.merge(&other.loop_lag);
    }
}

impl Measured {
    pub(crate) fn new(recording: Recording, ended: Ended, effort: Effort) -> Measured {
        let Effort { took, threads, cpu, loop_lag } = effort;
        Measured { recording, ended, took, threads, cpu, loop_lag }
    }
}

impl Ended {
    pub(crate) fn of(aborted: Option<f64>, stop: &Stop) -> Ended {
        match aborted {
            Some(failed) => Ended::Aborted { failed },
            None if stop.is_used() => Ended::Stopped,
            None => Ended::Planned,
        }
    }
}

/// Threads that carry an order out. Dropping it cuts everything off.
pub(crate) struct Running {
    began: Instant,
    counts: Vec<Arc<Counts>>,
    results: Vec<Told>,
    beats: mpsc::UnboundedReceiver<Beat>,
    _guard: Guard,
}

type Told = oneshot::Receiver<std::io::Result<thread::Result>>;

/// Cuts everything off when nobody waits for the run any more.
struct Guard(Stop);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.at_once();
    }
}

impl Ready {
    /// What will be recorded.
    pub(crate) fn layout(&self) -> Arc<Layout> {
        Arc::clone(&self.layout)
    }

    /// Starts the threads, which begin at this moment.
    pub(crate) fn start(self, began: Instant, stop: &Stop) -> Result<Running, Refused> {
        let ready = Arc::new(self);
        let count = ready.order.threads();
        let (tell, beats) = mpsc::unbounded_channel();
        let guard = Guard(stop.clone());
        let mut running = Running { began, counts: Vec::new(), results: Vec::new(), beats, _guard: guard };
        for index in 0..count {
            let task = Task {
                ready: Arc::clone(&ready),
                index,
                shard: ready.order.shard.part(index as u64, count as u64),
                began,
                stop: stop.clone(),
                counts: Arc::default(),
                beats: tell.clone(),
            };
            running.counts.push(Arc::clone(&task.counts));
            running.results.push(spawned(index, task)?);
        }
        Ok(running)
    }
}

fn spawned(index: usize, task: Task) -> Result<Told, Refused> {
    let (tell, told) = oneshot::channel();
    let started = std::thread::Builder::new().name(format!("load-{index}")).spawn(move || {
        let _ = tell.send(thread::work(task));
    });
    started.map_err(|error| Refused(format!("no thread can be started: {error}")))?;
    Ok(told)
}

impl Running {
    /// What a thread says next; `None` when all are done.
    pub(crate) async fn beat(&mut self) -> Option<Beat> {
        self.beats.recv().await
    }

    /// How many journeys were good, and how many failed through the target, so far.
    pub(crate) fn counts(&self) -> (u64, u64) {
        let sum =
            |of: fn(&Counts) -> u64| self.counts.iter().map(|counts| of(counts)).fold(0, u64::wrapping_add);
        (
            sum(|counts| counts.good.load(Ordering::Relaxed)),
            sum(|counts| counts.failed.load(Ordering::Relaxed)),
        )
    }

    /// What is left to know when all threads are done.
    pub(crate) async fn effort(self) -> Result<Effort, Refused> {
        let mut effort = Effort { threads: self.results.len(), ..Effort::default() };
        for result in self.results {
            let gone = |why: String| Refused(format!("a thread of the generator failed: {why}"));
            let result = result.await.map_err(|_| gone("it panicked".to_owned()))?;
            let result = result.map_err(|error| gone(error.to_string()))?;
            effort.cpu += result.cpu;
            effort.loop_lag.merge(&result.loop_lag);
        }
        effort.took = self.began.elapsed();
        Ok(effort)
    }
}

/// Carries an order out. `live` is told of each second; dropping the future cuts the run off.
///
/// # Errors
/// [`Refused`] when the flows cannot be walked, or the machine is too small; nothing was sent then.
pub async fn run(order: Order, stop: Stop, live: Option<watch::Sender<Live>>) -> Result<Measured, Refused> {
    let (begin, abort_above) = (order.begin, order.abort_above);
    let ready = order.ready(Machine::this())?;
    let parts = 0..ready.order.threads();
    let mut gathering = Gathering::new(ready.layout(), parts, abort_above, live);
    let began = begin.unwrap_or_else(|| Instant::now() + AHEAD);
    let mut running = ready.start(began, &stop)?;
    let mut looks = tokio::time::interval(LOOK);
    let mut aborted = None;
    loop {
        tokio::select! {
            beat = running.beat() => {
                let Some(beat) = beat else { break };
                gathering.hear(beat.thread, &beat).map_err(|error| Refused(error.to_string()))?;
            }
            _ = looks.tick() => {
                let share = gathering.look(running.counts());
                if aborted.is_none() && share.is_some() {
                    aborted = share;
                    stop.at_once();
                }
            }
        }
    }
    let ended = Ended::of(aborted, &stop);
    Ok(Measured::new(gathering.into_recording(), ended, running.effort().await?))
}
