//! A run under load as it went: what reports draw. Times are whole microseconds and rates whole
//! thousandths, so that no report has to round before it draws.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The fact that says how a run went: a list of maps, one for each moment.
pub const OVER_TIME: &str = "over_time";
/// The fact that says how times were distributed: a list of maps, one for each band.
pub const DISTRIBUTION: &str = "distribution";

/// A run under load.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoadRun {
    /// The look that saw it.
    pub evidence: String,
    /// The part of it that is drawn.
    pub item: String,
    /// The checks that judge it.
    pub checks: Vec<String>,
    /// How it went, in order of time.
    pub moments: Vec<Moment>,
    /// How long requests took, in order of length.
    pub bands: Vec<Band>,
    /// The longest time of any moment, in microseconds.
    pub longest_us: u64,
    /// The same as people read it: `12.5 ms`.
    pub longest: String,
    /// The highest rate of any moment, in thousandths a second.
    pub fastest_milli: u64,
    /// The same as people read it: `512/s`.
    pub fastest: String,
    /// The most requests of any band.
    pub fullest: u64,
}

/// Some seconds of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    /// Since the start.
    pub second: u64,
    /// How many were to start, in thousandths a second.
    pub offered_milli: u64,
    /// How many good answers came, in thousandths a second.
    pub achieved_milli: u64,
    /// How many failed.
    pub failed: u64,
    /// Half of the good ones took no longer. Absent where nothing came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p50_us: Option<u64>,
    /// 95 % took no longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p95_us: Option<u64>,
    /// 99 % took no longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p99_us: Option<u64>,
}

/// Requests that took about the same time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// None of them took longer.
    pub up_to_us: u64,
    /// The same as people read it: `12.5 ms`.
    pub up_to: String,
    /// How many there were.
    pub requests: u64,
}

/// `850 µs`, `12.5 ms` or `1.20 s`.
pub fn time(us: u64) -> String {
    match us {
        0..1_000 => format!("{us} µs"),
        1_000..999_950 => decimals(us.saturating_add(50) / 100, 1, "ms"),
        _ => decimals(us.saturating_add(5_000) / 10_000, 2, "s"),
    }
}

/// `512/s`, or `0.5/s` where it is few.
pub fn rate(milli: u64) -> String {
    match milli {
        0..9_950 => format!("{}.{}/s", (milli + 50) / 1_000, (milli + 50) / 100 % 10),
        _ => format!("{}/s", milli.saturating_add(500) / 1_000),
    }
}

/// A number of tenths or hundredths with its unit.
fn decimals(number: u64, digits: usize, unit: &str) -> String {
    let whole = if digits == 1 { 10 } else { 100 };
    format!("{}.{:0digits$} {unit}", number / whole, number % whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_rounded_once_and_keep_their_unit() {
        let times = [0, 999, 1_000, 12_449, 12_450, 999_949, 999_950, 61_234_567, u64::MAX].map(time);
        let said = ["0 µs", "999 µs", "1.0 ms", "12.4 ms", "12.5 ms", "999.9 ms", "1.00 s", "61.23 s"];
        assert_eq!(times[..8], said);
        assert_eq!([0, 500, 9_949, 9_950, 511_500].map(rate), ["0.0/s", "0.5/s", "9.9/s", "10/s", "512/s"]);
    }
}
