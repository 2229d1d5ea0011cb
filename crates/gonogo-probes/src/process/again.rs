//! Bringing a service back that a look ended: by whoever watches over it, or by a command. It does not
//! know how it was ended.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use gonogo_model::amount::Wait;
use gonogo_model::fact::Item;
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::time::Instant;
use url::Url;

use crate::context::Context;
use crate::http::address::{base_of, joined, unmeasured};
use crate::probe::Unmeasured;
use crate::tools::http::{HttpClient, Question};
use crate::tools::process::Running;
use crate::tools::signal::{self, Held};

/// Between two looks at whether it is back.
const PAUSE: Duration = Duration::from_millis(20);
/// One question whether it is healthy takes no longer.
const ONE: Duration = Duration::from_secs(2);

/// How it comes back, and how that is known.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub(crate) struct Return {
    /// The http target that says whether the service is healthy.
    healthy: Option<String>,
    /// The path that must be answered with 200 to 299 by a healthy service.
    #[serde(default = "health")]
    path: String,
    /// The program, with its arguments, that starts the service again when nobody else does. It runs
    /// in the folder of the spec, without a shell, and goes on after the run.
    #[serde(default)]
    start: Vec<String>,
    /// How long it may take until it is back; at most 10m.
    #[serde(default = "thirty_seconds")]
    within: Wait,
}

fn health() -> String {
    "/health".to_owned()
}

fn thirty_seconds() -> Wait {
    Wait::seconds(30)
}

impl Default for Return {
    fn default() -> Return {
        Return { healthy: None, path: health(), start: Vec::new(), within: thirty_seconds() }
    }
}

impl Return {
    /// # Errors
    /// A sentence when it cannot be so.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.within.0.is_zero() || self.within.0 > Duration::from_secs(600) {
            return Err("`within` is a time span over 0 and at most 10m".to_owned());
        }
        match self.path.starts_with('/') {
            true => Ok(()),
            false => Err(format!("the path `{0}` does not start with a slash; write `/{0}`", self.path)),
        }
    }

    /// The same, with this http target to say whether it is healthy.
    ///
    /// # Errors
    /// A sentence when another is named already.
    pub(crate) fn of(mut self, healthy: &str) -> Result<Return, String> {
        match self.healthy.replace(healthy.to_owned()) {
            Some(_) => Err("`healthy` stands beside `back`, not in it".to_owned()),
            None => Ok(self),
        }
    }
}

/// A service that is about to be ended.
pub(crate) struct Service {
    address: String,
    folder: PathBuf,
    health: Option<(HttpClient, Question)>,
    start: Vec<String>,
    environment: BTreeMap<String, String>,
    within: Duration,
    /// It was ended, and nothing was done yet to bring it back.
    owed: bool,
}

/// How it came back.
pub(crate) struct Returned {
    healthy: Option<bool>,
    pid: Option<u32>,
    after: Option<Duration>,
    was_down: bool,
    by: &'static str,
    trouble: Option<String>,
}

impl Service {
    /// The service of the target, in its steady state.
    ///
    /// # Errors
    /// When it is not there or not healthy, or when nobody could tell that it is back.
    pub(crate) async fn steady(context: &Context, back: &Return) -> Result<(Service, Held), Unmeasured> {
        let target = context.target.as_ref().ok_or_else(|| Unmeasured::because("no target is given"))?;
        let held = Held::of(Running::of(&target.address, &context.folder)?)?;
        if back.healthy.is_none() && !target.address.starts_with("pidfile:") {
            return Err(Unmeasured::because(
                "nobody could tell whether it is back, so it was left alone; write the process as `pidfile:…`, or name an http target with `healthy`",
            ));
        }
        let own = context.environment.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        let service = Service {
            address: target.address.clone(),
            folder: context.folder.clone(),
            health: health_of(context, back)?,
            start: back.start.clone(),
            environment: own.collect(),
            within: back.within.0,
            owed: false,
        };
        match service.is_healthy().await {
            Some(Err(why)) => Err(Unmeasured::because(format!(
                "the service is not healthy before anything was done to it, so it was left alone: {why}"
            ))),
            _ => Ok((service, held)),
        }
    }

    /// From now on it must be brought back, also when the look is cut off.
    pub(crate) fn is_ended(&mut self) {
        self.owed = true;
    }

    /// `None` when nobody says.
    async fn is_healthy(&self) -> Option<Result<(), String>> {
        let (client, question) = self.health.as_ref()?;
        let (answer, _) = client.ask(question).await;
        Some(match answer {
            Ok(answer) if answer.status.is_success() => Ok(()),
            Ok(answer) => Err(format!("it answers {}", answer.status.as_u16())),
            Err(error) => Err(error.to_string()),
        })
    }

    fn start(&mut self) -> Result<(), Unmeasured> {
        self.owed = false;
        match self.start.split_first() {
            None => Ok(()),
            Some((program, arguments)) => signal::launch(program, arguments, &self.folder, &self.environment),
        }
    }

    /// Brings it back and waits until it is there.
    pub(crate) async fn back(mut self, before: u32) -> Returned {
        let by = if self.start.is_empty() { "supervisor" } else { "start" };
        let began = Instant::now();
        let mut returned =
            Returned { healthy: None, pid: None, after: None, was_down: false, by, trouble: None };
        returned.trouble = self.start().err().map(|unmeasured| unmeasured.why);
        loop {
            let other = self.pid().filter(|pid| *pid != before);
            returned.pid = other.or(returned.pid);
            let healthy = self.is_healthy().await;
            returned.was_down |= matches!(healthy, Some(Err(_))) || (healthy.is_none() && other.is_none());
            returned.healthy = healthy.as_ref().map(Result::is_ok);
            // A pid file is written early; what says that it is healthy says more.
            if returned.healthy.unwrap_or(other.is_some()) && (other.is_some() || !self.has_pid_file()) {
                returned.after = Some(began.elapsed());
                return returned;
            }
            if began.elapsed() >= self.within || returned.trouble.is_some() {
                let why = healthy.and_then(Result::err);
                returned.trouble = returned.trouble.or(why).or(Some("no new process was seen".to_owned()));
                return returned;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn has_pid_file(&self) -> bool {
        self.address.starts_with("pidfile:")
    }

    /// The process that the pid file names now.
    fn pid(&self) -> Option<u32> {
        let running = Running::of(&self.address, &self.folder).ok();
        running.map(Running::id).filter(|_| self.has_pid_file())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if self.owed {
            // Nobody is left to tell whether it could be started.
            drop(self.start());
        }
    }
}

fn health_of(context: &Context, back: &Return) -> Result<Option<(HttpClient, Question)>, Unmeasured> {
    let Some(name) = &back.healthy else { return Ok(None) };
    let target = context.others.get(name);
    let target =
        target.ok_or_else(|| Unmeasured::because("`healthy` names no target; name one of kind http"))?;
    let url: Url = joined(&base_of(context, target)?, &back.path)?;
    let client = HttpClient::new(&context.reach, ONE).map_err(unmeasured)?;
    let headers = reqwest::header::HeaderMap::new();
    Ok(Some((client, Question { method: reqwest::Method::GET, url, headers, body: None, follow: false })))
}

impl Returned {
    /// What is said of coming back.
    pub(crate) fn facts(&self, item: Item, before: u32) -> Item {
        item.fact("back", self.after.is_some())
            .fact_if_known(
                "back_ms",
                self.after.map(|after| u64::try_from(after.as_millis()).unwrap_or(u64::MAX)),
            )
            .fact_if_known("healthy", self.healthy)
            .fact_if_known("pid_changed", self.pid.map(|pid| pid != before))
            .fact("was_down", self.was_down)
            .fact("brought_back_by", self.by)
            .fact("left_down", self.after.is_none())
            .fact_if_known("trouble", self.trouble.clone().filter(|_| self.after.is_none()))
    }
}

/// The facts of coming back, for the list of a probe.
macro_rules! return_facts {
    ($($more:expr),* $(,)?) => {
        &[
            $($more,)*
            fact("back", FactType::Bool, "", "Whether it was back, and healthy where that is asked, within `within`."),
            fact("back_ms", FactType::Int, "ms", "How long that took from the end of the old process or the start by the command; absent when it did not come back."),
            fact("healthy", FactType::Bool, "", "Whether it is healthy at the end; absent without `healthy`."),
            fact("pid_changed", FactType::Bool, "", "Whether the pid file names another process now; absent when no new one was seen, or without a pid file."),
            fact("was_down", FactType::Bool, "", "Whether it was seen to be away meanwhile."),
            fact("brought_back_by", FactType::Text, "", "`start` when the command of the check started it, else `supervisor`: whoever watches over it must."),
            fact("left_down", FactType::Bool, "", "Whether it could not be brought back. Start it by hand."),
            fact("trouble", FactType::Text, "", "Why it is not back; absent when it is."),
        ]
    };
}
pub(crate) use return_facts;
