//! Headers for browsers: what a page may do, and which pages may ask.

use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, CONTENT_SECURITY_POLICY, ORIGIN, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::response::Response;

use crate::fault::Behaviour;
use crate::node::Node;

const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
/// A call needs the camera and the microphone, on this origin's pages only.
const CALLS_MAY: HeaderValue = HeaderValue::from_static("geolocation=(), camera=(self), microphone=(self)");
const NOBODY_MAY: HeaderValue = HeaderValue::from_static("geolocation=(), camera=(), microphone=()");
const SOCKETS_MAY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; connect-src 'self' ws: wss:; frame-ancestors 'none'; object-src 'none'",
);
const NO_SOCKETS: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; connect-src 'none'; frame-ancestors 'none'; object-src 'none'",
);
const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
const HEADERS: HeaderValue = HeaderValue::from_static("authorization, content-type, x-trace-id");
const TEN_MINUTES: HeaderValue = HeaderValue::from_static("600");

/// Sets the security headers of an answer, whatever its status.
pub(crate) fn secure(node: &Node, response: &mut Response) {
    let failed = response.status().is_client_error() || response.status().is_server_error();
    let headers = response.headers_mut();
    if node.has(Behaviour::HeadersMissing) || (failed && node.has(Behaviour::HeadersMissingOnErrors)) {
        // A service behind the gateway has the same fault, so there are none to take away.
        return;
    }
    let policy = if node.has(Behaviour::PolicyBlocksSockets) { NO_SOCKETS } else { SOCKETS_MAY };
    let permissions = if node.has(Behaviour::PolicyBlocksCamera) { NOBODY_MAY } else { CALLS_MAY };
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.insert(PERMISSIONS_POLICY, permissions);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    if !node.has(Behaviour::NoHsts) {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(STRICT_TRANSPORT_SECURITY, year);
    }
}

/// Sets what a page of another origin may do: nothing, unless its origin is configured.
pub(crate) fn share(node: &Node, asked: &HeaderMap, answer: &mut HeaderMap) {
    answer.append(VARY, HeaderValue::from_static("origin"));
    let Some(origin) = asked.get(ORIGIN) else { return };
    let known = node.config.origins.iter().any(|known| origin.as_bytes() == known.as_bytes());
    let allowed = if node.has(Behaviour::CorsWildcard) {
        HeaderValue::from_static("*")
    } else if known || node.has(Behaviour::CorsReflects) {
        origin.clone()
    } else {
        return;
    };
    answer.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
    answer.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
}

/// The headers that answer a browser's question before a request.
pub(crate) fn preflight(answer: &mut HeaderMap) {
    answer.insert(ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    answer.insert(ACCESS_CONTROL_ALLOW_HEADERS, HEADERS);
    answer.insert(ACCESS_CONTROL_MAX_AGE, TEN_MINUTES);
}
