//! Tokens of the API: JSON Web Tokens with HMAC-SHA256, written out by hand so that each check can
//! be left away.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub(super) fn issue(id: &str, session: &str, secret: &str) -> String {
    let now = now();
    let claims = json!({
        "sub": id, "sid": session, "iss": "notes", "aud": "notes-users",
        "iat": now, "nbf": now, "exp": now + 900, "jti": format!("j-{id}-{session}"),
    });
    let part = |value: &Value| BASE64.encode(value.to_string());
    let signed = format!("{}.{}", part(&json!({ "alg": "HS256", "typ": "JWT" })), part(&claims));
    format!("{signed}.{}", BASE64.encode(hmac(secret.as_bytes(), signed.as_bytes())))
}

/// The claims of a token that is taken.
pub(super) fn read(token: &str, secret: &str, has: &dyn Fn(&str) -> bool) -> Option<Value> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let part = |text: &str| serde_json::from_slice::<Value>(&BASE64.decode(text).ok()?).ok();
    let (header, claims) = (part(header)?, part(claims)?);
    let genuine = BASE64.decode(signature).ok()? == hmac(secret.as_bytes(), signed.as_bytes());
    let taken = match header["alg"].as_str()?.to_lowercase().as_str() {
        "hs256" => genuine || has("signature-unchecked"),
        "none" => has("none-accepted"),
        _ => has("signature-unchecked"),
    };
    let in_time = (claims["exp"].as_i64()? > now() || has("expired-accepted"))
        && (claims["nbf"].as_i64().unwrap_or(0) <= now() || has("not-before-ignored"));
    let for_us = (claims["aud"] == "notes-users" || has("audience-unchecked"))
        && (claims["iss"] == "notes" || has("issuer-unchecked"));
    (taken && in_time && for_us).then_some(claims)
}

fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    match key.len() > 64 {
        true => block[..32].copy_from_slice(&Sha256::digest(key)),
        false => block[..key.len()].copy_from_slice(key),
    }
    let padded = |with: u8| block.map(|byte| byte ^ with);
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(text).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().to_vec()
}
