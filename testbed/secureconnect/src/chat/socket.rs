//! The WebSocket of the chat: `message`, `typing`, `resume` and `ping` come in; events go out.

use std::sync::Arc;

use axum::extract::State;
use axum::extract::ws::{WebSocket, WebSocketUpgrade};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{conversation, message, presence, typing};
use crate::answer::{Answer, Caller, Refusal};
use crate::fault::Behaviour;
use crate::node::Node;
use crate::socket::{self, Outbox, Talk};

/// The longest text a client may send.
const MOST_BYTES: usize = 64 * 1024;

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Said {
    Message {
        conversation: String,
        text: String,
    },
    Typing {
        conversation: String,
    },
    /// The messages after a number, e.g. those that were sent while the client was away.
    Resume {
        conversation: String,
        after: i64,
    },
    Ping,
}

/// `GET /chat/socket`.
pub(super) async fn open(
    State(node): State<Arc<Node>>,
    caller: Caller,
    upgrade: WebSocketUpgrade,
) -> Response {
    let upgrade = upgrade.max_message_size(MOST_BYTES).protocols(["bearer"]);
    upgrade.on_upgrade(move |socket| talk(node, caller, socket))
}

async fn talk(node: Arc<Node>, caller: Caller, socket: WebSocket) {
    let (outbox, events, first) = node.hub.join(caller.id());
    presence::came(&node, caller.id(), first).await;
    outbox.put(&json!({ "type": "ready", "user": caller.id() }));
    let client = Client { node, caller, outbox, first };
    socket::run(&client.node, "chat", socket, events, &client).await;
    let Client { node, caller, outbox, .. } = client;
    if node.hub.leave(caller.id(), &outbox) {
        presence::went(&node, caller.id()).await;
    }
}

/// One socket of a user.
struct Client {
    node: Arc<Node>,
    caller: Caller,
    outbox: Outbox,
    /// Whether the user was never here before.
    first: bool,
}

impl Talk for Client {
    async fn hear(&self, said: Value) -> Option<Value> {
        let heard = self.take(said).await;
        heard.unwrap_or_else(|refusal| Some(json!({ "type": "error", "error": refusal.text })))
    }

    async fn beat(&self) {
        let restored = self.first || !self.node.has(Behaviour::PresenceNotRestored);
        if restored && !self.node.has(Behaviour::PresenceNotResynced) {
            presence::keep(&self.node, self.caller.id()).await;
        }
    }
}

impl Client {
    async fn take(&self, said: Value) -> Answer<Option<Value>> {
        let (node, user) = (&self.node, self.caller.id());
        match serde_json::from_value(said).map_err(|_| UNKNOWN)? {
            Said::Message { conversation, text } => {
                message::send(node, user, &conversation, text).await?;
            }
            Said::Typing { conversation } if !node.has(Behaviour::NoTyping) => {
                typing::begin(node, user, &conversation).await?;
            }
            Said::Typing { .. } => return Err(UNKNOWN),
            Said::Resume { conversation, after } => self.resume(&conversation, after).await?,
            Said::Ping => return Ok(Some(json!({ "type": "pong" }))),
        }
        Ok(None)
    }

    async fn resume(&self, conversation: &str, after: i64) -> Answer<()> {
        conversation::members_for(&self.node, conversation, self.caller.id()).await?;
        if !self.node.has(Behaviour::HistoryLost) {
            for message in message::read_after(&self.node, conversation, after, message::MOST).await? {
                self.outbox.put(&json!({ "type": "message", "message": message }));
            }
        }
        self.outbox.put(&json!({ "type": "resumed", "conversation": conversation }));
        Ok(())
    }
}

const UNKNOWN: Refusal = crate::answer::bad("this is nothing that the socket knows");
