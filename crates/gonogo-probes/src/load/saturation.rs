//! Whether the generator measured the target or itself. Where it was the bottleneck there are no
//! facts, only the reason.

use gonogo_load::engine::Measured;
use gonogo_load::measure::{Failure, Part};
use gonogo_model::fact::Item;

use super::figures::{ms, number};
use super::limits::Generator;
use crate::probe::Unmeasured;

/// What is known of the generator.
pub(super) struct Busy {
    lag_p99_us: u64,
    loop_lag_p99_us: u64,
    cpu_share: f64,
    threads: usize,
    unsent: u64,
}

impl Busy {
    /// Over a whole run, with its warm-up.
    pub(super) fn of(measured: &Measured) -> Busy {
        let whole = measured.recording.whole(Part::All);
        let had = measured.took.as_secs_f64() * measured.threads as f64;
        let unsent = whole.failures.get(&Failure::Generator).copied().unwrap_or(0);
        Busy {
            lag_p99_us: whole.lag.quantile_us(0.99).unwrap_or(0),
            loop_lag_p99_us: measured.loop_lag.quantile_us(0.99).unwrap_or(0),
            cpu_share: measured.cpu.as_secs_f64() / had.max(f64::MIN_POSITIVE),
            threads: measured.threads,
            unsent,
        }
    }

    /// That it measured the target.
    pub(super) fn must_be_idle(&self, limits: Generator) -> Result<(), Unmeasured> {
        let limit_us = u64::try_from(limits.lag().as_micros()).unwrap_or(u64::MAX);
        let shown = |us: u64| format!("{:.1} ms", us as f64 / 1_000.0);
        let why = if self.unsent > 0 {
            format!(
                "it could not send {} requests, for want of a port, a file descriptor or the value of a \
                 `{{{{name}}}}`",
                self.unsent
            )
        } else if self.lag_p99_us > limit_us {
            format!("it started one walk in a hundred {} late or more", shown(self.lag_p99_us))
        } else if self.loop_lag_p99_us > limit_us {
            format!("its threads came {} late or more to one task in a hundred", shown(self.loop_lag_p99_us))
        } else if self.cpu_share > limits.busy() {
            format!("its {} threads were busy {:.0} % of the time", self.threads, self.cpu_share * 100.0)
        } else {
            return Ok(());
        };
        Err(Unmeasured::because(format!(
            "the generator measured itself and not the target: {why}; give it a machine of its own, plan less \
             load, or raise what `generator` permits"
        )))
    }

    pub(super) fn facts(&self, item: Item) -> Item {
        item.fact_if_known("lag_p99_ms", ms(self.lag_p99_us))
            .fact_if_known("loop_lag_p99_ms", ms(self.loop_lag_p99_us))
            .fact_if_known("cpu_share", number(self.cpu_share))
            .fact("threads", self.threads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDLE: Busy =
        Busy { lag_p99_us: 900, loop_lag_p99_us: 1_100, cpu_share: 0.4, threads: 2, unsent: 0 };

    #[test]
    fn each_way_to_be_too_busy_is_said() {
        let limits = Generator::default();
        assert_eq!(IDLE.must_be_idle(limits), Ok(()));
        for (busy, said) in [
            (Busy { lag_p99_us: 20_100, ..IDLE }, "20.1 ms late"),
            (Busy { loop_lag_p99_us: 35_000, ..IDLE }, "35.0 ms late"),
            (Busy { cpu_share: 0.97, ..IDLE }, "2 threads were busy 97 %"),
            (
                Busy { unsent: 3, ..IDLE },
                "3 requests, for want of a port, a file descriptor or the value of a `{{name}}`",
            ),
        ] {
            let Unmeasured { why } = busy.must_be_idle(limits).unwrap_err();
            assert!(why.contains(said), "{why}");
        }
    }
}
