//! `process/shutdown`: asks a service to end while a request is under way, and looks whether that is
//! still answered, whether the service ends in time, and whether it comes back. It is left alone when
//! it is not healthy before, or when the request is over too soon.

use std::time::Duration;

use gonogo_model::amount::Wait;
use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use gonogo_model::fact::Item;
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::time::Instant;
use url::Url;

use super::again::{Return, Service, return_facts};
use super::restart::until_gone;
use crate::context::{Context, Reach};
use crate::flow::errand::{Errand, Stirred};
use crate::http::address::base_of;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::net;
use crate::tools::signal::Ending;

/// How long a process may take to go once it is killed.
const GONE: Duration = Duration::from_secs(10);

/// Asks a service to end.
pub(crate) struct Shutdown;

/// Checked parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Written")]
#[schemars(with = "Written")]
pub(crate) struct Params(Written);

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ProcessShutdown")]
struct Written {
    /// How it comes back.
    #[serde(default)]
    back: Return,
    /// The http target that says whether the service is healthy. The request goes there too.
    healthy: String,
    /// What is under way when the service is asked to end, as steps of `flow/journey`: the last must
    /// take longer than `after`. What comes before it is done first.
    in_flight: Errand,
    /// Further targets that steps name.
    #[serde(default)]
    #[expect(dead_code, reason = "the context has them; here they are only allowed")]
    others: Vec<String>,
    /// How long after the last step began the service is asked to end; at most 30s.
    #[serde(default = "after")]
    after: Wait,
    /// How long it may take to end; it is killed then. At most 5m.
    #[serde(default = "thirty_seconds")]
    grace: Wait,
}

fn after() -> Wait {
    Wait(Duration::from_millis(500))
}

fn thirty_seconds() -> Wait {
    Wait::seconds(30)
}

impl TryFrom<Written> for Params {
    type Error = String;

    fn try_from(mut written: Written) -> Result<Params, String> {
        if written.after.0.is_zero() || written.after.0 > Duration::from_secs(30) {
            return Err("`after` is a time span over 0 and at most 30s".to_owned());
        }
        if written.grace.0.is_zero() || written.grace.0 > Duration::from_secs(300) {
            return Err("`grace` is a time span over 0 and at most 5m".to_owned());
        }
        written.back = written.back.of(&written.healthy)?;
        written.back.check().map(|()| Params(written))
    }
}

impl Probe for Shutdown {
    const ID: &'static str = "process/shutdown";
    const TITLE: &'static str = "Whether a service answers what is under way before it ends";
    const CLASS: Class = Class::Destructive;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Process]);
    const ALSO: &'static [TargetParameter] = &[
        TargetParameter { name: "healthy", kinds: &[TargetKind::Http] },
        TargetParameter { name: "others", kinds: &[TargetKind::Http, TargetKind::Sink] },
    ];
    // Since 2, only the last step is under way; all before it is done first.
    const VERSION: u32 = 2;
    const FACTS: &'static [FactInfo] = FACTS;
    type Params = Params;

    async fn look(context: &Context, Params(params): Params) -> Result<Looked, Unmeasured> {
        let (mut service, held) = Service::steady(context, &params.back).await?;
        let target = context.others.get(&params.healthy);
        let target =
            target.ok_or_else(|| Unmeasured::because("`healthy` names no target; name one of kind http"))?;
        let base = base_of(context, target)?;
        let begun = params.in_flight.but_the_last(context, target).await.map_err(not_begun)?;
        let mut flight = std::pin::pin!(begun.last());
        tokio::select! {
            over = &mut flight => return Err(too_soon(&over)),
            // The request must be under way, and nothing else shows that.
            () = tokio::time::sleep(params.after.0) => {}
        }
        held.terminate()?;
        service.is_ended();
        let asked = Instant::now();
        let flown = async { (tokio::time::timeout(params.grace.0, flight).await, asked.elapsed()) };
        let (flown, gone) = tokio::join!(flown, until_gone(&held, params.grace.0));
        let ended = Ended { gone, how: held.ending(), refuses: refuses(&context.reach, &base).await };
        if gone.is_none() {
            held.kill()?;
            until_gone(&held, GONE).await;
        }
        let item = in_flight(Item::new("shutdown"), flown);
        let returned = service.back(held.id()).await;
        Ok(Looked::item(returned.facts(ended.facts(item), held.id())))
    }
}

const FACTS: &[FactInfo] = return_facts![
    fact(
        "answered",
        FactType::Bool,
        "",
        "Whether what was under way was done whole, as its steps ask for it."
    ),
    fact("answered_status", FactType::Int, "", "The status of its last answer."),
    fact("answered_ms", FactType::Int, "ms", "How long after SIGTERM that was over."),
    fact("answer_error", FactType::Text, "", "What happened to it instead; absent when it was answered."),
    fact(
        "ended",
        FactType::Bool,
        "",
        "Whether the process ended within `grace` after SIGTERM. It is killed otherwise."
    ),
    fact("ended_ms", FactType::Int, "ms", "How long that took; absent when it was killed."),
    fact(
        "exit_code",
        FactType::Int,
        "",
        "Its exit code; absent when a signal ended it, or when its parent took it away at once."
    ),
    fact(
        "exit_signal",
        FactType::Int,
        "",
        "The signal that ended it; absent when none did, or nobody can tell any more."
    ),
    fact(
        "refuses",
        FactType::Bool,
        "",
        "Whether no connection was taken once it had ended. False too where somebody else listens for it, or started it again at once."
    ),
];

fn not_begun(why: Unmeasured) -> Unmeasured {
    Unmeasured::because(format!(
        "what comes before the request to be interrupted failed, so the service was left alone: {}",
        why.why
    ))
}

/// What was there to be interrupted is over.
fn too_soon(over: &Stirred) -> Unmeasured {
    Unmeasured::because(match over.trouble() {
        Some(why) => format!("the request to be interrupted failed before, so the service was left alone: {why}"),
        None => "the request to be interrupted was over before, so the service was left alone; take a slower one, or a shorter `after`".to_owned(),
    })
}

type Flown = (Result<Stirred, tokio::time::error::Elapsed>, Duration);

fn in_flight(item: Item, (flown, took): Flown) -> Item {
    let (status, error) = match flown {
        Ok(stirred) => (stirred.status(), stirred.trouble()),
        Err(_) => (None, Some("there was no answer within `grace`".to_owned())),
    };
    item.fact("answered", error.is_none())
        .fact_if_known("answered_status", status)
        .fact("answered_ms", u64::try_from(took.as_millis()).unwrap_or(u64::MAX))
        .fact_if_known("answer_error", error)
}

/// How the process ended.
struct Ended {
    gone: Option<Duration>,
    how: Option<Ending>,
    refuses: bool,
}

impl Ended {
    fn facts(&self, item: Item) -> Item {
        let (code, signal) = match self.how {
            Some(Ending::Code(code)) => (Some(code), None),
            Some(Ending::Signal(signal)) => (None, Some(signal)),
            None => (None, None),
        };
        item.fact("ended", self.gone.is_some())
            .fact_if_known(
                "ended_ms",
                self.gone.map(|gone| u64::try_from(gone.as_millis()).unwrap_or(u64::MAX)),
            )
            .fact_if_known("exit_code", code)
            .fact_if_known("exit_signal", signal)
            .fact("refuses", self.refuses)
    }
}

async fn refuses(reach: &Reach, base: &Url) -> bool {
    let (Some(host), Some(port)) = (base.host_str(), base.port_or_known_default()) else { return false };
    net::dial(reach, host, port, Duration::from_secs(2)).await.is_err()
}
