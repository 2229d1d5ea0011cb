//! Reactions: each member may give a message each sign once.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use sqlx::{Row, query};

use super::{NO_MEMBER, conversation};
use crate::answer::{Answer, Body, Caller, bad};
use crate::node::Node;

#[derive(Deserialize)]
pub(super) struct NewReaction {
    emoji: String,
}

/// `POST /messages/{id}/reactions`.
pub(super) async fn add(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Path(id): Path<String>,
    Body(new): Body<NewReaction>,
) -> Answer<StatusCode> {
    if !(1..=16).contains(&new.emoji.chars().count()) || new.emoji.contains('\0') {
        return Err(bad("a reaction must have 1 to 16 characters"));
    }
    let statement = query(
        "INSERT INTO reactions (message_id, user_id, emoji) VALUES ($1, $2, $3)
         ON CONFLICT (message_id, user_id, emoji) DO NOTHING",
    );
    let (conversation, members) = place(&node, &id, caller.id()).await?;
    let values = statement.bind(id.clone()).bind(caller.id().to_owned()).bind(new.emoji.clone());
    node.database.change(values).await?;
    tell(&node, &members, &conversation, &id, &new.emoji, caller.id(), true);
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /messages/{id}/reactions/{emoji}`.
pub(super) async fn remove(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Path((id, emoji)): Path<(String, String)>,
) -> Answer<StatusCode> {
    let (conversation, members) = place(&node, &id, caller.id()).await?;
    let statement = query("DELETE FROM reactions WHERE message_id = $1 AND user_id = $2 AND emoji = $3");
    let values = statement.bind(id.clone()).bind(caller.id().to_owned()).bind(emoji.clone());
    node.database.change(values).await?;
    tell(&node, &members, &conversation, &id, &emoji, caller.id(), false);
    Ok(StatusCode::NO_CONTENT)
}

/// The conversation of a message and its members, for one of them.
async fn place(node: &Node, id: &str, user: &str) -> Answer<(String, Vec<String>)> {
    let statement = query("SELECT conversation_id FROM messages WHERE id = $1").bind(id.to_owned());
    let row = node.database.row(statement).await?.ok_or(NO_MEMBER)?;
    let conversation: String = row.try_get("conversation_id")?;
    let members = conversation::members_for(node, &conversation, user).await?;
    Ok((conversation, members))
}

fn tell(
    node: &Node,
    members: &[String],
    conversation: &str,
    message: &str,
    emoji: &str,
    user: &str,
    given: bool,
) {
    let event = json!({
        "type": "reaction", "conversation": conversation, "message": message, "emoji": emoji,
        "user": user, "given": given,
    });
    node.hub.tell(members, &event);
}
