//! The key that workers and whoever leads share. It knows no messages.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};

use crate::plan::Refused;

/// A shorter secret could be guessed by whoever reads what is said.
const LEAST: usize = 32;

/// A secret that many know, made into a key of AES-256-GCM-SIV (RFC 8452, by HKDF of RFC 5869).
pub struct Key(RandomizedNonceKey);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key")
    }
}

/// How long a key is.
struct Length;

impl KeyType for Length {
    fn len(&self) -> usize {
        32
    }
}

impl Key {
    /// # Errors
    /// [`Refused`] when the secret is too short.
    pub fn new(secret: &str) -> Result<Key, Refused> {
        let secret = secret.trim();
        if secret.len() < LEAST {
            return Err(Refused(format!(
                "the secret has {} characters; give it at least {LEAST}, as `openssl rand -hex 32` makes them",
                secret.len()
            )));
        }
        let broken = |_| Refused("no key can be made of the secret".to_owned());
        let mut bytes = [0; 32];
        let from = Salt::new(HKDF_SHA256, b"gonogo load").extract(secret.as_bytes());
        from.expand(&[b"workers"], Length).and_then(|key| key.fill(&mut bytes)).map_err(broken)?;
        RandomizedNonceKey::new(&AES_256_GCM_SIV, &bytes).map(Key).map_err(broken)
    }

    /// Closes a message. It can be opened only with the same `about`: where it is sent, and its number.
    pub(super) fn close(&self, about: &str, mut message: Vec<u8>) -> Option<Vec<u8>> {
        let nonce = self.0.seal_in_place_append_tag(Aad::from(about), &mut message).ok()?;
        Some([nonce.as_ref().as_slice(), &message].concat())
    }

    /// What is in it; nothing when it was closed with another key, for another place, or changed.
    pub(super) fn open(&self, about: &str, closed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, closed) = closed.split_at_checked(NONCE_LEN)?;
        let mut message = closed.to_vec();
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let length = self.0.open_in_place(nonce, Aad::from(about), &mut message).ok()?.len();
        message.truncate(length);
        Some(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn what_is_closed_can_be_opened_by_who_has_the_key_only() {
        let key = Key::new(SECRET).unwrap();
        let closed = key.close("a#1", b"canary-7f3a".to_vec()).unwrap();
        assert_ne!(closed, key.close("a#1", b"canary-7f3a".to_vec()).unwrap());
        assert!(!String::from_utf8_lossy(&closed).contains("canary"));
        assert_eq!(Key::new(SECRET).unwrap().open("a#1", &closed).unwrap(), b"canary-7f3a");
        let other = Key::new("0123456789abcdef0123456789abcdeF").unwrap();
        assert_eq!((other.open("a#1", &closed), key.open("a#2", &closed)), (None, None));
        for at in 0..closed.len() {
            let mut changed = closed.clone();
            changed[at] ^= 1;
            assert_eq!(key.open("a#1", &changed), None, "byte {at}");
        }
        assert_eq!((key.open("a#1", &[]), key.open("a#1", &closed[..12])), (None, None));
    }

    #[test]
    fn a_short_secret_is_refused_and_no_key_is_shown() {
        let why = Key::new("hunter2").unwrap_err().to_string();
        assert!(why.contains("7 characters") && !why.contains("hunter2"), "{why}");
        assert_eq!(format!("{:?}", Key::new(SECRET).unwrap()), "Key");
    }
}
