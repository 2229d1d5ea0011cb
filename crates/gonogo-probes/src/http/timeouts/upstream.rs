//! What a service calls, and how it is made to stand still: as an outage of a process or a server,
//! or as a sink at which gonogo answers late in its place.

use std::sync::Arc;
use std::time::Duration;

use gonogo_model::catalog::TargetKind;

use super::params::Params;
use crate::context::{Context, Target};
use crate::outage::Outage;
use crate::probe::Unmeasured;
use crate::tools::sinks::{Reply, Sink};

pub(super) const KINDS: &[TargetKind] = &[
    TargetKind::Process,
    TargetKind::Sink,
    TargetKind::Tcp,
    TargetKind::Http,
    TargetKind::Postgres,
    TargetKind::Mysql,
    TargetKind::Redis,
    TargetKind::Nats,
    TargetKind::Amqp,
    TargetKind::S3,
    TargetKind::Smtp,
];

/// An upstream that works.
pub(super) enum Upstream<'c> {
    Own(&'c Context, &'c Target),
    Sink(Answering),
}

/// An upstream that stands still.
pub(super) enum Away<'c> {
    Outage(Box<Outage<'c>>),
    Late { sink: Answering, since: u64 },
}

/// A sink that answers at once, and does so again when this is dropped.
pub(super) struct Answering {
    sink: Arc<Sink>,
    reply: Reply,
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.sink.answer(self.reply.clone());
    }
}

impl<'c> Upstream<'c> {
    pub(super) async fn open(
        context: &'c Context,
        target: &'c Target,
        params: &Params,
    ) -> Result<Upstream<'c>, Unmeasured> {
        if target.kind != TargetKind::Sink {
            return Ok(Upstream::Own(context, target));
        }
        if !target.address.starts_with("http://") {
            return Err(Unmeasured::because(
                "only a sink of HTTP can answer late; give its address as http://",
            ));
        }
        let sink = context.sinks.open(&target.address).await?;
        let mut reply = Reply::default();
        if let Some(body) = &params.sink_answer {
            reply.body = body.to_string();
        }
        sink.answer(reply.clone());
        Ok(Upstream::Sink(Answering { sink, reply }))
    }

    pub(super) async fn take_away(self, params: &Params) -> Result<Away<'c>, Unmeasured> {
        match self {
            Upstream::Own(context, target) => {
                let outage = Outage::begin(context, target, params.commands.as_ref()).await?;
                Ok(Away::Outage(Box::new(outage)))
            }
            Upstream::Sink(sink) => {
                // Longer than anybody waits here.
                let after = params.patience + Duration::from_secs(1);
                sink.sink.answer(Reply { after, ..sink.reply.clone() });
                let since = sink.sink.next();
                Ok(Away::Late { sink, since })
            }
        }
    }
}

impl Away<'_> {
    pub(super) fn name(&self) -> &'static str {
        match self {
            Away::Outage(outage) => outage.name(),
            Away::Late { .. } => "late",
        }
    }

    /// Whether it stood still until now; a sink must have been called.
    pub(super) async fn must_be_active(&self) -> Result<(), Unmeasured> {
        match self {
            Away::Outage(outage) => outage.must_be_active().await,
            Away::Late { sink, since } if !sink.sink.since(*since).is_empty() => Ok(()),
            Away::Late { .. } => Err(Unmeasured::because(
                "the service did not call the sink while it answered late, so what was seen proves nothing; \
                 give the service the address of the sink, or ask for something that needs it",
            )),
        }
    }

    pub(super) async fn end(self) -> Result<(), Unmeasured> {
        match self {
            Away::Outage(outage) => outage.end().await,
            Away::Late { sink, .. } => {
                drop(sink);
                Ok(())
            }
        }
    }
}
