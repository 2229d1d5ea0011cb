//! Series as targets under load give them, twenty seeds each: three minutes, a sample a second.

use std::f64::consts::TAU;

use super::*;

const SEEDS: u64 = 20;
const SECONDS: usize = 180;
const MB: f64 = 1e6;

/// The numbers of `SplitMix64` (G. Steele, D. Lea and C. Flood, OOPSLA 2014), as shares from 0 to 1.
struct Chance(u64);

impl Chance {
    fn share(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as f64 / u64::MAX as f64
    }

    fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.share()
    }

    /// Spread as by Gauss.
    fn normal(&mut self) -> f64 {
        (-2.0 * self.share().max(1e-12).ln()).sqrt() * (TAU * self.share()).cos()
    }
}

/// What is added to what a process keeps.
#[derive(Debug, Clone, Copy)]
enum Noise {
    /// Each sample by itself.
    White,
    /// Each sample like the one before it.
    Slow,
    /// Memory that is used, and freed again all at once.
    Collected,
}

fn series(chance: &mut Chance, noise: Noise, kept: impl Fn(f64) -> f64) -> Vec<Point> {
    let (mut slow, mut garbage, period) = (0.0, 0.0, chance.between(2.0, 4.0));
    let mut noise = |at_s: f64| match noise {
        Noise::White => 0.1 * MB * chance.normal(),
        Noise::Slow => {
            slow = 0.6 * slow + 0.05 * MB * chance.normal();
            slow
        }
        Noise::Collected => {
            garbage = if at_s % period < 1.0 { 0.0 } else { garbage + MB * chance.share() };
            garbage + 0.05 * MB * chance.normal()
        }
    };
    // The kernel counts pages.
    let page = |bytes: f64| (bytes / 4096.0).round() * 4096.0;
    let at = |at: usize| {
        let at_s = at as f64;
        Point { at_s, value: page(40.0 * MB + kept(at_s) + noise(at_s)) }
    };
    (0..SECONDS).map(at).collect()
}

/// The courses that are seen of twenty seeds, for each kind of noise.
fn courses(kept: impl Fn(&mut Chance) -> Box<dyn Fn(f64) -> f64>) -> Vec<(Noise, Vec<Course>)> {
    let of = |noise| {
        let of_seed = |seed| {
            let mut chance = Chance(seed);
            let kept = kept(&mut chance);
            trend(&series(&mut chance, noise, kept), Block::Floor).unwrap().course
        };
        (noise, (0..SEEDS).map(of_seed).collect())
    };
    [Noise::White, Noise::Slow, Noise::Collected].map(of).to_vec()
}

fn all_rise(kept: impl Fn(&mut Chance) -> Box<dyn Fn(f64) -> f64>) {
    for (noise, courses) in courses(kept) {
        assert!(courses.iter().all(|course| *course == Course::Rises), "{noise:?}: {courses:?}");
    }
}

fn none_rises(kept: impl Fn(&mut Chance) -> Box<dyn Fn(f64) -> f64>) {
    for (noise, courses) in courses(kept) {
        assert!(courses.iter().all(|course| *course != Course::Rises), "{noise:?}: {courses:?}");
    }
}

/// A cache that is filled by keys at random approaches its size so.
fn cache(chance: &mut Chance) -> impl Fn(f64) -> f64 + use<> {
    let (size, constant) = (chance.between(3.0, 60.0) * MB, chance.between(4.0, 50.0));
    move |at_s| size * (1.0 - (-at_s / constant).exp())
}

#[test]
fn one_megabyte_a_minute_is_a_leak() {
    all_rise(|_| Box::new(|at_s| at_s * MB / 60.0));
}

#[test]
fn a_cache_that_fills_is_none() {
    none_rises(|chance| Box::new(cache(chance)));
}

/// What a cache of few and large entries holds is a matter of chance to the end: at twenty requests a
/// second each may bring one that nobody asked for yet.
fn entries(chance: &mut Chance) -> impl Fn(f64) -> f64 + use<> {
    let count = chance.between(100.0, 1_000.0) as usize;
    let entry = chance.between(3.0, 40.0) * MB / count as f64;
    let (mut there, mut held, mut seconds) = (vec![false; count], 0.0, Vec::new());
    for _ in 0..SECONDS {
        seconds.push(held);
        for _ in 0..20 {
            let key = (chance.share() * count as f64) as usize % count;
            held += if std::mem::replace(&mut there[key], true) { 0.0 } else { entry };
        }
    }
    move |at_s| seconds[at_s as usize]
}

/// One in fifteen would be taken for a leak if only its slope were looked at.
#[test]
fn a_cache_of_large_entries_is_hardly_ever_taken_for_a_leak() {
    let rises = |seed| {
        let mut chance = Chance(seed);
        let kept = entries(&mut chance);
        let series = series(&mut chance, Noise::White, kept);
        trend(&series, Block::Floor).unwrap().course == Course::Rises
    };
    let rise = (0..300).filter(|seed| rises(*seed)).count();
    assert!(rise <= 3, "{rise}");
}

#[test]
fn a_leak_behind_a_cache_of_large_entries_is_one() {
    all_rise(|chance| {
        let entries = entries(chance);
        Box::new(move |at_s| entries(at_s) + at_s * 3.0 * MB / 60.0)
    });
}

#[test]
fn a_leak_behind_a_cache_that_fills_is_one() {
    all_rise(|chance| {
        let cache = cache(chance);
        Box::new(move |at_s| cache(at_s) + at_s * 2.0 * MB / 60.0)
    });
}

#[test]
fn a_pool_that_grows_and_stops_is_none() {
    none_rises(|chance| {
        let (full, size) = (chance.between(20.0, 119.0), chance.between(2.0, 20.0) * MB);
        Box::new(move |at_s| size * (at_s / full).min(1.0))
    });
}

#[test]
fn steps_that_become_rarer_are_none() {
    none_rises(|chance| {
        let (first, step) = (chance.between(2.0, 7.0), chance.between(0.5, 8.0) * MB);
        // Buffers that double: at 1, 2, 4, 8 times the first moment.
        Box::new(move |at_s| step * (at_s / first).max(1.0).log2().floor().min(4.0))
    });
}

#[test]
fn what_neither_grows_nor_shrinks_is_level() {
    none_rises(|_| Box::new(|_| 0.0));
}

#[test]
fn words_for_what_is_seen() {
    let of = |kept: fn(f64) -> f64| {
        let mut chance = Chance(1);
        trend(&series(&mut chance, Noise::White, kept), Block::Floor).unwrap()
    };
    let leak = of(|at_s| at_s * MB / 60.0);
    assert_eq!(leak.course.word(), "rises");
    // A megabyte in 60 s is 16,667 bytes a second.
    assert!(leak.slope.lower < 16_667.0 && leak.slope.upper > 16_667.0, "{:?}", leak.slope);
    assert_eq!(of(|at_s| 9.0 * MB * (1.0 - (-at_s / 20.0).exp())).course.word(), "flattens");
    assert_eq!(of(|_| 0.0).course.word(), "level");
    assert_eq!(of(|at_s| -at_s * MB / 60.0).course.word(), "falls");
}

/// What is taken off of a pool that grew and stopped leaves a slope behind that was never measured.
#[test]
fn a_pool_without_noise_flattens_whenever_it_is_full() {
    for (full, power) in (5..119).flat_map(|full| [(full, 0.5), (full, 1.0), (full, 2.0), (full, 3.0)]) {
        let held = |at: usize| 10.0 * MB * (at as f64 / f64::from(full)).min(1.0).powf(power);
        let points: Vec<Point> = (0..SECONDS).map(|at| Point { at_s: at as f64, value: held(at) }).collect();
        assert_eq!(trend(&points, Block::Floor).unwrap().course, Course::Flattens, "{full} {power}");
    }
}

#[test]
fn too_few_points_have_no_trend() {
    let points = |count: usize| -> Vec<Point> {
        (0..count).map(|at| Point { at_s: at as f64, value: at as f64 }).collect()
    };
    assert_eq!(trend(&points(LEAST - 1), Block::Floor), None);
    assert_eq!(trend(&points(LEAST), Block::Floor).unwrap().course, Course::Rises);
    assert_eq!(trend(&[], Block::Middle), None);
    assert_eq!(trend(&[Point { at_s: 1.0, value: 1.0 }; 50], Block::Middle), None);
}

#[test]
fn a_block_is_its_least_or_its_middle() {
    let points: Vec<Point> =
        (0..80).map(|at| Point { at_s: f64::from(at), value: f64::from(at % 2) }).collect();
    assert!(blocks(&points, Block::Floor).iter().all(|block| block.value == 0.0));
    let middle = blocks(&points, Block::Middle);
    assert!(middle.len() == MOST_BLOCKS && middle.iter().all(|block| block.value == 0.5));
    assert_eq!(middle[1].at_s, 2.5);
    assert_eq!(blocks(&points[..50], Block::Middle).len(), MOST_BLOCKS);
}
