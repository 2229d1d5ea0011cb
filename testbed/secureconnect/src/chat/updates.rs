//! Waiting for messages without a WebSocket: a request that is answered when there are some, or
//! when its time is over.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, timeout_at};

use super::{conversation, message};
use crate::answer::{Answer, Asked, Caller};
use crate::node::Node;

#[derive(Deserialize)]
pub(super) struct Wait {
    #[serde(default)]
    after: i64,
    #[serde(default)]
    wait_ms: u64,
}

/// `GET /conversations/{id}/updates`.
pub(super) async fn wait(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Path(id): Path<String>,
    Asked(asked): Asked<Wait>,
) -> Answer<Json<Value>> {
    conversation::members_for(&node, &id, caller.id()).await?;
    // It must end well before the request would be cut off.
    let most = node.config.times.request / 2;
    let end = Instant::now() + Duration::from_millis(asked.wait_ms).min(most);
    loop {
        // Listens before it looks, so that nothing comes between.
        let news = node.hub.news.notified();
        let messages = message::read_after(&node, &id, asked.after, message::MOST).await?;
        let waits = tokio::select! {
            waits = timeout_at(end, news) => waits.is_ok(),
            () = node.stopped() => false,
            () = std::future::ready(()), if !messages.is_empty() => false,
        };
        if !messages.is_empty() || !waits {
            return Ok(Json(json!({ "messages": messages })));
        }
    }
}
