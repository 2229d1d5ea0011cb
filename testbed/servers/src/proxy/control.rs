//! Where a proxy is told what to do: three requests of HTTP. It passes nothing on itself.

use std::convert::Infallible;
use std::net::TcpListener;
use std::sync::Arc;

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;

use super::trouble::Trouble;

/// Answers until it is dropped.
pub(super) async fn serve(listener: TcpListener, trouble: Arc<Trouble>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    while let Ok((stream, _)) = listener.accept().await {
        let trouble = Arc::clone(&trouble);
        let answer = service_fn(move |request: Request<Incoming>| {
            let answer = answer(&trouble, &request);
            async move { Ok::<_, Infallible>(answer) }
        });
        tokio::spawn(async move {
            // A client that leaves is no reason to fail.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), answer)
                .await;
        });
    }
}

fn answer(trouble: &Trouble, request: &Request<Incoming>) -> Response<String> {
    let done = match (request.method(), request.uri().path()) {
        (&Method::POST, "/cut") => cut(trouble, request.uri().query().unwrap_or_default()),
        (&Method::POST, path @ ("/hold" | "/pass")) => {
            trouble.hold(path == "/hold");
            StatusCode::OK
        }
        (&Method::GET, "/") => StatusCode::OK,
        _ => StatusCode::NOT_FOUND,
    };
    let now = trouble.standing();
    let body = format!(r#"{{"cut": {}, "left": {}, "held": {}}}"#, now.cut, now.left, now.held);
    let mut response = Response::new(body);
    *response.status_mut() = done;
    let json = hyper::header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(hyper::header::CONTENT_TYPE, json);
    response
}

fn cut(trouble: &Trouble, query: &str) -> StatusCode {
    let (mut text, mut times) = (String::new(), 1);
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "text" => text = value.into_owned(),
            "times" => times = value.parse().unwrap_or(0),
            _ => return StatusCode::BAD_REQUEST,
        }
    }
    if text.is_empty() || times == 0 {
        return StatusCode::BAD_REQUEST;
    }
    trouble.cut(&text, times);
    StatusCode::OK
}
