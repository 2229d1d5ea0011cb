//! How much load there is at each moment: a level that holds or changes evenly, stretch by stretch.
//! All arithmetic is on whole numbers. The level of an open plan is a rate, and its integral says
//! when the n-th arrival is; that of a closed plan is a number of users.

use serde::{Deserialize, Serialize};

use super::Refused;

/// No level is higher: a million a second, or a million users.
const HIGHEST_MILLI: u64 = 1_000_000_000;
/// No profile is longer: four days. With this and the above, no product below exceeds 128 bits.
const LONGEST_MS: u64 = 4 * 24 * 3_600_000;
const NANOS_PER_MS: u64 = 1_000_000;
/// Twice a thousandth of an arrival for a nanosecond, as many times as make one arrival.
const ONE: u128 = 2_000_000_000_000;

/// A stretch of time over which the level changes evenly, or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// How long it lasts, in milliseconds.
    pub lasts_ms: u64,
    /// The level at its start, in thousandths: of a start a second, or of a user.
    pub from_milli: u64,
    /// The level at its end, in thousandths.
    pub to_milli: u64,
}

impl Segment {
    /// One in which the level holds.
    pub fn steady(lasts_ms: u64, milli: u64) -> Segment {
        Segment { lasts_ms, from_milli: milli, to_milli: milli }
    }

    fn lasts_ns(&self) -> u64 {
        self.lasts_ms * NANOS_PER_MS
    }

    /// The level `t` nanoseconds after its start, in thousandths, rounded up.
    fn milli_at(&self, t: u64) -> u64 {
        let lasts = self.lasts_ns();
        let sum =
            u128::from(self.from_milli) * u128::from(lasts - t) + u128::from(self.to_milli) * u128::from(t);
        u64::try_from(sum.div_ceil(u128::from(lasts))).unwrap_or(HIGHEST_MILLI)
    }

    /// What it adds to the integral, where [`ONE`] is one arrival.
    fn area(&self) -> u128 {
        u128::from(self.from_milli + self.to_milli) * u128::from(self.lasts_ns())
    }

    /// The integral up to `t` nanoseconds after its start, times its length.
    fn area_until(&self, t: u64) -> u128 {
        let (a, b) = (u128::from(self.from_milli), u128::from(self.to_milli));
        let (t, lasts) = (u128::from(t), u128::from(self.lasts_ns()));
        let straight = 2 * a * lasts * t;
        if b >= a { straight + (b - a) * t * t } else { straight - (a - b) * t * t }
    }

    /// The first nanosecond at which the integral has reached `area`, which is less than its own.
    fn reached(&self, area: u128) -> u64 {
        let lasts = self.lasts_ns();
        if self.from_milli == self.to_milli {
            let rate = 2 * u128::from(self.from_milli);
            return u64::try_from(area.div_ceil(rate)).unwrap_or(lasts);
        }
        let wanted = area * u128::from(lasts);
        let reaches = |t: u64| self.area_until(t) >= wanted;
        // The estimate is mostly right to a few nanoseconds; from there it is sought exactly.
        let mut high = self.estimate(wanted).min(lasts);
        let mut step = 1;
        while !reaches(high) {
            high = high.saturating_add(step).min(lasts);
            step *= 2;
        }
        let mut low = high.saturating_sub(1);
        step = 1;
        while low > 0 && reaches(low) {
            (low, high) = (low.saturating_sub(step), low);
            step *= 2;
        }
        if reaches(low) {
            return low;
        }
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if reaches(middle) { high = middle } else { low = middle }
        }
        high
    }

    fn estimate(&self, wanted: u128) -> u64 {
        let (a, b, lasts) = (self.from_milli as f64, self.to_milli as f64, self.lasts_ns() as f64);
        let root = ((a * lasts).powi(2) + (b - a) * wanted as f64).max(0.0).sqrt();
        (wanted as f64 / (a * lasts + root).max(1.0)) as u64
    }

    /// When the level is above this, in nanoseconds since its start: from the first up to, not with,
    /// the second.
    fn above(&self, milli: u64) -> Option<(u64, u64)> {
        let (from, to, lasts) = (self.from_milli, self.to_milli, self.lasts_ns());
        let share = |part: u64, whole: u64| u128::from(part) * u128::from(lasts) / u128::from(whole);
        let exact =
            |part: u64, whole: u64| (u128::from(part) * u128::from(lasts)).div_ceil(u128::from(whole));
        let nanos = |t: u128| u64::try_from(t).unwrap_or(lasts).min(lasts);
        match (from > milli, to > milli) {
            (false, false) => None,
            (true, true) => Some((0, lasts)),
            (false, true) => Some((nanos(share(milli - from, to - from) + 1), lasts)),
            (true, false) => Some((0, nanos(exact(from - milli, from - to)))),
        }
        .filter(|(from, to)| from < to)
    }
}

/// The level over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Segment>", into = "Vec<Segment>")]
pub struct Profile(Vec<Segment>);

impl TryFrom<Vec<Segment>> for Profile {
    type Error = Refused;

    fn try_from(segments: Vec<Segment>) -> Result<Profile, Refused> {
        Profile::new(segments)
    }
}

impl From<Profile> for Vec<Segment> {
    fn from(profile: Profile) -> Vec<Segment> {
        profile.0
    }
}

impl Profile {
    /// These stretches, one after the other.
    ///
    /// # Errors
    /// [`Refused`] when there is none, one lasts no time, or level or length are beyond what can be
    /// worked out exactly.
    pub fn new(segments: Vec<Segment>) -> Result<Profile, Refused> {
        let lasts = segments.iter().try_fold(0_u64, |sum, segment| sum.checked_add(segment.lasts_ms));
        match lasts {
            Some(1..=LONGEST_MS) if segments.iter().all(|segment| segment.lasts_ms > 0) => {}
            _ => {
                return Err(Refused(
                    "load lasts from 1 ms to 4 days, and so does each part of it".to_owned(),
                ));
            }
        }
        let profile = Profile(segments);
        match profile.peak_milli() {
            0 => Err(Refused("there is no load: every level is 0".to_owned())),
            1..=HIGHEST_MILLI => Ok(profile),
            _ => Err(Refused("no level is above 1,000,000".to_owned())),
        }
    }

    /// How long it lasts, in nanoseconds.
    pub fn lasts_ns(&self) -> u64 {
        self.0.iter().map(Segment::lasts_ns).sum()
    }

    /// The highest level, in thousandths.
    pub fn peak_milli(&self) -> u64 {
        self.0.iter().map(|segment| segment.from_milli.max(segment.to_milli)).max().unwrap_or(0)
    }

    /// The level at a moment, in thousandths, rounded up; 0 after the end.
    pub fn milli_at(&self, ns: u64) -> u64 {
        let mut before = 0;
        for segment in &self.0 {
            let lasts = segment.lasts_ns();
            if ns < before + lasts {
                return segment.milli_at(ns - before);
            }
            before += lasts;
        }
        0
    }

    /// How many users there are at most.
    pub fn most_users(&self) -> u64 {
        self.peak_milli().div_ceil(1_000)
    }

    /// How many arrivals there are.
    pub fn arrivals(&self) -> u64 {
        let area: u128 = self.0.iter().map(Segment::area).sum();
        u64::try_from(area.div_ceil(ONE)).unwrap_or(u64::MAX)
    }

    /// The moments of all arrivals, in nanoseconds, in order. The n-th is the first nanosecond at
    /// which the integral of the rate has reached n.
    pub fn starts(&self) -> Starts<'_> {
        Starts { profile: self, cursor: Cursor::default() }
    }

    /// When the user with this number is there: from the first up to, not with, the second moment,
    /// in nanoseconds. With 2.5 users there are three.
    pub fn spans(&self, user: u64) -> Vec<(u64, u64)> {
        let (mut spans, mut before): (Vec<(u64, u64)>, u64) = (Vec::new(), 0);
        for segment in &self.0 {
            if let Some((from, to)) = segment.above(user.saturating_mul(1_000)) {
                match spans.last_mut().filter(|last| last.1 == before + from) {
                    Some(last) => last.1 = before + to,
                    None => spans.push((before + from, before + to)),
                }
            }
            before += segment.lasts_ns();
        }
        spans
    }
}

/// Goes along a profile from arrival to arrival.
#[derive(Debug, Clone)]
pub struct Starts<'p> {
    profile: &'p Profile,
    cursor: Cursor,
}

impl Starts<'_> {
    /// The moment of arrival `n`, in nanoseconds; `None` after the last. Numbers must not fall from
    /// call to call.
    pub fn at(&mut self, n: u64) -> Option<u64> {
        self.cursor.find(self.profile, n)
    }
}

/// Where in a profile the last arrival was found.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cursor {
    segment: usize,
    before_ns: u64,
    before: u128,
}

impl Cursor {
    /// The moment of arrival `n`, which is not before the last one that was found.
    pub(super) fn find(&mut self, profile: &Profile, n: u64) -> Option<u64> {
        let wanted = u128::from(n) * ONE;
        loop {
            let segment = profile.0.get(self.segment)?;
            if wanted < self.before + segment.area() {
                return Some(self.before_ns + segment.reached(wanted.saturating_sub(self.before)));
            }
            self.before += segment.area();
            self.before_ns += segment.lasts_ns();
            self.segment += 1;
        }
    }
}
