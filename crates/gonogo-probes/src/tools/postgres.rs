//! A session with a Postgres server: one connection, one read-only transaction, every wait with
//! a limit. It does not know what is asked, and no error of it holds a password.

use std::net::{IpAddr, Ipv4Addr};
use std::panic::AssertUnwindSafe;
use std::task::Poll;
use std::time::Duration;

use sqlx::postgres::{PgArguments, PgConnectOptions, PgConnection, PgRow, PgSslMode};
use sqlx::{ConnectOptions, Connection, Postgres, Row};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use self::error::{INSUFFICIENT_PRIVILEGE, explain};
use super::net;
use crate::context::{Context, Reach};

mod address;
mod error;

pub(crate) use error::PostgresError;

/// A question with its parameters bound.
pub(crate) type Question<'q> = sqlx::query::Query<'q, Postgres, PgArguments>;

/// The packet that asks a Postgres server whether it speaks TLS.
const TLS_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// A session. When it is dropped the connection closes and the server rolls back.
pub(crate) struct Session {
    connection: PgConnection,
    place: Place,
    limit: Duration,
}

/// Who asks whom; for errors.
#[derive(Debug, Clone)]
struct Place {
    at: String,
    user: String,
    database: String,
}

impl Session {
    /// Logs in at the target. `limit` is for each step and for each question later.
    pub(crate) async fn open(context: &Context, limit: Duration) -> Result<Session, PostgresError> {
        let Some(target) = &context.target else {
            let why = "no target is given; name one of kind postgres with `target:`";
            return Err(PostgresError::Address(why.to_owned()));
        };
        let options = address::read(target, &context.secrets)?;
        let place = Place {
            at: address::shown(&options),
            user: options.get_username().to_owned(),
            database: options.get_database().unwrap_or_default().to_owned(),
        };
        let options = checked(context, options, &place, limit).await?;
        let connection = log_in(options, &place, limit).await?;
        let mut session = Session { connection, place, limit };
        // A transaction rather than settings of the session: a pooler would hand those on to
        // the next client, and `statement_timeout` is to be read as an application gets it.
        session.rows(sqlx::query("BEGIN TRANSACTION READ ONLY")).await?;
        Ok(session)
    }

    /// Host and port, without user and password.
    pub(crate) fn at(&self) -> &str {
        &self.place.at
    }

    /// All rows.
    pub(crate) async fn rows(&mut self, question: Question<'_>) -> Result<Vec<PgRow>, PostgresError> {
        let answer = question.persistent(false).fetch_all(&mut self.connection);
        match timeout(self.limit, unless_it_panics(answer)).await {
            Ok(Some(rows)) => rows.map_err(|error| explain(&self.place, error)),
            Ok(None) => Err(PostgresError::NotPostgres { at: self.place.at.clone() }),
            Err(_) => Err(PostgresError::Silent { at: self.place.at.clone(), limit: self.limit }),
        }
    }

    /// The only row.
    pub(crate) async fn row(&mut self, question: Question<'_>) -> Result<PgRow, PostgresError> {
        let row = self.rows(question).await?.into_iter().next();
        row.ok_or_else(|| self.misunderstood("it gave no row"))
    }

    /// As [`Session::row`], where the server may refuse the question: `None` then.
    pub(crate) async fn row_if_allowed(
        &mut self,
        question: Question<'_>,
    ) -> Result<Option<PgRow>, PostgresError> {
        self.rows(sqlx::query("SAVEPOINT question")).await?;
        match self.row(question).await {
            Err(PostgresError::Server { code, .. }) if code == INSUFFICIENT_PRIVILEGE => {
                self.rows(sqlx::query("ROLLBACK TO SAVEPOINT question")).await?;
                Ok(None)
            }
            answer => answer.map(Some),
        }
    }

    /// A value of a row.
    pub(crate) fn value<'r, T>(&self, row: &'r PgRow, column: &str) -> Result<T, PostgresError>
    where
        T: sqlx::Decode<'r, Postgres> + sqlx::Type<Postgres>,
    {
        row.try_get(column).map_err(|error| self.misunderstood(&error.to_string()))
    }

    /// Ends politely. What was measured stands, however this goes.
    pub(crate) async fn close(mut self) {
        let _ = self.rows(sqlx::query("ROLLBACK")).await;
        let _ = timeout(self.limit, self.connection.close()).await;
    }

    fn misunderstood(&self, why: &str) -> PostgresError {
        PostgresError::Other { at: self.place.at.clone(), why: why.to_owned() }
    }
}

/// Dials what may be contacted, and points the options at the address that answered.
async fn checked(
    context: &Context,
    options: PgConnectOptions,
    place: &Place,
    limit: Duration,
) -> Result<PgConnectOptions, PostgresError> {
    if address::is_local_socket(&options) {
        return Ok(options);
    }
    let (host, port) = (options.get_host().to_owned(), options.get_port());
    let mut stream = net::dial(&context.reach, &host, port, limit).await?;
    // Without TLS the driver believes any length that a server which is not Postgres seems to give.
    if matches!(options.get_ssl_mode(), PgSslMode::Disable | PgSslMode::Allow) {
        match timeout(limit, speaks_postgres(&mut stream)).await {
            Ok(true) => {}
            Ok(false) => return Err(PostgresError::NotPostgres { at: place.at.clone() }),
            Err(_) => return Err(PostgresError::Silent { at: place.at.clone(), limit }),
        }
    }
    let Ok(peer) = stream.peer_addr() else {
        return Err(PostgresError::Closed { at: place.at.clone() });
    };
    Ok(pinned(options, &context.reach, peer.ip()))
}

/// The driver would resolve a name again, so it gets the address that was checked. Only a
/// certificate that must fit the name needs the name; then it must be consented to by name,
/// wherever it leads.
fn pinned(options: PgConnectOptions, reach: &Reach, address: IpAddr) -> PgConnectOptions {
    let listed_by_name = reach.allows(options.get_host(), IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    match options.get_ssl_mode() {
        PgSslMode::VerifyFull if listed_by_name => options,
        _ => options.host(&address.to_string()),
    }
}

/// A Postgres server answers the question for TLS with exactly one of these letters.
async fn speaks_postgres(stream: &mut TcpStream) -> bool {
    let mut answer = [0_u8; 2];
    stream.write_all(&TLS_REQUEST).await.is_ok()
        && matches!(stream.read(&mut answer).await, Ok(1))
        && matches!(answer[0], b'S' | b'N')
}

async fn log_in(
    options: PgConnectOptions,
    place: &Place,
    limit: Duration,
) -> Result<PgConnection, PostgresError> {
    match timeout(limit, unless_it_panics(options.connect())).await {
        Ok(Some(connection)) => connection.map_err(|error| explain(place, error)),
        Ok(None) => Err(PostgresError::NotPostgres { at: place.at.clone() }),
        Err(_) => Err(PostgresError::Silent { at: place.at.clone(), limit }),
    }
}

/// The driver panics over some messages that no Postgres server sends. `None` then; what it
/// worked with must not be used again.
async fn unless_it_panics<T>(work: impl Future<Output = T>) -> Option<T> {
    let mut work = std::pin::pin!(work);
    std::future::poll_fn(|context| {
        let poll = AssertUnwindSafe(|| work.as_mut().poll(context));
        std::panic::catch_unwind(poll).map_or(Poll::Ready(None), |poll| poll.map(Some))
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_driver_gets_an_address_unless_the_certificate_needs_a_name_that_is_listed() {
        let (unlisted, listed) = (Reach::default(), Reach::new(vec!["db.example".into()]));
        for (mode, reach, host) in [
            (PgSslMode::VerifyFull, &listed, "db.example"),
            (PgSslMode::VerifyFull, &unlisted, "127.0.0.1"),
            (PgSslMode::Prefer, &listed, "127.0.0.1"),
        ] {
            let options = PgConnectOptions::new_without_pgpass().host("db.example").ssl_mode(mode);
            assert_eq!(pinned(options, reach, IpAddr::V4(Ipv4Addr::LOCALHOST)).get_host(), host);
        }
    }
}
