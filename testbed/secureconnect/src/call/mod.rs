//! Calls: who is in one, the signals between them, and the credentials for the TURN server. Sound
//! and pictures go from peer to peer and never come here.

mod room;
mod signal;
mod socket;
mod turn;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::answer::{Answer, Body, Caller, bad};
use crate::fault::{Behaviour, Faults};
use crate::node::Node;
use crate::push;
use crate::routes::Routes;
pub(crate) use room::Calls;

pub(crate) fn routes(routes: Routes, faults: &Faults) -> Routes {
    routes
        .post("/calls", begin)
        .get("/calls/{id}", show)
        .post("/calls/{id}/join", join)
        .post("/calls/{id}/leave", leave)
        .post("/calls/{id}/end", end)
        .post("/calls/{id}/signals", signal::send)
        .get("/call/socket", socket::open)
        .get("/turn", turn::credentials)
        .and_if(!faults.on(Behaviour::NoCallPoll), |routes| routes.get("/calls/{id}/signals", signal::wait))
}

#[derive(Deserialize)]
struct NewCall {
    members: Vec<String>,
}

/// `POST /calls`: rings at these.
async fn begin(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Body(new): Body<NewCall>,
) -> Answer<(StatusCode, Json<Value>)> {
    let others: Vec<String> = new.members.into_iter().filter(|member| member != caller.id()).collect();
    if !(1..=32).contains(&others.len()) {
        return Err(bad("a call has 1 to 32 others"));
    }
    let id = node.calls.begin(caller.id(), &others)?;
    let ringing = json!({ "type": "ringing", "call": id, "from": caller.id() });
    node.calls.tell(&id, caller.id(), &ringing);
    let away = others.into_iter().filter(|user| !node.calls.is_connected(user));
    push::notify(&node, away.collect(), "Somebody calls", &id);
    Ok((StatusCode::CREATED, Json(node.calls.show(&id, caller.id())?)))
}

async fn show(State(node): State<Arc<Node>>, caller: Caller, Path(id): Path<String>) -> Answer<Json<Value>> {
    Ok(Json(node.calls.show(&id, caller.id())?))
}

async fn join(State(node): State<Arc<Node>>, caller: Caller, Path(id): Path<String>) -> Answer<Json<Value>> {
    node.calls.join(&id, caller.id())?;
    Ok(Json(node.calls.show(&id, caller.id())?))
}

async fn leave(State(node): State<Arc<Node>>, caller: Caller, Path(id): Path<String>) -> Answer<StatusCode> {
    node.calls.leave(&id, caller.id())?;
    Ok(StatusCode::NO_CONTENT)
}

async fn end(State(node): State<Arc<Node>>, caller: Caller, Path(id): Path<String>) -> Answer<StatusCode> {
    node.calls.end(&id, caller.id())?;
    Ok(StatusCode::NO_CONTENT)
}
