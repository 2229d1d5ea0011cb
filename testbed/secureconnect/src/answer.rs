//! What handlers take and give: bodies, callers, and refusals with a status and a text.

use std::borrow::Cow;
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{AUTHORIZATION, RETRY_AFTER, SEC_WEBSOCKET_PROTOCOL};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::json;

use crate::auth::token::Claims;
use crate::log;
use crate::node::Node;
use crate::store::cache::CacheError;
use crate::store::database::DatabaseError;
use crate::store::objects::ObjectError;

/// A refusal: the status, a text for the client, and when to come back.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) text: Cow<'static, str>,
    pub(crate) retry_after_s: Option<u64>,
}

/// What a handler gives.
pub(crate) type Answer<T> = Result<T, Refusal>;

/// A refusal that needs no more words.
pub(crate) const fn refuse(status: StatusCode, text: &'static str) -> Refusal {
    Refusal { status, text: Cow::Borrowed(text), retry_after_s: None }
}

pub(crate) const NO_TOKEN: Refusal = refuse(StatusCode::UNAUTHORIZED, "a valid bearer token is needed");
pub(crate) const NOT_FOUND: Refusal = refuse(StatusCode::NOT_FOUND, "there is nothing here for you");
pub(crate) const BROKEN: Refusal = refuse(StatusCode::INTERNAL_SERVER_ERROR, "something failed in here");

/// A bad request, and why.
pub(crate) const fn bad(text: &'static str) -> Refusal {
    refuse(StatusCode::BAD_REQUEST, text)
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(json!({ "error": self.text }))).into_response();
        if let Some(seconds) = self.retry_after_s {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl From<DatabaseError> for Refusal {
    fn from(error: DatabaseError) -> Refusal {
        log::line("error", "database", json!({ "error": error.to_string() }));
        let told = std::error::Error::source(&error).map(ToString::to_string);
        // The fault `errors-tell-internals` shows the text that `internal` keeps.
        let text = "the database does not answer";
        INTERNAL
            .try_with(|tells| tells.then(|| format!("{text}: {error} {}", told.unwrap_or_default())))
            .map_or(refuse(StatusCode::SERVICE_UNAVAILABLE, text), |told| Refusal {
                status: StatusCode::SERVICE_UNAVAILABLE,
                text: told.map_or(Cow::Borrowed(text), Cow::Owned),
                retry_after_s: None,
            })
    }
}

tokio::task_local! {
    /// Whether errors tell internals: a fault.
    pub(crate) static INTERNAL: bool;
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Refusal {
        DatabaseError::Sql(error).into()
    }
}

impl From<CacheError> for Refusal {
    fn from(error: CacheError) -> Refusal {
        log::line("error", "cache", json!({ "error": error.to_string() }));
        refuse(StatusCode::SERVICE_UNAVAILABLE, "Redis does not answer")
    }
}

impl From<ObjectError> for Refusal {
    fn from(error: ObjectError) -> Refusal {
        if matches!(error, ObjectError::None) {
            return NOT_FOUND;
        }
        log::line("error", "objects", json!({ "error": error.to_string() }));
        refuse(StatusCode::SERVICE_UNAVAILABLE, "the object store does not answer")
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Refusal {
        log::line("error", "operating system", json!({ "error": error.to_string() }));
        BROKEN
    }
}

/// A JSON body.
pub(crate) struct Body<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Arc<Node>> for Body<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, node: &Arc<Node>) -> Answer<Body<T>> {
        match Json::<T>::from_request(request, node).await {
            Ok(Json(body)) => Ok(Body(body)),
            Err(JsonRejection::MissingJsonContentType(_)) => {
                Err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "the content type must be application/json"))
            }
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                Err(refuse(StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"))
            }
            Err(_) => Err(bad("the body is not the JSON that the document describes")),
        }
    }
}

/// The query of the address.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Arc<Node>> for Asked<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, node: &Arc<Node>) -> Answer<Asked<T>> {
        let asked = axum::extract::Query::<T>::from_request_parts(parts, node).await;
        let asked = asked.map_err(|_| bad("the query is not what the document describes"))?;
        Ok(Asked(asked.0))
    }
}

/// Whoever sent a good token.
#[derive(Debug, Clone)]
pub(crate) struct Caller(pub(crate) Claims);

impl Caller {
    /// The user's id.
    pub(crate) fn id(&self) -> &str {
        &self.0.sub
    }
}

impl FromRequestParts<Arc<Node>> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, node: &Arc<Node>) -> Answer<Caller> {
        let claims = node.tokens.read(token(&parts.headers).ok_or(NO_TOKEN)?).ok_or(NO_TOKEN)?;
        match crate::auth::session::is_revoked(node, &claims).await? {
            true => Err(NO_TOKEN),
            false => Ok(Caller(claims)),
        }
    }
}

/// The token of a request: a bearer, or for a WebSocket of a browser, which cannot set headers, the
/// second of the protocols `bearer, TOKEN`.
pub(crate) fn token(headers: &HeaderMap) -> Option<&str> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(token) = text(AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer ")) {
        return Some(token.trim());
    }
    text(SEC_WEBSOCKET_PROTOCOL)?.strip_prefix("bearer,").map(str::trim)
}
