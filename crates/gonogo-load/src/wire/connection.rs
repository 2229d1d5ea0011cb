//! One connection, plain or over TLS, and one exchange over it at a time.

use std::cell::{Cell, RefCell};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::answer::{Answer, Keep};
use super::port;
use super::target::{Agreement, Target};
use crate::measure::Failure;

const A_MOMENT_US: u64 = 500_000;

/// What all connections of a thread read into; an idle connection has no buffer of its own.
#[derive(Debug)]
pub(crate) struct Room(RefCell<Box<[u8]>>);

impl Room {
    pub(crate) fn new() -> Room {
        Room(RefCell::new(vec![0; 64 * 1024].into_boxed_slice()))
    }
}

/// The watch over one user's exchanges: somebody looks from time to time whether one is overdue.
/// That costs nothing for each, where a timer would.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    /// When the exchange is overdue, in microseconds since the start of the run; 0 when none is under
    /// way.
    due_us: Cell<u64>,
    overdue: Cell<Option<Failure>>,
    waker: RefCell<Option<Waker>>,
}

impl Watch {
    /// An exchange begins, and must end by then.
    fn begin(&self, due_us: u64) {
        self.due_us.set(due_us);
        self.overdue.set(None);
    }

    fn end(&self) {
        self.due_us.set(0);
    }

    /// Ends what is overdue by now.
    pub(crate) fn look(&self, now_us: u64) {
        if self.due_us.get() > 0 && now_us >= self.due_us.get() {
            self.cut(Failure::Timeout);
        }
    }

    /// Ends what is under way.
    pub(crate) fn cut(&self, failure: Failure) {
        if self.due_us.get() > 0 && self.overdue.get().is_none() {
            self.overdue.set(Some(failure));
            if let Some(waker) = self.waker.borrow().as_ref() {
                waker.wake_by_ref();
            }
        }
    }

    fn poll(&self, context: &Context<'_>) -> Option<Failure> {
        let mut waker = self.waker.borrow_mut();
        if waker.as_ref().is_none_or(|waker| !waker.will_wake(context.waker())) {
            *waker = Some(context.waker().clone());
        }
        self.overdue.get()
    }
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// A connection to a target.
pub(crate) struct Connection {
    stream: Stream,
    /// When it was last used; 0 before.
    used_us: u64,
}

impl Connection {
    /// Opens one to the `number`-th of the target's addresses.
    pub(crate) async fn open(
        (target, agreement): (&Target, Option<&Agreement>),
        number: u64,
        source: Option<IpAddr>,
        limit: Duration,
    ) -> Result<Connection, Failure> {
        let place = usize::try_from(number).unwrap_or(0) % target.addresses.len().max(1);
        let address = *target.addresses.get(place).ok_or(Failure::Generator)?;
        let opened = tokio::time::timeout(limit, connected(address, source)).await;
        let stream = opened.map_err(|_| Failure::ConnectTimeout)??;
        let stream = match agreement {
            None => Stream::Plain(stream),
            Some(agreement) => {
                let connector = TlsConnector::from(Arc::clone(&agreement.config));
                let agreed = connector.connect(agreement.name.clone(), stream);
                let agreed = tokio::time::timeout(limit, agreed).await;
                Stream::Tls(Box::new(agreed.map_err(|_| Failure::ConnectTimeout)?.map_err(|_| Failure::Tls)?))
            }
        };
        Ok(Connection { stream, used_us: 0 })
    }

    /// The stream itself, for a protocol that HTTP was only the beginning of.
    pub(crate) fn into_stream(self) -> Box<dyn Duplex> {
        match self.stream {
            Stream::Plain(stream) => Box::new(stream),
            Stream::Tls(stream) => stream,
        }
    }

    /// Whether the other side has closed it while nobody asked for anything. Servers keep connections
    /// for longer than a moment, so one that was just used is not looked at.
    pub(crate) fn is_closed_by(&mut self, now_us: u64) -> bool {
        if self.used_us == 0 || now_us < self.used_us + A_MOMENT_US {
            return false;
        }
        let mut byte = [0];
        let mut buffer = ReadBuf::new(&mut byte);
        let mut context = Context::from_waker(Waker::noop());
        // Whatever comes now answers nothing.
        self.poll_read(&mut context, &mut buffer).is_ready()
    }

    /// Closes it at once, without a wait that would keep the port.
    pub(crate) fn drop_at_once(self) {
        if let Stream::Plain(stream) = &self.stream {
            let _ = stream.set_zero_linger();
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
        let (mut sent, mut flushed) = (0, false);
        let done = std::future::poll_fn(|context| {
            if let Some(failure) = watch.poll(context) {
                return Poll::Ready(Err(failure));
            }
            if !flushed {
                match self.poll_send(context, request, &mut sent) {
                    Poll::Ready(Ok(())) => flushed = true,
                    Poll::Ready(Err(_)) => return Poll::Ready(Err(Failure::Reset)),
                    Poll::Pending => return Poll::Pending,
                }
            }
            self.poll_answer(context, answer, keep, room)
        })
        .await;
        watch.end();
        done
    }

    fn poll_send(
        &mut self,
        context: &mut Context<'_>,
        request: &[u8],
        sent: &mut usize,
    ) -> Poll<io::Result<()>> {
        while *sent < request.len() {
            let rest = &request[*sent..];
            let wrote = match &mut self.stream {
                Stream::Plain(stream) => Pin::new(stream).poll_write(context, rest),
                Stream::Tls(stream) => Pin::new(stream).poll_write(context, rest),
            };
            match wrote {
                Poll::Ready(Ok(0)) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Poll::Ready(Ok(count)) => *sent += count,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return Poll::Pending,
            }
        }
        match &mut self.stream {
            Stream::Plain(_) => Poll::Ready(Ok(())),
            Stream::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_answer(
        &mut self,
        context: &mut Context<'_>,
        answer: &mut Answer,
        keep: Keep,
        room: &Room,
    ) -> Poll<Result<(), Failure>> {
        loop {
            let mut room = room.0.borrow_mut();
            let mut buffer = ReadBuf::new(&mut room);
            match self.poll_read(context, &mut buffer) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Err(_)) => return Poll::Ready(Err(Failure::Reset)),
                Poll::Ready(Ok(())) if buffer.filled().is_empty() => {
                    return Poll::Ready(if answer.closed() { Ok(()) } else { Err(Failure::Reset) });
                }
                Poll::Ready(Ok(())) => match answer.read(buffer.filled(), keep) {
                    Ok(true) => return Poll::Ready(Ok(())),
                    Ok(false) => {}
                    Err(failure) => return Poll::Ready(Err(failure)),
                },
            }
        }
    }

    fn poll_read(&mut self, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match &mut self.stream {
            Stream::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Stream::Tls(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

/// A stream in both directions.
pub(crate) trait Duplex: AsyncRead + AsyncWrite + Unpin {}

impl<S: AsyncRead + AsyncWrite + Unpin> Duplex for S {}

async fn connected(address: SocketAddr, source: Option<IpAddr>) -> Result<TcpStream, Failure> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() };
    let socket = socket.map_err(|_| Failure::Generator)?;
    if let Some(source) = source {
        port::bind(&socket, source).map_err(|_| Failure::Generator)?;
    }
    let stream = socket.connect(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::ConnectionRefused => Failure::Refused,
        io::ErrorKind::AddrNotAvailable | io::ErrorKind::AddrInUse => Failure::Generator,
        io::ErrorKind::TimedOut | io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => {
            Failure::ConnectTimeout
        }
        _ => Failure::Reset,
    })?;
    stream.set_nodelay(true).map_err(|_| Failure::Generator)?;
    Ok(stream)
}
