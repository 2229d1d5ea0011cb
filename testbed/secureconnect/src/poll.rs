//! Polls of a conversation: asked, voted once by each member, closed by whoever asked. Every change
//! is told to the members at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::{Row, query};

use crate::answer::{Answer, Body, Caller, Refusal, bad, refuse};
use crate::chat::{NO_MEMBER, conversation};
use crate::fault::Behaviour;
use crate::node::{Node, now_ms};
use crate::random;
use crate::routes::Routes;

const VOTED: Refusal = refuse(StatusCode::CONFLICT, "you have voted already");
const CLOSED: Refusal = refuse(StatusCode::CONFLICT, "the poll is closed");
const NOT_YOURS: Refusal = refuse(StatusCode::FORBIDDEN, "only whoever asked closes a poll");

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
        .post("/conversations/{id}/polls", ask)
        .get("/polls/{id}", show)
        .post("/polls/{id}/votes", vote)
        .post("/polls/{id}/close", close)
}

/// A poll as a member sees it.
#[derive(Debug, Serialize)]
struct Poll {
    id: String,
    conversation: String,
    creator: String,
    question: String,
    open: bool,
    options: Vec<Choice>,
}

#[derive(Debug, Serialize)]
struct Choice {
    position: i64,
    text: String,
    votes: i64,
}

#[derive(Deserialize)]
struct NewPoll {
    question: String,
    options: Vec<String>,
}

async fn ask(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Path(conversation): Path<String>,
    Body(new): Body<NewPoll>,
) -> Answer<(StatusCode, Json<Poll>)> {
    let fits = |text: &String| (1..=300).contains(&text.chars().count()) && !text.contains('\0');
    if !fits(&new.question) || !(2..=20).contains(&new.options.len()) || !new.options.iter().all(fits) {
        return Err(bad("a poll has a question and 2 to 20 options, each of 1 to 300 characters"));
    }
    conversation::members_for(&node, &conversation, caller.id()).await?;
    let id = random::id()?;
    let statement = query(
        "INSERT INTO polls (id, conversation_id, creator_id, question, created_at_ms) VALUES ($1, $2, $3, $4, $5)",
    );
    let values = statement.bind(id.clone()).bind(conversation).bind(caller.id().to_owned());
    node.database.change(values.bind(new.question).bind(now_ms())).await?;
    for (position, text) in (0_i64..).zip(new.options) {
        let statement = query("INSERT INTO poll_options (poll_id, position, text) VALUES ($1, $2, $3)");
        node.database.change(statement.bind(id.clone()).bind(position).bind(text)).await?;
    }
    node.metrics.polls.inc();
    let (poll, members) = read(&node, &id, caller.id()).await?;
    tell(&node, &members, &poll);
    Ok((StatusCode::CREATED, Json(poll)))
}

async fn show(State(node): State<Arc<Node>>, caller: Caller, Path(id): Path<String>) -> Answer<Json<Poll>> {
    Ok(Json(read(&node, &id, caller.id()).await?.0))
}

#[derive(Deserialize)]
struct Vote {
    position: i64,
}

async fn vote(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Path(id): Path<String>,
    Body(vote): Body<Vote>,
) -> Answer<(StatusCode, Json<Poll>)> {
    let (poll, members) = read(&node, &id, caller.id()).await?;
    if !poll.open && !node.has(Behaviour::PollStaysOpen) {
        return Err(CLOSED);
    }
    if !poll.options.iter().any(|option| option.position == vote.position) {
        return Err(bad("the poll has no option at this position"));
    }
    insert(&node, &id, caller.id(), vote.position).await?;
    node.metrics.votes.inc();
    let (poll, _) = read(&node, &id, caller.id()).await?;
    if !node.has(Behaviour::NoPollEvents) {
        tell(&node, &members, &poll);
    }
    Ok((StatusCode::CREATED, Json(poll)))
}

/// The table's key refuses a second vote, and the condition one that comes after the closing.
async fn insert(node: &Node, id: &str, user: &str, position: i64) -> Answer<()> {
    let ballot = if node.has(Behaviour::PollCountsTwice) { now_ms() } else { 0 };
    let closed = i64::from(node.has(Behaviour::PollStaysOpen));
    let statement = query(
        "INSERT INTO poll_votes (poll_id, user_id, position, ballot)
         SELECT id, $1, $2, $3 FROM polls WHERE id = $4 AND closed <= $5",
    );
    let values = statement.bind(user.to_owned()).bind(position).bind(ballot).bind(id.to_owned());
    match node.database.change(values.bind(closed)).await {
        Ok(0) => Err(CLOSED),
        Ok(_) => Ok(()),
        Err(error) if error.is_duplicate() => Err(VOTED),
        Err(error) => Err(error.into()),
    }
}

async fn close(State(node): State<Arc<Node>>, caller: Caller, Path(id): Path<String>) -> Answer<Json<Poll>> {
    let (poll, members) = read(&node, &id, caller.id()).await?;
    if poll.creator != caller.id() {
        return Err(NOT_YOURS);
    }
    node.database.change(query("UPDATE polls SET closed = 1 WHERE id = $1").bind(id.clone())).await?;
    let (poll, _) = read(&node, &id, caller.id()).await?;
    tell(&node, &members, &poll);
    Ok(Json(poll))
}

fn tell(node: &Node, members: &[String], poll: &Poll) {
    node.hub.tell(members, &json!({ "type": "poll", "poll": poll }));
}

/// A poll with its votes, and the members of its conversation, for one of them.
async fn read(node: &Node, id: &str, user: &str) -> Answer<(Poll, Vec<String>)> {
    let statement = query("SELECT conversation_id, creator_id, question, closed FROM polls WHERE id = $1");
    let row = node.database.row(statement.bind(id.to_owned())).await?.ok_or(NO_MEMBER)?;
    let conversation: String = row.try_get("conversation_id")?;
    let members = conversation::members_for(node, &conversation, user).await?;
    let poll = Poll {
        id: id.to_owned(),
        conversation,
        creator: row.try_get("creator_id")?,
        question: row.try_get("question")?,
        open: row.try_get::<i64, _>("closed")? == 0,
        options: options(node, id).await?,
    };
    Ok((poll, members))
}

async fn options(node: &Node, id: &str) -> Answer<Vec<Choice>> {
    let statement =
        query("SELECT position, COUNT(*) AS votes FROM poll_votes WHERE poll_id = $1 GROUP BY position");
    let mut votes = BTreeMap::<i64, i64>::new();
    for row in node.database.rows(statement.bind(id.to_owned())).await? {
        votes.insert(row.try_get("position")?, row.try_get("votes")?);
    }
    let statement = query("SELECT position, text FROM poll_options WHERE poll_id = $1 ORDER BY position");
    let rows = node.database.rows(statement.bind(id.to_owned())).await?;
    let options = rows.iter().map(|row| {
        let position = row.try_get("position")?;
        Ok(Choice { position, text: row.try_get("text")?, votes: votes.remove(&position).unwrap_or(0) })
    });
    Ok(options.collect::<Result<_, sqlx::Error>>()?)
}
