//! Whether a series of measurements goes on rising, or only rose until it had warmed up. Pure: it knows
//! neither processes nor metrics, and what rises is for others to call a leak.
//!
//! 1. The series is put together into at most 40 blocks of equal length.
//! 2. Where an approach to a limit explains it better than a straight line, that approach is taken off
//!    (`settling`). A process that fills a cache approaches a limit; one that leaks does not.
//! 3. What is left rises, or falls, when its second half does by the test of Mann and Kendall
//!    (`kendall`) at the 0.1 % level, the last third, as it was measured, does at the 5 % level, and the
//!    steps of the second half lead further away than chance does (`wander`).

mod kendall;
mod settling;
mod wander;

use self::kendall::Slope;

/// More points are put together.
const MOST_BLOCKS: usize = 40;
/// Of fewer nothing is said: the second half has eight of them, and the last third five.
pub(super) const LEAST: usize = 16;
/// How sure it must be that the second half rises or falls.
const SURE: f64 = 0.001;
/// How sure it must be that the last third does.
const LIKELY: f64 = 0.05;
/// How many standard errors the mean step of the second half must be from none.
const FAR: f64 = 3.0;
/// The same where something was taken off, for that is not known exactly.
const FARTHER: f64 = 4.5;

/// A measurement.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    /// Seconds since any moment.
    pub(super) at_s: f64,
    pub(super) value: f64,
}

/// Which value stands for those of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    /// The least: what is left after everything that comes and goes has gone, as after a collection of
    /// garbage.
    Floor,
    /// The median.
    Middle,
}

/// How a series goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// Neither of the others can be shown.
    Level,
    /// It falls to the end.
    Falls,
    /// It rose, and no longer does.
    Flattens,
    /// It rises to the end.
    Rises,
}

impl Course {
    /// The word for it in facts.
    pub(super) fn word(self) -> &'static str {
        match self {
            Course::Level => "level",
            Course::Falls => "falls",
            Course::Flattens => "flattens",
            Course::Rises => "rises",
        }
    }
}

/// What is known of a series.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Trend {
    pub(super) course: Course,
    /// Of the second half, once what flattens is taken off: Theil and Sen's slope a second, and between
    /// which slopes it is with 95 % confidence.
    pub(super) slope: Slope,
    /// How likely a series without a trend has one as strong as this, either way.
    pub(super) p_value: f64,
    /// The blocks, in order.
    pub(super) blocks: Vec<Point>,
}

/// The trend of a series in order of time; `None` when there are fewer than [`LEAST`] points.
pub(super) fn trend(points: &[Point], block: Block) -> Option<Trend> {
    let blocks = blocks(points, block);
    let settled = settling::taken_off(&blocks);
    let late = settled.get(settled.len() / 2..).filter(|_| blocks.len() >= LEAST)?;
    let (slope, test) = kendall::slope_and_test(late)?;
    let last = blocks.get(blocks.len() - blocks.len() / 3..)?;
    let far = if settled == blocks { FAR } else { FARTHER };
    let strength = wander::strength(late);
    let sure = if test.p_value < SURE { test.score.signum() } else { 0 };
    let course = match sure {
        1 if goes(last, LIKELY) == 1 && strength > far => Course::Rises,
        -1 if goes(last, LIKELY) == -1 && strength < -far => Course::Falls,
        // What was taken off had risen.
        _ if settled != blocks || goes(&blocks, SURE) == 1 => Course::Flattens,
        _ => Course::Level,
    };
    Some(Trend { course, slope, p_value: test.p_value, blocks })
}

/// Whether it rises (1) or falls (-1), when it is so sure.
fn goes(points: &[Point], sure: f64) -> i64 {
    let test = kendall::slope_and_test(points).map(|(_, test)| test);
    test.filter(|test| test.p_value < sure).map_or(0, |test| test.score.signum())
}

/// The points as at most [`MOST_BLOCKS`], each over as many of them as the others, but for one.
fn blocks(points: &[Point], block: Block) -> Vec<Point> {
    let count = points.len().min(MOST_BLOCKS);
    let edge = |at: usize| at * points.len() / count;
    (0..count).map(|at| of_block(&points[edge(at)..edge(at + 1)], block)).collect()
}

fn of_block(points: &[Point], block: Block) -> Point {
    let mut values: Vec<Point> = points.to_vec();
    values.sort_by(|a, b| a.value.total_cmp(&b.value));
    match (block, values.first()) {
        // With its own moment: what rises fast is least where its block begins.
        (Block::Floor, Some(least)) => *least,
        _ => Point {
            at_s: points.iter().map(|point| point.at_s).sum::<f64>() / points.len() as f64,
            value: kendall::median(&values.iter().map(|point| point.value).collect::<Vec<f64>>()),
        },
    }
}

#[cfg(test)]
mod tests;
