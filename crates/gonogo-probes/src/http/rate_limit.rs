//! `http/rate-limit`: finds the limits by which a service refuses who asks too often, of an address
//! and of a user, with and without the store in which they are counted. It knows no policy.

use std::time::Duration;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use gonogo_model::fact::{Item, Location};
use reqwest::header::HeaderMap;
use serde_json::{Map, json};
use tokio::time::{Instant, sleep};

use self::params::Params;
use self::visitor::{Addresses, Burst, Visitor};
use super::address::base;
use super::get::headers::learn_sent;
use crate::context::Context;
use crate::outage::{self, Outage};
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::http::{Question, shown};

mod params;
mod visitor;

/// A user asks from this many addresses, so that the limit of none of them is met first.
const SPREAD: usize = 16;
/// How often a limit is looked for, when the machine was too slow to meet it within one window.
const TRIES: u32 = 3;
/// How often it is asked whether a limit is lifted, where no time is said.
const EVERY: Duration = Duration::from_millis(500);
/// A second that was rounded down.
const SLACK: Duration = Duration::from_millis(1_100);
/// Headers in which proxies say whom a request is from, and what a liar writes there.
const SPOOFED: [(&str, &str); 6] = [
    ("x-forwarded-for", "203.0.113.77"),
    ("x-real-ip", "203.0.113.78"),
    ("forwarded", "for=203.0.113.79"),
    ("true-client-ip", "203.0.113.80"),
    ("cf-connecting-ip", "203.0.113.81"),
    ("x-client-ip", "203.0.113.82"),
];

/// Asks too often.
pub(crate) struct RateLimit;

impl Probe for RateLimit {
    const ID: &'static str = "http/rate-limit";
    const TITLE: &'static str = "Whether who asks too often is refused, also when the counts are lost";
    const CLASS: Class = Class::Destructive;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] = &[TargetParameter { name: "store", kinds: outage::KINDS }];
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let question = params.request.question(context, &base(context)?)?;
        params.users.iter().for_each(|user| learn_sent(&context.secrets, user));
        let addresses = Addresses::for_target(&context.reach, &question, params.timeout).await;
        let at = Location::of(shown(&question.url));
        let mut asking = Asking { context, params: &params, question, addresses };
        let mut limits = vec![(Scope::Address, asking.limit(Scope::Address).await?)];
        if !params.users.is_empty() {
            limits.push((Scope::User, asking.limit(Scope::User).await?));
        }
        let mut items: Vec<Item> = limits.iter().map(|(_, (item, _))| item.clone()).collect();
        if let Some(name) = &params.store {
            let store = context
                .others
                .get(name)
                .ok_or_else(|| Unmeasured::because(format!("there is no target `{name}`; declare it")))?;
            let outage = Outage::begin(context, store, params.commands.as_ref()).await?;
            let mut away = Vec::new();
            for (scope, (_, burst)) in &limits {
                away.push(asking.without_store(*scope, burst).await?);
            }
            outage.must_be_active().await?;
            outage.end().await?;
            let recovered = asking.recovered().await?;
            items.extend(away.into_iter().map(|item| item.fact("recovered", recovered)));
        }
        let items = items.into_iter().map(|item| item.read_at(at.clone())).collect();
        Ok(Looked { items, ..Looked::default() })
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "scope",
        FactType::Text,
        "",
        "`address`: requests of one address. `user`: of one user, from several addresses where the target is on this machine.",
    ),
    fact("store", FactType::Text, "", "`up`, or `away` while the store of the limiter stands still."),
    fact("limited", FactType::Bool, "", "Whether a request was refused with 429 before `most` were made."),
    fact("limit_at", FactType::Int, "", "Requests that were let in before; absent when none was refused."),
    fact("sent", FactType::Int, "", "Requests made to find that out."),
    fact("statuses", FactType::Map, "", "How many of them got which status."),
    fact("unanswered", FactType::Int, "", "How many of them were not answered at all."),
    fact(
        "stated_limit",
        FactType::Int,
        "",
        "The limit that the refusal states (RateLimit-Limit or X-RateLimit-Limit); absent when it does not.",
    ),
    fact(
        "retry_after",
        FactType::Int,
        "s",
        "Retry-After of the refusal; absent when it is not said. Only while the store is up.",
    ),
    fact("retry_after_stated", FactType::Bool, "", "Whether it is said. Absent when nothing was refused."),
    fact(
        "retry_after_true",
        FactType::Bool,
        "",
        "Whether a request after that time was let in; absent when it is not said, or longer than `resets_within`.",
    ),
    fact(
        "reset",
        FactType::Bool,
        "",
        "Whether requests were let in again within `resets_within`. Absent when nothing was refused.",
    ),
    fact("reset_ms", FactType::Int, "ms", "From the refusal until then; absent when they were not."),
    fact(
        "other_unaffected",
        FactType::Bool,
        "",
        "Whether meanwhile another address, or another user, was let in. Absent when nothing was refused, or there is no other.",
    ),
    fact(
        "follows_user",
        FactType::Bool,
        "",
        "Whether the user was refused from an address that nobody had used. Absent for `address`, and where addresses cannot be told apart.",
    ),
    fact(
        "spoofed_by",
        FactType::List,
        "",
        "Headers such as X-Forwarded-For with which whoever was refused was let in: anybody can write them. Absent when nothing was refused.",
    ),
    fact(
        "without_store",
        FactType::Text,
        "",
        "What became of the limit: `limited` (still), `open` (nothing is refused up to twice the limit), or `closed` (nothing is let in, or only errors are answered). Only while the store is away.",
    ),
    fact(
        "recovered",
        FactType::Bool,
        "",
        "Whether the service let requests in again within `recovers_within` of the end of the outage. Only of items with the store away.",
    ),
];

/// Whom a limit is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Address,
    User,
}

impl Scope {
    fn name(self) -> &'static str {
        match self {
            Scope::Address => "address",
            Scope::User => "user",
        }
    }
}

struct Asking<'l> {
    context: &'l Context,
    params: &'l Params,
    question: Question,
    addresses: Addresses,
}

impl Asking<'_> {
    /// Somebody from addresses that were not used yet.
    fn visitor(&mut self, scope: Scope, user: usize, spread: usize) -> Result<Visitor, Unmeasured> {
        let none = HeaderMap::new();
        let own = self.params.users.get(user).filter(|_| scope == Scope::User).unwrap_or(&none);
        let from = (&mut self.addresses, spread);
        Visitor::new(&self.context.reach, &self.question, own, from, self.params.timeout)
    }

    /// Finds the limit of one scope, and what is true of it.
    async fn limit(&mut self, scope: Scope) -> Result<(Item, Burst), Unmeasured> {
        let (visitor, burst) = self.refused(scope).await?;
        if let (true, Some(why)) = (burst.admitted == 0 && burst.refusal.is_none(), &burst.why) {
            return Err(Unmeasured::because(why.clone()));
        }
        let item =
            with_burst(Item::new(scope.name()).fact("scope", scope.name()).fact("store", "up"), &burst);
        let Some(refusal) = burst.refusal.clone() else { return Ok((item, burst)) };
        let refused = Instant::now();
        let item = item
            .fact_if_known("retry_after", refusal.retry_after_s)
            .fact("retry_after_stated", refusal.retry_after_s.is_some());
        let item = self.while_refused(item, scope, &visitor).await?;
        let wait = refusal.retry_after_s.map(|seconds| Duration::from_secs(seconds).saturating_add(SLACK));
        Ok((self.until_reset(item, &visitor, refused, wait).await, burst))
    }

    /// Asks until refused. Where a window may have ended meanwhile, somebody new asks, for an address
    /// that nobody used begins a window of its own; a user cannot.
    async fn refused(&mut self, scope: Scope) -> Result<(Visitor, Burst), Unmeasured> {
        let (spread, tries) = match scope {
            Scope::Address if self.addresses.are_several() => (1, TRIES),
            Scope::Address => (1, 1),
            Scope::User => (SPREAD, 1),
        };
        let mut left = tries;
        loop {
            let visitor = self.visitor(scope, 0, spread)?;
            let burst = visitor.burst(self.params.most, self.params.parallel).await;
            left -= 1;
            if left == 0 || !burst.may_span_windows() {
                return Ok((visitor, burst));
            }
        }
    }

    /// Who else is refused now, and whether a lie helps.
    async fn while_refused(
        &mut self,
        item: Item,
        scope: Scope,
        visitor: &Visitor,
    ) -> Result<Item, Unmeasured> {
        let several = self.addresses.are_several();
        let other = self.visitor(scope, 1, 1)?;
        let there_is_another = several || scope == Scope::User;
        let unaffected = if there_is_another { Some(other.is_let_in().await) } else { None };
        let follows = match (scope, several) {
            (Scope::User, true) => Some(!self.visitor(scope, 0, 1)?.is_let_in().await),
            _ => None,
        };
        let mut spoofed = Vec::new();
        for (name, value) in SPOOFED {
            if visitor.is_let_in_with(name, value).await {
                spoofed.push(name);
            }
        }
        let item = item.fact_if_known("other_unaffected", unaffected).fact_if_known("follows_user", follows);
        Ok(item.fact("spoofed_by", spoofed))
    }

    /// Waits as long as it is told, then asks again and again.
    async fn until_reset(
        &self,
        item: Item,
        visitor: &Visitor,
        refused: Instant,
        wait: Option<Duration>,
    ) -> Item {
        let until = refused + self.params.resets_within;
        let told = wait.map(|wait| refused + wait).filter(|told| *told <= until + SLACK);
        if let Some(told) = told {
            tokio::time::sleep_until(told).await;
        }
        let mut let_in = visitor.is_let_in().await;
        let item = item.fact_if_known("retry_after_true", told.map(|_| let_in));
        while !let_in && Instant::now() < until {
            sleep(EVERY.min(until.saturating_duration_since(Instant::now()))).await;
            let_in = visitor.is_let_in().await;
        }
        let took = let_in.then(|| u64::try_from(refused.elapsed().as_millis()).unwrap_or(u64::MAX));
        item.fact("reset", let_in).fact_if_known("reset_ms", took)
    }

    /// The same limit while nobody can look up the counts.
    async fn without_store(&mut self, scope: Scope, with_store: &Burst) -> Result<Item, Unmeasured> {
        let enough = match with_store.refusal {
            Some(_) => with_store.admitted.saturating_mul(2).saturating_add(10).min(self.params.most),
            None => self.params.most,
        };
        let spread = if scope == Scope::User { SPREAD } else { 1 };
        // With the second user: the counts of the first may not be lifted yet.
        let burst = self.visitor(scope, 1, spread)?.burst(enough, self.params.parallel).await;
        let good = u64::from(burst.admitted).saturating_sub(burst.failures());
        let what = match (&burst.refusal, good) {
            (_, 0) => "closed",
            (Some(_), _) => "limited",
            (None, _) => "open",
        };
        let item = Item::new(format!("{} without store", scope.name()));
        let item = with_burst(item.fact("scope", scope.name()).fact("store", "away"), &burst);
        Ok(item.fact("without_store", what))
    }

    /// Whether somebody new is let in again.
    async fn recovered(&mut self) -> Result<bool, Unmeasured> {
        let until = Instant::now() + self.params.recovers_within;
        loop {
            let status = self.visitor(Scope::Address, 0, 1)?.once().await;
            let well = status.is_some_and(|status| status != 429 && status < 500);
            if well || Instant::now() >= until {
                return Ok(well);
            }
            sleep(EVERY).await;
        }
    }
}

fn with_burst(item: Item, burst: &Burst) -> Item {
    let statuses: Map<_, _> = burst.statuses.iter().map(|(k, v)| (k.to_string(), json!(v))).collect();
    let refusal = burst.refusal.as_ref();
    item.fact("limited", refusal.is_some())
        .fact_if_known("limit_at", refusal.map(|_| burst.admitted))
        .fact_if_known("stated_limit", refusal.and_then(|refusal| refusal.stated))
        .fact("sent", burst.sent)
        .fact("statuses", statuses)
        .fact("unanswered", burst.unanswered)
}
