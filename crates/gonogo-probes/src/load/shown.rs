//! What is said of load while it goes on: one line of figures, and how the p99 went lately.

use std::collections::VecDeque;

use gonogo_load::engine::Live;
use gonogo_model::load::{rate, time};

/// Seconds of the drawing.
const LATELY: usize = 30;
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Hears of every second and says how it went.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    p99_us: VecDeque<u64>,
    failed: u64,
}

impl Shown {
    /// The line after one more second.
    pub(crate) fn after(&mut self, live: &Live) -> String {
        self.failed += live.failed;
        let p99_us = live.latency.map_or(0, |points| points.p99_us);
        self.p99_us.push_back(p99_us);
        if self.p99_us.len() > LATELY {
            self.p99_us.pop_front();
        }
        let per_s = |count: u64| rate(count.saturating_mul(1_000));
        let times = live.latency.map_or_else(
            || "no good answer".to_owned(),
            |points| format!("p50 {}  p99 {}", time(points.p50_us), time(points.p99_us)),
        );
        format!(
            "{:>5} s  {} of {}  {times}  {} failed  {} under way  {}",
            live.second.saturating_add(1),
            per_s(live.finished),
            per_s(live.started),
            self.failed,
            live.users,
            self.drawn()
        )
    }

    fn drawn(&self) -> String {
        let most = self.p99_us.iter().copied().max().unwrap_or(0).max(1);
        let level = |us: &u64| LEVELS[usize::try_from(us.saturating_mul(7) / most).unwrap_or(7).min(7)];
        self.p99_us.iter().map(level).collect()
    }
}

#[cfg(test)]
mod tests {
    use gonogo_load::measure::Percentiles;

    use super::*;

    fn second(second: u32, p99_us: u64, failed: u64) -> Live {
        let latency = (p99_us > 0).then_some(Percentiles {
            count: 500,
            mean_us: 21_000.0,
            p50_us: 21_040,
            p90_us: 40_000,
            p95_us: 50_000,
            p99_us,
            p999_us: p99_us,
            max_us: p99_us,
        });
        Live { second, started: 500, finished: 498, failed, users: 12, latency, lag: None }
    }

    #[test]
    fn a_line_says_how_it_goes_and_how_it_went() {
        let mut shown = Shown::default();
        assert_eq!(
            shown.after(&second(0, 90_000, 2)),
            "    1 s  498/s of 500/s  p50 21.0 ms  p99 90.0 ms  2 failed  12 under way  █"
        );
        assert_eq!(
            shown.after(&second(1, 0, 498)),
            "    2 s  498/s of 500/s  no good answer  500 failed  12 under way  █▁"
        );
        for at in 2..40 {
            shown.after(&second(at, 45_000, 0));
        }
        assert!(shown.after(&second(40, 90_000, 0)).ends_with(&format!("  {}█", "▄".repeat(29))));
    }
}
