//! A distribution of times in microseconds: an HDR histogram with three digits. Two of them merge
//! bucket for bucket, so nothing is averaged and nothing is lost.

use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Deserializer, Serializer as _, V2Serializer};
use serde::{Deserialize, Serialize};

/// Values differ from what is told by less than one in a thousand.
const DIGITS: u8 = 3;
/// One hour; whatever took longer is told as this.
const LONGEST_US: u64 = 3_600_000_000;
/// Where the V2 format has the digits, and the lowest and highest value that can be counted.
const DIGITS_AT: Range<usize> = 12..16;
const LOWEST: Range<usize> = 16..24;
const HIGHEST: Range<usize> = 24..32;

/// Times, counted in buckets. An empty one takes no memory.
#[derive(Debug, Clone, Default)]
pub struct Latencies(Option<Box<Histogram<u64>>>);

/// Text that was to be a distribution is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the stored distribution cannot be read: {0}")]
pub struct Corrupt(String);

impl Corrupt {
    pub(super) fn of(why: String) -> Corrupt {
        Corrupt(why)
    }
}

/// Points of a distribution, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Percentiles {
    /// How many times stand behind them.
    pub count: u64,
    /// The mean, from the buckets.
    pub mean_us: f64,
    /// Half were not longer.
    pub p50_us: u64,
    /// 90 % were not longer.
    pub p90_us: u64,
    /// 95 % were not longer.
    pub p95_us: u64,
    /// 99 % were not longer.
    pub p99_us: u64,
    /// 99.9 % were not longer.
    pub p999_us: u64,
    /// None was longer.
    pub max_us: u64,
}

impl Latencies {
    /// Counts one time.
    pub fn record(&mut self, us: u64) {
        self.record_many(us, 1);
    }

    /// Counts one time often.
    pub fn record_many(&mut self, us: u64, count: u64) {
        if count > 0 {
            let histogram = self.0.get_or_insert_with(empty);
            // It grows as far as it must, and an hour always fits.
            let _ = histogram.record_n(us.min(LONGEST_US), count);
        }
    }

    /// Adds all of another distribution, bucket for bucket.
    pub fn merge(&mut self, other: &Latencies) {
        if let Some(other) = &other.0 {
            // The same digits, and it grows.
            let _ = self.0.get_or_insert_with(empty).add(&**other);
        }
    }

    /// How many times were counted.
    pub fn count(&self) -> u64 {
        self.0.as_ref().map_or(0, |histogram| histogram.len())
    }

    /// The time that this share of all, from 0 to 1, did not exceed. `None` when there is none.
    pub fn quantile_us(&self, share: f64) -> Option<u64> {
        self.0.as_ref().map(|histogram| histogram.value_at_quantile(share))
    }

    /// How many did not take longer than this.
    pub fn count_up_to(&self, us: u64) -> u64 {
        self.0.as_ref().map_or(0, |histogram| histogram.count_between(0, us))
    }

    /// Every bucket that counted something: the highest time it stands for, and how many.
    pub fn buckets(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        let recorded = self.0.iter().flat_map(|histogram| histogram.iter_recorded());
        recorded.map(|bucket| (bucket.value_iterated_to(), bucket.count_at_value()))
    }

    /// The points that are usually told. `None` when nothing was counted.
    pub fn percentiles(&self) -> Option<Percentiles> {
        let histogram = self.0.as_ref()?;
        let at = |share: f64| histogram.value_at_quantile(share);
        Some(Percentiles {
            count: histogram.len(),
            mean_us: histogram.mean(),
            p50_us: at(0.5),
            p90_us: at(0.9),
            p95_us: at(0.95),
            p99_us: at(0.99),
            p999_us: at(0.999),
            max_us: histogram.max(),
        })
    }

    /// The V2 format of HdrHistogram, which other tools read too. Nothing when it is empty.
    pub(super) fn packed(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        if let Some(histogram) = &self.0 {
            // Writing into memory does not fail.
            let _ = V2Serializer::new().serialize(histogram, &mut bytes);
            // The bound it grew to depends on the order of what came; equal counts are equal bytes.
            if let Some(bound) = bytes.get_mut(HIGHEST) {
                bound.copy_from_slice(&histogram.max().max(2).to_be_bytes());
            }
        }
        bytes
    }

    /// Reads what [`Latencies::packed`] wrote.
    pub(super) fn unpacked(mut bytes: &[u8]) -> Result<Latencies, Corrupt> {
        if bytes.is_empty() {
            return Ok(Latencies::default());
        }
        is_plain(bytes)?;
        let read = Deserializer::new().deserialize(&mut bytes);
        let mut histogram: Histogram<u64> = read.map_err(|error| Corrupt(error.to_string()))?;
        if !bytes.is_empty() {
            return Err(Corrupt("something follows it".to_owned()));
        }
        histogram.auto(true);
        Ok(Latencies(Some(Box::new(histogram))))
    }

    /// The V2 format in base64.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.packed())
    }

    /// Reads what [`Latencies::to_base64`] wrote.
    ///
    /// # Errors
    /// [`Corrupt`] when the text is something else.
    pub fn from_base64(text: &str) -> Result<Latencies, Corrupt> {
        let bytes = STANDARD.decode(text).map_err(|error| Corrupt(error.to_string()))?;
        Latencies::unpacked(&bytes)
    }
}

/// What comes from elsewhere decides how much memory is taken, so its head is looked at first.
fn is_plain(bytes: &[u8]) -> Result<(), Corrupt> {
    let number = |at: Range<usize>| -> Option<u64> { bytes.get(at)?.try_into().ok().map(u64::from_be_bytes) };
    let digits = bytes.get(DIGITS_AT).and_then(|part| part.try_into().ok()).map(u32::from_be_bytes);
    let highest = number(HIGHEST).unwrap_or(u64::MAX);
    match digits == Some(u32::from(DIGITS)) && number(LOWEST) == Some(1) && highest < 2 * LONGEST_US {
        true => Ok(()),
        false => Err(Corrupt("its digits or bounds are not those of this engine".to_owned())),
    }
}

#[expect(clippy::expect_used, reason = "three digits are always accepted")]
fn empty() -> Box<Histogram<u64>> {
    Box::new(Histogram::new(DIGITS).expect("three digits are accepted"))
}

/// Equal when every bucket is.
impl PartialEq for Latencies {
    fn eq(&self, other: &Latencies) -> bool {
        self.buckets().eq(other.buckets())
    }
}

impl Eq for Latencies {}

impl Serialize for Latencies {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.to_base64())
    }
}

impl<'de> Deserialize<'de> for Latencies {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Latencies, D::Error> {
        let text = String::deserialize(from)?;
        Latencies::from_base64(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(times: &[u64]) -> Latencies {
        let mut latencies = Latencies::default();
        times.iter().for_each(|us| latencies.record(*us));
        latencies
    }

    proptest! {
        #[test]
        fn what_is_told_is_within_a_thousandth(mut times in prop::collection::vec(0_u64..4_000_000_000, 1..200)) {
            let points = of(&times).percentiles().unwrap();
            times.sort_unstable();
            let truth = times[times.len().div_ceil(2) - 1].min(LONGEST_US);
            prop_assert!(points.p50_us >= truth && points.p50_us <= truth + truth / 1_000 + 1, "{truth} {points:?}");
            prop_assert_eq!(points.count, times.len() as u64);
        }

        #[test]
        fn storing_loses_no_bucket(times in prop::collection::vec(0_u64..4_000_000_000, 0..200)) {
            let latencies = of(&times);
            let back = Latencies::from_base64(&latencies.to_base64()).unwrap();
            prop_assert_eq!(&back, &latencies);
            prop_assert_eq!(back.to_base64(), latencies.to_base64());
        }
    }

    #[test]
    fn nothing_is_no_zero() {
        assert_eq!(Latencies::default().percentiles(), None);
        assert_eq!(Latencies::default().to_base64(), "");
    }

    #[test]
    fn what_is_no_distribution_is_refused() {
        let good = of(&[5, 70_000]).packed();
        for at in [0, 12, 15, 24] {
            let mut bad = good.clone();
            bad[at] ^= 0x55;
            assert!(Latencies::unpacked(&bad).is_err(), "byte {at}");
        }
        let mut longer = good.clone();
        longer.push(0);
        assert!(Latencies::unpacked(&longer).is_err());
        assert!(Latencies::unpacked(&good[..good.len() - 1]).is_err());
        assert!(Latencies::from_base64("*").is_err());
    }
}
