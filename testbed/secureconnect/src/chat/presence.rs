//! Who is there: a value that ends by itself unless the socket renews it. Without Redis nobody
//! knows it of users at other processes, and the answer says so.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::conversation;
use crate::answer::{Answer, Caller};
use crate::fault::Behaviour;
use crate::node::Node;
use crate::store::cache::CacheError;

/// Longer than two renewals take.
const LIFE: Duration = Duration::from_secs(25);

const DAY: Duration = Duration::from_secs(86_400);

fn key(user: &str) -> String {
    format!("presence:{user}")
}

/// `GET /presence/{user}`.
pub(super) async fn show(
    State(node): State<Arc<Node>>,
    _caller: Caller,
    Path(user): Path<String>,
) -> Answer<Json<Value>> {
    let (status, degraded) = match node.cache.shared_get(&key(&user)).await {
        Ok(Some(_)) => ("online", false),
        Ok(None) => ("offline", false),
        Err(CacheError) if node.has(Behaviour::PresenceLies) => ("offline", false),
        Err(CacheError) => ("unknown", true),
    };
    Ok(Json(json!({ "user": user, "status": status, "degraded": degraded })))
}

/// Says that a user is here, for a while.
pub(super) async fn keep(node: &Node, user: &str) {
    // Written once only, it must last.
    let life = if node.has(Behaviour::PresenceNotResynced) { DAY } else { LIFE };
    // Presence is no reason to fail; whoever asks is told when it is not known.
    let _ = node.cache.set(&key(user), "1", life).await;
}

/// The user is here now, and those who talk with them are told.
pub(super) async fn came(node: &Node, user: &str, first: bool) {
    if first || !node.has(Behaviour::PresenceNotRestored) {
        keep(node, user).await;
        tell(node, user, "online").await;
    }
}

/// The user's last socket is gone.
pub(super) async fn went(node: &Node, user: &str) {
    let _ = node.cache.delete(&key(user)).await;
    tell(node, user, "offline").await;
}

async fn tell(node: &Node, user: &str, status: &str) {
    let event = json!({ "type": "presence", "user": user, "status": status });
    if let Ok(others) = conversation::partners(node, user).await {
        node.hub.tell(&others, &event);
    }
}
