//! The life of the backend: open the database, seed, listen, answer, drain, end.

use std::future::Future;
use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use crate::api::{Backend, router};
use crate::config::Config;
use crate::database::{Database, DatabaseError};
use crate::metrics::Metrics;
use crate::token::Tokens;
use crate::{log, password};

/// How long requests under way may take after a stop was asked for. With the closing of the pool it
/// stays under the ten seconds after which supervisors kill.
const DRAIN_LIMIT: Duration = Duration::from_secs(6);
const CLOSE_LIMIT: Duration = Duration::from_secs(2);

/// The backend could not start, or could not go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The database could not be opened.
    #[error("failed to open the database of DATABASE_URL")]
    Database(#[from] DatabaseError),
    /// The seeded user's password could not be hashed.
    #[error("failed to hash the password in SEED_USER_PASSWORD")]
    Password,
    /// A socket, signal or pipe failed.
    #[error("failed to serve on 127.0.0.1")]
    Io(#[from] io::Error),
}

/// Runs the backend until SIGTERM or Ctrl-C, and answers what is under way before it ends. Writes
/// the one line `listening on http://127.0.0.1:PORT` to stdout when it is ready.
pub async fn serve(config: Config) -> Result<(), ServeError> {
    let stop = stop_signal()?;
    let backend = Arc::new(prepare(&config).await?);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, config.port)).await?;
    writeln!(io::stdout(), "listening on http://{}", listener.local_addr()?)?;

    let (stopping, mut stopped) = watch::channel(false);
    let served = axum::serve(listener, router(Arc::clone(&backend), config.slow_answers))
        .with_graceful_shutdown(async move {
            stop.await;
            log::line("info", "stopping", json!({}));
            stopping.send_replace(true);
        })
        .into_future();
    tokio::select! {
        ended = served => ended?,
        () = async { let _ = stopped.wait_for(|stopped| *stopped).await; sleep(DRAIN_LIMIT).await; } =>
            log::line("warn", "requests were cut off", json!({ "limit_s": DRAIN_LIMIT.as_secs() })),
    }
    // A connection in use by a request that was cut off would hold this up.
    let _ = timeout(CLOSE_LIMIT, backend.database.close()).await;
    Ok(())
}

async fn prepare(config: &Config) -> Result<Backend, ServeError> {
    if config.jwt_secret.is_none() {
        log::line("warn", "JWT_SECRET is not set: /login will answer 503", json!({}));
    }
    if config.pool_size.is_none() {
        log::line("warn", "CONNECTION_POOL_SIZE is not set: the library's default is used", json!({}));
    }
    let mut database = Database::open(&config.database_url, config.pool_size).await?;
    if let Some(user) = &config.seed_user {
        let hash = password::hash(user.password.clone()).await.map_err(|_| ServeError::Password)?;
        database.put_user(&user.email, &hash).await?;
    }
    if config.health_lies {
        database.close().await;
        database = Database::lost(config.pool_size)?;
    }
    Ok(Backend {
        database,
        metrics: Metrics::new(),
        tokens: config.jwt_secret.as_deref().map(Tokens::new),
        health_lies: config.health_lies,
    })
}

/// Listens for both signals from now on; the future ends with the first.
fn stop_signal() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
