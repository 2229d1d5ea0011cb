//! Signals between peers: offers, answers and candidates, over HTTP for those without a WebSocket.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use crate::answer::{Answer, Asked, Body, Caller, bad};
use crate::node::Node;

/// The longest description of a session.
const MOST_BYTES: usize = 64 * 1024;

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Offer,
    Answer,
    Candidate,
}

#[derive(Deserialize)]
pub(super) struct Signal {
    kind: Kind,
    to: String,
    data: Value,
}

/// `POST /calls/{id}/signals`.
pub(super) async fn send(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Path(id): Path<String>,
    Body(signal): Body<Signal>,
) -> Answer<StatusCode> {
    pass(&node, &id, caller.id(), &signal.to, signal.kind, &signal.data)?;
    Ok(StatusCode::ACCEPTED)
}

/// Passes a signal on.
pub(super) fn pass(node: &Node, call: &str, from: &str, to: &str, kind: Kind, data: &Value) -> Answer<()> {
    if data.to_string().len() > MOST_BYTES {
        return Err(bad("a signal must have at most 64 KiB"));
    }
    let event = json!({ "type": kind, "call": call, "from": from, "data": data });
    node.calls.pass(call, from, to, &event)
}

#[derive(Deserialize)]
pub(super) struct Wait {
    #[serde(default)]
    after: u64,
    #[serde(default)]
    wait_ms: u64,
}

/// `GET /calls/{id}/signals`: those after a number, or the next that come.
pub(super) async fn wait(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Path(id): Path<String>,
    Asked(asked): Asked<Wait>,
) -> Answer<Json<Value>> {
    let most = node.config.times.request / 2;
    let end = Instant::now() + Duration::from_millis(asked.wait_ms).min(most);
    loop {
        // Listens before it looks, so that nothing comes between.
        let news = node.calls.news.notified();
        tokio::pin!(news);
        news.as_mut().enable();
        let signals = node.calls.after(&id, caller.id(), asked.after)?;
        if !signals.is_empty() {
            return Ok(Json(json!({ "signals": signals })));
        }
        let woken = tokio::select! {
            woken = timeout_at(end, news) => woken.is_ok(),
            () = node.stopped() => false,
        };
        if !woken {
            return Ok(Json(json!({ "signals": signals })));
        }
    }
}
