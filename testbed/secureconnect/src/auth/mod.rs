//! Accounts: register with a mail, log in, refresh, log out.

mod account;
pub(crate) mod lockout;
pub(crate) mod mail;
mod password;
pub(crate) mod session;
pub(crate) mod token;

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Answer, Asked, BROKEN, Body, Caller, NO_TOKEN, Refusal, bad, refuse};
use crate::fault::Behaviour;
use crate::log;
use crate::node::Node;
use crate::routes::Routes;
use account::User;
use session::Session;

const WRONG_LOGIN: Refusal = refuse(StatusCode::UNAUTHORIZED, "wrong email or password");
const UNVERIFIED: Refusal =
    refuse(StatusCode::FORBIDDEN, "the mail address is not verified; follow the link in the mail");
const NO_MAIL: Refusal =
    refuse(StatusCode::SERVICE_UNAVAILABLE, "the mail with the link cannot be sent; try again later");
const REFRESH_COOKIE: &str = "refresh_token";

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .post("/auth/register", register)
        .get("/auth/verify", verify)
        .post("/auth/login", login)
        .post("/auth/refresh", refresh)
        .post("/auth/logout", logout)
        .get("/me", me)
}

#[derive(Deserialize)]
struct NewAccount {
    email: String,
    password: String,
    name: String,
}

async fn register(
    State(node): State<Arc<Node>>,
    Body(new): Body<NewAccount>,
) -> Answer<(StatusCode, Json<Value>)> {
    if !account::is_address(&new.email) {
        return Err(bad("the email must be an address such as ana@example.test"));
    }
    let least = if node.has(Behaviour::ShortPasswords) { 1 } else { password::LEAST };
    if !(least..=password::MOST).contains(&new.password.chars().count()) {
        return Err(bad("the password must have 10 to 200 characters"));
    }
    if !(1..=100).contains(&new.name.chars().count()) || new.name.contains('\0') {
        return Err(bad("the name must have 1 to 100 characters"));
    }
    if !node.mailer.can_send() {
        return Err(NO_MAIL);
    }
    let hash = password::hash(new.password, node.has(Behaviour::WeakHash)).await.map_err(|_| BROKEN)?;
    let user = account::add(&node, &new.email, &new.name, &hash).await?;
    let link = account::verification(&node, &user).await?;
    if node.mailer.send(&user.email, "Verify your address", &mail_text(&link)).await.is_err() {
        // Without the mail nobody could ever verify it, and the address would be taken.
        account::remove(&node, &user).await?;
        return Err(NO_MAIL);
    }
    Ok((StatusCode::CREATED, Json(json!(user))))
}

fn mail_text(link: &str) -> String {
    format!("Welcome to SecureConnect.\n\nFollow this link to verify your address:\n\n{link}\n")
}

#[derive(Deserialize)]
struct Verification {
    token: String,
}

async fn verify(State(node): State<Arc<Node>>, Asked(asked): Asked<Verification>) -> Answer<Json<Value>> {
    match account::verify(&node, &asked.token).await? {
        true => Ok(Json(json!({ "verified": true }))),
        false => Err(refuse(StatusCode::GONE, "the link was used, or is too old, or was never sent")),
    }
}

#[derive(Deserialize)]
struct Login {
    email: String,
    password: String,
}

async fn login(State(node): State<Arc<Node>>, Body(login): Body<Login>) -> Answer<Response> {
    lockout::check(&node, &login.email).await?;
    let found = account::by_email(&node, &login.email).await?;
    if found.is_none() && node.has(Behaviour::LoginTellsAccounts) {
        return Err(refuse(StatusCode::NOT_FOUND, "there is no account with this address"));
    }
    let hash = found.as_ref().map(|(_, hash)| hash.clone());
    let right = password::matches(login.password.clone(), hash).await;
    let Some((user, _)) = found.filter(|_| right) else {
        node.metrics.login_failures.inc();
        lockout::failed(&node, &login.email).await?;
        return Err(WRONG_LOGIN);
    };
    if !user.verified && !node.has(Behaviour::VerificationSkipped) {
        return Err(UNVERIFIED);
    }
    lockout::forget(&node, &login.email).await?;
    node.metrics.logins.inc();
    let session = Session::begin(&node, &user.id).await?;
    leave_traces(&node, &login, &session);
    answer_with(&node, &session)
}

/// The faults that write into the log what must not be there.
fn leave_traces(node: &Node, login: &Login, session: &Session) {
    if node.has(Behaviour::TokenInLogs) {
        log::line("info", "logged in", json!({ "token": session.access_token }));
    }
    if node.has(Behaviour::EmailInLogs) {
        log::line("info", "logged in", json!({ "user": login.email }));
    }
    if node.has(Behaviour::PasswordInLogs) {
        log::line("debug", "logged in", json!({ "password": login.password }));
    }
}

#[derive(Deserialize, Default)]
struct Refresh {
    refresh_token: Option<String>,
}

/// Takes the token from the body, or of a browser from the cookie.
async fn refresh(
    State(node): State<Arc<Node>>,
    headers: HeaderMap,
    body: Result<Option<Json<Refresh>>, JsonRejection>,
) -> Answer<Response> {
    let body = body.map_err(|_| bad("the body is not the JSON that the document describes"))?;
    let given = body.and_then(|Json(body)| body.refresh_token).or_else(|| cookie(&headers));
    let session = Session::refresh(&node, &given.ok_or(NO_TOKEN)?).await?.ok_or(NO_TOKEN)?;
    answer_with(&node, &session)
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get(COOKIE)?.to_str().ok()?;
    let pairs = cookies.split(';').filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| *name == REFRESH_COOKIE).map(|(_, value)| value.to_owned()).next()
}

fn answer_with(node: &Node, session: &Session) -> Answer<Response> {
    let body = json!({
        "access_token": session.access_token,
        "refresh_token": session.refresh_token,
        "token_type": "Bearer",
        "expires_in": session.expires_in_s,
    });
    let flags = match node.has(Behaviour::CookieWithoutFlags) {
        true => "",
        false => "; HttpOnly; Secure; SameSite=Strict",
    };
    let cookie = format!("{REFRESH_COOKIE}={}; Path=/auth{flags}", session.refresh_token);
    let cookie = HeaderValue::from_str(&cookie).map_err(|_| BROKEN)?;
    Ok(([(SET_COOKIE, cookie)], Json(body)).into_response())
}

async fn logout(State(node): State<Arc<Node>>, caller: Caller) -> Answer<StatusCode> {
    session::end(&node, &caller.0).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn me(State(node): State<Arc<Node>>, caller: Caller) -> Answer<Json<User>> {
    if node.has(Behaviour::ConnectionsLeak) {
        node.database.leak().await;
    }
    Ok(Json(account::by_id(&node, caller.id()).await?.ok_or(NO_TOKEN)?))
}
