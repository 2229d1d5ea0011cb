//! What samples prove about a failure rate: the exact one-sided 95 % upper bound (Clopper-Pearson),
//! in whole-number arithmetic. Every step rounds up, so the bound is never too small and has the
//! same digits on every machine.

/// More samples, or more failures, than this are not computed.
const MOST_SAMPLES: u64 = 1_000_000_000;
const MOST_FAILURES: u64 = 100_000;

/// The failure rate that is not exceeded with 95 % confidence after `failures` in `samples`, in units
/// of `10^-digits`, rounded up; `digits` is 1 to 18. `None` without samples and beyond a billion
/// samples or 100,000 failures.
pub fn upper_bound(samples: u64, failures: u64, digits: u32) -> Option<u64> {
    let known = (1..=MOST_SAMPLES).contains(&samples) && failures <= MOST_FAILURES;
    (known && (1..=18).contains(&digits)).then(|| bound(samples, failures, digits))
}

/// The smallest `k` for which so few failures are at most 5 % likely at the rate `k / 10^digits`.
fn bound(samples: u64, failures: u64, digits: u32) -> u64 {
    let whole = 10_u64.pow(digits);
    let (mut under, mut over) = (0, whole);
    while over - under > 1 {
        let middle = under + (over - under) / 2;
        if is_unlikely(samples, failures, middle, whole) { over = middle } else { under = middle }
    }
    over
}

/// Whether at most `failures` in `samples` are at most 5 % likely at the rate `k / whole`:
/// the sum of C(n,i) p^i (1-p)^(n-i) for i from 0 to `failures`, with `0 < k < whole`.
fn is_unlikely(samples: u64, failures: u64, k: u64, whole: u64) -> bool {
    if failures >= samples {
        return false;
    }
    let twentieth = Wide::ratio(1, 20);
    let mut term = Wide::ratio(u128::from(whole - k), u128::from(whole)).power(samples);
    let mut sum = term;
    for i in 0..failures {
        let above = u128::from(samples - i) * u128::from(k);
        let below = u128::from(i + 1) * u128::from(whole - k);
        term = term.times(Wide::ratio(above, below));
        sum = sum.plus(term);
        if sum > twentieth {
            return false;
        }
    }
    sum <= twentieth
}

/// A positive number `mantissa * 2^exponent`, the mantissa with its top bit set; every
/// operation rounds up in the last of its 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Wide {
    exponent: i64,
    mantissa: u64,
}

impl Wide {
    const ONE: Wide = Wide { exponent: -63, mantissa: 1 << 63 };

    fn new(value: u128, exponent: i64) -> Wide {
        let zeros = value.leading_zeros();
        if zeros >= 64 {
            let shift = zeros.min(127) - 64;
            let mantissa = u64::try_from(value << shift).unwrap_or(u64::MAX);
            return Wide { exponent: exponent - i64::from(shift), mantissa };
        }
        let shift = 64 - zeros;
        let rest = value & ((1_u128 << shift) - 1);
        match u64::try_from((value >> shift) + u128::from(rest > 0)) {
            Ok(mantissa) => Wide { exponent: exponent + i64::from(shift), mantissa },
            Err(_) => Wide { exponent: exponent + i64::from(shift) + 1, mantissa: 1 << 63 },
        }
    }

    /// `above / below`, both positive.
    fn ratio(above: u128, below: u128) -> Wide {
        let shift = above.leading_zeros().min(127);
        Wide::new((above << shift).div_ceil(below.max(1)), -i64::from(shift))
    }

    fn times(self, other: Wide) -> Wide {
        Wide::new(
            u128::from(self.mantissa) * u128::from(other.mantissa),
            self.exponent.saturating_add(other.exponent),
        )
    }

    fn plus(self, other: Wide) -> Wide {
        let (large, small) = if self >= other { (self, other) } else { (other, self) };
        let apart = large.exponent.saturating_sub(small.exponent);
        let shifted = u128::from(small.mantissa) << 62;
        let shifted = match u32::try_from(apart) {
            Ok(apart) if apart < 126 => (shifted >> apart) + 1,
            _ => 1,
        };
        Wide::new((u128::from(large.mantissa) << 62) + shifted, large.exponent - 62)
    }

    fn power(self, mut exponent: u64) -> Wide {
        let (mut result, mut square) = (Wide::ONE, self);
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = result.times(square);
            }
            square = square.times(square);
            exponent >>= 1;
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_bounds_to_six_digits() {
        for (samples, failures, millionths) in [
            (1, 0, 950_000),
            (10, 0, 258_866),
            (59, 0, 49_508),
            (100, 0, 29_514),
            (300, 0, 9_937),
            (10, 1, 394_164),
            (20, 3, 343_664),
            (10, 9, 994_884),
        ] {
            assert_eq!(bound(samples, failures, 6), millionths, "{failures} of {samples}");
        }
        assert!(bound(59, 0, 6) < 50_000 && bound(58, 0, 6) > 50_000);
    }

    #[test]
    fn what_is_too_much_or_nothing_has_no_bound() {
        assert_eq!(upper_bound(7, 9, 4), Some(10_000));
        assert_eq!(upper_bound(0, 0, 6), None);
        assert_eq!(upper_bound(u64::MAX, 0, 6), None);
        assert_eq!(upper_bound(500_000_000, 100_001, 6), None);
        assert_eq!(upper_bound(10, 0, 0), None);
        assert!(upper_bound(1_000_000_000, 100_000, 12).is_some());
    }

    /// The same sum in fractions without any rounding: the printed digit is the smallest that holds.
    #[test]
    fn agrees_with_exact_fractions() {
        use num_bigint::BigUint;
        let unlikely = |n: u64, f: u64, k: u64| {
            let (p, q) = (BigUint::from(k), BigUint::from(10_000 - k));
            let mut choose = BigUint::from(1_u8);
            let mut sum = BigUint::from(0_u8);
            for i in 0..=f {
                let (i32, rest) = (u32::try_from(i).unwrap(), u32::try_from(n - i).unwrap());
                sum += &choose * p.pow(i32) * q.pow(rest);
                choose = choose * (n - i) / (i + 1);
            }
            sum * 20_u8 <= BigUint::from(10_000_u32).pow(u32::try_from(n).unwrap())
        };
        for n in [1, 2, 3, 5, 8, 13, 40] {
            for f in 0..n {
                let k = bound(n, f, 4);
                assert!(unlikely(n, f, k) && !unlikely(n, f, k - 1), "{f} of {n}: {k}");
            }
        }
    }
}
