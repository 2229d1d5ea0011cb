//! Who is of which tier: each of so many in a row, spread evenly. Of every `whole` arrivals or users
//! exactly its share is of a tier, in a fixed order, so that nobody has to throw dice.

/// A finer mix than this is refused: with its shares in lowest terms, their sum.
const MOST: u64 = 100_000;

/// The order in which tiers follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mix {
    /// For each place in the pattern the tier, and how many of that tier come before it.
    pattern: Vec<(usize, u64)>,
    shares: Vec<u64>,
}

impl Mix {
    /// A mix with these shares; `None` when they are all 0 or too fine.
    pub fn new(shares: &[u64]) -> Option<Mix> {
        let divisor = shares.iter().copied().fold(0, gcd);
        let shares: Vec<u64> =
            shares.iter().map(|share| share.checked_div(divisor)).collect::<Option<_>>()?;
        let whole = shares.iter().try_fold(0_u64, |sum, share| sum.checked_add(*share))?;
        (1..=MOST).contains(&whole).then(|| Mix { pattern: pattern(&shares, whole), shares })
    }

    /// The tier of number `n`, and its number within the tier.
    pub fn of(&self, n: u64) -> (usize, u64) {
        let whole = self.pattern.len() as u64;
        let (tier, before) = self.pattern[(n % whole) as usize];
        (tier, n / whole * self.shares[tier] + before)
    }

    /// How many of the first `n` are of this tier.
    pub fn count(&self, n: u64, tier: usize) -> u64 {
        let whole = self.pattern.len() as u64;
        let rest = self.pattern.iter().take((n % whole) as usize).filter(|(of, _)| *of == tier).count();
        n / whole * self.shares.get(tier).copied().unwrap_or(0) + rest as u64
    }
}

/// Smooth weighted round robin: the tier that is furthest behind its share is next.
fn pattern(shares: &[u64], whole: u64) -> Vec<(usize, u64)> {
    let mut behind = vec![0_i64; shares.len()];
    let mut counts = vec![0_u64; shares.len()];
    let mut pattern = Vec::new();
    for _ in 0..whole {
        behind.iter_mut().zip(shares).for_each(|(behind, share)| *behind += *share as i64);
        let next = (0..shares.len()).rev().max_by_key(|tier| behind[*tier]).unwrap_or(0);
        behind[next] -= whole as i64;
        pattern.push((next, counts[next]));
        counts[next] += 1;
    }
    pattern
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn tiers_follow_each_other_evenly() {
        let mix = Mix::new(&[30_000, 15_000, 5_000]).unwrap();
        let tiers: Vec<usize> = (0..10).map(|n| mix.of(n).0).collect();
        assert_eq!(tiers, [0, 1, 0, 0, 1, 0, 2, 0, 1, 0]);
        assert_eq!(
            (mix.count(50_000, 0), mix.count(50_000, 1), mix.count(50_000, 2)),
            (30_000, 15_000, 5_000)
        );
        assert_eq!(Mix::new(&[0, 0]), None);
        assert_eq!(Mix::new(&[]), None);
        assert_eq!(Mix::new(&[u64::MAX, 1]), None);
    }

    proptest! {
        #[test]
        fn nobody_is_left_out_and_none_counted_twice(shares in prop::collection::vec(0_u64..40, 1..5), n in 0_u64..500) {
            prop_assume!(shares.iter().any(|share| *share > 0));
            let mix = Mix::new(&shares).unwrap();
            for tier in 0..shares.len() {
                let numbers: Vec<u64> = (0..n).map(|n| mix.of(n)).filter(|(of, _)| *of == tier).map(|(_, j)| j).collect();
                prop_assert_eq!(&numbers, &(0..mix.count(n, tier)).collect::<Vec<_>>());
            }
        }
    }
}
