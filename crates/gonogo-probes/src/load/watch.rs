//! What a process holds and what a service tells in metrics, looked at again and again while load goes
//! on. It does not know what becomes of the series.

use std::convert::Infallible;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};

use super::trend::Point;
use crate::metrics::asked::Asked;
use crate::metrics::service::{Scraped, Service};
use crate::probe::Unmeasured;
use crate::process::usage::Usage;
use crate::tools::process::Running;
use crate::tools::procfs;

/// What a process holds and must let go again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    /// Memory in use, in bytes.
    Rss,
    /// Open files and connections.
    Fds,
    Threads,
    /// Open sockets.
    Connections,
}

impl Held {
    pub(super) const ALL: [Held; 4] = [Held::Rss, Held::Fds, Held::Threads, Held::Connections];

    /// Its name in facts.
    pub(super) fn word(self) -> &'static str {
        match self {
            Held::Rss => "rss",
            Held::Fds => "fds",
            Held::Threads => "threads",
            Held::Connections => "connections",
        }
    }

    /// What clients of Prometheus call it.
    fn metrics(self) -> &'static [&'static str] {
        match self {
            Held::Rss => &["process_resident_memory_bytes"],
            Held::Fds => &["process_open_fds"],
            Held::Threads => &[
                "process_threads",
                "process_num_threads",
                "go_threads",
                "jvm_threads_live_threads",
                "jvm_threads_current",
            ],
            Held::Connections => &[],
        }
    }
}

/// Where it is looked.
pub(super) struct Watch {
    pub(super) process: Option<Running>,
    pub(super) service: Option<Service>,
    /// Which metrics are wanted beside what a process holds.
    pub(super) asked: Vec<Asked>,
    pub(super) every: Duration,
}

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Watched {
    /// In the order of [`Held::ALL`].
    pub(super) held: [Vec<Point>; 4],
    /// In the order in which they are asked for.
    pub(super) asked: Vec<Vec<Point>>,
    /// When the process was no longer there, in seconds since the start.
    pub(super) gone_s: Option<f64>,
    pub(super) scrapes: u64,
    pub(super) scrapes_failed: u64,
}

impl Watch {
    /// Looks once, to see that there is something to see.
    ///
    /// # Errors
    /// When the process is gone, or the service tells no metrics.
    pub(super) async fn first(&self) -> Result<(), Unmeasured> {
        if let Some(process) = self.process.filter(|process| usage(*process).is_none()) {
            return Err(Unmeasured::because(format!(
                "nothing can be read of process {}; start it, or run gonogo as its user",
                process.id()
            )));
        }
        let Some(service) = &self.service else { return Ok(()) };
        let scraped = service.scrape().await?;
        match scraped.status {
            200 if scraped.found.has_samples() => Ok(()),
            200 => Err(Unmeasured::because("there are no metrics in the answer; correct `metrics_path`")),
            status => Err(Unmeasured::because(format!(
                "the metrics were answered with status {status}; correct `metrics_path`, or write \
                 `metrics_headers`"
            ))),
        }
    }

    /// Looks until it is dropped.
    pub(super) async fn go(&self, watched: &mut Watched) -> Infallible {
        watched.asked.resize(self.asked.len(), Vec::new());
        let began = Instant::now();
        let mut looks = interval(self.every);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            looks.tick().await;
            self.process(began, watched);
            self.metrics(began, watched).await;
        }
    }

    fn process(&self, began: Instant, watched: &mut Watched) {
        let Some(process) = self.process.filter(|_| watched.gone_s.is_none()) else { return };
        let at_s = began.elapsed().as_secs_f64();
        let Some(usage) = usage(process) else {
            watched.gone_s = Some(at_s);
            return;
        };
        let sockets = procfs::open_sockets(process).and_then(|sockets| u64::try_from(sockets).ok());
        let values = [Some(usage.rss), usage.fds, usage.threads, sockets];
        for (series, value) in watched.held.iter_mut().zip(values) {
            series.extend(value.map(|value| Point { at_s, value: value as f64 }));
        }
    }

    async fn metrics(&self, began: Instant, watched: &mut Watched) {
        let Some(service) = &self.service else { return };
        // What is answered late was so when it was asked for.
        let at_s = began.elapsed().as_secs_f64();
        let scraped = service.scrape().await;
        watched.scrapes += 1;
        let Some(scraped) = scraped.ok().filter(|scraped| scraped.status == 200) else {
            watched.scrapes_failed += 1;
            return;
        };
        if self.process.is_none() {
            let values = Held::ALL.map(|held| told(held, &scraped));
            push(&mut watched.held, values, at_s);
        }
        push(&mut watched.asked, self.asked.iter().map(|asked| asked.value(&scraped.found)), at_s);
    }
}

fn push(all: &mut [Vec<Point>], values: impl IntoIterator<Item = Option<f64>>, at_s: f64) {
    let known = |value: &f64| value.is_finite();
    for (series, value) in all.iter_mut().zip(values) {
        series.extend(value.filter(known).map(|value| Point { at_s, value }));
    }
}

fn told(held: Held, scraped: &Scraped) -> Option<f64> {
    held.metrics().iter().find_map(|name| Asked::family(name).value(&scraped.found))
}

fn usage(process: Running) -> Option<Usage> {
    let (status, stat) = (procfs::text(process, "status")?, procfs::text(process, "stat")?);
    Usage::read(&status, &stat, procfs::open_files(process))
}
