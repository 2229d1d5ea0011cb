//! A cache that is emptied, as one is that restarts and keeps nothing on a disk.

use std::time::Duration;

use crate::context::Context;
use crate::net::endpoint::Endpoint;
use crate::probe::Unmeasured;
use crate::redis::session::Session;

/// How long the server has for it.
const LIMIT: Duration = Duration::from_secs(5);

/// Empties the Redis server of this name.
///
/// # Errors
/// When it cannot be reached or refuses.
pub(super) async fn empty(context: &Context, name: &str) -> Result<(), Unmeasured> {
    let target = context.others.get(name);
    let target =
        target.ok_or_else(|| Unmeasured::because(format!("there is no target `{name}`; declare it")))?;
    let endpoint = Endpoint::of(target, &context.secrets)?;
    let mut session = Session::open(context, &endpoint, None, LIMIT).await?;
    session.order(&endpoint, &["FLUSHALL"]).await.map(drop)
}
