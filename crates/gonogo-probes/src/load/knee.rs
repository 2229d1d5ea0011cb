//! Where the curve of latency over load bends. Pure: it knows rates and times only.

/// A level of load and what came of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Level {
    /// What was planned, in thousandths of a start a second.
    pub(super) milli: u64,
    /// Good answers a second.
    pub(super) achieved_per_s: f64,
    /// How long they took on average, in any unit.
    pub(super) mean: f64,
}

/// The level at which the power of a system, what it achieves over how long it takes, is greatest: the
/// knee as L. Kleinrock has it ("On flow control in computer networks", ICC 1978). `None` when no higher
/// level was seen, for then it may still be ahead.
pub(super) fn knee(levels: &[Level]) -> Option<u64> {
    let power = |level: &Level| level.achieved_per_s / level.mean;
    let known = levels.iter().filter(|level| level.mean > 0.0 && power(level) > 0.0);
    let best = known.max_by(|a, b| power(a).total_cmp(&power(b)).then(b.milli.cmp(&a.milli)))?;
    levels.iter().any(|level| level.milli > best.milli).then_some(best.milli)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A queue with one server that does `most` a second, each on average in `1 / (most - rate)`.
    fn queue(rates: &[u64], most: f64) -> Vec<Level> {
        let level = |rate: &u64| {
            let rate_ = *rate as f64;
            Level { milli: rate * 1_000, achieved_per_s: rate_, mean: 1.0 / (most - rate_) }
        };
        rates.iter().map(level).collect()
    }

    /// Kleinrock's own result for such a queue: the knee is at half of what it can do.
    #[test]
    fn the_knee_of_a_simple_queue_is_at_half_of_what_it_can_do() {
        let rates: Vec<u64> = (1..100).collect();
        assert_eq!(knee(&queue(&rates, 100.0)), Some(50_000));
    }

    #[test]
    fn what_has_not_bent_yet_has_no_knee() {
        assert_eq!(knee(&queue(&[1, 10, 20, 40], 100.0)), None);
        assert_eq!(knee(&queue(&[40], 100.0)), None);
        assert_eq!(knee(&[]), None);
        let none_came = Level { milli: 9_000, achieved_per_s: 0.0, mean: f64::NAN };
        assert_eq!(knee(&[none_came]), None);
        let mut levels = queue(&[1, 10, 40], 100.0);
        levels.push(none_came);
        assert_eq!(knee(&levels), None);
        assert_eq!(knee(&[Level { mean: 5.0, ..none_came }, none_came]), None);
        levels.push(Level { milli: 99_000, achieved_per_s: 0.0, mean: f64::NAN });
        assert_eq!(knee(&levels), Some(40_000));
    }

    proptest! {
        #[test]
        fn the_order_in_which_levels_were_tried_does_not_matter(mut rates in prop::collection::vec(1_u64..99, 1..20)) {
            let levels = queue(&rates, 100.0);
            rates.sort_unstable();
            prop_assert_eq!(knee(&levels), knee(&queue(&rates, 100.0)));
        }
    }
}
