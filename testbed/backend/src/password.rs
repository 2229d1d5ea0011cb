//! Argon2id hashes of passwords. Hashing takes tens of milliseconds, so it runs off the async
//! threads.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordHasher, PasswordVerifier};
use tokio::task::spawn_blocking;

/// Hashes a password with a fresh salt.
pub(crate) async fn hash(password: String) -> Result<String, Error> {
    spawn_blocking(move || Ok(Argon2::default().hash_password(password.as_bytes())?.to_string()))
        .await
        .unwrap_or(Err(Error::Internal))
}

/// Whether the password belongs to the hash. Without a hash (no such user) it takes as long and
/// says no, so that the time does not tell who has an account.
pub(crate) async fn matches(password: String, hash: Option<String>) -> bool {
    let Some(hash) = hash else {
        let _ = self::hash(password).await;
        return false;
    };
    let verify = move || {
        let Ok(hash) = PasswordHash::new(&hash) else { return false };
        Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
    };
    spawn_blocking(verify).await.unwrap_or(false)
}
