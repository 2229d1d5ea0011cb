//! Conversations and who is in them.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use sqlx::{Row, query};

use super::NO_MEMBER;
use crate::answer::{Answer, Body, Caller, bad, refuse};
use crate::fault::Behaviour;
use crate::node::{Node, now_ms};
use crate::random;

/// A conversation.
#[derive(Debug, Serialize)]
pub(super) struct Conversation {
    id: String,
    title: String,
    group: bool,
    owner: String,
    members: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct NewConversation {
    #[serde(default)]
    title: String,
    #[serde(default)]
    group: bool,
    members: Vec<String>,
}

/// `POST /conversations`: the caller and these.
pub(super) async fn create(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Body(new): Body<NewConversation>,
) -> Answer<(StatusCode, Json<Conversation>)> {
    check_title(&new.title)?;
    let mut members: BTreeSet<String> = new.members.into_iter().collect();
    members.insert(caller.id().to_owned());
    if !(2..=100).contains(&members.len()) || (!new.group && members.len() != 2) {
        return Err(bad("a conversation has two members, and a group up to 100"));
    }
    for member in &members {
        must_exist(&node, member).await?;
    }
    let id = random::id()?;
    let statement = query(
        "INSERT INTO conversations (id, title, is_group, owner_id, created_at_ms) VALUES ($1, $2, $3, $4, $5)",
    );
    let values = statement.bind(id.clone()).bind(new.title).bind(i64::from(new.group));
    node.database.change(values.bind(caller.id().to_owned()).bind(now_ms())).await?;
    for member in &members {
        insert_member(&node, &id, member).await?;
    }
    Ok((StatusCode::CREATED, Json(read(&node, &id).await?)))
}

fn check_title(title: &str) -> Answer<()> {
    match title.chars().count() <= 200 && !title.contains('\0') {
        true => Ok(()),
        false => Err(bad("the title must have at most 200 characters")),
    }
}

async fn must_exist(node: &Node, user: &str) -> Answer<()> {
    let found = node.database.row(query("SELECT id FROM users WHERE id = $1").bind(user.to_owned())).await?;
    found.map(|_| ()).ok_or(bad("one of the members is no user"))
}

async fn insert_member(node: &Node, id: &str, user: &str) -> Answer<()> {
    let statement = query(
        "INSERT INTO members (conversation_id, user_id) VALUES ($1, $2)
         ON CONFLICT (conversation_id, user_id) DO UPDATE SET removed = 0",
    );
    node.database.change(statement.bind(id.to_owned()).bind(user.to_owned())).await?;
    Ok(())
}

/// `GET /conversations`: those of the caller, the newest first.
pub(super) async fn list(State(node): State<Arc<Node>>, caller: Caller) -> Answer<Json<Vec<Conversation>>> {
    let statement = query(
        "SELECT c.id FROM conversations c JOIN members m ON m.conversation_id = c.id
         WHERE m.user_id = $1 AND m.removed = 0 ORDER BY c.created_at_ms DESC, c.id LIMIT 100",
    );
    let mut conversations = Vec::new();
    for row in node.database.rows(statement.bind(caller.id().to_owned())).await? {
        conversations.push(read(&node, row.try_get("id")?).await?);
    }
    Ok(Json(conversations))
}

/// `GET /conversations/{id}`.
pub(super) async fn show(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Json<Conversation>> {
    members_for(&node, &id, caller.id()).await?;
    Ok(Json(read(&node, &id).await?))
}

#[derive(Deserialize)]
pub(super) struct Settings {
    title: String,
}

/// `PATCH /conversations/{id}`.
pub(super) async fn rename(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Path(id): Path<String>,
    Body(settings): Body<Settings>,
) -> Answer<Json<Conversation>> {
    check_title(&settings.title)?;
    members_for(&node, &id, caller.id()).await?;
    let statement = query("UPDATE conversations SET title = $1 WHERE id = $2");
    node.database.change(statement.bind(settings.title).bind(id.clone())).await?;
    Ok(Json(read(&node, &id).await?))
}

#[derive(Deserialize)]
pub(super) struct NewMember {
    user: String,
}

/// `POST /conversations/{id}/members`: only groups grow.
pub(super) async fn add_member(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Path(id): Path<String>,
    Body(new): Body<NewMember>,
) -> Answer<Json<Conversation>> {
    members_for(&node, &id, caller.id()).await?;
    if !read(&node, &id).await?.group {
        return Err(refuse(StatusCode::CONFLICT, "only a group takes more members"));
    }
    must_exist(&node, &new.user).await?;
    insert_member(&node, &id, &new.user).await?;
    Ok(Json(read(&node, &id).await?))
}

/// `DELETE /conversations/{id}/members/{user}`: the owner removes anybody, others themselves.
pub(super) async fn remove_member(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Path((id, user)): Path<(String, String)>,
) -> Answer<StatusCode> {
    members_for(&node, &id, caller.id()).await?;
    if read(&node, &id).await?.owner != caller.id() && user != caller.id() {
        return Err(refuse(StatusCode::FORBIDDEN, "only the owner removes others"));
    }
    let statement = query("UPDATE members SET removed = 1 WHERE conversation_id = $1 AND user_id = $2");
    node.database.change(statement.bind(id).bind(user)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn read(node: &Node, id: &str) -> Answer<Conversation> {
    let statement = query("SELECT id, title, is_group, owner_id FROM conversations WHERE id = $1");
    let row = node.database.row(statement.bind(id.to_owned())).await?.ok_or(NO_MEMBER)?;
    Ok(Conversation {
        id: row.try_get("id")?,
        title: row.try_get("title")?,
        group: row.try_get::<i64, _>("is_group")? == 1,
        owner: row.try_get("owner_id")?,
        members: members(node, id).await?,
    })
}

async fn members(node: &Node, id: &str) -> Answer<Vec<String>> {
    let statement =
        query("SELECT user_id FROM members WHERE conversation_id = $1 AND removed = 0 ORDER BY user_id");
    let rows = node.database.rows(statement.bind(id.to_owned())).await?;
    Ok(rows.iter().map(|row| row.try_get("user_id")).collect::<Result<_, _>>()?)
}

/// The members of a conversation, for one of them.
pub(crate) async fn members_for(node: &Node, id: &str, user: &str) -> Answer<Vec<String>> {
    let members = members(node, id).await?;
    if members.iter().any(|member| member == user) { Ok(members) } else { Err(NO_MEMBER) }
}

/// Whether a user may read a conversation. Three faults say yes to more than members.
pub(super) async fn may_read(node: &Node, id: &str, user: &str) -> Answer<()> {
    if node.has(Behaviour::OtherChatReadable) {
        return Ok(());
    }
    if node.has(Behaviour::RemovedMemberReads) {
        let statement = query("SELECT removed FROM members WHERE conversation_id = $1 AND user_id = $2");
        let row = node.database.row(statement.bind(id.to_owned()).bind(user.to_owned())).await?;
        return row.map(|_| ()).ok_or(NO_MEMBER);
    }
    members_for(node, id, user).await.map(|_| ())
}

/// Everybody who shares a conversation with a user.
pub(super) async fn partners(node: &Node, user: &str) -> Answer<Vec<String>> {
    let statement = query(
        "SELECT DISTINCT o.user_id FROM members m
         JOIN members o ON o.conversation_id = m.conversation_id AND o.removed = 0
         WHERE m.user_id = $1 AND m.removed = 0 AND o.user_id <> $1",
    );
    let rows = node.database.rows(statement.bind(user.to_owned())).await?;
    Ok(rows.iter().map(|row| row.try_get("user_id")).collect::<Result<_, _>>()?)
}
