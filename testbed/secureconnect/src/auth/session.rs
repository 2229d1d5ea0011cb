//! Sessions: one row a login, with the digest of the refresh token that is good at the moment. What
//! was logged out is in the cache until the last token of it would have ended; while Redis is away
//! the row is asked.

use sqlx::{Row, query};

use super::token::{Claims, digest};
use crate::answer::{Answer, BROKEN};
use crate::fault::Behaviour;
use crate::node::{Node, now_ms, now_s};
use crate::random;
use crate::store::cache::CacheError;

/// The tokens of a session, as they are given out.
pub(crate) struct Session {
    pub(super) access_token: String,
    pub(super) refresh_token: String,
    pub(super) expires_in_s: i64,
}

impl Session {
    /// Begins a session for a user who has just shown who they are.
    pub(super) async fn begin(node: &Node, user: &str) -> Answer<Session> {
        let (id, refresh_token) = (random::id()?, random::text::<32>()?);
        let statement = query(
            "INSERT INTO sessions (id, user_id, refresh_digest, expires_at_ms) VALUES ($1, $2, $3, $4)",
        );
        let life = i64::try_from(node.config.times.session.as_millis()).unwrap_or(i64::MAX);
        let end = now_ms().saturating_add(life);
        let values = statement.bind(id.clone()).bind(user.to_owned()).bind(digest(&refresh_token)).bind(end);
        node.database.change(values).await?;
        Session::tokens(node, user, &id, refresh_token)
    }

    fn tokens(node: &Node, user: &str, id: &str, refresh_token: String) -> Answer<Session> {
        let issued = node.tokens.issue(user, id, random::id()?, now_s());
        let (access_token, expires_in_s) = issued.map_err(|_| BROKEN)?;
        // The session's id tells which row a refresh token belongs to, also when it was used before.
        Ok(Session { access_token, refresh_token: format!("{id}.{refresh_token}"), expires_in_s })
    }

    /// New tokens for a refresh token that was not used before. One that was used is stolen, or its
    /// successor is: the session ends for both.
    pub(super) async fn refresh(node: &Node, given: &str) -> Answer<Option<Session>> {
        let Some((id, token)) = given.split_once('.') else { return Ok(None) };
        let next = random::text::<32>()?;
        let outlives = node.has(Behaviour::RefreshOutlivesLogout);
        let reused = node.has(Behaviour::RefreshReused);
        let statement = query(
            "UPDATE sessions SET refresh_digest = $1
             WHERE id = $2 AND refresh_digest = $3 AND expires_at_ms > $4 AND ended <= $5
             RETURNING user_id",
        );
        let kept = if reused { token } else { next.as_str() };
        let values = statement.bind(digest(kept)).bind(id.to_owned()).bind(digest(token)).bind(now_ms());
        let row = node.database.row(values.bind(i64::from(outlives))).await?;
        let Some(row) = row else {
            close(node, id).await?;
            return Ok(None);
        };
        let user: String = row.try_get("user_id")?;
        Ok(Some(Session::tokens(node, &user, id, kept.to_owned())?))
    }
}

/// Ends the session of a token: neither it nor its refresh token works on.
pub(super) async fn end(node: &Node, claims: &Claims) -> Answer<()> {
    close(node, &claims.sid).await
}

async fn close(node: &Node, id: &str) -> Answer<()> {
    node.database.change(query("UPDATE sessions SET ended = 1 WHERE id = $1").bind(id.to_owned())).await?;
    Ok(node.cache.set(&key(id), "1", node.config.times.access_token).await?)
}

fn key(id: &str) -> String {
    format!("revoked:{id}")
}

/// Whether the session of a token was ended.
pub(crate) async fn is_revoked(node: &Node, claims: &Claims) -> Answer<bool> {
    if node.has(Behaviour::RevocationIgnored) {
        return Ok(false);
    }
    match node.cache.shared_get(&key(&claims.sid)).await {
        Ok(found) => Ok(found.is_some()),
        Err(CacheError) if node.has(Behaviour::NoRedisFallback) => Err(CacheError.into()),
        Err(CacheError) => {
            let statement = query("SELECT ended FROM sessions WHERE id = $1").bind(claims.sid.clone());
            let row = node.database.row(statement).await?;
            Ok(row.is_none_or(|row| row.try_get::<i64, _>("ended").unwrap_or(1) == 1))
        }
    }
}
