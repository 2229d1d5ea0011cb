//! What load must never exceed, as written and as checked: the cap, the share of failures at which it
//! ends, and how much of a measurement may be the generator's own.

use std::num::NonZeroUsize;
use std::time::Duration;

use gonogo_load::plan::Cap;
use gonogo_model::amount::{Percent, Wait};
use schemars::JsonSchema;
use serde::Deserialize;

use super::rate::Rate;

/// What must never be exceeded, as written. A plan beyond it is refused before anything is sent.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(super) struct WrittenCap {
    /// Walks that start, at most: `600/s`. A closed plan is held back to it.
    rate: Rate,
    /// How long load lasts, at most, with its warm-up.
    #[serde(rename = "for")]
    lasts: Wait,
    /// Users or connections, at most.
    #[serde(default = "a_thousand")]
    users: u64,
}

fn a_thousand() -> u64 {
    1_000
}

impl TryFrom<WrittenCap> for Cap {
    type Error = String;

    fn try_from(written: WrittenCap) -> Result<Cap, String> {
        if !written.rate.milli.is_multiple_of(1_000) {
            return Err(format!("`cap.rate` is {}; write a whole number a second", written.rate));
        }
        let lasts_ms = u64::try_from(written.lasts.0.as_millis()).unwrap_or(u64::MAX);
        Ok(Cap { starts_per_s: written.rate.milli / 1_000, lasts_ms, users: written.users })
    }
}

/// How much of a measurement may be the generator's own before it is none, as written.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(super) struct Generator {
    /// How late it may start walks, or come to what it does every 20 ms, at the 99th percentile.
    #[serde(default = "twenty_ms")]
    lag: Wait,
    /// Which share of the time its threads may be busy.
    #[serde(default = "mostly")]
    busy: Percent,
    /// How many threads; as many as there are processors when absent.
    threads: Option<NonZeroUsize>,
}

fn twenty_ms() -> Wait {
    Wait(Duration::from_millis(20))
}

fn mostly() -> Percent {
    Percent::from_hundredths(9_000).unwrap_or(Percent::WHOLE)
}

impl Default for Generator {
    fn default() -> Generator {
        Generator { lag: twenty_ms(), busy: mostly(), threads: None }
    }
}

impl Generator {
    pub(super) fn lag(self) -> Duration {
        self.lag.0
    }

    /// From 0 to 1.
    pub(super) fn busy(self) -> f64 {
        f64::from(self.busy.hundredths()) / 10_000.0
    }

    pub(super) fn threads(self) -> Option<NonZeroUsize> {
        self.threads
    }
}

/// Half of all: when more fails, load ends.
pub(super) fn half() -> Percent {
    Percent::from_hundredths(5_000).unwrap_or(Percent::WHOLE)
}

/// No time at all.
pub(super) fn none() -> Wait {
    Wait::seconds(0)
}

/// How long what is under way at the end may take before it is cut off.
pub(super) fn ten_seconds() -> Wait {
    Wait::seconds(10)
}

/// A stretch of whole seconds; `least` is the fewest.
pub(super) fn seconds(name: &str, wait: Wait, least: u32) -> Result<u32, String> {
    let whole = wait.0.subsec_nanos() == 0;
    match u32::try_from(wait.0.as_secs()).ok().filter(|seconds| whole && *seconds >= least) {
        Some(seconds) if seconds <= 4 * 24 * 3_600 => Ok(seconds),
        _ => Err(format!("`{name}` is {wait}; write whole seconds, at least {least} and at most 4 days")),
    }
}

/// The grace, checked.
pub(super) fn grace(wait: Wait) -> Result<Duration, String> {
    match wait.0 <= Duration::from_secs(300) {
        true => Ok(wait.0),
        false => Err(format!("`grace` is {wait}; write at most 5m")),
    }
}
