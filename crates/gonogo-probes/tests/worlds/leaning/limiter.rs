//! The limiter of the leaning service: counts requests of an address and of a user in windows, well
//! or with the defects that the case wants.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use hyper::Request;
use serde::Deserialize;

#[derive(Deserialize, Default, Clone)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Limits {
    /// Requests of one address in a window; without end when 0.
    address: u32,
    /// Requests of one user, by the header `X-User`; without end when 0.
    user: u32,
    window_ms: u64,
    /// What it says in Retry-After.
    retry_after_s: Option<u64>,
    /// A window never ends.
    never_resets: bool,
    /// The address is that of X-Forwarded-For.
    trusts_forwarded: bool,
    /// All users and addresses share one count.
    one_for_all: bool,
    /// Without its store.
    without_store: WithoutStore,
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum WithoutStore {
    #[default]
    Limited,
    Open,
    Closed,
}

pub(super) struct Limiter {
    limits: Limits,
    windows: Mutex<BTreeMap<String, (Instant, u32)>>,
}

impl Limiter {
    pub(super) fn new(limits: Limits) -> Limiter {
        Limiter { limits, windows: Mutex::default() }
    }

    /// Counts a request; when it is one too many, what Retry-After says.
    pub(super) fn admit<B>(
        &self,
        request: &Request<B>,
        from: IpAddr,
        store: bool,
    ) -> Result<(), Option<u64>> {
        let limits = &self.limits;
        match (store, limits.without_store) {
            (false, WithoutStore::Open) => return Ok(()),
            (false, WithoutStore::Closed) => return Err(limits.retry_after_s),
            _ => {}
        }
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
        let forwarded = header("x-forwarded-for").filter(|_| limits.trusts_forwarded);
        let address = forwarded.map_or_else(|| from.to_string(), str::to_owned);
        let address = if limits.one_for_all { "all".to_owned() } else { address };
        self.count(format!("address {address}"), limits.address)?;
        header("x-user").map_or(Ok(()), |user| self.count(format!("user {user}"), limits.user))
    }

    fn count(&self, key: String, most: u32) -> Result<(), Option<u64>> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let (started, count) = windows.entry(key).or_insert((now, 0));
        if !self.limits.never_resets
            && now.duration_since(*started) >= Duration::from_millis(self.limits.window_ms)
        {
            (*started, *count) = (now, 0);
        }
        *count += 1;
        if most > 0 && *count > most { Err(self.limits.retry_after_s) } else { Ok(()) }
    }
}
