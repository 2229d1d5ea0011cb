//! JSON Web Tokens, HS256, with expiry, issuer and audience. There is no default key.

use jsonwebtoken::errors::Error;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

const ISSUER: &str = "testbed-backend";
const AUDIENCE: &str = "testbed-backend-users";
const LIFE_SECONDS: i64 = 3600;

/// What a token says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Claims {
    /// The user's id.
    pub(crate) sub: String,
    iss: String,
    aud: String,
    iat: i64,
    exp: i64,
}

/// Issues and verifies tokens with one secret.
pub(crate) struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

impl Tokens {
    pub(crate) fn new(secret: &str) -> Tokens {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        Tokens {
            encoding: EncodingKey::from_secret(secret.as_bytes()),
            decoding: DecodingKey::from_secret(secret.as_bytes()),
            validation,
        }
    }

    /// A token for a user, valid for one hour from `now` (Unix seconds).
    pub(crate) fn issue(&self, user_id: &str, now: i64) -> Result<String, Error> {
        let claims = Claims {
            sub: user_id.to_owned(),
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            iat: now,
            exp: now + LIFE_SECONDS,
        };
        encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
    }

    /// The claims of a token that is genuine and not expired.
    pub(crate) fn verify(&self, token: &str) -> Result<Claims, Error> {
        Ok(decode::<Claims>(token, &self.decoding, &self.validation)?.claims)
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_genuine_living_token_is_good() {
        let now = Timestamp::now().as_second();
        let tokens = Tokens::new("one secret");
        let good = tokens.issue("u1", now).unwrap();
        assert_eq!(tokens.verify(&good).unwrap().sub, "u1");
        assert!(Tokens::new("another secret").verify(&good).is_err());
        assert!(tokens.verify(&tokens.issue("u1", now - 2 * LIFE_SECONDS).unwrap()).is_err());
        assert!(tokens.verify(&format!("{good}x")).is_err());
        // Signed with the same secret, but another service's, for another audience, or for ever.
        let claims = json!({ "sub": "u1", "iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 60 });
        let sign = |claims| encode(&Header::new(Algorithm::HS256), &claims, &tokens.encoding).unwrap();
        assert!(tokens.verify(&sign(claims.clone())).is_ok());
        for (name, value) in [("iss", json!("other")), ("aud", json!("other")), ("exp", json!(null))] {
            let mut foreign = claims.clone();
            foreign[name] = value;
            assert!(tokens.verify(&sign(foreign)).is_err(), "{name}");
        }
    }
}
