//! What JMeter writes of every sample (JTL), as CSV with a heading or as XML. A file may hold hours:
//! it is read as a stream, twice, since samples stand in the order in which they ended.

use std::collections::BTreeMap;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;

use gonogo_load::measure::{Failure, Latencies, Layout, Part, Recording, TierLayout, Timing};
use jiff::Timestamp;

use super::account::{Account, Course, Figures};

mod csv;
mod xml;

/// More labels are ids, not names.
const MOST_LABELS: usize = 200;
/// A run of more seconds has them counted together.
const MOST_CELLS: u64 = 3_600;

/// A sample: one request, or what a sampler counts as one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sample {
    /// When it began, in milliseconds since 1970.
    began_ms: u64,
    took_ms: u64,
    label: String,
    failed: Option<Failure>,
    sent: u64,
    received: u64,
    /// Threads of all groups at that moment.
    users: u64,
}

/// Whether the first bytes of a file are of such a file.
pub(super) fn is(head: &str) -> bool {
    csv::is(head) || xml::is(head)
}

/// What it says.
pub(super) fn read(file: impl Read + Seek, head: &str) -> Result<Account, String> {
    let mut file = BufReader::with_capacity(1 << 16, file);
    let each = |file: &mut BufReader<_>, see: &mut dyn FnMut(Sample) -> Result<(), String>| {
        file.seek(SeekFrom::Start(0)).map_err(|error| format!("it cannot be read: {error}"))?;
        if xml::is(head) { xml::each(file, see) } else { csv::each(file, see) }
    };
    let mut bounds: Option<(u64, u64)> = None;
    each(&mut file, &mut |sample: Sample| {
        let ended = sample.began_ms.saturating_add(sample.took_ms);
        let (began, last) = bounds.unwrap_or((sample.began_ms, ended));
        bounds = Some((began.min(sample.began_ms), last.max(ended)));
        Ok(())
    })?;
    let (began_ms, ended_ms) = bounds.ok_or("it holds no sample")?;
    let mut counted = Counted::new(began_ms, ended_ms);
    each(&mut file, &mut |sample| counted.see(&sample))?;
    Ok(counted.account())
}

/// A failure in JMeter's words: the code of the answer, or the name of what was thrown.
fn failure(code: &str) -> Failure {
    if let Ok(status) = code.parse::<u16>() {
        return Failure::of_status(status).unwrap_or(Failure::Assertion);
    }
    match () {
        () if code.contains("ConnectTimeout") => Failure::ConnectTimeout,
        () if code.contains("Timeout") => Failure::Timeout,
        () if code.contains("HttpHostConnect") || code.contains("ConnectException") => Failure::Refused,
        () if code.contains("SSL") => Failure::Tls,
        () if code.contains("SocketException") || code.contains("NoHttpResponse") => Failure::Reset,
        () if code.is_empty() => Failure::Assertion,
        () => Failure::Protocol,
    }
}

/// All samples, counted.
struct Counted {
    began_ms: u64,
    ended_ms: u64,
    recording: Recording,
    users: u64,
    all: Sum,
    labels: BTreeMap<String, Sum>,
}

#[derive(Debug, Default)]
struct Sum {
    requests: u64,
    failures: BTreeMap<Failure, u64>,
    good: Latencies,
    sent: u64,
    received: u64,
}

impl Counted {
    fn new(began_ms: u64, ended_ms: u64) -> Counted {
        let seconds = ended_ms.saturating_sub(began_ms).div_ceil(1_000);
        let grain_s = u32::try_from(seconds.div_ceil(MOST_CELLS)).unwrap_or(u32::MAX).max(1);
        let layout =
            Layout { tiers: vec![TierLayout { name: "all".to_owned(), steps: Vec::new() }], grain_s };
        Counted {
            began_ms,
            ended_ms,
            recording: Recording::new(Arc::new(layout)),
            users: 0,
            all: Sum::default(),
            labels: BTreeMap::new(),
        }
    }

    fn see(&mut self, sample: &Sample) -> Result<(), String> {
        let intended_us = sample.began_ms.saturating_sub(self.began_ms).saturating_mul(1_000);
        let took_us = sample.took_ms.saturating_mul(1_000);
        let timing = Timing { intended_us, ended_us: intended_us.saturating_add(took_us) };
        self.recording.journey(0, timing, sample.failed);
        self.users = self.users.max(sample.users);
        self.all.see(sample);
        if !self.labels.contains_key(&sample.label) && self.labels.len() == MOST_LABELS {
            return Err(format!(
                "it has more than {MOST_LABELS} labels; give samplers names without ids, and save again"
            ));
        }
        self.labels.entry(sample.label.clone()).or_default().see(sample);
        Ok(())
    }

    fn account(self) -> Account {
        let took_s = self.ended_ms.saturating_sub(self.began_ms) as f64 / 1_000.0;
        let figures = |key: &str, sum: &Sum| Figures { took_s: Some(took_s), ..sum.figures(key) };
        let mut all =
            Figures { users: Some(self.users).filter(|users| *users > 0), ..figures("all", &self.all) };
        let to_s = u32::try_from((took_s.ceil() as u64).max(1)).unwrap_or(u32::MAX);
        let good = self.recording.whole(Part::All).good;
        all.course = Some(Course::of(&self.recording, to_s, &good));
        let labels = self.labels.iter().map(|(label, sum)| figures(label, sum));
        let started = i64::try_from(self.began_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
        Account { parts: std::iter::once(all).chain(labels).collect(), started, crossed: None }
    }
}

impl Sum {
    fn see(&mut self, sample: &Sample) {
        self.requests += 1;
        self.sent = self.sent.saturating_add(sample.sent);
        self.received = self.received.saturating_add(sample.received);
        match sample.failed {
            Some(failure) => *self.failures.entry(failure).or_default() += 1,
            None => self.good.record(sample.took_ms.saturating_mul(1_000)),
        }
    }

    fn figures(&self, key: &str) -> Figures {
        let mut figures = Figures::of(key);
        figures.requests = Some(self.requests);
        figures.none_failed();
        self.failures.iter().for_each(|(failure, count)| figures.fail(*failure, *count));
        (figures.sent_bytes, figures.received_bytes) = (Some(self.sent), Some(self.received));
        figures.times(&self.good);
        // A thread waits for its answer, and its time counts from the sending.
        figures.from_intended = Some(false);
        figures
    }
}
