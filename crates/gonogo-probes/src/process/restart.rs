//! `process/restart`: kills a service without warning and looks whether it comes back, healthy, in
//! time. It is left alone when it is not healthy before, or when nobody could tell that it is back.

use std::time::Duration;

use gonogo_model::catalog::{Class, FactInfo, FactType, TargetKind, TargetNeed, TargetParameter, fact};
use gonogo_model::fact::Item;
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::time::Instant;

use super::again::{Return, Service, return_facts};
use crate::context::Context;
use crate::probe::{Looked, Probe, Unmeasured};
use crate::tools::signal::Held;

/// A killed process is gone once the kernel came round to it.
const GONE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(2);

/// Kills a service.
pub(crate) struct Restart;

/// Checked parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(try_from = "Return")]
#[schemars(with = "Return")]
pub(crate) struct Params(Return);

impl TryFrom<Return> for Params {
    type Error = String;

    fn try_from(back: Return) -> Result<Params, String> {
        back.check().map(|()| Params(back))
    }
}

impl Probe for Restart {
    const ID: &'static str = "process/restart";
    const TITLE: &'static str = "Whether a service comes back after it was killed";
    const CLASS: Class = Class::Destructive;
    const TARGET: TargetNeed = TargetNeed::Required(&[TargetKind::Process]);
    const ALSO: &'static [TargetParameter] =
        &[TargetParameter { name: "healthy", kinds: &[TargetKind::Http] }];
    const FACTS: &'static [FactInfo] = return_facts![
        fact(
            "killed",
            FactType::Bool,
            "",
            "Whether it was killed. Always true: otherwise nothing was measured."
        ),
        fact("gone_ms", FactType::Int, "ms", "How long after SIGKILL it was gone."),
    ];
    type Params = Params;

    async fn look(context: &Context, Params(back): Params) -> Result<Looked, Unmeasured> {
        let (mut service, held) = Service::steady(context, &back).await?;
        held.kill()?;
        service.is_ended();
        let gone = until_gone(&held, GONE).await.ok_or_else(|| {
            Unmeasured::because(format!(
                "process {} was sent SIGKILL and is still there; look at what it waits for",
                held.id()
            ))
        })?;
        let returned = service.back(held.id()).await;
        let item = Item::new("restart")
            .fact("killed", true)
            .fact("gone_ms", u64::try_from(gone.as_millis()).unwrap_or(u64::MAX));
        Ok(Looked::item(returned.facts(item, held.id())))
    }
}

/// How long it took until the process had ended; `None` when it has not within `limit`.
pub(super) async fn until_gone(held: &Held, limit: Duration) -> Option<Duration> {
    let began = Instant::now();
    while !held.has_ended() {
        if began.elapsed() >= limit {
            return None;
        }
        tokio::time::sleep(PAUSE).await;
    }
    Some(began.elapsed())
}
