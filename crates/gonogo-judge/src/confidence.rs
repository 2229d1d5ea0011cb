//! What samples prove about a failure rate, as a verdict tells it.

use gonogo_model::fact::Item;
use gonogo_model::sampling::upper_bound;
use gonogo_model::verdict::Confidence;

/// The samples of all items together; `None` when nothing was sampled.
pub(crate) fn of(items: &[Item]) -> Option<Confidence> {
    let mut sampled = items.iter().filter_map(|item| item.sampled).peekable();
    sampled.peek()?;
    let (samples, failures) = sampled.fold((0_u64, 0_u64), |(samples, failures), more| {
        (samples.saturating_add(more.samples), failures.saturating_add(more.failures))
    });
    Some(Confidence { samples, failures, upper_95: upper_95(samples, failures) })
}

/// The failure rate that is not exceeded with 95 % confidence after `failures` in `samples`,
/// rounded up to two decimals of a percent, or to two significant digits when it is tiny.
/// `None` without samples and beyond a billion samples or 100,000 failures.
pub fn upper_95(samples: u64, failures: u64) -> Option<String> {
    (4..=12).find_map(|digits| {
        let steps = upper_bound(samples, failures, digits)?;
        (steps >= 10).then(|| percent(steps, digits))
    })
}

/// `k / 10^digits` as a percentage with `digits - 2` decimals.
fn percent(k: u64, digits: u32) -> String {
    let unit = 10_u64.pow(digits - 2);
    let width = usize::try_from(digits - 2).unwrap_or(2);
    format!("{}.{:0width$}%", k / unit, k % unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_two_decimals_or_two_digits() {
        for (samples, failures, text) in [
            (1, 0, "95.00%"),
            (10, 0, "25.89%"),
            (10, 1, "39.42%"),
            (50, 0, "5.82%"),
            (100, 0, "2.96%"),
            (300, 0, "1.00%"),
            (10_000, 0, "0.030%"),
            (1_000_000, 0, "0.00030%"),
            (7, 7, "100.00%"),
            (7, 9, "100.00%"),
        ] {
            assert_eq!(upper_95(samples, failures).as_deref(), Some(text), "{failures} of {samples}");
        }
        assert_eq!(upper_95(0, 0), None);
        assert_eq!(upper_95(u64::MAX, 0), None);
        assert_eq!(upper_95(500_000_000, 100_001), None);
        assert!(upper_95(1_000_000_000, 100_000).is_some());
    }
}
