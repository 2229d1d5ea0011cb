//! The test of Mann and Kendall for a trend, and the slope of Theil and Sen. Neither asks how
//! measurements are spread, and a few wild ones change little.

use super::Point;

/// Between its bounds a slope is with 95 % confidence.
const NORMAL_95: f64 = 1.959_963_984_540_054;

/// What the test says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Kendall {
    /// Pairs that rise, less pairs that fall.
    pub(super) score: i64,
    /// How likely a series without a trend has such a score, either way.
    pub(super) p_value: f64,
}

/// A slope a second, and its bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::load) struct Slope {
    pub(in crate::load) lower: f64,
    pub(in crate::load) middle: f64,
    pub(in crate::load) upper: f64,
}

/// Both; `None` of fewer than three points, or when two are at one moment.
///
/// The slope is the median of those of all pairs (P. K. Sen, Journal of the American Statistical
/// Association 63, 1968, with the bounds given there). The variance of the score counts ties
/// (M. Kendall, Rank Correlation Methods, 1975), and grows where neighbours are alike (K. Hamed and
/// A. R. Rao, Journal of Hydrology 204, 1998); where they are unlike it is not made smaller.
pub(super) fn slope_and_test(points: &[Point]) -> Option<(Slope, Kendall)> {
    let n = points.len();
    if n < 3 {
        return None;
    }
    let pairs = || (0..n).flat_map(|a| (a + 1..n).map(move |b| (&points[a], &points[b])));
    let mut slopes: Vec<f64> = pairs().map(|(a, b)| (b.value - a.value) / (b.at_s - a.at_s)).collect();
    if !slopes.iter().all(|slope| slope.is_finite()) {
        return None;
    }
    slopes.sort_by(f64::total_cmp);
    let middle = median(&slopes);
    let sign = |(a, b): (&Point, &Point)| i64::from(b.value > a.value) - i64::from(b.value < a.value);
    let score: i64 = pairs().map(sign).sum();
    let spread = (variance(points) * likeness(points, middle)).sqrt();
    let beyond = slopes.len() as f64 - NORMAL_95 * spread;
    // The lower bound is the slope at (N - C) / 2 from below, the upper one as far from above.
    let at = ((beyond / 2.0).floor().max(0.0) as usize).min(slopes.len() / 2);
    let slope = Slope { lower: slopes[at], middle, upper: slopes[slopes.len() - 1 - at] };
    Some((slope, Kendall { score, p_value: p_value(score, spread) }))
}

/// The median of sorted values; not a number when there are none.
pub(super) fn median(sorted: &[f64]) -> f64 {
    let at = |at: usize| sorted.get(at).copied().unwrap_or(f64::NAN);
    let half = sorted.len() / 2;
    if sorted.len().is_multiple_of(2) {
        f64::midpoint(at(half.saturating_sub(1)), at(half))
    } else {
        at(half)
    }
}

fn p_value(score: i64, spread: f64) -> f64 {
    let beyond = (score.abs() - 1).max(0) as f64;
    if spread > 0.0 { libm::erfc(beyond / spread / std::f64::consts::SQRT_2) } else { 1.0 }
}

/// Of the score of points without a trend.
fn variance(points: &[Point]) -> f64 {
    let of = |n: f64| n * (n - 1.0) * (2.0 * n + 5.0);
    let mut values: Vec<f64> = points.iter().map(|point| point.value).collect();
    values.sort_by(f64::total_cmp);
    let ties: f64 = values.chunk_by(|a, b| a == b).map(|tied| of(tied.len() as f64)).sum();
    (of(points.len() as f64) - ties) / 18.0
}

/// How many times greater the variance is because neighbours are alike, at least 1: by the ranks of what
/// a straight line leaves, as far as they are alike beyond chance.
fn likeness(points: &[Point], slope: f64) -> f64 {
    let n = points.len();
    let left: Vec<f64> = points.iter().map(|point| point.value - slope * point.at_s).collect();
    let ranks = ranks(&left);
    let mean = (n as f64 - 1.0) / 2.0;
    let product =
        |lag: usize| -> f64 { ranks.iter().zip(&ranks[lag..]).map(|(a, b)| (a - mean) * (b - mean)).sum() };
    let whole = product(0);
    if whole <= 0.0 {
        return 1.0;
    }
    let of_lag = |lag: usize| {
        let rest = (n - lag) as f64;
        let alike = product(lag) / whole;
        let counts = alike.abs() > NORMAL_95 / (n as f64).sqrt();
        if counts { rest * (rest - 1.0) * (rest - 2.0) * alike } else { 0.0 }
    };
    let n_ = n as f64;
    (1.0 + 2.0 / (n_ * (n_ - 1.0) * (n_ - 2.0)) * (1..n).map(of_lag).sum::<f64>()).max(1.0)
}

/// The place of each value among all, from 0; equal ones share the mean of theirs.
fn ranks(values: &[f64]) -> Vec<f64> {
    let below = |value: f64| values.iter().filter(|other| **other < value).count() as f64;
    let same = |value: f64| values.iter().filter(|other| **other == value).count() as f64;
    values.iter().map(|value| below(*value) + (same(*value) - 1.0) / 2.0).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn points(values: &[f64]) -> Vec<Point> {
        values.iter().enumerate().map(|(at, value)| Point { at_s: at as f64, value: *value }).collect()
    }

    fn of(values: &[f64]) -> (Slope, Kendall) {
        slope_and_test(&points(values)).unwrap()
    }

    /// Worked out by hand: of ten pairs eight rise and two fall, so S = 6; its variance is 50/3.
    #[test]
    fn a_small_example_is_right_to_the_last_digit() {
        let (slope, test) = of(&[1.0, 3.0, 2.0, 5.0, 4.0]);
        assert_eq!((test.score, slope.middle), (6, 0.875));
        // 5 over sqrt(50/3) is 1.2247.
        assert!((test.p_value - 0.220_67).abs() < 1e-4, "{test:?}");
    }

    /// With 2, 2 and 3, 3 and 3 tied of six: (6·5·17 - 2·1·9 - 3·2·11) / 18 = 23.67.
    #[test]
    fn ties_make_the_variance_smaller() {
        let variance = variance(&points(&[1.0, 2.0, 2.0, 3.0, 3.0, 3.0]));
        assert!((variance - 426.0 / 18.0).abs() < 1e-9, "{variance}");
    }

    #[test]
    fn what_does_not_move_has_no_trend() {
        let (slope, test) = of(&[7.0; 20]);
        assert_eq!((slope.lower, slope.middle, slope.upper), (0.0, 0.0, 0.0));
        assert_eq!((test.score, test.p_value), (0, 1.0));
    }

    #[test]
    fn neighbours_that_are_alike_prove_less() {
        let wave: Vec<f64> = (0..20).map(|at| f64::from(at) + 8.0 * (f64::from(at) / 3.0).sin()).collect();
        let zigzag: Vec<f64> =
            (0..20).map(|at| f64::from(at) + if at % 2 == 0 { 4.0 } else { -4.0 }).collect();
        assert!(likeness(&points(&wave), 1.0) > 1.5);
        assert_eq!(likeness(&points(&zigzag), 1.0), 1.0);
        // Of a straight line it is 9e-10; what bends hangs together.
        let line: Vec<f64> = (0..20).map(f64::from).collect();
        let bow: Vec<f64> = line.iter().map(|at| at * at).collect();
        assert!(of(&line).1.p_value < 1e-8);
        assert!(of(&bow).1.p_value > 1e-5, "{:?}", of(&bow));
    }

    #[test]
    fn two_points_or_two_at_one_moment_say_nothing() {
        assert_eq!(slope_and_test(&points(&[1.0, 2.0])), None);
        let twice = vec![Point { at_s: 1.0, value: 1.0 }; 5];
        assert_eq!(slope_and_test(&twice), None);
    }

    proptest! {
        #[test]
        fn the_other_way_round_it_is_the_other_trend(values in prop::collection::vec(-1e6_f64..1e6, 3..30)) {
            let (slope, test) = of(&values);
            let (back, other) = of(&values.iter().map(|value| -value).collect::<Vec<_>>());
            prop_assert_eq!(test.score, -other.score);
            prop_assert!((slope.middle + back.middle).abs() < 1e-6);
            prop_assert!(slope.lower <= slope.middle && slope.middle <= slope.upper);
            prop_assert!((0.0..=1.0).contains(&test.p_value));
        }

        #[test]
        fn one_wild_value_moves_the_slope_little(at in 0_usize..20, wild in -1e9_f64..1e9) {
            let mut values: Vec<f64> = (0..20).map(|at| 2.0 * f64::from(at)).collect();
            values[at] = wild;
            prop_assert!((of(&values).0.middle - 2.0).abs() < 1e-9);
        }
    }
}
