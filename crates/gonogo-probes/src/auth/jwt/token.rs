//! A token in its three parts, and what it says of itself. Its values are facts only where they
//! are no secret: names of claims, the algorithm, a time span.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use gonogo_model::fact::{Item, Value};
use serde_json::Map;

/// A token that was read.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) header: Map<String, Value>,
    pub(super) claims: Map<String, Value>,
    pub(super) signature: Vec<u8>,
}

impl Token {
    pub(super) fn read(text: &str) -> Option<Token> {
        let mut parts = text.split('.');
        let (header, claims, signature) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() {
            return None;
        }
        let read = |part: &str| serde_json::from_slice(&BASE64.decode(part).ok()?).ok();
        Some(Token {
            header: read(header)?,
            claims: read(claims)?,
            signature: BASE64.decode(signature).ok()?,
        })
    }

    /// What is signed.
    pub(super) fn signed(header: &Map<String, Value>, claims: &Map<String, Value>) -> String {
        let part = |value: &Map<String, Value>| BASE64.encode(Value::Object(value.clone()).to_string());
        format!("{}.{}", part(header), part(claims))
    }

    /// The text of a token with this signature.
    pub(super) fn text(header: &Map<String, Value>, claims: &Map<String, Value>, signature: &[u8]) -> String {
        format!("{}.{}", Token::signed(header, claims), BASE64.encode(signature))
    }

    pub(super) fn algorithm(&self) -> &str {
        self.header.get("alg").and_then(Value::as_str).unwrap_or_default()
    }

    fn number(&self, claim: &str) -> Option<i64> {
        let value = self.claims.get(claim)?;
        #[expect(clippy::cast_possible_truncation, reason = "times with a fraction are rounded down")]
        value.as_i64().or_else(|| value.as_f64().map(|value| value as i64))
    }

    pub(super) fn facts(&self) -> Item {
        let has = |claim: &str| self.claims.get(claim).is_some_and(|value| !value.is_null());
        let lifetime =
            self.number("exp").zip(self.number("iat")).map(|(end, start)| end.saturating_sub(start));
        let mut claims: Vec<&String> = self.claims.keys().collect();
        claims.sort();
        Item::new("token")
            .fact("kind", "token")
            .fact("alg", self.algorithm())
            .fact_if_known("lifetime_s", lifetime)
            .fact("claims", claims.into_iter().cloned().collect::<Vec<String>>())
            .fact("has_exp", has("exp"))
            .fact("has_nbf", has("nbf"))
            .fact("has_aud", has("aud"))
            .fact("has_iss", has("iss"))
            .fact("has_jti", has("jti"))
            .fact("has_kid", self.header.contains_key("kid"))
    }
}
