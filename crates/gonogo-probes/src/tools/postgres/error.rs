//! What goes wrong with a Postgres server, as sentences that say what to do.

use std::io;
use std::time::Duration;

use super::Place;
use crate::tools::net::NetError;

/// SQLSTATE.
pub(super) const INSUFFICIENT_PRIVILEGE: &str = "42501";

/// Why there is no session or no answer. None holds a password.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PostgresError {
    #[error("{0}")]
    Address(String),
    #[error(transparent)]
    Net(#[from] NetError),
    #[error("nothing listens on {at} (connection refused); start the server or correct the address")]
    Refused { at: String },
    #[error(
        "{at} accepts connections and says nothing within {limit:?}; check that it is Postgres and not stuck"
    )]
    Silent { at: String, limit: Duration },
    #[error("{at} does not speak the Postgres protocol; check host and port of the target")]
    NotPostgres { at: String },
    #[error(
        "{at} refuses user `{user}` (wrong user or password); correct the credentials in the environment"
    )]
    Credentials { at: String, user: String },
    #[error("{at} does not let user `{user}` in ({why}); allow it in pg_hba.conf or grant CONNECT")]
    NotAllowed { at: String, user: String, why: String },
    #[error("{at} has no database `{database}`; correct the name in the target, or create it")]
    NoDatabase { at: String, database: String },
    #[error("{at} offers no TLS and the target demands it; turn TLS on at the server, or correct `sslmode`")]
    NoTls { at: String },
    #[error("{at} demands TLS and the target forbids it ({why}); set `sslmode=require` in the target")]
    TlsRequired { at: String, why: String },
    #[error("no TLS connection to {at} ({why}); check its certificate and `sslrootcert`")]
    Tls { at: String, why: String },
    #[error("{at} has no connection left ({why}); close connections or raise the limit")]
    Full { at: String, why: String },
    #[error("{at} is not ready ({why}); wait until it has started")]
    NotReady { at: String, why: String },
    #[error("{at} refuses the session ({why}); if it is a pooler, name the server behind it as target")]
    Refusing { at: String, why: String },
    #[error("{at} closed the connection before it was done; look into the log of the server")]
    Closed { at: String },
    #[error("{at} answers with an error ({code}: {why}); look into the log of the server")]
    Server { at: String, code: String, why: String },
    #[error("the talk with {at} failed ({why}); look into the log of the server")]
    Other { at: String, why: String },
}

pub(super) fn explain(place: &Place, error: sqlx::Error) -> PostgresError {
    let at = place.at.clone();
    match error {
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default().into_owned();
            said_by_server(place, &code, error.message())
        }
        sqlx::Error::Io(error) => match error.kind() {
            io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound => PostgresError::Refused { at },
            io::ErrorKind::InvalidData => PostgresError::Tls { at, why: error.to_string() },
            io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
                PostgresError::Closed { at }
            }
            _ => PostgresError::Other { at, why: error.to_string() },
        },
        sqlx::Error::Tls(why) if why.to_string().contains("does not support TLS") => {
            PostgresError::NoTls { at }
        }
        sqlx::Error::Tls(why) => PostgresError::Tls { at, why: why.to_string() },
        sqlx::Error::Protocol(_) => PostgresError::NotPostgres { at },
        other => PostgresError::Other { at, why: other.to_string() },
    }
}

fn said_by_server(place: &Place, code: &str, message: &str) -> PostgresError {
    let (at, user, why) = (place.at.clone(), place.user.clone(), message.to_owned());
    match code {
        "28P01" => PostgresError::Credentials { at, user },
        "28000" if why.contains("no encryption") || why.contains("SSL off") => {
            PostgresError::TlsRequired { at, why }
        }
        "28000" => PostgresError::NotAllowed { at, user, why },
        INSUFFICIENT_PRIVILEGE if why.contains("for database") => PostgresError::NotAllowed { at, user, why },
        "3D000" => PostgresError::NoDatabase { at, database: place.database.clone() },
        "53300" => PostgresError::Full { at, why },
        "57P03" => PostgresError::NotReady { at, why },
        "08P01" => PostgresError::Refusing { at, why },
        _ => PostgresError::Server { at, code: code.to_owned(), why },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_says_becomes_a_sentence_with_a_remedy() {
        let place = Place { at: "db:5432".into(), user: "app".into(), database: "shop".into() };
        for (code, message, said) in [
            ("28P01", "password authentication failed", "wrong user or password"),
            ("28000", "no pg_hba.conf entry for host \"::1\", no encryption", "sslmode=require"),
            ("28000", "role \"app\" is not permitted to log in", "pg_hba.conf"),
            ("42501", "permission denied for database \"shop\"", "grant CONNECT"),
            ("42501", "permission denied to examine \"x\"", "42501"),
            ("3D000", "database \"shop\" does not exist", "no database `shop`"),
            ("53300", "sorry, too many clients already", "raise the limit"),
            ("57P03", "the database system is starting up", "wait"),
            ("08P01", "unsupported startup parameter", "pooler"),
            ("XX000", "broken", "XX000: broken"),
        ] {
            let error = said_by_server(&place, code, message).to_string();
            assert!(error.contains(said) && error.contains("db:5432"), "{code}: {error}");
        }
    }
}
