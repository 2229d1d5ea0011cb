//! What makes a system send something to a sink: a walk, and then a watch over the sink. The probes
//! of deliveries share it; what is in the thing that arrives is for each of them to read.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use gonogo_model::amount::Wait;
use gonogo_model::catalog::TargetKind;
use gonogo_model::expression::Expression;
use gonogo_model::flow::{Identities, Step, arrival};
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::time::Instant;

use super::answer::Heard;
use super::ground::Ground;
use super::walk::{Stumble, Walk};
use crate::context::Context;
use crate::probe::Unmeasured;
use crate::tools::sinks::{Arrived, Reply, Sink};

const LONGEST: Duration = Duration::from_secs(120);

/// The parameters of a probe of deliveries.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
pub(crate) struct Stimulus {
    #[schemars(skip)]
    sink: String,
    #[schemars(skip)]
    identities: Identities,
    #[schemars(skip)]
    steps: Vec<Step>,
    #[schemars(skip)]
    which: Expression,
    within: Wait,
    after: Wait,
    refuse_with: Option<u16>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Stimulus")]
struct Written {
    /// The target of kind `sink` at which gonogo listens.
    sink: String,
    /// Further targets that steps name.
    #[serde(default)]
    #[expect(dead_code, reason = "the context has them; here they are only allowed")]
    others: Vec<String>,
    /// The synthetic people who act.
    #[serde(default)]
    identities: Identities,
    /// What they do, so that the system sends something: steps as in `flow/journey`.
    steps: Vec<Step>,
    /// Which of all that arrives is meant, in CEL over `to`, `headers`, `body`, `text` and `vars`.
    which: String,
    /// How long it may take to arrive; at most 2m.
    #[serde(default = "ten_seconds")]
    within: Wait,
    /// How long is watched for more of the same afterwards.
    #[serde(default = "half_a_second")]
    after: Wait,
    /// A second time everything is done while the sink refuses: an HTTP sink answers this status, a
    /// mail server says 451.
    #[schemars(range(min = 400, max = 599))]
    refuse_with: Option<u16>,
}

fn ten_seconds() -> Wait {
    Wait::seconds(10)
}

fn half_a_second() -> Wait {
    Wait(Duration::from_millis(500))
}

impl TryFrom<Written> for Stimulus {
    type Error = String;

    fn try_from(written: Written) -> Result<Stimulus, String> {
        let Written { sink, identities, steps, which, within, after, refuse_with, .. } = written;
        if steps.is_empty() {
            return Err("`steps` is empty: something must make the system send".to_owned());
        }
        if within.0.is_zero() || within.0 + after.0 > LONGEST {
            return Err("`within` and `after` are together over 0 and at most 2m".to_owned());
        }
        if refuse_with.is_some_and(|status| !(400..=599).contains(&status)) {
            return Err("`refuse_with` is a status from 400 to 599".to_owned());
        }
        identities.check(&steps)?;
        Ok(Stimulus { sink, identities, steps, which: arrival(&which)?, within, after, refuse_with })
    }
}

/// What came of it.
pub(crate) struct Delivered {
    /// Why the walk ended early; the sink was watched all the same.
    pub(crate) stumble: Option<Stumble>,
    /// What arrived and was meant, in order; the first within the limit, the others until the end of
    /// the watch.
    pub(crate) arrived: Vec<Arrived>,
    /// From the start of the last step to the first arrival.
    pub(crate) took: Option<Duration>,
    /// Other things that arrived meanwhile.
    pub(crate) others: usize,
}

impl Stimulus {
    /// Does it, and watches.
    pub(crate) async fn give(&self, context: &Context) -> Result<Delivered, Unmeasured> {
        let sink = self.sink(context).await?;
        sink.answer(Reply::default());
        self.once(context, &sink).await
    }

    /// Does it while the sink refuses; none when that was not asked for.
    pub(crate) async fn give_refused(&self, context: &Context) -> Result<Option<Delivered>, Unmeasured> {
        let Some(status) = self.refuse_with else { return Ok(None) };
        let sink = self.sink(context).await?;
        let _restored = Restored(&sink);
        sink.answer(Reply { status, ..Reply::default() });
        self.once(context, &sink).await.map(Some)
    }

    async fn sink(&self, context: &Context) -> Result<Arc<Sink>, Unmeasured> {
        let target = context.others.get(&self.sink).filter(|other| other.kind == TargetKind::Sink);
        let target =
            target.ok_or_else(|| Unmeasured::because(format!("there is no sink `{}`", self.sink)))?;
        context.sinks.open(&target.address).await
    }

    async fn once(&self, context: &Context, sink: &Sink) -> Result<Delivered, Unmeasured> {
        let since = sink.next();
        let mut walk = Walk::new(Arc::new(Ground::of(context).await?), &self.identities)?;
        let (before, last) = self.steps.split_at(self.steps.len().saturating_sub(1));
        let mut stumble = walk.sign_up(&self.identities).await.err();
        if stumble.is_none() {
            stumble = walk.steps(before).await.err();
        }
        let started = Instant::now();
        if stumble.is_none() {
            stumble = walk.steps(last).await.err();
        }
        if let Some(stumble) = stumble.as_ref().filter(|stumble| stumble.unreachable) {
            return Err(Unmeasured::because(stumble.why.clone()));
        }
        let vars = walk.memory().vars(None);
        let fits = |one: &Arrived| Heard::of_arrival(one).holds(&self.which, vars.clone()).is_ok();
        let first = sink.first(since, Instant::now() + self.within.0, fits).await;
        if let Some(first) = &first {
            // More of the same is a fact too.
            let until = Instant::now() + self.after.0;
            while sink.first(first.number + 1, until, |_| false).await.is_some() {}
        }
        let all = sink.since(since);
        let arrived: Vec<Arrived> = all.iter().filter(|one| fits(one)).cloned().collect();
        let others = all.len() - arrived.len();
        let took = first.map(|first| first.at.saturating_duration_since(started));
        Ok(Delivered { stumble, arrived, took, others })
    }
}

/// The sink takes everything again when this is dropped.
struct Restored<'s>(&'s Sink);

impl Drop for Restored<'_> {
    fn drop(&mut self) {
        self.0.answer(Reply::default());
    }
}

/// Headers whose value says who may send, not what is sent.
pub(crate) fn is_authorized(headers: &BTreeMap<String, String>) -> bool {
    ["authorization", "x-api-key", "api-key"].iter().any(|name| headers.contains_key(*name))
}
