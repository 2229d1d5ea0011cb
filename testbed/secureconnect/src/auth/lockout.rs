//! After some wrong passwords an address is locked for a while. It is counted by address, also of
//! those that nobody has, so that the lock does not tell.

use axum::http::StatusCode;

use super::token::digest;
use crate::answer::{Answer, Refusal, refuse};
use crate::fault::Behaviour;
use crate::node::Node;

fn key(email: &str) -> String {
    // Addresses of people are not for those who read Redis.
    format!("lockout:{}", digest(&email.to_lowercase()))
}

/// Refuses a login while the address is locked.
pub(crate) async fn check(node: &Node, email: &str) -> Answer<()> {
    let failures = node.cache.get(&key(email)).await?;
    let failures = failures.and_then(|count| count.parse::<u32>().ok()).unwrap_or(0);
    if failures < node.config.limits.login_failures || node.has(Behaviour::LockoutOff) {
        return Ok(());
    }
    let locked = refuse(StatusCode::LOCKED, "too many wrong passwords; wait and try again");
    Err(Refusal { retry_after_s: Some(node.config.times.lockout.as_secs()), ..locked })
}

/// Counts a wrong password.
pub(crate) async fn failed(node: &Node, email: &str) -> Answer<()> {
    node.cache.add(&key(email), node.config.times.lockout).await?;
    Ok(())
}

/// A right password ends the count.
pub(crate) async fn forget(node: &Node, email: &str) -> Answer<()> {
    Ok(node.cache.delete(&key(email)).await?)
}
