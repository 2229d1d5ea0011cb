//! The rows of users and of the links that verify their addresses.

use serde::Serialize;
use sqlx::any::AnyRow;
use sqlx::{Row, query};

use crate::answer::{Answer, Refusal, refuse};
use crate::fault::Behaviour;
use crate::node::{Node, now_ms};
use crate::{random, store::database::DatabaseError};

use super::token::digest;

/// How long a link works: a day.
const LINK_LIFE_MS: i64 = 86_400_000;
const TAKEN: Refusal =
    refuse(axum::http::StatusCode::CONFLICT, "there is an account with this address already");

/// A user, as others of the house see them.
#[derive(Debug, Serialize)]
pub(super) struct User {
    pub(super) id: String,
    pub(super) email: String,
    pub(super) name: String,
    pub(super) verified: bool,
}

/// Whether a text looks like one mail address. Whether somebody reads it the mail shows.
pub(super) fn is_address(text: &str) -> bool {
    let Some((user, host)) = text.split_once('@') else { return false };
    let plain = |c: char| c.is_ascii_graphic() && !"<>()[]\\,;:\"@".contains(c);
    let labels = || host.split('.');
    text.len() <= 254
        && !user.is_empty()
        && user.chars().all(plain)
        && labels().count() > 1
        && labels()
            .all(|label| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
}

/// Adds a user whose address is not verified yet.
pub(super) async fn add(node: &Node, email: &str, name: &str, password_hash: &str) -> Answer<User> {
    let user =
        User { id: random::id()?, email: email.to_lowercase(), name: name.to_owned(), verified: false };
    let statement = query(
        "INSERT INTO users (id, email, name, password_hash, created_at_ms) VALUES ($1, $2, $3, $4, $5)",
    );
    let values = statement.bind(user.id.clone()).bind(user.email.clone()).bind(user.name.clone());
    match node.database.change(values.bind(password_hash.to_owned()).bind(now_ms())).await {
        Err(error) if error.is_duplicate() => Err(TAKEN),
        Err(error) => Err(error.into()),
        Ok(_) => Ok(user),
    }
}

/// Takes back a user that was just added.
pub(super) async fn remove(node: &Node, user: &User) -> Result<(), DatabaseError> {
    let links = query("DELETE FROM verifications WHERE user_id = $1").bind(user.id.clone());
    node.database.change(links).await?;
    node.database.change(query("DELETE FROM users WHERE id = $1").bind(user.id.clone())).await?;
    Ok(())
}

/// Makes the link that verifies a user's address.
pub(super) async fn verification(node: &Node, user: &User) -> Answer<String> {
    let token = random::text::<32>()?;
    let statement =
        query("INSERT INTO verifications (token_digest, user_id, expires_at_ms) VALUES ($1, $2, $3)");
    let end = now_ms().saturating_add(LINK_LIFE_MS);
    node.database.change(statement.bind(digest(&token)).bind(user.id.clone()).bind(end)).await?;
    Ok(format!("{}/auth/verify?token={token}", node.config.public_url.trim_end_matches('/')))
}

/// Verifies the address whose link has this token; no when it was used or is too old.
pub(super) async fn verify(node: &Node, token: &str) -> Answer<bool> {
    let again = if node.has(Behaviour::VerificationReused) { 1 } else { 0 };
    let first = query(
        "UPDATE verifications SET used = 1
         WHERE token_digest = $1 AND used <= $2 AND expires_at_ms > $3 RETURNING user_id",
    );
    let first = first.bind(digest(token)).bind(again).bind(now_ms());
    let verified = node.database.both(first, |row| {
        let user: String = row.try_get("user_id")?;
        Ok(query("UPDATE users SET verified = 1 WHERE id = $1").bind(user))
    });
    Ok(verified.await?.is_some())
}

/// The user with this address, and the hash of their password.
pub(super) async fn by_email(node: &Node, email: &str) -> Answer<Option<(User, String)>> {
    let statement = query("SELECT id, email, name, verified, password_hash FROM users WHERE email = $1");
    let Some(row) = node.database.row(statement.bind(email.to_lowercase())).await? else { return Ok(None) };
    Ok(Some((user(&row)?, row.try_get("password_hash")?)))
}

pub(super) async fn by_id(node: &Node, id: &str) -> Answer<Option<User>> {
    let statement = query("SELECT id, email, name, verified FROM users WHERE id = $1").bind(id.to_owned());
    Ok(node.database.row(statement).await?.map(|row| user(&row)).transpose()?)
}

fn user(row: &AnyRow) -> Result<User, sqlx::Error> {
    Ok(User {
        id: row.try_get("id")?,
        email: row.try_get("email")?,
        name: row.try_get("name")?,
        verified: row.try_get::<i64, _>("verified")? == 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_and_carries_no_line_or_second_recipient() {
        for good in ["ana@example.test", "a.b+c@sub.example.test"] {
            assert!(is_address(good), "{good}");
        }
        for bad in ["", "ana", "@example.test", "ana@", "ana@host", "a@b.c>\r\nRCPT TO:<x@y.z", "a@b..c"] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
