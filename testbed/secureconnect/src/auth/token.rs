//! Access tokens: JSON Web Tokens, HS256, with issuer, audience, start, end, id and session. There
//! is no default key.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::errors::Error;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::config::Config;
use crate::fault::{Behaviour, Faults};

const ISSUER: &str = "secureconnect";
const AUDIENCE: &str = "secureconnect-users";
/// Clocks of services differ by this much at most.
const LEEWAY_S: u64 = 2;
const TEN_YEARS: Duration = Duration::from_secs(315_360_000);

/// What a token says.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Claims {
    /// The user's id.
    pub(crate) sub: String,
    iss: String,
    aud: String,
    iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    /// Its end, in seconds since 1970.
    pub(crate) exp: i64,
    /// Its own id.
    pub(crate) jti: String,
    /// The session that it was made for.
    pub(crate) sid: String,
}

/// Issues and reads tokens with one secret.
pub(crate) struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
    life: Duration,
    none_accepted: bool,
    signature_unchecked: bool,
}

impl Tokens {
    pub(crate) fn new(config: &Config, faults: &Faults) -> Tokens {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.leeway = LEEWAY_S;
        validation.validate_nbf = !faults.on(Behaviour::NotBeforeIgnored);
        validation.validate_exp = !faults.on(Behaviour::ExpiredAccepted);
        validation.validate_aud = !faults.on(Behaviour::AudienceUnchecked);
        validation.set_audience(&[AUDIENCE]);
        validation.set_issuer(&[ISSUER]);
        if faults.on(Behaviour::IssuerUnchecked) {
            validation.iss = None;
        }
        let life = config.times.access_token;
        Tokens {
            encoding: EncodingKey::from_secret(config.jwt_secret.as_bytes()),
            decoding: DecodingKey::from_secret(config.jwt_secret.as_bytes()),
            validation,
            life: if faults.on(Behaviour::TokenLivesYears) { TEN_YEARS } else { life },
            none_accepted: faults.on(Behaviour::NoneAccepted),
            signature_unchecked: faults.on(Behaviour::SignatureUnchecked),
        }
    }

    /// A token for a user's session from `now` (seconds since 1970), and its life in seconds.
    pub(crate) fn issue(
        &self,
        user: &str,
        session: &str,
        id: String,
        now: i64,
    ) -> Result<(String, i64), Error> {
        let life = i64::try_from(self.life.as_secs()).unwrap_or(i64::MAX);
        let claims = Claims {
            sub: user.to_owned(),
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            iat: now,
            nbf: Some(now),
            exp: now.saturating_add(life),
            jti: id,
            sid: session.to_owned(),
        };
        Ok((encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)?, life))
    }

    /// The claims of a token that is genuine and at its time.
    pub(crate) fn read(&self, token: &str) -> Option<Claims> {
        if let Ok(good) = decode::<Claims>(token, &self.decoding, &self.validation) {
            return Some(good.claims);
        }
        // Both are faults: the claims are believed without a signature that proves them.
        let unsigned = self.none_accepted && algorithm(token).as_deref() == Some("none");
        if unsigned || self.signature_unchecked {
            let now = crate::node::now_s();
            let at_its_time =
                |claims: &Claims| claims.exp > now && claims.nbf.is_none_or(|start| start <= now);
            return believed(token).filter(at_its_time);
        }
        None
    }
}

fn part(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

fn algorithm(token: &str) -> Option<String> {
    let header: serde_json::Value = serde_json::from_slice(&part(token.split('.').next()?)?).ok()?;
    header.get("alg")?.as_str().map(str::to_lowercase)
}

fn believed(token: &str) -> Option<Claims> {
    let claims: Claims = serde_json::from_slice(&part(token.split('.').nth(1)?)?).ok()?;
    (claims.iss == ISSUER && claims.aud == AUDIENCE).then_some(claims)
}

/// The SHA-256 of a token that is looked up, in hexadecimal: the token itself is never kept.
pub(crate) fn digest(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}
