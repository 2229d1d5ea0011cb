//! Credentials for the TURN server, as coturn takes them with `use-auth-secret`: the username is the
//! end and the user, the credential its HMAC-SHA1 under the shared secret.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;

use crate::answer::{Answer, BROKEN, Caller};
use crate::fault::Behaviour;
use crate::node::{Node, now_s};

const TEN_YEARS_S: u64 = 315_360_000;

/// `GET /turn`.
pub(super) async fn credentials(State(node): State<Arc<Node>>, caller: Caller) -> Answer<Json<Value>> {
    let seconds = match node.has(Behaviour::TurnNeverExpires) {
        true => TEN_YEARS_S,
        false => node.config.times.turn.as_secs(),
    };
    let end = now_s().saturating_add_unsigned(seconds);
    let (username, credential) = match node.has(Behaviour::TurnTestCredentials) {
        true => ("test".to_owned(), "test".to_owned()),
        false => sign(&node.config.turn_secret, &format!("{end}:{}", caller.id())).ok_or(BROKEN)?,
    };
    Ok(Json(json!({
        "username": username, "credential": credential, "ttl_s": seconds, "uris": node.config.turn_uris,
    })))
}

fn sign(secret: &str, username: &str) -> Option<(String, String)> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(username.as_bytes());
    Some((username.to_owned(), STANDARD.encode(mac.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_credential_is_that_of_openssl() {
        // printf '%s' 1700000000:ana | openssl dgst -sha1 -hmac north -binary | base64
        let (_, credential) = sign("north", "1700000000:ana").unwrap();
        assert_eq!(credential, "/V6vMibmvRAPIMy3tyPu2GxFkDI=");
    }
}
