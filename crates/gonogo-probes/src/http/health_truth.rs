//! `http/health-truth`: takes a dependency away, and sees whether the health endpoint tells it in
//! time, and when it is well again. It knows no dependency by name.

use std::time::Duration;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use gonogo_model::fact::{Item, Location};
use tokio::time::Instant;

use self::params::Params;
use super::address::{base, unmeasured};
use super::health::report::{Report, State};
use super::written::Request;
use crate::context::Context;
use crate::outage::{self, Outage};
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::http::{HttpClient, HttpError, Question, shown};

mod params;

/// Takes a dependency of a service away.
pub(crate) struct HealthTruth;

impl Probe for HealthTruth {
    const ID: &'static str = "http/health-truth";
    const TITLE: &'static str = "Whether a service says that it is unhealthy when a dependency is away";
    const CLASS: Class = Class::Destructive;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] = &[TargetParameter { name: "dependency", kinds: outage::KINDS }];
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let base = base(context)?;
        let dependency = context.others.get(&params.dependency).ok_or_else(|| {
            Unmeasured::because(format!("there is no target `{}`; declare it", params.dependency))
        })?;
        let client = HttpClient::new(&context.reach, params.timeout).map_err(unmeasured)?;
        let question = Request::get(&params.path, &params.headers).question(context, &base)?;
        let watch = Watch { client, question, params: &params };
        let item = Item::new(format!("{} without {}", params.path, dependency.name))
            .read_at(Location::of(shown(&watch.question.url)));
        let before = watch.ask().await.map_err(unmeasured)?;
        let item = item
            .fact("was_healthy", before.state != State::Unhealthy)
            .fact("state_before", before.state.name());
        if before.state == State::Unhealthy {
            // Nothing is broken that is broken already.
            return Ok(Looked::item(item.fact("fault_active", false)));
        }
        let outage = Outage::begin(context, dependency, params.commands.as_ref()).await?;
        let during = watch.during(&before, params.within).await;
        outage.must_be_active().await?;
        let item = item.fact("fault", outage.name()).fact("fault_active", true);
        outage.end().await?;
        let after = watch.after(&before).await;
        Ok(Looked::item(with_after(with_during(item, &during), &after)))
    }
}

const FACTS: &[FactInfo] = &[
    fact(
        "was_healthy",
        FactType::Bool,
        "",
        "Whether it was not unhealthy before; else nothing is broken and the facts about the fault are absent.",
    ),
    fact("state_before", FactType::Text, "", "`healthy`, `degraded` or `unhealthy`, before."),
    fact("fault", FactType::Text, "", "`stalled`: the process stood still. `stopped`: by the command."),
    fact(
        "fault_active",
        FactType::Bool,
        "",
        "Whether the dependency was shown to be away, at the start and at the end: its processes stood still or were gone, or it took no connection.",
    ),
    fact(
        "noticed",
        FactType::Bool,
        "",
        "Whether it said anything worse than before, of itself or of a dependency it lists, within `within`.",
    ),
    fact("noticed_ms", FactType::Int, "ms", "From the fault until then; absent when it did not."),
    fact(
        "turned_unhealthy",
        FactType::Bool,
        "",
        "Whether it was unhealthy within `within`: by status code or word, or because no answer came within `timeout`.",
    ),
    fact("turned_ms", FactType::Int, "ms", "From the fault until then; absent when it did not."),
    fact(
        "state_during",
        FactType::Text,
        "",
        "The worst it said of itself; absent when it did not answer at all.",
    ),
    fact("status_during", FactType::Int, "", "The last status code meanwhile; absent when no answer came."),
    fact(
        "answered_during",
        FactType::Bool,
        "",
        "Whether every question meanwhile was answered within `timeout`.",
    ),
    fact(
        "dependency_named",
        FactType::List,
        "",
        "The listed dependencies that it said were worse than before.",
    ),
    fact(
        "recovered",
        FactType::Bool,
        "",
        "Whether it was as well as before within `recovers_within` of the end of the fault.",
    ),
    fact(
        "recovered_ms",
        FactType::Int,
        "ms",
        "From the end of the fault until then; absent when it did not.",
    ),
    fact("state_after", FactType::Text, "", "What it said last; absent when it did not answer."),
];

/// What was seen while the dependency was away.
#[derive(Debug, Default)]
struct During {
    noticed: Option<Duration>,
    unhealthy: Option<Duration>,
    worst: Option<State>,
    status: Option<u16>,
    unanswered: u64,
    named: Vec<String>,
}

impl During {
    fn see(&mut self, seen: Result<Report, HttpError>, before: &Report, at: Duration) {
        let Ok(report) = seen else {
            self.unanswered += 1;
            self.noticed.get_or_insert(at);
            self.unhealthy.get_or_insert(at);
            return;
        };
        let worse = report.worse_than(before);
        if report.state > before.state || !worse.is_empty() {
            self.noticed.get_or_insert(at);
        }
        if report.state == State::Unhealthy {
            self.unhealthy.get_or_insert(at);
        }
        self.worst = self.worst.max(Some(report.state));
        self.status = Some(report.status);
        for name in worse.into_iter().filter(|name| !self.named.contains(name)).collect::<Vec<_>>() {
            self.named.push(name);
        }
    }
}

/// What was seen when it was back.
#[derive(Debug, Default)]
struct After {
    recovered: Option<Duration>,
    state: Option<State>,
}

/// One endpoint that is asked again and again.
struct Watch<'p> {
    client: HttpClient,
    question: Question,
    params: &'p Params,
}

impl Watch<'_> {
    async fn ask(&self) -> Result<Report, HttpError> {
        let (answer, _) = self.client.ask(&self.question).await;
        answer.map(|answer| Report::of(&answer, &self.params.words))
    }

    /// Asks until it says what is waited for.
    async fn during(&self, before: &Report, limit: Duration) -> During {
        let (started, mut during) = (Instant::now(), During::default());
        while started.elapsed() < limit {
            let seen = self.ask().await;
            during.see(seen, before, started.elapsed());
            let enough = if self.params.unhealthy { during.unhealthy } else { during.noticed };
            if enough.is_some() {
                break;
            }
            tokio::time::sleep(self.params.every.min(limit.saturating_sub(started.elapsed()))).await;
        }
        during
    }

    /// Asks until it is as well as before.
    async fn after(&self, before: &Report) -> After {
        let (started, mut after) = (Instant::now(), After::default());
        while started.elapsed() < self.params.recovers_within {
            let seen = self.ask().await.ok();
            after.state = seen.as_ref().map(|report| report.state);
            let well = |report: Report| report.state <= before.state && report.worse_than(before).is_empty();
            if seen.is_some_and(well) {
                after.recovered = Some(started.elapsed());
                break;
            }
            tokio::time::sleep(self.params.every).await;
        }
        after
    }
}

fn with_during(item: Item, during: &During) -> Item {
    item.fact("noticed", during.noticed.is_some())
        .fact_if_known("noticed_ms", during.noticed.map(millis))
        .fact("turned_unhealthy", during.unhealthy.is_some())
        .fact_if_known("turned_ms", during.unhealthy.map(millis))
        .fact_if_known("state_during", during.worst.map(State::name))
        .fact_if_known("status_during", during.status)
        .fact("answered_during", during.unanswered == 0)
        .fact("dependency_named", during.named.clone())
}

fn with_after(item: Item, after: &After) -> Item {
    item.fact("recovered", after.recovered.is_some())
        .fact_if_known("recovered_ms", after.recovered.map(millis))
        .fact_if_known("state_after", after.state.map(State::name))
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
