//! Whoever makes the requests: from one address of the machine or from several, as a user or as
//! nobody; and what came of a burst of requests.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use futures_util::future::join_all;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use tokio::time::Instant;

use crate::context::Reach;
use crate::http::address::unmeasured;
use crate::probe::Unmeasured;
use crate::tools::http::{Answer, HttpClient, Question};
use crate::tools::net;

const TOO_MANY: u16 = 429;
/// Where a limit is stated.
const STATED: [&str; 3] = ["ratelimit-limit", "x-ratelimit-limit", "x-rate-limit-limit"];

/// Addresses of this machine that nobody else uses, for a target on it.
#[derive(Debug)]
pub(super) struct Addresses {
    next: Option<[u8; 4]>,
}

impl Addresses {
    /// New ones for each look, so that what an earlier look used up is no matter. A target that is
    /// not on this machine sees one address only.
    pub(super) async fn for_target(reach: &Reach, question: &Question, limit: Duration) -> Addresses {
        let host = question.url.host_str().unwrap_or_default();
        let found = net::resolve(reach, host, 0, limit).await.unwrap_or_default();
        let here = found.iter().any(|address| address.is_ipv4() && address.ip().is_loopback());
        let mut random = [0_u8; 2];
        let random = getrandom::fill(&mut random).map(|()| random);
        Addresses { next: random.ok().filter(|_| here).map(|[a, b]| [127, a | 1, b, 1]) }
    }

    /// Whether they can be told apart.
    pub(super) fn are_several(&self) -> bool {
        self.next.is_some()
    }

    fn fresh(&mut self) -> Option<IpAddr> {
        let next = self.next.as_mut()?;
        next[3] = next[3].wrapping_add(1).max(2);
        if next[3] == 2 {
            next[2] = next[2].wrapping_add(1);
        }
        Some(IpAddr::V4(Ipv4Addr::from(*next)))
    }
}

/// Somebody who asks.
pub(super) struct Visitor {
    clients: Vec<HttpClient>,
    question: Question,
}

/// What came of many requests.
#[derive(Debug, Default)]
pub(super) struct Burst {
    pub(super) sent: u32,
    /// Answers that were no refusal.
    pub(super) admitted: u32,
    /// The first refusal.
    pub(super) refusal: Option<Refusal>,
    pub(super) statuses: BTreeMap<u16, u64>,
    pub(super) unanswered: u32,
    /// Why the first of those was not.
    pub(super) why: Option<String>,
    pub(super) took: Duration,
}

/// A refusal, as it was said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) retry_after_s: Option<u64>,
    pub(super) stated: Option<u64>,
}

impl Visitor {
    /// From `addresses` fresh addresses, with these headers added to the question.
    pub(super) fn new(
        reach: &Reach,
        question: &Question,
        own: &HeaderMap,
        from: (&mut Addresses, usize),
        limit: Duration,
    ) -> Result<Visitor, Unmeasured> {
        let (addresses, count) = from;
        let count = if addresses.are_several() { count } else { 1 };
        let clients = (0..count).map(|_| HttpClient::from_address(reach, limit, addresses.fresh()));
        let mut question = question.clone();
        question.headers.extend(own.iter().map(|(name, value)| (name.clone(), value.clone())));
        Ok(Visitor { clients: clients.collect::<Result<_, _>>().map_err(unmeasured)?, question })
    }

    /// The status of one more request; none when it was not answered.
    pub(super) async fn once(&self) -> Option<u16> {
        self.ask(0, &self.question).await.ok().map(|answer| answer.status.as_u16())
    }

    /// Whether one more request is let in: answered, and not refused.
    pub(super) async fn is_let_in(&self) -> bool {
        self.once().await.is_some_and(|status| status != TOO_MANY)
    }

    /// The same with a header more.
    pub(super) async fn is_let_in_with(&self, name: &'static str, value: &str) -> bool {
        let mut question = self.question.clone();
        let Ok(value) = HeaderValue::from_str(value) else { return false };
        question.headers.insert(HeaderName::from_static(name), value);
        self.ask(0, &question).await.is_ok_and(|answer| answer.status.as_u16() != TOO_MANY)
    }

    /// Asks until it is refused, `most` requests were made, or nothing is answered any more.
    pub(super) async fn burst(&self, most: u32, parallel: u32) -> Burst {
        let mut burst = Burst::default();
        let started = Instant::now();
        while burst.refusal.is_none() && burst.sent < most {
            let count = parallel.min(most - burst.sent);
            let asked = (0..count).map(|number| self.ask((burst.sent + number) as usize, &self.question));
            let answers = join_all(asked).await;
            burst.sent += count;
            let silent = answers.iter().all(Result::is_err);
            answers.into_iter().for_each(|answer| burst.take(answer));
            if silent {
                break;
            }
        }
        burst.took = started.elapsed();
        burst
    }

    async fn ask(&self, number: usize, question: &Question) -> Result<Answer, String> {
        match self.clients.get(number % self.clients.len().max(1)) {
            Some(client) => client.ask(question).await.0.map_err(|error| error.to_string()),
            None => Err("there is no client".to_owned()),
        }
    }
}

impl Burst {
    fn take(&mut self, answer: Result<Answer, String>) {
        match answer {
            Ok(answer) => {
                let status = answer.status.as_u16();
                *self.statuses.entry(status).or_default() += 1;
                if status == TOO_MANY {
                    self.refusal.get_or_insert_with(|| Refusal::of(&answer.headers));
                } else {
                    self.admitted += 1;
                }
            }
            Err(why) => {
                self.unanswered += 1;
                self.why.get_or_insert(why);
            }
        }
    }

    /// Whether it went on for longer than the refusal says one must wait: then a window may have ended
    /// meanwhile, and what was let in is of two.
    pub(super) fn may_span_windows(&self) -> bool {
        let wait = self.refusal.as_ref().and_then(|refusal| refusal.retry_after_s);
        wait.is_some_and(|seconds| self.took >= Duration::from_secs(seconds))
    }

    /// Answers that say that something is broken.
    pub(super) fn failures(&self) -> u64 {
        self.statuses.iter().filter(|(status, _)| **status >= 500).map(|(_, count)| count).sum()
    }
}

impl Refusal {
    fn of(headers: &HeaderMap) -> Refusal {
        let text = |name: &str| headers.get(name)?.to_str().ok();
        let retry_after = text(RETRY_AFTER.as_str()).and_then(|value| seconds(value.trim()));
        let stated = STATED.iter().find_map(|name| text(name)?.split([',', ';']).next()?.trim().parse().ok());
        Refusal { retry_after_s: retry_after, stated }
    }
}

/// Seconds, or a date.
fn seconds(value: &str) -> Option<u64> {
    let until = || {
        let date = rfc2822::DateTimeParser::new().parse_timestamp(value.replace("GMT", "+0000")).ok()?;
        u64::try_from(date.as_second() - Timestamp::now().as_second()).ok()
    };
    value.parse().ok().or_else(until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_addresses_are_all_different_and_on_this_machine() {
        let mut addresses = Addresses { next: Some([127, 9, 255, 250]) };
        let found: Vec<IpAddr> = (0..600).filter_map(|_| addresses.fresh()).collect();
        let different: std::collections::BTreeSet<&IpAddr> = found.iter().collect();
        assert_eq!(different.len(), 600);
        assert!(found.iter().all(|address| address.is_loopback()));
        assert_eq!(Addresses { next: None }.fresh(), None);
    }

    #[test]
    fn a_burst_that_outlasts_the_wait_may_be_of_two_windows() {
        let burst = |took, retry_after_s| Burst {
            refusal: Some(Refusal { retry_after_s, stated: None }),
            took: Duration::from_millis(took),
            ..Burst::default()
        };
        assert!(!burst(4_999, Some(5)).may_span_windows());
        assert!(burst(5_000, Some(5)).may_span_windows());
        assert!(!burst(60_000, None).may_span_windows());
        assert!(!Burst { took: Duration::from_secs(60), ..Burst::default() }.may_span_windows());
    }

    #[test]
    fn a_refusal_says_when_to_come_back() {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static("30"));
        headers.insert("ratelimit-limit", HeaderValue::from_static("100, 100;w=60"));
        assert_eq!(Refusal::of(&headers), Refusal { retry_after_s: Some(30), stated: Some(100) });
        assert_eq!(seconds("Thu, 01 Jan 1970 00:00:00 GMT"), None);
        assert!(seconds("Thu, 01 Jan 2150 00:00:00 GMT").is_some_and(|seconds| seconds > 60));
        assert_eq!(seconds("soon"), None);
    }
}
