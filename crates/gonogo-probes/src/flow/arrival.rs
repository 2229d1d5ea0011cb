//! The sinks of a walk: what must arrive there, what must not, and how they answer. A walk sees only
//! what arrived since its first look at a sink, and each thing once.

use std::time::Duration;

use gonogo_model::amount::Wait;
use gonogo_model::expression::Expression;
use gonogo_model::flow::Reply;
use tokio::time::Instant;

use super::answer::Heard;
use super::walk::{Outcome, Trouble, Walk};
use crate::tools::sinks::{self, Arrived};

impl Walk {
    pub(super) async fn arrives(
        &mut self,
        sink: &str,
        which: &Expression,
        user: Option<&str>,
        limit: Duration,
    ) -> Outcome {
        match self.first(sink, which, user, limit).await? {
            Some(arrived) => Ok(Some(Heard::of_arrival(&arrived))),
            None => {
                let others = self.ground.sink(sink)?.since(self.since(sink)).len();
                let limit = Wait(limit);
                Err(format!(
                    "nothing for which `{}` holds came to `{sink}` within {limit}; {others} other things did",
                    which.text()
                )
                .into())
            }
        }
    }

    pub(super) async fn quiet(
        &mut self,
        sink: &str,
        which: &Expression,
        user: Option<&str>,
        limit: Duration,
    ) -> Outcome {
        match self.first(sink, which, user, limit).await? {
            None => Ok(None),
            Some(arrived) => {
                let shown = Heard::of_arrival(&arrived).shown();
                Err(format!("something came to `{sink}` that must not: {shown}").into())
            }
        }
    }

    pub(super) fn answer(&mut self, sink: &str, reply: &Reply) -> Outcome {
        let body = if reply.body.is_null() { String::new() } else { reply.body.to_string() };
        self.ground.sink(sink)?.answer(sinks::Reply { status: reply.status, body, after: reply.after.0 });
        Ok(None)
    }

    async fn first(
        &mut self,
        sink: &str,
        which: &Expression,
        user: Option<&str>,
        limit: Duration,
    ) -> Result<Option<Arrived>, Trouble> {
        let (open, vars) = (self.ground.sink(sink)?.clone(), self.memory().vars(user));
        let taken = self.taken.entry(sink.to_owned()).or_default().clone();
        let fits = |arrived: &Arrived| {
            !taken.contains(&arrived.number) && Heard::of_arrival(arrived).holds(which, vars.clone()).is_ok()
        };
        let found = open.first(self.since(sink), Instant::now() + limit, fits).await;
        if let Some(found) = &found {
            self.taken.entry(sink.to_owned()).or_default().insert(found.number);
        }
        Ok(found)
    }

    fn since(&self, sink: &str) -> u64 {
        self.arrivals.get(sink).copied().unwrap_or_default()
    }
}
