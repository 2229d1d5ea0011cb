//! The search for the highest rate that keeps to an objective: it doubles until one does not, then goes
//! to the middle of what is left. Pure: it is told what came of each level, and says which is next.

/// Below so many parts of the first rate nothing is tried: there is no capacity to speak of.
const DEEPEST: u64 = 64;

/// What came of a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// The objective was kept to.
    Kept,
    /// It was not.
    Broken,
    /// The generator measured itself, so nothing is known of the target.
    Blurred,
}

/// What keeps the capacity from being higher, as far as was looked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LimitedBy {
    /// A little above it the objective is not kept to.
    Objective,
    /// A little above it the generator cannot measure.
    Generator,
    /// Nothing more may be sent.
    Cap,
    /// The time was over before it was known well enough.
    Time,
}

impl LimitedBy {
    /// The word for it in facts.
    pub(super) fn word(self) -> &'static str {
        match self {
            LimitedBy::Objective => "objective",
            LimitedBy::Generator => "generator",
            LimitedBy::Cap => "cap",
            LimitedBy::Time => "time",
        }
    }
}

/// A search. Rates are in thousandths of a start a second.
#[derive(Debug, Clone)]
pub(super) struct Search {
    first: u64,
    most: u64,
    /// How far the bounds may be apart at the end, in hundredths of a percent of the upper one.
    within: u64,
    /// How many levels may still be tried.
    left: u64,
    kept: Option<u64>,
    /// The lowest rate above that at which it was not kept to, or could not be seen.
    above: Option<(u64, Seen)>,
}

impl Search {
    /// Begins at `first`, never goes beyond `most`, and tries at most so many `levels`.
    pub(super) fn new(first: u64, most: u64, within: u64, levels: u64) -> Search {
        Search { first: first.clamp(1, most.max(1)), most, within, left: levels, kept: None, above: None }
    }

    /// The next rate to try; `None` when the search is over.
    pub(super) fn next(&self) -> Option<u64> {
        if self.left == 0 || self.is_over() {
            return None;
        }
        Some(match (self.kept, self.above) {
            (None, None) => self.first,
            (Some(kept), None) => kept.saturating_mul(2).min(self.most),
            (kept, Some((above, _))) => kept.unwrap_or(0).midpoint(above),
        })
    }

    /// What came of the rate that was next.
    pub(super) fn saw(&mut self, rate: u64, seen: Seen) {
        self.left = self.left.saturating_sub(1);
        match seen {
            Seen::Kept => self.kept = Some(rate),
            Seen::Broken | Seen::Blurred => self.above = Some((rate, seen)),
        }
    }

    fn is_over(&self) -> bool {
        match (self.kept, self.above) {
            (_, None) => self.kept == Some(self.most),
            (None, Some((above, _))) => above / 2 < (self.first / DEEPEST).max(1),
            (Some(kept), Some((above, _))) => {
                let apart = above - kept;
                apart <= 1 || u128::from(apart) * 10_000 <= u128::from(above) * u128::from(self.within)
            }
        }
    }

    /// The highest rate that was kept to.
    pub(super) fn lower(&self) -> Option<u64> {
        self.kept
    }

    /// The lowest rate at which the objective was not kept to; `None` where that was never seen.
    pub(super) fn upper(&self) -> Option<u64> {
        self.above.filter(|(_, seen)| *seen == Seen::Broken).map(|(rate, _)| rate)
    }

    /// What ended it.
    pub(super) fn limited_by(&self) -> LimitedBy {
        match self.above {
            _ if !self.is_over() => LimitedBy::Time,
            Some((_, Seen::Blurred)) => LimitedBy::Generator,
            Some(_) => LimitedBy::Objective,
            None => LimitedBy::Cap,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Searches a target that keeps to the objective up to `capacity`, with a generator that can measure
    /// up to `sees`; gives the rates that were tried.
    fn searched(mut search: Search, capacity: u64, sees: u64) -> (Search, Vec<u64>) {
        let mut tried = Vec::new();
        while let Some(rate) = search.next() {
            tried.push(rate);
            let seen = match (rate <= sees, rate <= capacity) {
                (false, _) => Seen::Blurred,
                (_, true) => Seen::Kept,
                (_, false) => Seen::Broken,
            };
            search.saw(rate, seen);
        }
        (search, tried)
    }

    #[test]
    fn it_doubles_and_then_goes_to_the_middle() {
        let (search, tried) = searched(Search::new(50, 10_000, 500, 99), 333, u64::MAX);
        assert_eq!(tried, [50, 100, 200, 400, 300, 350, 325, 337]);
        assert_eq!((search.lower(), search.upper()), (Some(325), Some(337)));
        assert_eq!(search.limited_by(), LimitedBy::Objective);
    }

    #[test]
    fn each_end_has_its_reason() {
        let of = |most, levels, capacity, sees| {
            let (search, _) = searched(Search::new(50, most, 500, levels), capacity, sees);
            (search.lower(), search.upper(), search.limited_by().word())
        };
        assert_eq!(of(300, 99, 5_000, 5_000), (Some(300), None, "cap"));
        assert_eq!(of(9_000, 99, 5_000, 210), (Some(206), None, "generator"));
        assert_eq!(of(9_000, 4, 333, 5_000), (Some(200), Some(400), "time"));
        assert_eq!(of(9_000, 2, 333, 5_000), (Some(100), None, "time"));
        assert_eq!(of(9_000, 99, 0, 5_000), (None, Some(1), "objective"));
        assert_eq!(of(9_000, 99, 12, 5_000), (Some(12), Some(13), "objective"));
        // A generator that is too slow for a rate, and a target that is too slow for a lower one.
        assert_eq!(of(9_000, 99, 110, 150), (Some(109), Some(112), "objective"));
    }

    proptest! {
        #[test]
        fn the_capacity_is_between_the_bounds(first in 1_u64..100_000, capacity in 1_u64..1_000_000, within in 1_u64..2_000) {
            let (search, tried) = searched(Search::new(first, 2_000_000, within, 1_000), capacity, u64::MAX);
            prop_assert!(tried.len() < 60, "{}", tried.len());
            let upper = search.upper().unwrap();
            prop_assert!(capacity < upper);
            match search.lower() {
                Some(lower) => {
                    prop_assert!(lower <= capacity);
                    let apart = upper - lower;
                    prop_assert!(apart <= 1 || apart * 10_000 <= upper * within);
                }
                // It was not looked for further down.
                None => prop_assert!(capacity < first / DEEPEST * 2 + 2),
            }
        }

        #[test]
        fn nothing_beyond_the_cap_is_tried(first in 1_u64..1_000, most in 1_u64..2_000, capacity in 0_u64..3_000) {
            let (_, tried) = searched(Search::new(first, most, 100, 1_000), capacity, u64::MAX);
            prop_assert!(tried.iter().all(|rate| (1..=most).contains(rate)), "{tried:?}");
        }
    }
}
