//! The routes. Each handler asks the rooms for what it needs and gives JSON.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{Router, get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::database::{Database, DatabaseError, Item, User};
use crate::metrics::{self, Metrics};
use crate::token::Tokens;
use crate::{log, observe, password};

const NAME_LIMIT: usize = 200;

/// What all handlers share.
pub(crate) struct Backend {
    pub(crate) database: Database,
    pub(crate) metrics: Metrics,
    /// `None` without `JWT_SECRET`: nobody can log in, and there is no default key.
    pub(crate) tokens: Option<Tokens>,
    pub(crate) health_lies: bool,
}

/// A refusal: the status and a text for the client.
#[derive(Debug)]
pub(crate) struct ApiError(pub(crate) StatusCode, pub(crate) &'static str);

type Answer<T> = Result<T, ApiError>;

const NO_SECRET: ApiError = ApiError(
    StatusCode::SERVICE_UNAVAILABLE,
    "JWT_SECRET is not set, so nobody can log in; set it and restart the backend",
);
const WRONG_LOGIN: ApiError = ApiError(StatusCode::UNAUTHORIZED, "wrong email or password");
const NO_TOKEN: ApiError = ApiError(StatusCode::UNAUTHORIZED, "a valid bearer token is needed");
const BAD_LOGIN: ApiError = ApiError(StatusCode::BAD_REQUEST, "the body must be {\"email\", \"password\"}");
const BAD_ITEM: ApiError =
    ApiError(StatusCode::BAD_REQUEST, "the body must be {\"name\"}, with 1 to 200 characters");

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

impl From<DatabaseError> for ApiError {
    fn from(error: DatabaseError) -> ApiError {
        log::line("error", "database", json!({ "error": error.to_string() }));
        ApiError(StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
    }
}

/// All routes. `slow` is the fault `slow-answers`.
pub(crate) fn router(backend: Arc<Backend>, slow: bool) -> Router {
    let mut watched = Router::new().route("/items", get(items).post(add_item)).route("/health", get(health));
    if slow {
        watched = watched.route_layer(from_fn(observe::slow));
    }
    Router::new()
        .route("/login", post(login))
        .route("/me", get(me))
        .route("/metrics", get(scrape))
        .merge(watched)
        .layer(from_fn_with_state(Arc::clone(&backend), observe::observe))
        .with_state(backend)
}

#[derive(Deserialize)]
struct Login {
    email: String,
    password: String,
}

#[derive(Deserialize)]
struct NewItem {
    name: String,
}

async fn login(
    State(backend): State<Arc<Backend>>,
    body: Result<Json<Login>, JsonRejection>,
) -> Answer<Json<Value>> {
    let tokens = backend.tokens.as_ref().ok_or(NO_SECRET)?;
    let Json(Login { email, password }) = body.map_err(|_| BAD_LOGIN)?;
    let user = backend.database.user_by_email(&email).await?;
    let hash = user.as_ref().map(|user| user.password_hash.clone());
    let right = password::matches(password, hash).await;
    let user = user.filter(|_| right).ok_or(WRONG_LOGIN)?;
    let token = tokens.issue(&user.id, jiff::Timestamp::now().as_second());
    let token = token.map_err(|_| ApiError(StatusCode::INTERNAL_SERVER_ERROR, "failed to sign a token"))?;
    Ok(Json(json!({ "token": token, "token_type": "Bearer" })))
}

async fn me(State(backend): State<Arc<Backend>>, headers: HeaderMap) -> Answer<Json<User>> {
    Ok(Json(caller(&backend, &headers).await?))
}

async fn items(State(backend): State<Arc<Backend>>) -> Answer<Json<Vec<Item>>> {
    Ok(Json(backend.database.items().await?))
}

async fn add_item(
    State(backend): State<Arc<Backend>>,
    headers: HeaderMap,
    body: Result<Json<NewItem>, JsonRejection>,
) -> Answer<(StatusCode, Json<Item>)> {
    let owner = caller(&backend, &headers).await?;
    let Json(NewItem { name }) = body.map_err(|_| BAD_ITEM)?;
    if !(1..=NAME_LIMIT).contains(&name.chars().count()) || name.contains('\0') {
        return Err(BAD_ITEM);
    }
    Ok((StatusCode::CREATED, Json(backend.database.add_item(&owner.id, name).await?)))
}

/// 200 when the database answers, else 503. With the fault `health-lies` it does not look.
async fn health(State(backend): State<Arc<Backend>>) -> (StatusCode, Json<Value>) {
    let usable = backend.health_lies || backend.database.ping().await.is_ok();
    let (code, status, database) = match usable {
        true => (StatusCode::OK, "ok", "ok"),
        false => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "unreachable"),
    };
    let body = json!({
        "status": status,
        "version": env!("CARGO_PKG_VERSION"),
        "dependencies": { "database": { "status": database } },
    });
    (code, Json(body))
}

async fn scrape(State(backend): State<Arc<Backend>>) -> Answer<impl IntoResponse> {
    let text = backend.metrics.scrape(&backend.database);
    let text = text.map_err(|_| ApiError(StatusCode::INTERNAL_SERVER_ERROR, "failed to write metrics"))?;
    Ok(([(CONTENT_TYPE, metrics::CONTENT_TYPE)], text))
}

/// The user whose valid token came with the request.
async fn caller(backend: &Backend, headers: &HeaderMap) -> Answer<User> {
    let tokens = backend.tokens.as_ref().ok_or(NO_SECRET)?;
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).ok_or(NO_TOKEN)?;
    let token = header.strip_prefix("Bearer ").ok_or(NO_TOKEN)?;
    let claims = tokens.verify(token).map_err(|_| NO_TOKEN)?;
    backend.database.user_by_id(&claims.sub).await?.ok_or(NO_TOKEN)
}
