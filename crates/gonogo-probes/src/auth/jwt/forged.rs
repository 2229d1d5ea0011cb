//! Tokens that are wrong in one way each. It makes them and sends nothing.

use gonogo_model::fact::Value;
use serde_json::{Map, json};

use super::sign::hmac;
use super::token::Token;
use crate::probe::Unmeasured;

/// Far enough that clocks that differ do not matter.
const HOUR: i64 = 3_600;

/// Makes them from a good token.
pub(super) struct Forger<'a> {
    pub(super) token: &'a Token,
    /// What signs the tokens of the service.
    pub(super) secret: Option<String>,
    /// Its public key as PEM, or why it is not known.
    pub(super) public_key: Result<String, String>,
}

/// One variant: its texts (no text is no token at all), or why there is none.
pub(super) struct Forged {
    pub(super) name: &'static str,
    pub(super) texts: Result<Vec<Option<String>>, String>,
}

impl Forger<'_> {
    /// The good token, signed with the given secret; `None` when that cannot be.
    pub(super) fn signed_again(&self) -> Option<String> {
        self.signed(&self.token.claims).ok()
    }

    /// Every variant. `key_fits` says whether what is signed with the secret is taken.
    pub(super) fn all(&self, key_fits: Option<bool>) -> Result<Vec<Forged>, Unmeasured> {
        let now = jiff::Timestamp::now().as_second();
        let genuine = |change: &[(&str, Value)]| match key_fits {
            None => {
                Err("no secret is given that signs such tokens; name its variable with `key_env`".to_owned())
            }
            Some(false) => {
                Err("what is signed with the secret of `key_env` is not taken; is it the right one?"
                    .to_owned())
            }
            Some(true) => {
                let mut claims = self.token.claims.clone();
                claims.extend(change.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
                self.signed(&claims).map(|text| vec![Some(text)])
            }
        };
        let forged = |name, texts| Forged { name, texts };
        let past =
            [("iat", json!(now - 2 * HOUR)), ("nbf", json!(now - 2 * HOUR)), ("exp", json!(now - HOUR))];
        let future = [("nbf", json!(now + HOUR)), ("exp", json!(now + 2 * HOUR))];
        Ok(vec![
            forged("missing", Ok(vec![None])),
            forged("garbage", Ok(vec![Some("gonogo-is-no-token".to_owned())])),
            forged("expired", genuine(&past)),
            forged("not-yet-valid", genuine(&future)),
            forged("wrong-audience", genuine(&[("aud", json!("gonogo-somebody-else"))])),
            forged("wrong-issuer", genuine(&[("iss", json!("gonogo-somebody-else"))])),
            forged("wrong-key", self.wrong_key()),
            forged("empty-key", self.with_key("HS256", b"")),
            forged("alg-none", Ok(self.without_algorithm())),
            forged("stripped", Ok(vec![Some(Token::text(&self.token.header, &self.token.claims, b""))])),
            forged("algorithm-confusion", self.confused()),
        ])
    }

    fn signed(&self, claims: &Map<String, Value>) -> Result<String, String> {
        let header = &self.token.header;
        let secret = self.secret.as_ref().ok_or("no secret is given")?;
        let signature =
            hmac(self.token.algorithm(), secret.as_bytes(), Token::signed(header, claims).as_bytes());
        let signature = signature.ok_or("the algorithm of the token uses no shared secret")?;
        Ok(Token::text(header, claims, &signature))
    }

    /// Signed by somebody else: with another secret, or, where keys come in pairs, with nothing that
    /// could be a signature of this text.
    fn wrong_key(&self) -> Result<Vec<Option<String>>, String> {
        let mut key = [0_u8; 32];
        getrandom::fill(&mut key).map_err(|error| format!("no randomness: {error}"))?;
        let signed = Token::signed(&self.token.header, &self.token.claims);
        let signature = hmac(self.token.algorithm(), &key, signed.as_bytes());
        let signature =
            signature.unwrap_or_else(|| self.token.signature.iter().map(|byte| byte ^ 0x5a).collect());
        Ok(vec![Some(Token::text(&self.token.header, &self.token.claims, &signature))])
    }

    fn with_key(&self, algorithm: &str, key: &[u8]) -> Result<Vec<Option<String>>, String> {
        let header = self.header(algorithm);
        let signed = Token::signed(&header, &self.token.claims);
        let signature = hmac(algorithm, key, signed.as_bytes()).ok_or("no such algorithm")?;
        Ok(vec![Some(Token::text(&header, &self.token.claims, &signature))])
    }

    /// In the spellings that got past comparisons before.
    fn without_algorithm(&self) -> Vec<Option<String>> {
        let spelled = ["none", "None", "NONE", "nOnE"];
        spelled.map(|name| Some(Token::text(&self.header(name), &self.token.claims, b""))).to_vec()
    }

    /// Whoever takes the algorithm from the token uses the public key as a shared secret.
    fn confused(&self) -> Result<Vec<Option<String>>, String> {
        if self.token.algorithm().starts_with("HS") {
            return Err("the tokens are signed with a shared secret, which nobody is given".to_owned());
        }
        let key = self.public_key.as_ref().map_err(Clone::clone)?;
        let mut texts = self.with_key("HS256", key.as_bytes())?;
        texts.extend(self.with_key("HS256", key.trim_end().as_bytes())?);
        Ok(texts)
    }

    fn header(&self, algorithm: &str) -> Map<String, Value> {
        let mut header = self.token.header.clone();
        header.insert("alg".to_owned(), json!(algorithm));
        header
    }
}
