//! How many requests an address and a user may make in a window of time. Counted in Redis, so that
//! all gateways count together; while it is away each counts for itself.

use std::net::IpAddr;
use std::time::Duration;

use axum::http::{HeaderMap, StatusCode};

use crate::answer::{self, Refusal, refuse};
use crate::fault::Behaviour;
use crate::node::Node;
use crate::store::cache::CacheError;

/// What stands for no end of a window.
const FOR_EVER: Duration = Duration::from_secs(86_400);

/// Refuses a request that is one too many.
pub(crate) async fn check(node: &Node, address: IpAddr, headers: &HeaderMap) -> Result<(), Refusal> {
    if node.has(Behaviour::RateLimitOff) {
        return Ok(());
    }
    if node.cache.is_degraded() {
        if node.has(Behaviour::LimiterFailsOpen) {
            return Ok(());
        }
        if node.has(Behaviour::LimiterFailsClosed) {
            return Err(too_many(node));
        }
    }
    let limits = node.config.limits;
    count(node, &format!("rate:address:{}", client(node, address, headers)), limits.rate_address).await?;
    if node.has(Behaviour::RateLimitNotPerUser) {
        return Ok(());
    }
    // Whoever shows no good token is counted by address only.
    let claims = answer::token(headers).and_then(|token| node.tokens.read(token));
    match claims {
        Some(claims) => count(node, &format!("rate:user:{}", claims.sub), limits.rate_user).await,
        None => Ok(()),
    }
}

/// The address that counts: that of the connection. What a header says anybody may have written.
fn client(node: &Node, address: IpAddr, headers: &HeaderMap) -> String {
    let said = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
    match said.filter(|_| node.has(Behaviour::ForwardedForTrusted)) {
        Some(said) => said.to_owned(),
        None => address.to_string(),
    }
}

async fn count(node: &Node, key: &str, most: u32) -> Result<(), Refusal> {
    let never_resets = node.has(Behaviour::RateLimitNeverResets);
    let window = if never_resets { FOR_EVER } else { node.config.times.rate_window };
    node.metrics.limit_hits.inc();
    match node.cache.add(key, window).await {
        Ok(count) if count > most => Err(too_many(node)),
        // Without a count nobody is shut out.
        Ok(_) | Err(CacheError) => Ok(()),
    }
}

fn too_many(node: &Node) -> Refusal {
    node.metrics.limit_blocked.inc();
    let refusal = refuse(StatusCode::TOO_MANY_REQUESTS, "too many requests; wait and try again");
    let seconds = node.config.times.rate_window.as_secs().max(1);
    let says = !node.has(Behaviour::RateLimitNoRetryAfter);
    Refusal { retry_after_s: says.then_some(seconds), ..refusal }
}
