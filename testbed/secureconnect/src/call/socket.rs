//! The WebSocket of calls: `join`, `leave`, `end`, `offer`, `answer`, `candidate` and `ping` come in.

use std::sync::Arc;

use axum::extract::State;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::signal::{self, Kind};
use crate::answer::{Answer, Caller, bad};
use crate::node::Node;
use crate::socket::{self, Talk};

const MOST_BYTES: usize = 128 * 1024;

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Said {
    Join { call: String },
    Leave { call: String },
    End { call: String },
    Offer { call: String, to: String, data: Value },
    Answer { call: String, to: String, data: Value },
    Candidate { call: String, to: String, data: Value },
    Ping,
}

/// `GET /call/socket`.
pub(super) async fn open(
    State(node): State<Arc<Node>>,
    caller: Caller,
    upgrade: WebSocketUpgrade,
) -> Response {
    let upgrade = upgrade.max_message_size(MOST_BYTES).protocols(["bearer"]);
    upgrade.on_upgrade(move |socket| talk(node, caller, socket))
}

async fn talk(node: Arc<Node>, caller: Caller, socket: WebSocket) {
    let (outbox, events) = node.calls.connect(caller.id());
    outbox.put(&json!({ "type": "ready", "user": caller.id() }));
    let client = Client { node, caller };
    socket::run(&client.node, "call", socket, events, &client).await;
    client.node.calls.disconnect(client.caller.id(), &outbox);
}

/// One socket of a user.
struct Client {
    node: Arc<Node>,
    caller: Caller,
}

impl Talk for Client {
    async fn hear(&self, said: Value) -> Option<Value> {
        let heard = hear(&self.node, self.caller.id(), said);
        heard.unwrap_or_else(|refusal| Some(json!({ "type": "error", "error": refusal.text })))
    }

    async fn beat(&self) {}
}

fn hear(node: &Node, user: &str, value: Value) -> Answer<Option<Value>> {
    let said: Said =
        serde_json::from_value(value).map_err(|_| bad("this is nothing that the socket knows"))?;
    match said {
        Said::Join { call } => node.calls.join(&call, user)?,
        Said::Leave { call } => node.calls.leave(&call, user)?,
        Said::End { call } => node.calls.end(&call, user)?,
        Said::Offer { call, to, data } => signal::pass(node, &call, user, &to, Kind::Offer, &data)?,
        Said::Answer { call, to, data } => signal::pass(node, &call, user, &to, Kind::Answer, &data)?,
        Said::Candidate { call, to, data } => signal::pass(node, &call, user, &to, Kind::Candidate, &data)?,
        Said::Ping => return Ok(Some(json!({ "type": "pong" }))),
    }
    Ok(None)
}
