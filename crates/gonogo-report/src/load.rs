//! Runs under load as lines of text.

use gonogo_model::load::{LoadRun, Moment};

/// Columns of a sparkline.
const COLUMNS: usize = 48;
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The lowest rate of good answers in each stretch of the run: a gap must be seen.
pub(crate) fn achieved(run: &LoadRun) -> String {
    line(run, run.fastest_milli, |stretch| stretch.iter().map(|moment| moment.achieved_milli).min())
}

/// The longest 99th percentile in each stretch of the run.
pub(crate) fn p99(run: &LoadRun) -> String {
    line(run, run.longest_us, |stretch| stretch.iter().filter_map(|moment| moment.p99_us).max())
}

fn line(run: &LoadRun, most: u64, of: impl Fn(&[Moment]) -> Option<u64>) -> String {
    let stretch = run.moments.len().div_ceil(COLUMNS).max(1);
    run.moments.chunks(stretch).map(|stretch| of(stretch).map_or(' ', |value| level(value, most))).collect()
}

fn level(value: u64, most: u64) -> char {
    let step = u128::from(value) * 8 / u128::from(most.max(1));
    LEVELS[usize::try_from(step).unwrap_or(7).min(7)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stall_of_one_moment_is_seen_in_a_long_run() {
        let moment = |second: u64| Moment {
            second,
            offered_milli: 100_000,
            achieved_milli: if second == 70 { 0 } else { 100_000 },
            failed: 0,
            p50_us: None,
            p95_us: None,
            p99_us: (second != 3).then_some(if second == 70 { 800 } else { 90 }),
        };
        let run = LoadRun {
            evidence: "a#1".to_owned(),
            item: "all".to_owned(),
            checks: Vec::new(),
            moments: (0..96).map(moment).collect(),
            bands: Vec::new(),
            longest_us: 800,
            longest: "800 µs".to_owned(),
            fastest_milli: 100_000,
            fastest: "100/s".to_owned(),
            fullest: 0,
        };
        assert_eq!(achieved(&run), format!("{}▁{}", "█".repeat(35), "█".repeat(12)));
        assert_eq!(p99(&run), format!("{}█{}", "▁".repeat(35), "▁".repeat(12)));
    }
}
