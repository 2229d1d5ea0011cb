//! The greeting of Postgres: whether it knows the question for TLS, and a login when the address
//! has a user.

use std::time::Duration;

use super::{Met, Stage, Trouble};
use crate::context::{Context, Target};
use crate::tools::postgres::{PostgresError, Session};
use crate::tools::talk::Talk;

const TLS_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];
const VERSION: &str = "SELECT current_setting('server_version') AS version, coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS tls";

/// The login goes over a connection of its own.
pub(in crate::net) async fn greet(
    mut talk: Talk,
    context: &Context,
    target: &Target,
    limit: Duration,
    met: &mut Met,
) -> Result<(), Trouble> {
    // Whether TLS is used is decided later.
    met.tls = None;
    talk.say(&TLS_REQUEST).await?;
    let said = talk.some().await?;
    if !matches!(said.as_slice(), [b'S' | b'N']) {
        return Err(Trouble::stranger("Postgres", &said));
    }
    drop(talk);
    met.handshake = true;
    if !target.address.contains('@') && !target.address.contains("user=") {
        return Ok(());
    }
    let here = Context { target: Some(target.clone()), ..context.clone() };
    let failed = |error: PostgresError| Trouble::at(Stage::Login, error.to_string());
    let mut session = Session::open(&here, limit).await.map_err(|error| {
        met.authenticated =
            matches!(error, PostgresError::Credentials { .. } | PostgresError::NotAllowed { .. })
                .then_some(false);
        failed(error)
    })?;
    met.authenticated = Some(true);
    let row = session.row(sqlx::query(VERSION)).await.map_err(failed)?;
    let version = session.value::<String>(&row, "version").map_err(failed)?;
    met.tls = Some(session.value::<bool>(&row, "tls").map_err(failed)?);
    met.server = Some(format!("PostgreSQL {version}"));
    session.close().await;
    Ok(())
}
