//! Scores: exact rationals with denominators fixed by the spec, rounded once for people. Knows
//! no severity but the cap of an open high, and no rule of the verdict.

use std::collections::BTreeMap;

use gonogo_model::amount::Percent;
use gonogo_model::spec::{Category, Policy, Spec};
use gonogo_model::status::{Severity, Status};
use gonogo_model::verdict::{Call, CategoryScore, Counts, Coverage, Score, SeverityCounts};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};

use crate::finding::Found;
use crate::mark::{self, Mark};

/// A whole point in the unit of points, so that a half and every percentage are whole numbers.
const POINT: u64 = 10_000;

/// The scores of all categories, and of all together.
#[derive(Debug)]
pub(crate) struct Scores {
    pub(crate) categories: Vec<CategoryScore>,
    pub(crate) exact: BigRational,
    pub(crate) score: Score,
}

/// Scores every category, then the whole.
pub(crate) fn scores(spec: &Spec, marks: &[Mark], found: &[Found]) -> Scores {
    let counts = mark::counts(marks, spec.categories.len(), |mark| mark.category);
    let capped = capped(spec, marks, found);
    let open = open(spec, found);
    let mut exact = BigRational::zero();
    let mut categories = Vec::with_capacity(spec.categories.len());
    for (((category, counts), capped), open) in spec.categories.iter().zip(counts).zip(capped).zip(open) {
        let (score, units) = category_score(category, &spec.policy, counts, capped, open);
        let weighted = fraction(units, score.counts) * BigRational::new(category.weight.into(), 100.into());
        let points = points_of_100(&weighted, category.weight);
        categories.push(CategoryScore { weighted: points, ..score });
        exact += weighted;
    }
    let exact = exact.min(BigRational::one());
    let score = Score { points: points_of_100(&exact, 100), ..score(&exact) };
    Scores { categories, exact, score }
}

/// Whether `exact` is under `limit`, without any rounding.
pub(crate) fn is_under(exact: &BigRational, limit: Percent) -> bool {
    *exact < BigRational::new(limit.hundredths().into(), 10_000.into())
}

fn category_score(
    category: &Category,
    policy: &Policy,
    counts: Counts,
    capped: bool,
    open: SeverityCounts,
) -> (CategoryScore, u64) {
    let measured = units(&counts, policy);
    let cap = u64::from(policy.high_cap.hundredths()) * applicable(&counts);
    let units = if capped { measured.min(cap) } else { measured };
    let scored = |units: u64| Score {
        points: format!("{}/{}", decimal(units), applicable(&counts)),
        ..score(&fraction(units, counts))
    };
    let score = CategoryScore {
        id: category.id.clone(),
        question: category.question.clone(),
        weight: category.weight,
        score: scored(units),
        weighted: String::new(),
        uncapped: (units < measured).then(|| scored(measured)),
        floor: category.floor,
        floor_met: category.floor.is_none_or(|floor| !is_under(&fraction(units, counts), floor)),
        counts,
        open,
        decision: Call::Go,
        coverage: coverage(&counts),
        weakest: None,
    };
    (score, units)
}

/// What checks with these statuses count of what they could.
pub(crate) fn of_counts(counts: Counts, policy: &Policy) -> Score {
    let units = units(&counts, policy);
    let points = format!("{}/{}", decimal(units), applicable(&counts));
    Score { points, ..score(&fraction(units, counts)) }
}

/// How much of what applies was really looked at.
pub(crate) fn coverage(counts: &Counts) -> Coverage {
    let looked = [Status::Pass, Status::Partial, Status::Fail].map(|status| counts.of(status));
    Coverage { planned: applicable(counts), looked: looked.iter().sum() }
}

/// What the checks count together: PASS a point, PARTIAL a half, ATTESTED what the policy says.
fn units(counts: &Counts, policy: &Policy) -> u64 {
    let attested = u64::from(policy.attested_counts.hundredths()).min(POINT / 2);
    counts.pass * POINT + counts.partial * (POINT / 2) + counts.attested * attested
}

/// The denominator: every check but N/A.
pub(crate) fn applicable(counts: &Counts) -> u64 {
    counts.total() - counts.of(Status::NotApplicable)
}

/// The exact score; 0 when nothing could be scored.
fn fraction(units: u64, counts: Counts) -> BigRational {
    match applicable(&counts) {
        0 => BigRational::zero(),
        checks => BigRational::new(units.into(), BigInt::from(POINT) * checks),
    }
}

fn score(exact: &BigRational) -> Score {
    Score {
        exact: format!("{}/{}", exact.numer(), exact.denom()),
        percent: rounded(exact).to_string(),
        points: String::new(),
    }
}

/// To hundredths of a percent, half to even.
fn rounded(exact: &BigRational) -> Percent {
    let scaled = exact * BigInt::from(POINT);
    let (whole, rest): (BigInt, BigRational) = (scaled.to_integer(), scaled.fract());
    let half = BigRational::new(1.into(), 2.into());
    let is_odd = (&whole % BigInt::from(2)).is_one();
    let up = rest > half || rest == half && is_odd;
    let hundredths = (whole + u32::from(up)).to_u32();
    hundredths.and_then(Percent::from_hundredths).unwrap_or(Percent::WHOLE)
}

/// The points of 100, of those that are possible: `4.6875/25`. Exact when they have an end soon, so
/// that the parts of a score add up to it; else rounded.
fn points_of_100(exact: &BigRational, of: u32) -> String {
    const MILLIONTHS: u64 = 1_000_000;
    let scaled = exact * BigInt::from(100 * MILLIONTHS);
    let ends = scaled.is_integer().then(|| scaled.to_integer().to_u64()).flatten();
    let points = match ends {
        Some(points) => decimal_of(points, MILLIONTHS, 6),
        None => rounded(exact).to_string().trim_end_matches('%').to_owned(),
    };
    format!("{points}/{of}")
}

/// Units of points as a decimal number without trailing zeros: `10.5`.
fn decimal(units: u64) -> String {
    decimal_of(units, POINT, 4)
}

fn decimal_of(units: u64, one: u64, decimals: usize) -> String {
    let text = format!("{}.{:0decimals$}", units / one, units % one);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The categories with an open high. A check that nobody could judge counts as open here:
/// losing the evidence of a problem must never raise a score.
fn capped(spec: &Spec, marks: &[Mark], found: &[Found]) -> Vec<bool> {
    let mut problems = Problems::of(spec);
    for (at, mark) in marks.iter().enumerate().filter(|(_, mark)| mark.unproven) {
        problems.add(at, mark, true);
    }
    for found in found.iter().filter(|found| !found.finding.accepted) {
        let fails = found.finding.status == Status::Fail;
        found.checks.iter().filter_map(|at| Some((*at, marks.get(*at)?))).for_each(|(at, mark)| {
            problems.add(at, mark, fails);
        });
    }
    let mut capped = vec![false; spec.categories.len()];
    let categories = problems.categories().into_iter().filter(|at| *at < spec.categories.len());
    categories.collect::<Vec<_>>().into_iter().for_each(|at| capped[at] = true);
    capped
}

/// Open problems: one for each check, and one for all checks with the same root cause.
struct Problems<'a> {
    spec: &'a Spec,
    alone: Vec<usize>,
    shared: BTreeMap<&'a str, Problem>,
}

#[derive(Default)]
struct Problem {
    is_high: bool,
    fails: bool,
    categories: Vec<usize>,
}

impl<'a> Problems<'a> {
    fn of(spec: &'a Spec) -> Problems<'a> {
        Problems { spec, alone: Vec::new(), shared: BTreeMap::new() }
    }

    fn add(&mut self, at: usize, mark: &Mark, fails: bool) {
        let Some(category) = mark.category else { return };
        let is_high = mark.severity >= Severity::High;
        match self.spec.checks.get(at).and_then(|check| check.root_cause.as_deref()) {
            Some(root_cause) => {
                let problem = self.shared.entry(root_cause).or_default();
                problem.is_high |= is_high;
                problem.fails |= fails;
                problem.categories.push(category);
            }
            None if is_high && fails => self.alone.push(category),
            None => {}
        }
    }

    fn categories(self) -> Vec<usize> {
        let shared = self.shared.into_values().filter(|problem| problem.is_high && problem.fails);
        self.alone.into_iter().chain(shared.flat_map(|problem| problem.categories)).collect()
    }
}

/// Open findings of each category, by the category in the finding's id.
fn open(spec: &Spec, found: &[Found]) -> Vec<SeverityCounts> {
    let mut open: BTreeMap<&str, SeverityCounts> = BTreeMap::new();
    for found in found.iter().filter(|found| !found.finding.accepted) {
        let category = found.finding.id.split('/').next().unwrap_or_default();
        open.entry(category).or_default().add(found.finding.severity);
    }
    spec.categories.iter().map(|c| open.get(c.id.as_str()).copied().unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_are_rounded_half_to_even() {
        for (above, below, text) in [
            (1, 20_000, "0%"),
            (3, 20_000, "0.02%"),
            (5, 20_000, "0.02%"),
            (1_001, 20_000_000, "0.01%"),
            (143, 320, "44.69%"),
            (89_999, 100_000, "90%"),
            (1, 1, "100%"),
        ] {
            let exact = BigRational::new(above.into(), below.into());
            assert_eq!(score(&exact).percent, text, "{exact}");
        }
        assert_eq!(score(&BigRational::new(6.into(), 8.into())).exact, "3/4");
        let limit = Percent::from_hundredths(9_000).unwrap();
        assert!(is_under(&BigRational::new(89_999.into(), 100_000.into()), limit));
        assert!(!is_under(&BigRational::new(9.into(), 10.into()), limit));
    }
}
