//! What may happen: the schedule drawn many times. Every draw is a function of the seed, the
//! task's own stream and the number of the sample, so that the same spec gives the same bytes on
//! every machine, and other work does not change what is drawn for this task.

use gonogo_model::digest::Digest;
use gonogo_model::schedule::{Share, Simulation};

use super::Task;
use super::network::Network;
use super::times::Times;
use super::{WorkTime, time};

/// Samples when nothing limits them.
const SAMPLES: u64 = 1_000;
/// Fewer would say little about nine of ten.
const FEWEST: u64 = 100;
/// Tasks and arrows that are walked in all samples together.
const MOST_STEPS: u64 = 4_000_000;

/// What was drawn.
pub(super) struct Drawn {
    pub(super) simulation: Simulation,
    /// In how many samples each task had no slack.
    critical: Vec<u64>,
}

impl Drawn {
    pub(super) fn share(&self, at: usize) -> Option<Share> {
        let (samples, of) = (*self.critical.get(at)?, self.simulation.samples);
        Some(Share { samples, percent: percent(samples, of) })
    }
}

/// Draws the schedule; nothing when no estimate is a range or when it cannot be drawn often enough.
pub(super) fn simulate(network: &Network<'_>, planned: &[Vec<usize>], seed: &Digest) -> Option<Drawn> {
    let number = network.before_launch;
    let tasks = network.tasks.get(..number)?;
    let needs = planned.get(..number)?;
    if !tasks.iter().any(|task| task.effort.is_some_and(|effort| effort.least < effort.most)) {
        return None;
    }
    let steps = number + needs.iter().map(Vec::len).sum::<usize>();
    let samples = SAMPLES.min(MOST_STEPS / u64::try_from(steps.max(1)).unwrap_or(u64::MAX));
    if samples < FEWEST {
        return None;
    }
    let digits = seed.as_str().get(..16)?;
    let start = u64::from_str_radix(digits, 16).unwrap_or(0);
    let streams: Vec<u64> = tasks.iter().map(|task| mixed(start ^ hashed(&task.stream))).collect();
    let mut lengths = vec![0; number];
    let mut critical = vec![0_u64; number];
    let mut ends = Vec::new();
    let mut times = Times::of(needs, &lengths, number);
    for sample in 0..samples {
        let drawn = tasks.iter().zip(&streams).map(|(task, stream)| draw(task, *stream, sample));
        lengths.iter_mut().zip(drawn).for_each(|(length, drawn)| *length = drawn);
        times.again(needs, &lengths);
        ends.push(times.length);
        critical.iter_mut().enumerate().for_each(|(at, number)| *number += u64::from(times.slack(at) == 0));
    }
    ends.sort_unstable();
    let (p50, p90) = (rank(&ends, 50), rank(&ends, 90));
    let simulation = Simulation { seed: digits.to_owned(), samples, p50, p90 };
    Some(Drawn { simulation, critical })
}

/// The smallest end that so many of a hundred samples do not exceed.
fn rank(ends: &[u64], of_hundred: usize) -> WorkTime {
    let at = (ends.len() * of_hundred).div_ceil(100).saturating_sub(1);
    time(ends.get(at).copied().unwrap_or(0))
}

/// A length between the least and the most: half the sum of two even draws, so that the middle
/// is the likeliest and both ends are rare. Halves are rounded up or down at even chance.
/// With the same stream and sample, a larger estimate never gives a smaller length.
fn draw(task: &Task, stream: u64, sample: u64) -> u64 {
    let effort = task.effort.unwrap_or_default();
    let width = u64::from(effort.most.saturating_sub(effort.least));
    if width == 0 {
        return u64::from(effort.least);
    }
    let at = stream.wrapping_add(sample.wrapping_mul(2).wrapping_mul(STEP));
    let (one, other) = (mixed(at), mixed(at.wrapping_add(STEP)));
    let sum = even(one, width) + even(other, width) + (one & 1);
    u64::from(effort.least) + sum / 2
}

/// A number from 0 to `width`, each as likely as the others to one in 2³².
fn even(random: u64, width: u64) -> u64 {
    u64::try_from((u128::from(random) * u128::from(width + 1)) >> 64).unwrap_or(width)
}

/// The step between states and the mixing are those of SplitMix64 (Steele, Lea and Flood, 2014).
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

fn mixed(state: u64) -> u64 {
    let state = state.wrapping_add(STEP);
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

/// FNV-1a with 64 bits.
fn hashed(text: &str) -> u64 {
    let more = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, more)
}

/// `93.7%`, rounded half-even to one decimal.
fn percent(part: u64, of: u64) -> String {
    let (part, of) = (u128::from(part) * 1_000, u128::from(of.max(1)));
    let (whole, rest) = (part / of, part % of);
    let up = (rest * 2).cmp(&of).then((whole % 2).cmp(&0)).is_gt();
    let tenths = whole + u128::from(up);
    match tenths % 10 {
        0 => format!("{}%", tenths / 10),
        tenth => format!("{}.{tenth}%", tenths / 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first numbers of SplitMix64 from the state 1234567, as its authors' program prints them.
    #[test]
    fn the_numbers_are_those_of_splitmix64() {
        let numbers: Vec<u64> =
            (0..3_u64).map(|at| mixed(1_234_567_u64.wrapping_add(at.wrapping_mul(STEP)))).collect();
        assert_eq!(
            numbers,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn shares_are_rounded_half_to_even() {
        let shown = [(1, 8), (3, 8), (1, 3), (1, 1), (0, 5), (1, 2000), (3, 2000), (937, 1000)];
        let shown = shown.map(|(part, of)| percent(part, of));
        assert_eq!(shown, ["12.5%", "37.5%", "33.3%", "100%", "0%", "0%", "0.2%", "93.7%"]);
    }
}
