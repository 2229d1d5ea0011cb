//! A recording in figures: for one part of it, over one stretch of time. What was not measured is
//! absent. A warm-up is left out by asking for the time after it, and can be asked for itself.

use std::collections::BTreeMap;

use serde::Serialize;

use super::failure::Failure;
use super::latencies::Percentiles;
use super::recording::{Part, Recording};
use super::tally::Tally;

/// A stretch of time in whole seconds since the start: from the first up to, not with, the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Window {
    /// The first second.
    pub from_s: u32,
    /// The first second after it.
    pub to_s: u32,
}

/// The figures of a part over a window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Summary {
    /// The window.
    pub window: Window,
    /// How many were to start.
    pub started: u64,
    /// How many of them went well.
    pub good: u64,
    /// How many of them failed through the target.
    pub failed: u64,
    /// How many of them say nothing of the target: the run ended, or the generator had no means.
    pub unmeasured: u64,
    /// Why they failed.
    pub failures: BTreeMap<Failure, u64>,
    /// How many were to start in a second, on average.
    pub offered_per_s: f64,
    /// How many good answers came in a second, on average.
    pub achieved_per_s: f64,
    /// Bytes sent.
    pub sent: u64,
    /// Bytes received.
    pub received: u64,
    /// How long the good ones took.
    pub latency: Option<Percentiles>,
    /// How long all took, until an answer or until they failed.
    pub latency_of_all: Option<Percentiles>,
    /// How late the generator was.
    pub lag: Option<Percentiles>,
    /// How long was waited for a free connection.
    pub queued: Option<Percentiles>,
    /// The worst seconds.
    pub worst: Worst,
}

/// The worst second in each respect. Seconds that are cut by the end of a run count too: they are in
/// the window.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Worst {
    /// The second with the longest 99th percentile of all that were to start in it.
    pub latency: Option<(u32, Percentiles)>,
    /// The second with the greatest share of failures through the target, and that share.
    pub failures: Option<(u32, f64)>,
    /// The second in which the fewest good answers came, and how many a second that was.
    pub achieved: Option<(u32, f64)>,
}

impl Recording {
    /// The figures of a part over a window. A window that no grain begins in is empty.
    pub fn summary(&self, part: Part, window: Window) -> Summary {
        let grain = self.layout().grain_s;
        let mut all = Tally::default();
        let mut worst = Worst::default();
        let first = window.from_s.next_multiple_of(grain);
        for second in self.seconds(part).into_iter().filter(|s| (first..window.to_s).contains(s)) {
            let tally = self.second(part, second);
            worst.see(second, &tally);
            all.merge(&tally);
        }
        worst.achieved = self.slowest(part, window);
        summary(&all, window, worst)
    }

    /// The second with the fewest good answers; one in which nothing came at all is such a second.
    fn slowest(&self, part: Part, window: Window) -> Option<(u32, f64)> {
        let grain = self.layout().grain_s;
        let first = window.from_s.next_multiple_of(grain);
        let last = self.seconds(part).into_iter().rfind(|second| *second < window.to_s)?;
        let per_s = |second: u32| self.second(part, second).finished as f64 / f64::from(grain);
        (first..=last)
            .step_by(grain as usize)
            .map(|second| (second, per_s(second)))
            .min_by(|a, b| a.1.total_cmp(&b.1))
    }
}

impl Worst {
    fn see(&mut self, second: u32, tally: &Tally) {
        let mut every = tally.good.clone();
        every.merge(&tally.bad);
        if let Some(points) = every.percentiles()
            && self.latency.as_ref().is_none_or(|(_, worst)| points.p99_us > worst.p99_us)
        {
            self.latency = Some((second, points));
        }
        let measured = tally.started - tally.unmeasured().min(tally.started);
        let failed = tally.failed_by_target();
        if failed > 0 && measured > 0 {
            let share = failed as f64 / measured as f64;
            if self.failures.is_none_or(|(_, worst)| share > worst) {
                self.failures = Some((second, share));
            }
        }
    }
}

fn summary(all: &Tally, window: Window, worst: Worst) -> Summary {
    let seconds = f64::from(window.to_s.saturating_sub(window.from_s)).max(1.0);
    let mut every = all.good.clone();
    every.merge(&all.bad);
    Summary {
        window,
        started: all.started,
        good: all.good.count(),
        failed: all.failed_by_target(),
        unmeasured: all.unmeasured(),
        failures: all.failures.clone(),
        offered_per_s: all.started as f64 / seconds,
        achieved_per_s: all.finished as f64 / seconds,
        sent: all.sent,
        received: all.received,
        latency: all.good.percentiles(),
        latency_of_all: every.percentiles(),
        lag: all.lag.percentiles(),
        queued: all.queued.percentiles(),
        worst,
    }
}
