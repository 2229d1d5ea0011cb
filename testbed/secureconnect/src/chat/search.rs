//! Search in the messages of one's own conversations.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, query};

use super::message;
use crate::answer::{Answer, Asked, Caller, bad};
use crate::fault::Behaviour;
use crate::node::Node;

#[derive(Deserialize)]
pub(super) struct Words {
    q: String,
}

/// `GET /search`: the newest messages with this text.
pub(super) async fn find(
    State(node): State<Arc<Node>>,
    caller: Caller,
    Asked(asked): Asked<Words>,
) -> Answer<Json<Value>> {
    if !(1..=200).contains(&asked.q.chars().count()) || asked.q.contains('\0') {
        return Err(bad("`q` must have 1 to 200 characters"));
    }
    let statement = match (node.has(Behaviour::SqlInjection), node.has(Behaviour::SearchEverywhere)) {
        (true, _) => query(AssertSqlSafe(injected(&asked.q, caller.id()))),
        (_, true) => query(
            "SELECT m.id, m.conversation_id, m.seq, m.sender_id, m.text, m.sent_at_ms FROM messages m
             WHERE LOWER(m.text) LIKE LOWER($1) ESCAPE '\\' ORDER BY m.sent_at_ms DESC, m.id LIMIT 50",
        )
        .bind(pattern(&asked.q)),
        _ => query(
            "SELECT m.id, m.conversation_id, m.seq, m.sender_id, m.text, m.sent_at_ms FROM messages m
             JOIN members o ON o.conversation_id = m.conversation_id AND o.removed = 0
             WHERE LOWER(m.text) LIKE LOWER($1) ESCAPE '\\' AND o.user_id = $2
             ORDER BY m.sent_at_ms DESC, m.id LIMIT 50",
        )
        .bind(pattern(&asked.q))
        .bind(caller.id().to_owned()),
    };
    let messages = message::messages(&node.database.rows(statement).await?)?;
    Ok(Json(json!({ "messages": messages })))
}

/// The text itself is looked for, also if it has signs that mean something to LIKE.
fn pattern(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

/// The fault `sql-injection`: the text becomes a part of the SQL.
fn injected(text: &str, user: &str) -> String {
    format!(
        "SELECT DISTINCT m.id, m.conversation_id, m.seq, m.sender_id, m.text, m.sent_at_ms FROM messages m
         JOIN members o ON o.conversation_id = m.conversation_id AND o.removed = 0
         WHERE o.user_id = '{user}' AND LOWER(m.text) LIKE LOWER('%{text}%')
         ORDER BY m.sent_at_ms DESC, m.id LIMIT 50"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_like_are_looked_for_as_they_are() {
        assert_eq!(pattern(r"50%_\"), r"%50\%\_\\%");
    }
}
