//! WebSockets that stay within reach. It does not know what is said over them.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HOST, HeaderMap};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use url::Url;

use super::http::{HttpError, shown, tls};
use super::net;
use crate::context::Reach;

/// Longer messages end the connection.
const LONGEST: usize = 1024 * 1024;

/// Why there is no WebSocket, or none any more.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SocketError {
    #[error(transparent)]
    Http(#[from] HttpError),
    #[error("{at} refused the WebSocket with status {status}")]
    Refused { at: String, status: u16 },
    #[error("{at} does not speak WebSocket ({why}); check the path")]
    NotSocket { at: String, why: String },
    #[error("{at} closed the WebSocket{why}")]
    Closed { at: String, why: String },
}

/// Both ends of a connection, plain or over TLS.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// An open WebSocket; it is closed when it is dropped.
pub(crate) struct Socket {
    stream: WebSocketStream<Box<dyn Stream>>,
    at: String,
}

impl Socket {
    /// Opens one at an address of `http://` or `https://`.
    pub(crate) async fn open(
        reach: &Reach,
        url: &Url,
        headers: &HeaderMap,
        limit: Duration,
    ) -> Result<Socket, SocketError> {
        let at = shown(url);
        let too_slow = HttpError::TooSlow { at: at.clone(), limit };
        timeout(limit, shake_hands(reach, url, headers, at, limit)).await.unwrap_or(Err(too_slow.into()))
    }

    /// Sends a text.
    pub(crate) async fn send(&mut self, text: &str, limit: Duration) -> Result<(), SocketError> {
        use futures_util::SinkExt as _;
        let sent = timeout(limit, self.stream.send(Message::text(text))).await;
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(self.closed(&error)),
            Err(_) => Err(HttpError::TooSlow { at: self.at.clone(), limit }.into()),
        }
    }

    /// The next text that comes before `until`; none when no more comes until then.
    pub(crate) async fn next(&mut self, until: Instant) -> Result<Option<String>, SocketError> {
        use futures_util::StreamExt as _;
        loop {
            match timeout_at(until, self.stream.next()).await {
                Err(_) => return Ok(None),
                Ok(None) => return Err(self.closed(&Error::ConnectionClosed)),
                Ok(Some(Err(error))) => return Err(self.closed(&error)),
                Ok(Some(Ok(Message::Text(text)))) => return Ok(Some(text.to_string())),
                Ok(Some(Ok(Message::Binary(bytes)))) => {
                    return Ok(Some(String::from_utf8_lossy(&bytes).into_owned()));
                }
                Ok(Some(Ok(Message::Close(frame)))) => {
                    let why = frame.map(|frame| format!(": {} {}", frame.code, frame.reason));
                    return Err(SocketError::Closed { at: self.at.clone(), why: why.unwrap_or_default() });
                }
                Ok(Some(Ok(_))) => {}
            }
        }
    }

    /// Says goodbye.
    pub(crate) async fn close(mut self, limit: Duration) {
        // Whoever does not answer the goodbye is left all the same.
        let _ = timeout(limit, self.stream.close(None)).await;
    }

    fn closed(&self, error: &Error) -> SocketError {
        let why = match error {
            Error::ConnectionClosed | Error::AlreadyClosed => String::new(),
            other => format!(" ({other})"),
        };
        SocketError::Closed { at: self.at.clone(), why }
    }
}

async fn shake_hands(
    reach: &Reach,
    url: &Url,
    headers: &HeaderMap,
    at: String,
    limit: Duration,
) -> Result<Socket, SocketError> {
    let not_socket = |why: String| SocketError::NotSocket { at: at.clone(), why };
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Err(not_socket("it names no host".to_owned()));
    };
    let plain = net::dial(reach, host, port, limit).await.map_err(HttpError::from)?;
    let secure = url.scheme() == "https";
    let stream: Box<dyn Stream> =
        if secure { Box::new(over_tls(plain, host, &at).await?) } else { Box::new(plain) };
    let scheme = if secure { "wss" } else { "ws" };
    let address =
        format!("{scheme}://{}{}", &url[url::Position::BeforeHost..url::Position::AfterPort], path(url));
    let mut request = address.into_client_request().map_err(|error| not_socket(error.to_string()))?;
    request
        .headers_mut()
        .extend(headers.iter().filter(|(name, _)| *name != HOST).map(|(n, v)| (n.clone(), v.clone())));
    let config = WebSocketConfig::default().max_message_size(Some(LONGEST)).max_frame_size(Some(LONGEST));
    match client_async_with_config(request, stream, Some(config)).await {
        Ok((stream, _)) => Ok(Socket { stream, at }),
        Err(Error::Http(answer)) => Err(SocketError::Refused { at, status: answer.status().as_u16() }),
        Err(error) => Err(not_socket(error.to_string())),
    }
}

fn path(url: &Url) -> String {
    url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
}

async fn over_tls(
    plain: tokio::net::TcpStream,
    host: &str,
    at: &str,
) -> Result<impl Stream + use<>, SocketError> {
    let failed = |why: String| HttpError::Tls { at: at.to_owned(), why };
    let mut config = tls()?;
    config.alpn_protocols.clear();
    let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned())
        .map_err(|error| failed(error.to_string()))?;
    let connected = TlsConnector::from(Arc::new(config)).connect(name, plain).await;
    Ok(connected.map_err(|error| failed(error.to_string()))?)
}
