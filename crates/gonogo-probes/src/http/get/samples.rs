//! Asking the same thing many times, and what comes out of it in numbers.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;

use crate::tools::http::{Answer, HttpClient, HttpError, Question};

/// A service that gives no answer at all is not asked more often than this.
const MOST_TRIES: u32 = 3;

type Sample = (Result<Answer, HttpError>, Duration);

/// What the samples showed. At least one was answered.
#[derive(Debug)]
pub(super) struct Samples {
    /// The first answer.
    pub(super) first: Answer,
    /// Samples taken.
    pub(super) taken: u64,
    /// Of those, without a complete answer or with a status of 500 or more.
    pub(super) failures: u64,
    /// How many samples got which status.
    pub(super) statuses: BTreeMap<u16, u64>,
    /// In order of length. A sample that was cut off at the limit counts with it, one that
    /// failed at once does not: it would make a broken service look fast.
    took: Vec<Duration>,
}

impl Samples {
    /// The nearest-rank percentile in milliseconds, to a microsecond.
    pub(super) fn percentile_ms(&self, percent: usize) -> f64 {
        let rank = (self.took.len() * percent).div_ceil(100).max(1);
        self.took.get(rank - 1).map_or(0.0, |took| took.as_micros() as f64 / 1000.0)
    }
}

/// Takes `samples` samples, at most `parallel` at a time.
///
/// # Errors
/// How often it tried and the first error, when there was no answer at all.
pub(super) async fn take(
    client: &Arc<HttpClient>,
    question: &Arc<Question>,
    samples: u32,
    parallel: u32,
) -> Result<Samples, (u64, HttpError)> {
    let mut tally = Tally::default();
    let tries = samples.min(MOST_TRIES);
    let mut tried = 0;
    while tally.first.is_none() && tried < tries {
        tally.count(client.ask(question).await);
        tried += 1;
    }
    if tally.first.is_some() {
        tally.count_rest(client, question, samples - tried, parallel).await;
    }
    tally.samples()
}

#[derive(Default)]
struct Tally {
    first: Option<Answer>,
    error: Option<HttpError>,
    taken: u64,
    failures: u64,
    statuses: BTreeMap<u16, u64>,
    took: Vec<Duration>,
}

impl Tally {
    fn count(&mut self, (answer, took): Sample) {
        self.taken += 1;
        match answer {
            Ok(answer) => {
                self.took.push(took);
                self.failures += u64::from(answer.status.is_server_error());
                *self.statuses.entry(answer.status.as_u16()).or_default() += 1;
                self.first.get_or_insert(answer);
            }
            Err(error) => {
                self.failures += 1;
                self.took.extend(error.is_too_slow().then_some(took));
                self.error.get_or_insert(error);
            }
        }
    }

    async fn count_rest(
        &mut self,
        client: &Arc<HttpClient>,
        question: &Arc<Question>,
        rest: u32,
        parallel: u32,
    ) {
        let left = Arc::new(AtomicU32::new(rest));
        let (send, mut receive) = tokio::sync::mpsc::channel(64);
        let mut askers = JoinSet::new();
        for _ in 0..parallel.min(rest) {
            let (client, question, left, send) =
                (client.clone(), question.clone(), left.clone(), send.clone());
            askers.spawn(async move {
                while take_one(&left) && send.send(without_body(client.ask(&question).await)).await.is_ok() {}
            });
        }
        drop(send);
        while let Some(sample) = receive.recv().await {
            self.count(sample);
        }
    }

    fn samples(mut self) -> Result<Samples, (u64, HttpError)> {
        self.took.sort_unstable();
        match (self.first, self.error) {
            (Some(first), _) => Ok(Samples {
                first,
                taken: self.taken,
                failures: self.failures,
                statuses: self.statuses,
                took: self.took,
            }),
            (None, Some(error)) => Err((self.taken, error)),
            (None, None) => Err((0, HttpError::Client("no sample was taken".to_owned()))),
        }
    }
}

fn take_one(left: &AtomicU32) -> bool {
    left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
}

/// Only the first body is kept; the others would only wait in the channel.
fn without_body((answer, took): Sample) -> Sample {
    (answer.map(|answer| Answer { body: Vec::new(), ..answer }), took)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn took(micros: impl IntoIterator<Item = u64>) -> Samples {
        let answer = Answer {
            status: reqwest::StatusCode::OK,
            version: reqwest::Version::HTTP_11,
            headers: reqwest::header::HeaderMap::new(),
            body: Vec::new(),
            truncated: false,
            tls: false,
            hops: Vec::new(),
        };
        let mut tally = Tally::default();
        for micros in micros {
            tally.count((
                Ok(Answer { headers: Default::default(), hops: Vec::new(), body: Vec::new(), ..answer }),
                Duration::from_micros(micros),
            ));
        }
        tally.samples().unwrap()
    }

    #[test]
    fn percentiles_are_nearest_rank() {
        let hundred = took((1..=100).rev().map(|n| n * 1000));
        assert_eq!([50, 95, 100].map(|p| hundred.percentile_ms(p)), [50.0, 95.0, 100.0]);
        let one = took([1234]);
        assert_eq!([50, 95, 100].map(|p| one.percentile_ms(p)), [1.234; 3]);
        let two = took([1000, 9000]);
        assert_eq!([50, 95, 100].map(|p| two.percentile_ms(p)), [1.0, 9.0, 9.0]);
    }

    #[test]
    fn a_sample_cut_off_at_the_limit_counts_as_slow_and_a_refused_one_not_as_fast() {
        let limit = Duration::from_secs(10);
        let mut tally = Tally::default();
        tally.count((Ok(took([5000]).first), Duration::from_millis(5)));
        tally.count((Err(HttpError::TooSlow { at: String::new(), limit }), limit));
        tally.count((Err(HttpError::Refused { at: String::new() }), Duration::from_micros(1)));
        let samples = tally.samples().unwrap();
        assert_eq!((samples.taken, samples.failures), (3, 2));
        assert_eq!((samples.percentile_ms(50), samples.percentile_ms(100)), (5.0, 10_000.0));
    }
}
