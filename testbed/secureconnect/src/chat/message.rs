//! Messages: sent, numbered, told to those who are there, and read page by page.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::any::AnyRow;
use sqlx::{Row, query};

use super::{NO_MEMBER, conversation};
use crate::answer::{Answer, Asked, Body, Caller, bad};
use crate::fault::Behaviour;
use crate::node::{Node, now_ms};
use crate::{push, random};

const MOST_CHARACTERS: usize = 4_000;
const PAGE: i64 = 50;
/// The longest page.
pub(super) const MOST: i64 = 500;

/// A message. `seq` numbers those of one conversation, from 1.
#[derive(Debug, Serialize)]
pub(super) struct Message {
    pub(super) id: String,
    pub(super) conversation: String,
    pub(super) seq: i64,
    sender: String,
    text: String,
    sent_at_ms: i64,
    reactions: BTreeMap<String, i64>,
}

#[derive(Deserialize)]
pub(super) struct NewMessage {
    text: String,
}

/// `POST /conversations/{id}/messages`.
pub(super) async fn post(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Path(id): Path<String>,
    Body(new): Body<NewMessage>,
) -> Answer<(StatusCode, Json<Message>)> {
    Ok((StatusCode::CREATED, Json(send(&node, caller.id(), &id, new.text).await?)))
}

/// Sends a message: a row, an event, a notification for those who are away.
pub(super) async fn send(
    node: &Arc<Node>,
    sender: &str,
    conversation: &str,
    text: String,
) -> Answer<Message> {
    if !(1..=MOST_CHARACTERS).contains(&text.chars().count()) || text.contains('\0') {
        return Err(bad("a message must have 1 to 4000 characters"));
    }
    let members = conversation::members_for(node, conversation, sender).await?;
    let mut message = Message {
        id: random::id()?,
        conversation: conversation.to_owned(),
        seq: 0,
        sender: sender.to_owned(),
        text,
        sent_at_ms: now_ms(),
        reactions: BTreeMap::new(),
    };
    message.seq = insert(node, &message).await?;
    node.metrics.messages_sent.inc();
    node.hub.tell(&members, &json!({ "type": "message", "message": message }));
    if !node.has(Behaviour::LongPollDeaf) {
        node.hub.news.notify_waiters();
    }
    let away = members.into_iter().filter(|member| member != sender && !node.hub.is_connected(member));
    push::notify(node, away.collect(), "A new message", conversation);
    Ok(message)
}

/// The number is taken and the row is written together, so that no reader sees a later one first.
async fn insert(node: &Node, message: &Message) -> Answer<i64> {
    let first = query("UPDATE conversations SET last_seq = last_seq + 1 WHERE id = $1 RETURNING last_seq");
    let (id, sender) = (message.id.clone(), message.sender.clone());
    let (conversation, text, sent_at_ms) =
        (message.conversation.clone(), message.text.clone(), message.sent_at_ms);
    let inserted = node.database.both(first.bind(conversation.clone()), |row| {
        let seq: i64 = row.try_get("last_seq")?;
        let statement = query(
            "INSERT INTO messages (id, conversation_id, seq, sender_id, text, sent_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6)",
        );
        let values = statement.bind(id).bind(conversation).bind(seq).bind(sender);
        Ok(values.bind(text).bind(sent_at_ms))
    });
    Ok(inserted.await?.ok_or(NO_MEMBER)?.try_get("last_seq")?)
}

#[derive(Deserialize)]
pub(super) struct Page {
    before: Option<i64>,
    after: Option<i64>,
    limit: Option<i64>,
}

/// `GET /conversations/{id}/messages`: the newest ones, or those before or after a number.
pub(super) async fn page(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Path(id): Path<String>,
    Asked(page): Asked<Page>,
) -> Answer<Response> {
    conversation::may_read(&node, &id, caller.id()).await?;
    let limit = page.limit.unwrap_or(PAGE);
    if !(1..=MOST).contains(&limit) {
        return Err(bad("`limit` must be from 1 to 500"));
    }
    let broken = node.has(Behaviour::PagingBroken);
    let before = page.before.filter(|_| !broken).unwrap_or(i64::MAX);
    let messages = match page.after {
        Some(after) => read_after(&node, &id, after, limit).await?,
        None => read_before(&node, &id, before, limit).await?,
    };
    if node.has(Behaviour::StoredXss) {
        let texts: Vec<String> = messages.iter().map(|message| format!("<p>{}</p>", message.text)).collect();
        return Ok(Html(texts.concat()).into_response());
    }
    Ok(Json(json!({ "messages": messages })).into_response())
}

/// Those after a number, the oldest first.
pub(super) async fn read_after(node: &Node, id: &str, after: i64, limit: i64) -> Answer<Vec<Message>> {
    let statement = query(
        "SELECT id, conversation_id, seq, sender_id, text, sent_at_ms FROM messages
         WHERE conversation_id = $1 AND seq > $2 ORDER BY seq LIMIT $3",
    );
    let rows = node.database.rows(statement.bind(id.to_owned()).bind(after).bind(limit)).await?;
    with_reactions(node, id, messages(&rows)?).await
}

/// The newest ones before a number, the oldest first.
async fn read_before(node: &Node, id: &str, before: i64, limit: i64) -> Answer<Vec<Message>> {
    let statement = query(
        "SELECT id, conversation_id, seq, sender_id, text, sent_at_ms FROM messages
         WHERE conversation_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3",
    );
    let rows = node.database.rows(statement.bind(id.to_owned()).bind(before).bind(limit)).await?;
    let mut messages = messages(&rows)?;
    messages.reverse();
    with_reactions(node, id, messages).await
}

/// Messages of rows, without their reactions.
pub(super) fn messages(rows: &[AnyRow]) -> Result<Vec<Message>, sqlx::Error> {
    let message = |row: &AnyRow| {
        Ok(Message {
            id: row.try_get("id")?,
            conversation: row.try_get("conversation_id")?,
            seq: row.try_get("seq")?,
            sender: row.try_get("sender_id")?,
            text: row.try_get("text")?,
            sent_at_ms: row.try_get("sent_at_ms")?,
            reactions: BTreeMap::new(),
        })
    };
    rows.iter().map(message).collect()
}

async fn with_reactions(node: &Node, id: &str, mut messages: Vec<Message>) -> Answer<Vec<Message>> {
    let (Some(first), Some(last)) = (messages.first(), messages.last()) else { return Ok(messages) };
    let statement = query(
        "SELECT r.message_id, r.emoji, COUNT(*) AS given FROM reactions r JOIN messages m ON m.id = r.message_id
         WHERE m.conversation_id = $1 AND m.seq >= $2 AND m.seq <= $3 GROUP BY r.message_id, r.emoji",
    );
    let values = statement.bind(id.to_owned()).bind(first.seq).bind(last.seq);
    for row in node.database.rows(values).await? {
        let of: String = row.try_get("message_id")?;
        let (emoji, given) = (row.try_get("emoji")?, row.try_get("given")?);
        if let Some(message) = messages.iter_mut().find(|message| message.id == of) {
            message.reactions.insert(emoji, given);
        }
    }
    Ok(messages)
}
