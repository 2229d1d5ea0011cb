//! What is left of a series when an approach to a limit is taken off it: caches fill, pools grow, code is
//! compiled, and then no more. It takes nothing off where a straight line explains the series as well.

use super::Point;

/// How much better one explanation must be than another, by the criterion of G. Schwarz (Annals of
/// Statistics 6, 1978), before it is believed: very strong evidence as R. E. Kass and A. E. Raftery have
/// it (Journal of the American Statistical Association 90, 1995).
const STRONG: f64 = 10.0;
/// How many times constants are tried.
const TRIED: u32 = 32;
/// How often the step between two of them is halved.
const REFINED: u32 = 12;
/// The shortest and the longest, of the whole series. After three of them 95 % of the way is done: what
/// approaches more slowly has not been seen to flatten.
const SHORTEST: f64 = 0.02;
const LONGEST: f64 = 1.0 / 3.0;

/// An explanation: what it would take off at each point, and how well it fits.
struct Fit {
    left: f64,
    free: f64,
    taken: Vec<f64>,
}

impl Fit {
    /// Schwarz's criterion; less is better.
    fn criterion(&self, n: f64, least: f64) -> f64 {
        n * (self.left / n).max(least).ln() + self.free * n.ln()
    }
}

/// The points less what approaches a limit from below.
pub(super) fn taken_off(points: &[Point]) -> Vec<Point> {
    let Some(taken) = approach(points) else { return points.to_vec() };
    let left = points.iter().zip(&taken).map(|(point, taken)| Point { value: point.value - taken, ..*point });
    left.collect()
}

fn approach(points: &[Point]) -> Option<Vec<f64>> {
    let (first, last) = (points.first()?, points.last()?);
    let lasts = last.at_s - first.at_s;
    let times: Vec<f64> = points.iter().map(|point| (point.at_s - first.at_s) / lasts).collect();
    let values: Vec<f64> = points.iter().map(|point| point.value - first.value).collect();
    let n = points.len() as f64;
    // Where all is explained to a millionth of what moves, no explanation is better.
    let moves = values.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    let least = (moves * 1e-6).powi(2).max(f64::MIN_POSITIVE);
    let better = |one: &Fit, than: &Fit| one.criterion(n, least) + STRONG < than.criterion(n, least);
    let line = line(&times, &values);
    let limit = best(&times, &values, false)?;
    let both = best(&times, &values, true);
    let both = both.filter(|both| better(both, &limit));
    let fit = both.unwrap_or(limit);
    better(&fit, &line).then_some(fit.taken)
}

fn line(times: &[f64], values: &[f64]) -> Fit {
    let ones = vec![1.0; times.len()];
    let (_, left) = solve(&[&ones, times], values);
    Fit { left, free: 2.0, taken: Vec::new() }
}

/// The best approach to a limit, or to a line that rises; `None` where every one would come from above.
fn best(times: &[f64], values: &[f64], rising: bool) -> Option<Fit> {
    let at = |tried: f64| {
        let tried = tried.clamp(0.0, f64::from(TRIED - 1));
        approaching(times, values, rising, SHORTEST * (LONGEST / SHORTEST).powf(tried / f64::from(TRIED - 1)))
    };
    let better = |a: &Option<Fit>, b: &Option<Fit>| match (a, b) {
        (Some(a), Some(b)) => a.left < b.left,
        (a, _) => a.is_some(),
    };
    let (mut found, mut around) = (None, 0.0);
    for tried in (0..TRIED).map(f64::from) {
        let fit = at(tried);
        if better(&fit, &found) {
            (found, around) = (fit, tried);
        }
    }
    // Between those that were tried there is a better one.
    let mut step = 0.5;
    for _ in 0..REFINED {
        for beside in [around - step, around + step] {
            let fit = at(beside);
            if better(&fit, &found) {
                (found, around) = (fit, beside);
            }
        }
        step /= 2.0;
    }
    found
}

fn approaching(times: &[f64], values: &[f64], rising: bool, constant: f64) -> Option<Fit> {
    let ones = vec![1.0; times.len()];
    let away: Vec<f64> = times.iter().map(|time| (-time / constant).exp()).collect();
    let bases: &[&[f64]] = if rising { &[&ones, &away, times] } else { &[&ones, &away] };
    let (factors, left) = solve(bases, values);
    let rises = !rising || factors.get(2).is_some_and(|slope| *slope > 0.0);
    let factor = factors.get(1).copied().filter(|factor| *factor < 0.0 && rises)?;
    let taken = away.iter().map(|away| factor * away).collect();
    Some(Fit { left, free: if rising { 4.0 } else { 3.0 }, taken })
}

/// Least squares: the factor of each base, and the sum of the squares of what is left. Each base is made
/// upright to those before it (Gram and Schmidt, twice, so that no digits are lost).
fn solve(bases: &[&[f64]], values: &[f64]) -> (Vec<f64>, f64) {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let less = |a: &mut [f64], b: &[f64], by: f64| a.iter_mut().zip(b).for_each(|(a, b)| *a -= by * b);
    let mut upright: Vec<Vec<f64>> = Vec::new();
    // The share of each base in those after it.
    let mut shares: Vec<Vec<f64>> = Vec::new();
    for base in bases {
        let (mut one, mut share) = (base.to_vec(), vec![0.0; upright.len()]);
        for _ in 0..2 {
            for (at, before) in upright.iter().enumerate() {
                let by = dot(&one, before) / dot(before, before).max(f64::MIN_POSITIVE);
                less(&mut one, before, by);
                share[at] += by;
            }
        }
        upright.push(one);
        shares.push(share);
    }
    let mut left = values.to_vec();
    let mut factors: Vec<f64> = Vec::new();
    for one in &upright {
        let by = dot(&left, one) / dot(one, one).max(f64::MIN_POSITIVE);
        less(&mut left, one, by);
        factors.push(by);
    }
    for at in (0..factors.len()).rev() {
        let after: f64 = (at + 1..factors.len()).map(|later| factors[later] * shares[later][at]).sum();
        factors[at] -= after;
    }
    (factors, dot(&left, &left))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(value: impl Fn(f64) -> f64) -> Vec<Point> {
        (0..40).map(|at| f64::from(at) * 4.0).map(|at_s| Point { at_s, value: value(at_s) }).collect()
    }

    /// The slope from the middle to the end.
    fn slope(points: &[Point]) -> f64 {
        (points[39].value - points[20].value) / (points[39].at_s - points[20].at_s)
    }

    #[test]
    fn least_squares_find_the_factors_that_made_the_values() {
        let times: Vec<f64> = (0..9).map(f64::from).collect();
        let squares: Vec<f64> = times.iter().map(|time| time * time).collect();
        let values: Vec<f64> = times.iter().map(|time| 3.0 - 2.0 * time + 0.5 * time * time).collect();
        let (factors, left) = solve(&[&[1.0; 9], &times, &squares], &values);
        for (found, made) in factors.iter().zip([3.0, -2.0, 0.5]) {
            assert!((found - made).abs() < 1e-9, "{factors:?}");
        }
        assert!(left < 1e-15, "{left}");
    }

    #[test]
    fn an_approach_is_taken_off_and_what_rises_beside_it_stays() {
        for constant in [8.0, 20.0, 40.0] {
            let warm = |t: f64| 1e8 + 5e7 * (1.0 - (-t / constant).exp());
            let left = taken_off(&series(warm));
            assert!(slope(&left).abs() < 2_000.0, "{constant}: {}", slope(&left));
            let both = taken_off(&series(|t| warm(t) + 20_000.0 * t));
            assert!((slope(&both) - 20_000.0).abs() < 2_000.0, "{constant}: {}", slope(&both));
        }
    }

    #[test]
    fn a_line_is_left_alone_and_so_is_what_comes_from_above() {
        for value in [|t: f64| 5.0 + 3.0 * t, |_| 7.0, |t: f64| 100.0 * (-t / 20.0).exp()] {
            assert_eq!(taken_off(&series(value)), series(value));
        }
    }
}
