//! What a load tool says of a run, in the words of the other load probes. What the tool does not
//! say is absent. It knows no tool and no file.

use std::collections::BTreeMap;

use gonogo_load::measure::{Failure, Latencies, Recording};
use gonogo_model::fact::{Item, Sampled};
use gonogo_model::load::{DISTRIBUTION, OVER_TIME};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::load::chart;
use crate::load::figures::{enough, number, share, upper_share, word};

/// What a file says.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Account {
    /// Its parts; the first is the whole.
    pub(super) parts: Vec<Figures>,
    /// When the run began, where the file says so.
    pub(super) started: Option<Timestamp>,
    /// Thresholds of the tool's own that were crossed; `None` where it has no such thing.
    pub(super) crossed: Option<Vec<String>>,
}

/// The figures of one part of a run.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Figures {
    /// `all`, or what the tool calls this part.
    pub(super) key: String,
    pub(super) requests: Option<u64>,
    pub(super) failed: Option<u64>,
    pub(super) failures: BTreeMap<String, u64>,
    /// What was to be started and was not.
    pub(super) dropped: Option<u64>,
    pub(super) took_s: Option<f64>,
    pub(super) users: Option<u64>,
    pub(super) offered_per_s: Option<f64>,
    pub(super) sent_bytes: Option<u64>,
    pub(super) received_bytes: Option<u64>,
    pub(super) mean_ms: Option<f64>,
    pub(super) max_ms: Option<f64>,
    /// The share in thousandths, and the time.
    pub(super) percentiles: BTreeMap<u64, f64>,
    /// Whether latency counts from when a request was to be sent; `None` where that depends on how
    /// the tool was used.
    pub(super) from_intended: Option<bool>,
    pub(super) course: Option<Course>,
}

/// How a run went, where every request is known.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Course {
    over_time: Vec<Value>,
    distribution: Vec<Value>,
}

impl Course {
    pub(super) fn of(recording: &Recording, to_s: u32, good: &Latencies) -> Course {
        let over_time = chart::over_time(recording, to_s, &BTreeMap::new()).points;
        Course { over_time, distribution: chart::distribution(good) }
    }
}

/// The percentiles that are told, in thousandths, and the facts they are.
const TOLD: [(u64, &str); 5] =
    [(500, "p50_ms"), (900, "p90_ms"), (950, "p95_ms"), (990, "p99_ms"), (999, "p999_ms")];

impl Figures {
    pub(super) fn of(key: &str) -> Figures {
        Figures { key: key.to_owned(), ..Figures::default() }
    }

    /// Says that failures are known, and that there is none yet.
    pub(super) fn none_failed(&mut self) {
        self.failed = Some(0);
    }

    /// Counts failures of a kind.
    pub(super) fn fail(&mut self, failure: Failure, count: u64) {
        self.fail_as(&word(failure), count);
    }

    /// Counts failures of a kind that only this tool knows.
    pub(super) fn fail_as(&mut self, kind: &str, count: u64) {
        if count > 0 {
            *self.failures.entry(kind.to_owned()).or_default() += count;
        }
        *self.failed.get_or_insert_default() += count;
    }

    /// Takes times from where all of them are.
    pub(super) fn times(&mut self, good: &Latencies) {
        let Some(points) = good.percentiles() else { return };
        self.mean_ms = Some(points.mean_us / 1_000.0);
        self.max_ms = Some(points.max_us as f64 / 1_000.0);
        let at = |share: u64| Some((share, good.quantile_us(share as f64 / 1_000.0)? as f64 / 1_000.0));
        self.percentiles = TOLD.iter().filter_map(|(share, _)| at(*share)).collect();
    }

    /// As an item of `key`.
    pub(super) fn item(&self, key: String) -> Item {
        let good = self.requests.zip(self.failed).map(|(all, failed)| all.saturating_sub(failed));
        let counted = self.requests.zip(self.failed).filter(|(all, _)| *all > 0);
        let took_s = self.took_s.filter(|took_s| *took_s > 0.0);
        let achieved = good.zip(took_s).map(|(good, took_s)| good as f64 / took_s);
        let offered = self.offered_per_s.filter(|offered| *offered > 0.0);
        let role = if key == "all" { "all" } else { "step" };
        let upper = counted.and_then(|(all, failed)| upper_share(all, failed));
        let mut item = Item::new(key)
            .fact("role", role)
            .fact_if_known("requests", self.requests)
            .fact_if_known("good", good)
            .fact_if_known("failed", self.failed)
            .fact_if_known("error_share", counted.and_then(|(all, failed)| share(failed, all)))
            .fact_if_known("error_share_upper", upper)
            .fact_if_known("failures", self.failed.map(|_| json!(self.failures)))
            .fact_if_known("dropped", self.dropped)
            .fact_if_known("took_s", self.took_s.and_then(number))
            .fact_if_known("users", self.users)
            .fact_if_known("offered_per_s", offered.and_then(number))
            .fact_if_known("achieved_per_s", achieved.and_then(number))
            .fact_if_known(
                "achieved_of_offered",
                achieved.zip(offered).and_then(|(achieved, offered)| number(achieved / offered)),
            )
            .fact_if_known("sent_bytes", self.sent_bytes)
            .fact_if_known("received_bytes", self.received_bytes)
            .fact_if_known("mean_ms", self.mean_ms.and_then(number))
            .fact_if_known("max_ms", self.max_ms.and_then(number))
            .fact_if_known("from_intended", self.from_intended);
        for (thousandths, name) in TOLD {
            item = item.fact_if_known(name, self.percentile(thousandths));
        }
        if let Some(course) = &self.course {
            item = item.fact(OVER_TIME, course.over_time.clone());
            item = item.fact(DISTRIBUTION, course.distribution.clone());
        }
        item.sampled = counted.map(|(samples, failures)| Sampled { samples, failures });
        item
    }

    /// A percentile, when enough requests stand behind it.
    fn percentile(&self, thousandths: u64) -> Option<Value> {
        let is_told = enough(self.requests?, thousandths as f64 / 1_000.0);
        self.percentiles.get(&thousandths).filter(|_| is_told).and_then(|ms| number(*ms))
    }
}

/// `p(99.9)`, `99th`, `p99.9` or `99%` in thousandths.
pub(super) fn thousandths(said: &str) -> Option<u64> {
    let digits: String = said.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    let percent: f64 = digits.parse().ok()?;
    (0.0..=100.0).contains(&percent).then(|| (percent * 10.0).round() as u64)
}
