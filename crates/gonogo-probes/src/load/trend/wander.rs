//! Whether a series goes somewhere, or only wanders: what a cache holds is a matter of chance, step by
//! step, and chance leads away from where it began without ever turning back.

use super::Point;

/// How many steps may hang together.
const LAGS: usize = 4;

/// How many standard errors the mean step of a series is away from none; below 0 it goes down. Not a
/// number when there are fewer than two steps, infinite when all are the same.
///
/// The variance of the mean counts how steps hang together (W. Newey and K. West, Econometrica 55,
/// 1987): where a measurement is only noisy, each step takes back the one before, and the mean is known
/// well; where it wanders, no step does.
pub(super) fn strength(points: &[Point]) -> f64 {
    let steps: Vec<f64> = points.windows(2).map(|pair| pair[1].value - pair[0].value).collect();
    let n = steps.len() as f64;
    let mean = steps.iter().sum::<f64>() / n;
    let product = |lag: usize| -> f64 {
        let later = steps.get(lag..).unwrap_or_default();
        steps.iter().zip(later).map(|(a, b)| (a - mean) * (b - mean)).sum::<f64>() / n
    };
    let weight = |lag: usize| 1.0 - lag as f64 / (LAGS as f64 + 1.0);
    let beside: f64 = (1..=LAGS).map(|lag| weight(lag) * product(lag)).sum();
    mean / ((product(0) + 2.0 * beside).max(0.0) / (n - 1.0)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(value: impl Fn(u32) -> f64) -> Vec<Point> {
        (0..21).map(|at| Point { at_s: f64::from(at), value: value(at) }).collect()
    }

    #[test]
    fn noise_is_taken_back_and_a_jump_is_not() {
        let noise = [0.1, -0.7, 0.9, -0.2, 0.6, -0.9, 0.3];
        let noisy = points(|at| f64::from(at) + 3.0 * noise[at as usize % 7]);
        let jump = points(|at| if at < 12 { 0.0 } else { 20.0 });
        assert!(strength(&noisy) > 3.0, "{}", strength(&noisy));
        assert!(strength(&jump) < 2.0, "{}", strength(&jump));
    }

    #[test]
    fn the_same_step_each_time_is_certain_and_none_is_nothing() {
        assert_eq!(strength(&points(f64::from)), f64::INFINITY);
        assert_eq!(strength(&points(|at| -f64::from(at))), f64::NEG_INFINITY);
        assert!(strength(&points(|_| 5.0)).is_nan() && strength(&[]).is_nan());
    }
}
