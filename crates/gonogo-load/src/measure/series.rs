//! Tallies second by second. Few seconds are written at a time; the others are packed, so that a
//! long run stays small.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::failure::Failure;
use super::latencies::{Corrupt, Latencies};
use super::tally::{Tally, Timing};

const MICROS: u64 = 1_000_000;
/// Tallies that are kept open for writing: answers come late, but mostly in order.
const OPEN: usize = 4;

/// What became of the requests of one step, or of the journeys of one tier.
#[derive(Debug, Clone)]
pub struct Series {
    grain_s: u32,
    whole: Tally,
    /// By second, but those that are being written.
    packed: BTreeMap<u32, Packed>,
    /// What came to a second since it was last packed; the last used one is last.
    open: Vec<(u32, Tally)>,
}

/// A tally that nobody writes: its distributions are bytes.
#[derive(Debug, Clone, Default)]
struct Packed {
    /// The counts; its distributions are empty.
    counts: Tally,
    good: Box<[u8]>,
    bad: Box<[u8]>,
    lag: Box<[u8]>,
    queued: Box<[u8]>,
}

impl Series {
    /// An empty one. `grain_s` seconds are counted together, at least one: a run of days need not
    /// keep every second apart.
    pub fn new(grain_s: u32) -> Series {
        let grain_s = grain_s.max(1);
        Series { grain_s, whole: Tally::default(), packed: BTreeMap::new(), open: Vec::new() }
    }

    /// One that went well.
    pub fn good(&mut self, timing: Timing) {
        let tally = self.at(timing.intended_us);
        tally.started += 1;
        tally.good.record(timing.took_us());
        self.at(timing.ended_us).finished += 1;
    }

    /// One that failed.
    pub fn bad(&mut self, timing: Timing, failure: Failure) {
        let tally = self.at(timing.intended_us);
        tally.started += 1;
        tally.bad.record(timing.took_us());
        *tally.failures.entry(failure).or_default() += 1;
    }

    /// Bytes that went over the wire at this moment.
    pub fn moved(&mut self, at_us: u64, sent: u64, received: u64) {
        let tally = self.at(at_us);
        tally.sent += sent;
        tally.received += received;
    }

    /// How late the generator started one that was to start then.
    pub fn lagged(&mut self, intended_us: u64, lag_us: u64) {
        self.at(intended_us).lag.record(lag_us);
    }

    /// How long one that was to start then waited for a free connection.
    pub fn queued(&mut self, intended_us: u64, queued_us: u64) {
        self.at(intended_us).queued.record(queued_us);
    }

    /// All of it together.
    pub fn whole(&self) -> Tally {
        let mut whole = self.whole.clone();
        self.open.iter().for_each(|(_, tally)| whole.merge(tally));
        whole
    }

    /// The seconds that have something, in order: the first second that each stands for.
    pub fn seconds(&self) -> Vec<u32> {
        let cells = self.packed.keys().copied().chain(self.open.iter().map(|(cell, _)| *cell));
        cells.collect::<BTreeSet<u32>>().into_iter().map(|cell| cell * self.grain_s).collect()
    }

    /// What was counted in this second, and those that are counted together with it.
    pub fn second(&self, second: u32) -> Tally {
        let cell = second / self.grain_s;
        let mut tally = self.packed.get(&cell).map_or_else(Tally::default, Packed::unpacked);
        self.open.iter().filter(|(open, _)| *open == cell).for_each(|(_, open)| tally.merge(open));
        tally
    }

    /// Adds all of another one. Both have the same grain.
    pub(super) fn merge(&mut self, other: &Series) {
        self.pack();
        for second in other.seconds() {
            let tally = other.second(second);
            self.keep(second / self.grain_s, &tally);
        }
    }

    /// Packs every second.
    pub(super) fn pack(&mut self) {
        for (cell, tally) in std::mem::take(&mut self.open) {
            self.keep(cell, &tally);
        }
    }

    fn keep(&mut self, cell: u32, tally: &Tally) {
        self.whole.merge(tally);
        let packed = self.packed.entry(cell).or_default();
        let mut all = packed.unpacked();
        all.merge(tally);
        *packed = Packed::of(all);
    }

    /// The tally of the second of this moment, to be written.
    fn at(&mut self, us: u64) -> &mut Tally {
        let cell = u32::try_from(us / MICROS).unwrap_or(u32::MAX) / self.grain_s;
        let last = self.open.len().wrapping_sub(1);
        let found = match self.open.get(last) {
            Some((open, _)) if *open == cell => last,
            _ => self.opened(cell),
        };
        &mut self.open[found].1
    }

    fn opened(&mut self, cell: u32) -> usize {
        match self.open.iter().position(|(open, _)| *open == cell) {
            Some(at) => self.open[at..].rotate_left(1),
            None => {
                if self.open.len() >= OPEN {
                    let (oldest, tally) = self.open.remove(0);
                    self.keep(oldest, &tally);
                }
                self.open.push((cell, Tally::default()));
            }
        }
        self.open.len() - 1
    }
}

impl Packed {
    fn of(mut tally: Tally) -> Packed {
        let mut packed = |latencies: fn(&mut Tally) -> &mut Latencies| -> Box<[u8]> {
            std::mem::take(latencies(&mut tally)).packed().into_boxed_slice()
        };
        let good = packed(|tally| &mut tally.good);
        let bad = packed(|tally| &mut tally.bad);
        let lag = packed(|tally| &mut tally.lag);
        let queued = packed(|tally| &mut tally.queued);
        Packed { good, bad, lag, queued, counts: tally }
    }

    fn unpacked(&self) -> Tally {
        // We packed them ourselves.
        let read = |bytes: &[u8]| Latencies::unpacked(bytes).unwrap_or_default();
        Tally {
            good: read(&self.good),
            bad: read(&self.bad),
            lag: read(&self.lag),
            queued: read(&self.queued),
            ..self.counts.clone()
        }
    }
}

/// Equal when every bucket of every second is.
impl PartialEq for Series {
    fn eq(&self, other: &Series) -> bool {
        let (ours, others) = (self.seconds(), other.seconds());
        self.grain_s == other.grain_s
            && ours == others
            && ours.iter().all(|second| self.second(*second) == other.second(*second))
    }
}

impl Eq for Series {}

/// A series as it is stored.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stored(BTreeMap<u32, Tally>);

impl From<&Series> for Stored {
    fn from(series: &Series) -> Stored {
        Stored(series.seconds().into_iter().map(|second| (second, series.second(second))).collect())
    }
}

impl Stored {
    /// The series again.
    pub(super) fn read(self, grain_s: u32) -> Result<Series, Corrupt> {
        let mut series = Series::new(grain_s);
        for (second, tally) in self.0 {
            if second % series.grain_s != 0 {
                return Err(Corrupt::of(format!("second {second} is not one of every {grain_s}")));
            }
            series.keep(second / series.grain_s, &tally);
        }
        Ok(series)
    }
}
