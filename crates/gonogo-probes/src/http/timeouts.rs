//! `http/timeouts`: what a service answers, and when, while something it calls stands still. It
//! stalls that upstream, or answers late in its place, and puts it back.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use gonogo_model::fact::{Item, Location};
use serde_json::{Map, Value};
use tokio::time::Instant;

use self::params::Params;
use self::upstream::Upstream;
use super::address::{base, unmeasured};
use super::get::headers::learn_received;
use super::written::Request;
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::http::{HttpClient, Question, shown};

mod params;
mod upstream;

/// How much earlier the requests are sent than those that should not need the upstream.
const HEAD_START: std::time::Duration = std::time::Duration::from_millis(100);

/// How often a service is asked whether it is well again.
const EVERY: Duration = Duration::from_millis(200);

/// Stalls what a service calls.
pub(crate) struct Timeouts;

impl Probe for Timeouts {
    const ID: &'static str = "http/timeouts";
    const TITLE: &'static str = "Whether a service answers in time while what it calls stands still";
    const CLASS: Class = Class::Destructive;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] = &[TargetParameter { name: "upstream", kinds: upstream::KINDS }];
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let target = context.others.get(&params.upstream).ok_or_else(|| {
            Unmeasured::because(format!("there is no target `{}`; declare it", params.upstream))
        })?;
        let asking = Asking::new(context, &params)?;
        let upstream = Upstream::open(context, target, &params).await?;
        let before = asking.each(&asking.questions).await;
        if let Some(why) = before.iter().find_map(|seen| seen.why.clone()) {
            return Err(Unmeasured::because(format!("before anything was broken: {why}")));
        }
        let others_before = asking.each(&asking.others).await;
        if !before.iter().any(Seen::is_well) {
            let item = |(request, seen): (&Request, &Seen)| with_before(request, seen).fact("stalled", false);
            return Ok(Looked {
                items: params.requests.iter().zip(&before).map(item).collect(),
                ..Looked::default()
            });
        }
        let outage = upstream.take_away(&params).await?;
        // At the same time: what does not need the upstream must not wait behind what does.
        let (during, others) = tokio::join!(asking.each(&asking.questions), async {
            // They are about what is answered while the requests are under way, not before.
            tokio::time::sleep(HEAD_START).await;
            // They end first: what a request that gave up sets free was not answered beside it.
            Asking { limit: asking.limit.saturating_sub(HEAD_START * 2), ..asking.clone() }
                .each(&asking.others)
                .await
        });
        outage.must_be_active().await?;
        let fault = outage.name();
        outage.end().await?;
        let after = asking.after(&before, params.recovers_within).await;
        let others = asking.others_facts(&others_before, &others);
        let items = params.requests.iter().enumerate().filter_map(|(at, request)| {
            let item = with_before(request, before.get(at)?)
                .fact("stalled", true)
                .fact("fault", fault)
                .read_at(Location::of(shown(&asking.questions.get(at)?.url)));
            let item = with_during(item, during.get(at)?, params.budget);
            let recovered = after.get(at).copied().flatten();
            let item = item
                .fact("recovered", recovered.is_some())
                .fact_if_known("recovered_ms", recovered.map(millis));
            Some(others.iter().fold(item, |item, (name, value)| item.fact(name, value.clone())))
        });
        Ok(Looked { items: items.collect(), ..Looked::default() })
    }
}

const FACTS: &[FactInfo] = &[
    fact("was_well", FactType::Bool, "", "Whether it answered with a status under 500 before."),
    fact("before_status", FactType::Int, "", "Status code before."),
    fact("before_ms", FactType::Int, "ms", "How long that took."),
    fact(
        "stalled",
        FactType::Bool,
        "",
        "Whether the upstream was shown to stand still while it was asked. When no request was well before, nothing is broken and it is false.",
    ),
    fact(
        "fault",
        FactType::Text,
        "",
        "`stalled`, `stopped` by the command, or `late`: gonogo answered in its place, too late.",
    ),
    fact("answered", FactType::Bool, "", "Whether any answer came within `patience`."),
    fact("status", FactType::Int, "", "Its status code; absent when none came."),
    fact("took_ms", FactType::Int, "ms", "How long it took, or how long it was waited for."),
    fact("within_budget", FactType::Bool, "", "Whether an answer came within `budget`."),
    fact("error", FactType::Text, "", "Why no answer came, or what came instead of one."),
    fact(
        "other_paths_ms",
        FactType::Map,
        "",
        "How long each of `others` took at the same time; those without an answer are not in it.",
    ),
    fact(
        "others_answered",
        FactType::Bool,
        "",
        "Whether each of `others` was answered within `budget` with the status it had before; absent without `others`.",
    ),
    fact(
        "recovered",
        FactType::Bool,
        "",
        "Whether it had its status of before within `recovers_within` of the end of the fault.",
    ),
    fact(
        "recovered_ms",
        FactType::Int,
        "ms",
        "From the end of the fault until then; absent when it did not.",
    ),
];

/// What became of one request.
#[derive(Debug, Clone)]
struct Seen {
    status: Option<u16>,
    took: Duration,
    why: Option<String>,
}

impl Seen {
    fn is_well(&self) -> bool {
        self.status.is_some_and(|status| status < 500)
    }
}

/// What is asked before, during and after.
#[derive(Clone)]
struct Asking<'l> {
    context: &'l Context,
    limit: Duration,
    budget: Duration,
    questions: Vec<Question>,
    others: Vec<Question>,
}

impl<'l> Asking<'l> {
    fn new(context: &'l Context, params: &Params) -> Result<Asking<'l>, Unmeasured> {
        let base = base(context)?;
        let questions = |requests: &[Request]| -> Result<Vec<Question>, Unmeasured> {
            requests.iter().map(|request| request.question(context, &base)).collect()
        };
        let others: Vec<Request> =
            params.others.iter().map(|path| Request::get(path, &params.headers)).collect();
        let (budget, limit) = (params.budget, params.patience);
        Ok(Asking {
            context,
            limit,
            budget,
            questions: questions(&params.requests)?,
            others: questions(&others)?,
        })
    }

    /// All at once, each over a connection of its own.
    async fn each(&self, questions: &[Question]) -> Vec<Seen> {
        join_all(questions.iter().map(|question| self.ask(question))).await
    }

    async fn ask(&self, question: &Question) -> Seen {
        let client = match HttpClient::new(&self.context.reach, self.limit) {
            Ok(client) => client,
            Err(error) => {
                return Seen { status: None, took: Duration::ZERO, why: Some(unmeasured(error).why) };
            }
        };
        let (answer, took) = client.ask(question).await;
        match answer {
            Ok(answer) => {
                learn_received(&self.context.secrets, &answer.headers);
                Seen { status: Some(answer.status.as_u16()), took, why: None }
            }
            Err(error) => Seen { status: None, took, why: Some(error.to_string()) },
        }
    }

    /// When each request had its status of before again.
    async fn after(&self, before: &[Seen], limit: Duration) -> Vec<Option<Duration>> {
        let started = Instant::now();
        let mut recovered = vec![None; before.len()];
        while recovered.contains(&None) && started.elapsed() < limit {
            let seen = self.each(&self.questions).await;
            for ((seen, before), recovered) in seen.iter().zip(before).zip(&mut recovered) {
                if seen.status == before.status {
                    recovered.get_or_insert(started.elapsed());
                }
            }
            tokio::time::sleep(if recovered.contains(&None) { EVERY } else { Duration::ZERO }).await;
        }
        recovered
    }

    fn others_facts(&self, before: &[Seen], during: &[Seen]) -> BTreeMap<&'static str, Value> {
        if self.others.is_empty() {
            return BTreeMap::new();
        }
        let answered = self.others.iter().zip(during).filter(|(_, seen)| seen.status.is_some());
        let took: Map<String, Value> = answered
            .map(|(question, seen)| (question.url.path().to_owned(), millis(seen.took).into()))
            .collect();
        let well = |(before, during): (&Seen, &Seen)| {
            during.status.is_some() && during.status == before.status && during.took <= self.budget
        };
        let all = before.iter().zip(during).all(well);
        BTreeMap::from([("other_paths_ms", took.into()), ("others_answered", all.into())])
    }
}

fn with_before(request: &Request, seen: &Seen) -> Item {
    Item::new(request.key())
        .fact("was_well", seen.is_well())
        .fact_if_known("before_status", seen.status)
        .fact("before_ms", millis(seen.took))
}

fn with_during(item: Item, seen: &Seen, budget: Duration) -> Item {
    item.fact("answered", seen.status.is_some())
        .fact_if_known("status", seen.status)
        .fact("took_ms", millis(seen.took))
        .fact("within_budget", seen.status.is_some() && seen.took <= budget)
        .fact_if_known("error", seen.why.clone())
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
