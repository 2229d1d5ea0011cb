//! Argon2id hashes of passwords. Hashing takes tens of milliseconds, so it runs off the async
//! threads.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::task::spawn_blocking;

/// The fewest characters of a password.
pub(super) const LEAST: usize = 10;
/// The most.
pub(super) const MOST: usize = 200;

/// Hashes a password with a fresh salt: 19 MiB and two passes, or with the fault `weak-hash` 8 KiB
/// and one.
pub(super) async fn hash(password: String, weak: bool) -> Result<String, Error> {
    let make = move || {
        let params = if weak { Params::new(8, 1, 1, None) } else { Params::new(19_456, 2, 1, None) };
        let params = params.map_err(|_| Error::Internal)?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        Ok(argon2.hash_password(password.as_bytes())?.to_string())
    };
    spawn_blocking(make).await.unwrap_or(Err(Error::Internal))
}

/// Whether the password belongs to the hash. Without a hash (no such user) it takes as long and
/// says no, so that the time does not tell who has an account.
pub(super) async fn matches(password: String, hash: Option<String>) -> bool {
    let Some(hash) = hash else {
        let _ = self::hash(password, false).await;
        return false;
    };
    let verify = move || {
        let Ok(hash) = PasswordHash::new(&hash) else { return false };
        Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
    };
    spawn_blocking(verify).await.unwrap_or(false)
}
