//! The record of a run, or of one shard of it: a series for every step and for the journeys of
//! every tier. Recordings of the shards of one plan merge into the recording of the whole.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::failure::Failure;
use super::latencies::Corrupt;
use super::series::{Series, Stored};
use super::tally::{Tally, Timing};

const VERSION: u32 = 1;

/// Which series a recording has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// The tiers, in order.
    pub tiers: Vec<TierLayout>,
    /// How many seconds are counted together.
    pub grain_s: u32,
}

/// The series of one tier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierLayout {
    /// Its name.
    pub name: String,
    /// Its steps, in order.
    pub steps: Vec<String>,
}

/// A part of a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The journeys of all tiers.
    All,
    /// The journeys of one tier, from first step to last.
    Tier(usize),
    /// The requests of one step of one tier.
    Step(usize, usize),
}

/// Two recordings that are not of one plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the recordings have different tiers, steps or grains; they are not of one plan")]
pub struct Different;

/// What was measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "StoredRecording", try_from = "StoredRecording")]
pub struct Recording {
    layout: Arc<Layout>,
    tiers: Vec<OfTier>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct OfTier {
    journeys: Series,
    steps: Vec<Series>,
}

impl Recording {
    /// An empty one.
    pub fn new(layout: Arc<Layout>) -> Recording {
        let series = || Series::new(layout.grain_s);
        let of_tier = |tier: &TierLayout| OfTier {
            journeys: series(),
            steps: tier.steps.iter().map(|_| series()).collect(),
        };
        let tiers = layout.tiers.iter().map(of_tier).collect();
        Recording { layout, tiers }
    }

    /// Which series there are.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// A journey of a tier ended.
    pub fn journey(&mut self, tier: usize, timing: Timing, failed: Option<Failure>) {
        if let Some(tier) = self.tiers.get_mut(tier) {
            ended(&mut tier.journeys, timing, failed);
        }
    }

    /// A request ended, for which so many bytes were sent and received.
    pub fn step(
        &mut self,
        (tier, step): (usize, usize),
        timing: Timing,
        failed: Option<Failure>,
        (sent, received): (u64, u64),
    ) {
        if let Some(series) = self.tiers.get_mut(tier).and_then(|tier| tier.steps.get_mut(step)) {
            ended(series, timing, failed);
            series.moved(timing.ended_us, sent, received);
        }
    }

    /// The generator started a journey so much later than intended.
    pub fn lagged(&mut self, tier: usize, intended_us: u64, lag_us: u64) {
        if let Some(tier) = self.tiers.get_mut(tier) {
            tier.journeys.lagged(intended_us, lag_us);
        }
    }

    /// A journey waited so long for a free connection.
    pub fn queued(&mut self, tier: usize, intended_us: u64, queued_us: u64) {
        if let Some(tier) = self.tiers.get_mut(tier) {
            tier.journeys.queued(intended_us, queued_us);
        }
    }

    /// Adds all of another one, bucket for bucket.
    ///
    /// # Errors
    /// [`Different`] when it is not of the same plan; nothing is added then.
    pub fn merge(&mut self, other: &Recording) -> Result<(), Different> {
        if self.layout != other.layout {
            return Err(Different);
        }
        for (ours, others) in self.tiers.iter_mut().zip(&other.tiers) {
            ours.journeys.merge(&others.journeys);
            for (ours, others) in ours.steps.iter_mut().zip(&others.steps) {
                ours.merge(others);
            }
        }
        Ok(())
    }

    /// The series of a part; none when the plan has no such tier or step.
    pub(super) fn series(&self, part: Part) -> Vec<&Series> {
        match part {
            Part::All => self.tiers.iter().map(|tier| &tier.journeys).collect(),
            Part::Tier(tier) => self.tiers.get(tier).map(|tier| &tier.journeys).into_iter().collect(),
            Part::Step(tier, step) => {
                self.tiers.get(tier).and_then(|tier| tier.steps.get(step)).into_iter().collect()
            }
        }
    }

    /// The seconds of a part that have something, in order.
    pub fn seconds(&self, part: Part) -> Vec<u32> {
        let mut seconds: Vec<u32> = self.series(part).into_iter().flat_map(Series::seconds).collect();
        seconds.sort_unstable();
        seconds.dedup();
        seconds
    }

    /// What was counted of a part in a second.
    pub fn second(&self, part: Part, second: u32) -> Tally {
        let mut all = Tally::default();
        self.series(part).iter().for_each(|series| all.merge(&series.second(second)));
        all
    }

    /// What was counted of a part altogether.
    pub fn whole(&self, part: Part) -> Tally {
        let mut all = Tally::default();
        self.series(part).iter().for_each(|series| all.merge(&series.whole()));
        all
    }
}

fn ended(series: &mut Series, timing: Timing, failed: Option<Failure>) {
    match failed {
        None => series.good(timing),
        Some(failure) => series.bad(timing, failure),
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredRecording {
    version: u32,
    layout: Layout,
    tiers: Vec<StoredTier>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StoredTier {
    journeys: Stored,
    steps: Vec<Stored>,
}

impl From<Recording> for StoredRecording {
    fn from(recording: Recording) -> StoredRecording {
        let of_tier = |tier: &OfTier| StoredTier {
            journeys: Stored::from(&tier.journeys),
            steps: tier.steps.iter().map(Stored::from).collect(),
        };
        let tiers = recording.tiers.iter().map(of_tier).collect();
        StoredRecording { version: VERSION, layout: Layout::clone(&recording.layout), tiers }
    }
}

impl TryFrom<StoredRecording> for Recording {
    type Error = Corrupt;

    fn try_from(stored: StoredRecording) -> Result<Recording, Corrupt> {
        if stored.version != VERSION {
            return Err(Corrupt::of(format!("version {} is not known here", stored.version)));
        }
        let grain_s = stored.layout.grain_s;
        let fits = stored.tiers.len() == stored.layout.tiers.len()
            && stored.tiers.iter().zip(&stored.layout.tiers).all(|(a, b)| a.steps.len() == b.steps.len());
        if grain_s == 0 || !fits {
            return Err(Corrupt::of("its series are not those of its layout".to_owned()));
        }
        let of_tier = |tier: StoredTier| -> Result<OfTier, Corrupt> {
            let steps = tier.steps.into_iter().map(|step| step.read(grain_s));
            Ok(OfTier { journeys: tier.journeys.read(grain_s)?, steps: steps.collect::<Result<_, _>>()? })
        };
        let tiers = stored.tiers.into_iter().map(of_tier).collect::<Result<_, _>>()?;
        Ok(Recording { layout: Arc::new(stored.layout), tiers })
    }
}
