//! HTTP/2 over one connection, one exchange at a time, so that it is measured as HTTP/1.1 is. Requests
//! come as scripts write them, which is HTTP/1.1, and are put into the other form here.

use std::pin::pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use h2::client::SendRequest;
use http::{HeaderName, HeaderValue, Method, Request, Uri, Version};
use tokio::task::JoinHandle;

use super::answer::{Answer, Keep};
use super::stream::Stream;
use super::watch::Watch;
use crate::measure::Failure;

const MOST_HEADERS: usize = 128;
/// What HTTP/2 says in its own way, or forbids.
const LEFT_OUT: [&str; 4] = ["host", "connection", "transfer-encoding", "upgrade"];

/// A connection of HTTP/2.
pub(super) struct Http2 {
    sender: SendRequest<Bytes>,
    scheme: &'static str,
    /// Reads and writes its frames.
    driver: JoinHandle<()>,
}

impl Drop for Http2 {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Http2 {
    /// Begins it. In the clear the other side must know that it comes; over TLS it must have agreed.
    pub(super) async fn agreed(stream: Stream) -> Result<Http2, Failure> {
        match stream {
            Stream::Plain(stream) => begun(stream, "http").await,
            Stream::Tls(stream) if stream.get_ref().1.alpn_protocol() == Some(b"h2") => {
                begun(stream, "https").await
            }
            Stream::Tls(_) => Err(Failure::Protocol),
        }
    }

    /// Whether no request can be sent any more.
    pub(super) fn is_closed(&mut self, context: &mut Context<'_>) -> bool {
        self.driver.is_finished() || matches!(self.sender.poll_ready(context), Poll::Ready(Err(_)))
    }

    /// Sends a request and reads the answer.
    pub(super) async fn exchange(
        &mut self,
        request: &[u8],
        answer: &mut Answer,
        keep: Keep,
        watch: &Watch,
    ) -> Result<(), Failure> {
        let mut asked = pin!(self.ask(request, answer, keep));
        std::future::poll_fn(|context| match watch.poll(context) {
            Some(failure) => Poll::Ready(Err(failure)),
            None => asked.as_mut().poll(context),
        })
        .await
    }

    async fn ask(&mut self, request: &[u8], answer: &mut Answer, keep: Keep) -> Result<(), Failure> {
        let (request, body) = read(request, self.scheme).ok_or(Failure::Generator)?;
        std::future::poll_fn(|context| self.sender.poll_ready(context)).await.map_err(failed)?;
        let (answered, mut sending) = self.sender.send_request(request, body.is_empty()).map_err(failed)?;
        if !body.is_empty() {
            sending.send_data(Bytes::copy_from_slice(body), true).map_err(failed)?;
        }
        let answered = answered.await.map_err(failed)?;
        let headers = answered.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        answer.begin(answered.status().as_u16(), headers, keep);
        let mut body = answered.into_body();
        while let Some(data) = body.data().await {
            let data = data.map_err(failed)?;
            answer.more(&data, keep);
            // Whoever sends may send as much again.
            let _ = body.flow_control().release_capacity(data.len());
        }
        answer.end();
        Ok(())
    }
}

async fn begun<S>(stream: S, scheme: &'static str) -> Result<Http2, Failure>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let (sender, connection) = h2::client::handshake(stream).await.map_err(failed)?;
    // Its end is seen by whoever asks next.
    let driver = tokio::spawn(async move { drop(connection.await) });
    Ok(Http2 { sender, scheme, driver })
}

/// A request as HTTP/1.1 writes it, and its body.
fn read<'r>(bytes: &'r [u8], scheme: &str) -> Option<(Request<()>, &'r [u8])> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut head = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(length) = head.parse(bytes).ok()? else { return None };
    let named = |name: &str| head.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name));
    let host = std::str::from_utf8(named("host")?.value).ok()?;
    let mut request = Request::new(());
    *request.version_mut() = Version::HTTP_2;
    *request.method_mut() = Method::from_bytes(head.method?.as_bytes()).ok()?;
    *request.uri_mut() = format!("{scheme}://{host}{}", head.path?).parse::<Uri>().ok()?;
    for header in head.headers.iter() {
        if LEFT_OUT.iter().any(|name| header.name.eq_ignore_ascii_case(name)) {
            continue;
        }
        let name = HeaderName::from_bytes(header.name.as_bytes()).ok()?;
        request.headers_mut().append(name, HeaderValue::from_bytes(header.value).ok()?);
    }
    Some((request, &bytes[length..]))
}

fn failed(error: h2::Error) -> Failure {
    match error.is_io() || error.is_go_away() || error.is_reset() {
        true => Failure::Reset,
        false => Failure::Protocol,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_keeps_all_that_http_2_has_a_place_for() {
        let bytes = b"POST /a?b=c HTTP/1.1\r\nHost: x.test:8\r\nConnection: close\r\nX-A: 1\r\nContent-Length: 2\r\n\r\nhi";
        let (request, body) = read(bytes, "https").unwrap();
        assert_eq!((request.method(), body), (&Method::POST, &b"hi"[..]));
        assert_eq!(request.uri().to_string(), "https://x.test:8/a?b=c");
        let names: Vec<&str> = request.headers().keys().map(HeaderName::as_str).collect();
        assert_eq!(names, ["x-a", "content-length"]);
        assert!(
            read(b"GET / HTTP/1.1\r\n", "http").is_none()
                && read(b"GET / HTTP/1.1\r\n\r\n", "http").is_none()
        );
    }
}
