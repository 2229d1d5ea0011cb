//! The edge: whoever comes from outside comes through here. It limits, says what other pages may do,
//! and passes requests and WebSockets on to the service that has them. It knows no feature.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONNECTION, ORIGIN, UPGRADE};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::answer::{Answer, BROKEN, NOT_FOUND, refuse};
use crate::fault::Behaviour;
use crate::node::Node;
use crate::observe::TRACE;
use crate::{headers, limit, log, services};

/// How long a connection to a service may take.
const DIAL_LIMIT: Duration = Duration::from_secs(5);
/// What stands for no limit.
const FOR_EVER: Duration = Duration::from_secs(86_400);
/// Paths that are asked by those who watch the system, and are not limited.
const WATCHED: [&str; 3] = ["/health", "/ready", "/metrics"];
const BAD_GATEWAY: &str = "the service does not answer";

/// Limits a request, and says what pages of other origins may do with the answer.
pub(crate) async fn edge(
    State(node): State<Arc<Node>>,
    ConnectInfo(from): ConnectInfo<SocketAddr>,
    request: Request,
    next: Next,
) -> Response {
    let asked = request.headers().clone();
    let preflight = request.method() == Method::OPTIONS && asked.contains_key(ORIGIN);
    let watched = WATCHED.contains(&request.uri().path());
    let refused = match watched || preflight {
        true => Ok(()),
        false => limit::check(&node, from.ip(), &asked).await,
    };
    let mut response = match refused {
        Err(refusal) => refusal.into_response(),
        Ok(()) if preflight => {
            let mut response = StatusCode::NO_CONTENT.into_response();
            headers::preflight(response.headers_mut());
            response
        }
        Ok(()) => next.run(request).await,
    };
    headers::share(&node, &asked, response.headers_mut());
    response
}

/// Passes a request on to the service that has its path.
pub(crate) async fn proxy(State(node): State<Arc<Node>>, request: Request) -> Response {
    pass_on(&node, request).await.unwrap_or_else(IntoResponse::into_response)
}

async fn pass_on(node: &Arc<Node>, mut request: Request) -> Answer<Response> {
    let service = services::of_path(request.uri().path(), node).ok_or(NOT_FOUND)?;
    let url = node.upstreams.get().and_then(|upstreams| upstreams.get(service)).ok_or(BROKEN)?;
    let upgrade = request.headers().contains_key(UPGRADE);
    let client = upgrade.then(|| hyper::upgrade::on(&mut request));
    prepare(&mut request, upgrade)?;
    let limit = if node.has(Behaviour::NoProxyTimeout) { FOR_EVER } else { node.config.times.proxy };
    let Ok(answer) = timeout(limit, send(url, request)).await else {
        node.metrics.proxy_timeouts.inc();
        log::line("error", "a service took too long", json!({ "upstream": service }));
        return Err(refuse(StatusCode::GATEWAY_TIMEOUT, "the service took too long"));
    };
    let mut response = answer.ok_or_else(|| {
        log::line("error", "a service does not answer", json!({ "upstream": service }));
        refuse(StatusCode::BAD_GATEWAY, BAD_GATEWAY)
    })?;
    if let (StatusCode::SWITCHING_PROTOCOLS, Some(client)) = (response.status(), client) {
        tokio::spawn(tunnel(client, hyper::upgrade::on(&mut response)));
    }
    Ok(response.map(Body::new))
}

/// The address without its host, and no header that is for one connection only.
fn prepare(request: &mut Request, upgrade: bool) -> Answer<()> {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    *request.uri_mut() = path.parse::<Uri>().map_err(|_| NOT_FOUND)?;
    let trace = HeaderValue::from_str(&log::trace()).map_err(|_| BROKEN)?;
    let headers = request.headers_mut();
    headers.insert(TRACE, trace);
    if !upgrade {
        headers.remove(CONNECTION);
    }
    Ok(())
}

/// Sends a request on a connection of its own.
async fn send(url: &str, request: Request) -> Option<hyper::Response<hyper::body::Incoming>> {
    let stream = timeout(DIAL_LIMIT, TcpStream::connect(authority(url))).await.ok()?.ok()?;
    let (mut sender, connection) = handshake(TokioIo::new(stream)).await.ok()?;
    tokio::spawn(connection.with_upgrades());
    sender.send_request(request).await.ok()
}

/// Carries bytes both ways until one side ends.
async fn tunnel(client: hyper::upgrade::OnUpgrade, service: hyper::upgrade::OnUpgrade) {
    let (Ok(client), Ok(service)) = (client.await, service.await) else { return };
    // The end of a socket is no error of ours.
    let _ = tokio::io::copy_bidirectional(&mut TokioIo::new(client), &mut TokioIo::new(service)).await;
}

/// The status that another service answers with.
pub(crate) async fn get(url: &str, path: &str) -> Option<StatusCode> {
    let request = Request::builder().uri(path).header("host", authority(url)).body(Body::empty()).ok()?;
    Some(send(url, request).await?.status())
}

/// `HOST:PORT` of an address.
pub(crate) fn authority(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
    let authority = rest.split('/').next().unwrap_or(rest);
    let port = if scheme == "https" { 443 } else { 80 };
    if authority.contains(':') { authority.to_owned() } else { format!("{authority}:{port}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authority_has_a_port() {
        assert_eq!(authority("http://auth:8081/x"), "auth:8081");
        assert_eq!(authority("https://model.example/v1"), "model.example:443");
        assert_eq!(authority("mail:25"), "mail:25");
    }
}
