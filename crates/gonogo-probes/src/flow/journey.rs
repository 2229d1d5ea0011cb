//! `flow/journey`: walks a journey of users through the system, once or several times side by side,
//! and cleans up behind it whatever happens.

use std::sync::Arc;
use std::time::{Duration, Instant};

use gonogo_model::amount::Wait;
use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use gonogo_model::fact::{Item, Sampled};
use gonogo_model::flow::{Identities, Step};
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::task::JoinSet;

use super::cleanup::Cleanup;
use super::ground::Ground;
use super::walk::{Stumble, Walk};
use crate::afterwards::Afterwards;
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};

const MOST_JOURNEYS: u32 = 64;
const MOST_STEPS: usize = 200;

/// Walks a journey.
pub(crate) struct Journey;

impl Probe for Journey {
    const ID: &'static str = "flow/journey";
    const TITLE: &'static str = "Whether users get through the system, step by step";
    const CLASS: Class = Class::Active;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Http]);
    const ALSO: &'static [TargetParameter] =
        &[TargetParameter { name: "others", kinds: &[TargetKind::Http, TargetKind::Sink] }];
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, params: Params) -> Result<Looked, Unmeasured> {
        let ground = Arc::new(Ground::of(context).await?);
        let params = Arc::new(params);
        let mut walking = JoinSet::new();
        for _ in 0..params.journeys {
            let walk = Walk::new(Arc::clone(&ground), &params.identities)?;
            walking.spawn(journey(walk, Arc::clone(&params), Arc::clone(&context.afterwards)));
        }
        let mut walked = Vec::new();
        while let Some(ended) = walking.join_next().await {
            walked.push(ended.map_err(|_| Unmeasured::because("a journey was cut off"))?);
        }
        let stumbled = walked.iter().find_map(|one| one.stumble.as_ref());
        match stumbled.filter(|stumble| stumble.unreachable && walked.iter().all(|one| one.done == 0)) {
            Some(stumble) => Err(Unmeasured::because(stumble.why.clone())),
            None => Ok(Looked::item(item(&params, &walked))),
        }
    }
}

/// Checked parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
pub(crate) struct Params {
    #[schemars(skip)]
    identities: Identities,
    #[schemars(skip)]
    steps: Vec<Step>,
    #[schemars(skip)]
    cleanup: Vec<Step>,
    journeys: u32,
    within: Wait,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "FlowJourney")]
struct Written {
    /// Further targets that steps name: services with `at`, sinks with `sink`.
    #[serde(default)]
    #[expect(dead_code, reason = "the context has them; here they are only allowed")]
    others: Vec<String>,
    /// The synthetic people who walk.
    #[serde(default)]
    identities: Identities,
    /// What they do, in order.
    steps: Vec<Step>,
    /// What is done at the end whatever happened, also when the run is stopped. A step that fails
    /// does not keep the next from being tried.
    #[serde(default)]
    cleanup: Vec<Step>,
    /// How many journeys side by side, each with people of its own, 1 to 64.
    #[serde(default = "once")]
    #[schemars(range(min = 1, max = 64))]
    journeys: u32,
    /// How long a journey may take, without its clean-up; at most 5m.
    #[serde(default = "half_a_minute")]
    within: Wait,
}

fn once() -> u32 {
    1
}

fn half_a_minute() -> Wait {
    Wait::seconds(30)
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(written: Written) -> Result<Params, String> {
        let Written { identities, steps, cleanup, journeys, within, .. } = written;
        if steps.is_empty() || steps.len() + cleanup.len() > MOST_STEPS {
            return Err(format!("a journey has 1 to {MOST_STEPS} steps; this one has {}", steps.len()));
        }
        if !(1..=MOST_JOURNEYS).contains(&journeys) {
            return Err(format!("`journeys` is {journeys}; write 1 to {MOST_JOURNEYS}"));
        }
        if within.0.is_zero() || within.0 > Duration::from_secs(300) {
            return Err("`within` is a time span over 0 and at most 5m".to_owned());
        }
        identities.check(&steps)?;
        identities.check(&cleanup)?;
        Ok(Params { identities, steps, cleanup, journeys, within })
    }
}

/// What came of one journey.
struct Walked {
    signed_up: bool,
    stumble: Option<Stumble>,
    done: usize,
    took: Duration,
    slowest: Option<(Duration, String)>,
    left_behind: Option<Stumble>,
}

async fn journey(mut walk: Walk, params: Arc<Params>, afterwards: Arc<Afterwards>) -> Walked {
    let bearer = params.identities.bearer.clone();
    let cleanup = Cleanup::of(&walk, bearer, params.cleanup.clone(), afterwards);
    let started = Instant::now();
    let mut signed_up = false;
    let all = async {
        walk.sign_up(&params.identities).await?;
        signed_up = true;
        walk.done = 0;
        walk.steps(&params.steps).await
    };
    let ended = tokio::time::timeout(params.within.0, all).await;
    let took = started.elapsed();
    let stumble = match ended {
        Ok(ended) => ended.err(),
        Err(_) => {
            let step = params.steps.get(walk.done).map_or_else(String::new, |step| step.name.clone());
            let why = format!("the journey was not over within {}", params.within);
            Some(Stumble { step, why, unreachable: false })
        }
    };
    let (done, slowest) = (walk.done, walk.slowest.take());
    drop(walk);
    Walked { signed_up, stumble, done, took, slowest, left_behind: cleanup.now().await }
}

const FACTS: &[FactInfo] = &[
    fact("passed", FactType::Bool, "", "Whether every step of every journey did what it must."),
    fact("signed_up", FactType::Bool, "", "Whether all users of all journeys could be made."),
    fact("steps", FactType::Int, "", "How many steps a journey has, without those that make users."),
    fact("steps_done", FactType::Int, "", "How many of them the journey did that came least far."),
    fact("failed_step", FactType::Text, "", "The step that stopped a journey; absent when none did."),
    fact("error", FactType::Text, "", "What happened there, with the step; absent when nothing did."),
    fact("journeys", FactType::Int, "", "How many journeys were walked side by side."),
    fact("failures", FactType::Int, "", "How many of them were stopped."),
    fact("took_ms", FactType::Int, "ms", "How long the longest journey took, making its users included."),
    fact("slowest_step", FactType::Text, "", "The step that took longest, in any of them."),
    fact("slowest_ms", FactType::Int, "ms", "How long it took."),
    fact("cleaned_up", FactType::Bool, "", "Whether the clean-up could be done."),
    fact("left_behind", FactType::Text, "", "Why something could not be cleaned up; absent when all was."),
];

fn item(params: &Params, walked: &[Walked]) -> Item {
    let failures = walked.iter().filter(|one| one.stumble.is_some()).count();
    let stumble = walked.iter().find_map(|one| one.stumble.as_ref());
    let left = walked.iter().find_map(|one| one.left_behind.as_ref());
    let slowest = walked.iter().filter_map(|one| one.slowest.as_ref()).max_by_key(|(took, _)| *took);
    let longest = walked.iter().map(|one| one.took).max().unwrap_or_default();
    let said = |stumble: &Stumble| format!("{}: {}", stumble.step, stumble.why);
    let mut item = Item::new("journey")
        .fact("passed", failures == 0)
        .fact("signed_up", walked.iter().all(|one| one.signed_up))
        .fact("steps", params.steps.len())
        .fact("steps_done", walked.iter().map(|one| one.done).min().unwrap_or_default())
        .fact_if_known("failed_step", stumble.map(|stumble| stumble.step.clone()))
        .fact_if_known("error", stumble.map(said))
        .fact("journeys", walked.len())
        .fact("failures", failures)
        .fact("took_ms", millis(longest))
        .fact_if_known("slowest_step", slowest.map(|(_, step)| step.clone()))
        .fact_if_known("slowest_ms", slowest.map(|(took, _)| millis(*took)))
        .fact("cleaned_up", left.is_none())
        .fact_if_known("left_behind", left.map(said));
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    item.sampled = Some(Sampled { samples: count(walked.len()), failures: count(failures) });
    item
}

fn millis(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}
