//! A talk with one server over one connection, plain or over TLS: all of it until one moment, and
//! nothing endless is read. It does not know the protocols.

use std::sync::Arc;
use std::time::Duration;

use rustls::SupportedProtocolVersion;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;

use super::net::{self, NetError};
use super::tls::{self, Shown, Trust};
use crate::context::Reach;

/// Longer lines and messages are not read.
const LONGEST: usize = 1024 * 1024;
const LONGEST_LINE: u64 = 64 * 1024;

/// Why the talk ended. What to do about it depends on what was said, so the caller says it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TalkError {
    #[error("it says nothing more within {0:?}")]
    Silent(Duration),
    #[error("it closed the connection")]
    Closed,
    #[error("it says more than {LONGEST} bytes at once")]
    TooLong,
    #[error("the connection broke ({0})")]
    Broken(String),
    #[error("no TLS connection ({0})")]
    Tls(String),
}

/// Both ends of a connection.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// An open connection; it is closed when it is dropped.
pub(crate) struct Talk {
    stream: BufReader<Box<dyn Stream>>,
    limit: Duration,
    until: Instant,
}

impl Talk {
    /// Connects; everything must be said within `limit` from now.
    pub(crate) async fn open(
        reach: &Reach,
        host: &str,
        port: u16,
        limit: Duration,
    ) -> Result<Talk, NetError> {
        let until = Instant::now() + limit;
        let plain = net::dial(reach, host, port, limit).await?;
        // Short messages go at once.
        let _ = plain.set_nodelay(true);
        Ok(Talk { stream: BufReader::new(Box::new(plain)), limit, until })
    }

    /// Says something.
    pub(crate) async fn say(&mut self, bytes: &[u8]) -> Result<(), TalkError> {
        let sent = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        timeout_at(self.until, sent).await.map_err(|_| TalkError::Silent(self.limit))?.map_err(broken)
    }

    /// The next `length` bytes.
    pub(crate) async fn exactly(&mut self, length: usize) -> Result<Vec<u8>, TalkError> {
        if length > LONGEST {
            return Err(TalkError::TooLong);
        }
        let mut bytes = vec![0; length];
        let read = timeout_at(self.until, self.stream.read_exact(&mut bytes)).await;
        read.map_err(|_| TalkError::Silent(self.limit))?.map_err(broken)?;
        Ok(bytes)
    }

    /// The next line, without its end.
    pub(crate) async fn line(&mut self) -> Result<String, TalkError> {
        let mut bytes = Vec::new();
        let mut bounded = (&mut self.stream).take(LONGEST_LINE);
        let read = timeout_at(self.until, bounded.read_until(b'\n', &mut bytes)).await;
        read.map_err(|_| TalkError::Silent(self.limit))?.map_err(broken)?;
        match bytes.last() {
            Some(b'\n') => Ok(String::from_utf8_lossy(&bytes).trim_end_matches(['\r', '\n']).to_owned()),
            Some(_) if bytes.len() as u64 >= LONGEST_LINE => Err(TalkError::TooLong),
            _ => Err(TalkError::Closed),
        }
    }

    /// What comes first, up to some kilobytes; empty when it closes.
    pub(crate) async fn some(&mut self) -> Result<Vec<u8>, TalkError> {
        let mut bytes = vec![0; 4096];
        let read = timeout_at(self.until, self.stream.read(&mut bytes)).await;
        let length = read.map_err(|_| TalkError::Silent(self.limit))?.map_err(broken)?;
        bytes.truncate(length);
        Ok(bytes)
    }

    /// Goes on over TLS, and says what the server showed. No certificate is refused here.
    pub(crate) async fn secure(
        self,
        trust: &Trust,
        host: &str,
        versions: &[&'static SupportedProtocolVersion],
        alpn: &[&str],
    ) -> Result<(Talk, Shown), TalkError> {
        let failed = |error: &dyn std::fmt::Display| TalkError::Tls(error.to_string());
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned()).map_err(|e| failed(&e))?;
        let (config, observer) = tls::observing(trust, versions, alpn).map_err(|e| failed(&e))?;
        let connecting = TlsConnector::from(Arc::new(config)).connect(name, self.stream);
        let connected = timeout_at(self.until, connecting).await;
        let stream = connected.map_err(|_| TalkError::Silent(self.limit))?.map_err(|e| failed(&e))?;
        let (_, session) = stream.get_ref();
        let shown = Shown {
            version: session
                .protocol_version()
                .and_then(|version| version.as_str())
                .map(|v| v.replace('_', ".")),
            cipher: session
                .negotiated_cipher_suite()
                .and_then(|suite| suite.suite().as_str())
                .map(str::to_owned),
            alpn: session.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned()),
            ..observer.seen()
        };
        Ok((Talk { stream: BufReader::new(Box::new(stream)), limit: self.limit, until: self.until }, shown))
    }
}

fn broken(error: std::io::Error) -> TalkError {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof
        | std::io::ErrorKind::ConnectionReset
        | std::io::ErrorKind::BrokenPipe => TalkError::Closed,
        _ => TalkError::Broken(error.to_string()),
    }
}
