//! One connection, and one exchange over it at a time, in HTTP/1.1 or HTTP/2.

use std::net::IpAddr;
use std::rc::Rc;
use std::task::{Context, Waker};
use std::time::Duration;

use tokio::io::ReadBuf;

use super::answer::{Answer, Keep};
use super::http2::Http2;
use super::stream::{Duplex, Room, Stream};
use super::target::{Agreement, Target};
use super::watch::Watch;
use crate::measure::Failure;

const A_MOMENT_US: u64 = 500_000;

enum Spoken {
    Http1(Stream),
    Http2(Http2),
}

/// A connection to a target.
pub(crate) struct Connection {
    spoken: Spoken,
    /// When it was last used; 0 before.
    used_us: u64,
}

impl Connection {
    /// Opens one to the `number`-th of the target's addresses, in the HTTP that the target is asked in.
    pub(crate) async fn open(
        (target, agreement): (&Target, Option<&Agreement>),
        number: u64,
        source: Option<IpAddr>,
        limit: Duration,
    ) -> Result<Connection, Failure> {
        let stream = Stream::open((target, agreement), target.http2, number, source, limit).await?;
        let spoken = match target.http2 {
            false => Spoken::Http1(stream),
            true => {
                let agreed = tokio::time::timeout(limit, Http2::agreed(stream)).await;
                Spoken::Http2(agreed.map_err(|_| Failure::ConnectTimeout)??)
            }
        };
        Ok(Connection { spoken, used_us: 0 })
    }

    /// Opens one for a protocol of which HTTP/1.1 is only the beginning.
    pub(crate) async fn open_stream(
        (target, agreement): (&Target, Option<&Agreement>),
        number: u64,
        source: Option<IpAddr>,
        limit: Duration,
    ) -> Result<Box<dyn Duplex>, Failure> {
        Ok(Stream::open((target, agreement), false, number, source, limit).await?.into_duplex())
    }

    /// Whether the other side has closed it while nobody asked for anything. Servers keep connections
    /// for longer than a moment, so one that was just used is not looked at.
    pub(crate) fn is_closed_by(&mut self, now_us: u64) -> bool {
        if self.used_us == 0 || now_us < self.used_us + A_MOMENT_US {
            return false;
        }
        let mut context = Context::from_waker(Waker::noop());
        match &mut self.spoken {
            Spoken::Http1(stream) => {
                let mut byte = [0];
                // Whatever comes now answers nothing.
                stream.poll_read(&mut context, &mut ReadBuf::new(&mut byte)).is_ready()
            }
            Spoken::Http2(http2) => http2.is_closed(&mut context),
        }
    }

    /// Closes it at once, without a wait that would keep the port.
    pub(crate) fn drop_at_once(self) {
        if let Spoken::Http1(stream) = self.spoken {
            stream.drop_at_once();
        }
    }

    /// Sends a request and reads the answer.
    pub(crate) async fn exchange(
        &mut self,
        request: &[u8],
        answer: &mut Answer,
        keep: Keep,
        room: &Room,
        watch: &Rc<Watch>,
        (now_us, due_us): (u64, u64),
    ) -> Result<(), Failure> {
        answer.clear();
        watch.begin(due_us.max(1));
        self.used_us = now_us;
        let done = match &mut self.spoken {
            Spoken::Http1(stream) => stream.exchange(request, answer, keep, room, watch).await,
            // Its future is large, and few want it.
            Spoken::Http2(http2) => Box::pin(http2.exchange(request, answer, keep, watch)).await,
        };
        watch.end();
        done
    }
}
