//! The workers on other machines that a load may be spread over: what is written of them, checked, and
//! where they are met. It sends nothing.

use std::path::Path;
use std::time::Duration;

use gonogo_load::spread::{Fleet, Key, Meeting};
use gonogo_model::amount::Wait;
use gonogo_model::catalog::TargetKind;

use super::ground;
use crate::context::Context;
use crate::net::Endpoint;
use crate::probe::Unmeasured;
use crate::tools::net;

/// How long nothing may be heard of a worker; each says every second that it lives.
const SILENCE: Duration = Duration::from_secs(15);
/// How long it may take until NATS answers at all.
const LIMIT: Duration = Duration::from_secs(10);
/// Each shard takes loopback addresses of its own, of which there are so many networks.
const MOST: u64 = 255;

/// Workers that are to be found.
#[derive(Clone)]
pub(super) struct Wanted {
    /// The target of kind nats at which they wait.
    target: String,
    workers: u64,
    secret: String,
    wait: Duration,
}

impl std::fmt::Debug for Wanted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Wanted({} workers at {})", self.workers, self.target)
    }
}

impl Wanted {
    /// What the parameters of all probes say; nothing when they say nothing of it.
    pub(super) fn read(
        fleet: Option<String>,
        workers: Option<u64>,
        secret: Option<String>,
        wait: Option<Wait>,
    ) -> Result<Option<Wanted>, String> {
        match (fleet, workers, secret) {
            (None, None, None) if wait.is_none() => Ok(None),
            (Some(_), Some(workers), Some(_)) if !(1..=MOST).contains(&workers) => {
                Err(format!("`workers` is {workers}; write 1 to {MOST}"))
            }
            (Some(target), Some(workers), Some(secret)) => {
                let wait = wait.map_or(Duration::from_secs(30), |wait| wait.0);
                Ok(Some(Wanted { target, workers, secret, wait }))
            }
            _ => Err("`fleet`, `workers` and `fleet_secret` go together: where workers wait, how many it \
                      takes, and the secret that they know too"
                .to_owned()),
        }
    }

    /// Where they are met, which must be declared and within reach.
    pub(super) async fn fleet(&self, context: &Context, ca: Option<&Path>) -> Result<Fleet, Unmeasured> {
        let target = context.others.get(&self.target).filter(|target| target.kind == TargetKind::Nats);
        let target = target.ok_or_else(|| {
            Unmeasured::because(format!("there is no nats target `{}`; declare it", self.target))
        })?;
        context.secrets.learn("fleet_secret", &self.secret);
        let place = Endpoint::of(target, &context.secrets)?;
        let there = net::answering(&context.reach, &place.host, place.port, LIMIT).await;
        there.map_err(|error| Unmeasured::because(error.to_string()))?;
        let and = ca.map(|ca| ground::certificates(context, ca)).transpose()?.unwrap_or_default();
        let refused = |why: gonogo_load::plan::Refused| Unmeasured::because(why.to_string());
        let key = Key::new(&self.secret).map_err(refused)?;
        let meeting = Meeting::new(&target.address, and, key).map_err(refused)?;
        Ok(Fleet { meeting, workers: self.workers, wait: self.wait, silence: SILENCE })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_half_written_is_refused() {
        let some = |text: &str| Some(text.to_owned());
        assert!(Wanted::read(None, None, None, None).unwrap().is_none());
        let wanted = Wanted::read(some("bus"), Some(4), some("canary-7f3a"), None).unwrap().unwrap();
        assert_eq!(format!("{wanted:?}"), "Wanted(4 workers at bus)");
        for (fleet, workers, secret, wait) in [
            (some("bus"), None, some("s"), None),
            (some("bus"), Some(4), None, None),
            (None, Some(4), None, None),
            (None, None, None, Some(Wait::seconds(3))),
        ] {
            let why = Wanted::read(fleet, workers, secret, wait).unwrap_err();
            assert!(why.contains("go together"), "{why}");
        }
        for workers in [0, 256] {
            let why = Wanted::read(some("bus"), Some(workers), some("s"), None).unwrap_err();
            assert!(why.contains("write 1 to 255"), "{why}");
        }
    }
}
