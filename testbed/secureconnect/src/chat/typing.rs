//! Who types: told to the other members, and taken back after three seconds without news.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::json;
use tokio::time::sleep;

use super::conversation;
use crate::answer::{Answer, Caller};
use crate::fault::Behaviour;
use crate::node::Node;

const ENDS: Duration = Duration::from_secs(3);

/// `POST /conversations/{id}/typing`.
pub(super) async fn post(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    begin(&node, caller.id(), &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Tells that a user types, and later that they do not.
pub(super) async fn begin(node: &Arc<Node>, user: &str, conversation: &str) -> Answer<()> {
    let members = conversation::members_for(node, conversation, user).await?;
    let others: Vec<String> = members.into_iter().filter(|member| member != user).collect();
    let number = node.hub.types(conversation, user);
    tell(node, &others, conversation, user, true);
    if node.has(Behaviour::TypingNeverEnds) {
        return Ok(());
    }
    let (node, user, conversation) = (Arc::clone(node), user.to_owned(), conversation.to_owned());
    tokio::spawn(async move {
        sleep(ENDS).await;
        if node.hub.typed_last(&conversation, &user, number) {
            tell(&node, &others, &conversation, &user, false);
        }
    });
    Ok(())
}

fn tell(node: &Node, others: &[String], conversation: &str, user: &str, active: bool) {
    let event = json!({ "type": "typing", "conversation": conversation, "user": user, "active": active });
    match node.has(Behaviour::TypingToStrangers) {
        true => node.hub.tell_everybody(&event),
        false => node.hub.tell(others, &event),
    }
}
