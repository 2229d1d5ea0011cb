//! A stream to a target, plain or over TLS, and HTTP/1.1 over it.

use std::cell::RefCell;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::answer::{Answer, Keep};
use super::port;
use super::target::{Agreement, Target};
use super::watch::Watch;
use crate::measure::Failure;

/// What all connections of a thread read into; an idle connection has no buffer of its own.
#[derive(Debug)]
pub(crate) struct Room(RefCell<Box<[u8]>>);

impl Room {
    pub(crate) fn new() -> Room {
        Room(RefCell::new(vec![0; 64 * 1024].into_boxed_slice()))
    }
}

/// Bytes in both directions.
pub(super) enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Stream {
    /// Opens one to the `number`-th of the target's addresses. Over TLS, HTTP/2 is asked for if it is wanted.
    pub(super) async fn open(
        (target, agreement): (&Target, Option<&Agreement>),
        http2: bool,
        number: u64,
        source: Option<IpAddr>,
        limit: Duration,
    ) -> Result<Stream, Failure> {
        let place = usize::try_from(number).unwrap_or(0) % target.addresses.len().max(1);
        let address = *target.addresses.get(place).ok_or(Failure::Generator)?;
        let opened = tokio::time::timeout(limit, connected(address, source)).await;
        let stream = opened.map_err(|_| Failure::ConnectTimeout)??;
        let Some(agreement) = agreement else { return Ok(Stream::Plain(stream)) };
        let connector = TlsConnector::from(agreement.settings(http2));
        let agreed = tokio::time::timeout(limit, connector.connect(agreement.name.clone(), stream)).await;
        Ok(Stream::Tls(Box::new(agreed.map_err(|_| Failure::ConnectTimeout)?.map_err(|_| Failure::Tls)?)))
    }

    /// The stream itself, for a protocol that HTTP was only the beginning of.
    pub(super) fn into_duplex(self) -> Box<dyn Duplex> {
        match self {
            Stream::Plain(stream) => Box::new(stream),
            Stream::Tls(stream) => stream,
        }
    }

    /// Closes it at once, without a wait that would keep the port.
    pub(super) fn drop_at_once(self) {
        if let Stream::Plain(stream) = &self {
            let _ = stream.set_zero_linger();
        }
    }

    /// Sends a request and reads the answer.
    pub(super) async fn exchange(
        &mut self,
        request: &[u8],
        answer: &mut Answer,
        keep: Keep,
        room: &Room,
        watch: &Watch,
    ) -> Result<(), Failure> {
        let (mut sent, mut flushed) = (0, false);
        std::future::poll_fn(|context| {
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
        .await
    }

    fn poll_send(
        &mut self,
        context: &mut Context<'_>,
        request: &[u8],
        sent: &mut usize,
    ) -> Poll<io::Result<()>> {
        while *sent < request.len() {
            let rest = &request[*sent..];
            let wrote = match self {
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
        match self {
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

    pub(super) fn poll_read(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self {
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
