//! `postgres:` a real private Postgres as `${POSTGRES}` (the ordinary user `app`),
//! `${POSTGRES_ADMIN}` (a superuser), with `${APP_PASSWORD}`, `${ADMIN_PASSWORD}`, `${POSTGRES_PORT}`
//! and `${POSTGRES_CERTIFICATE}`. Cases that ask for the same server at the same time share it.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use gonogo_model::yaml::{self, Node};
use serde::Deserialize;
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, raw_sql};
use testbed_servers::{Postgres, PostgresOptions};
use tokio::runtime::Handle;

use super::World;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Settings of the server.
    #[serde(default)]
    settings: BTreeMap<String, String>,
    /// With TLS.
    #[serde(default)]
    tls: bool,
    /// Statements the superuser runs first.
    #[serde(default)]
    sql: Vec<String>,
    /// Sessions that are open while the probe looks.
    #[serde(default)]
    sessions: Vec<Session>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Session {
    application: String,
    /// As the superuser.
    #[serde(default)]
    admin: bool,
    /// With a transaction open.
    #[serde(default)]
    in_transaction: bool,
}

/// The running servers by what was asked for.
static SERVERS: Mutex<BTreeMap<String, Weak<Postgres>>> = Mutex::new(BTreeMap::new());

/// `postgres: { settings: { max_connections: "450" } }`
pub(crate) fn start(world: &mut World, node: &Node) -> Result<(), String> {
    let wanted: Wanted = yaml::read(node).map_err(|error| error.to_string())?;
    let Some(server) = server(&wanted)? else {
        world.missing = Some("no Postgres programs on this machine (apt-get install postgresql)".to_owned());
        return Ok(());
    };
    let places = [
        ("POSTGRES", server.dsn()),
        ("POSTGRES_ADMIN", server.admin_dsn()),
        ("POSTGRES_PORT", server.port().to_string()),
        ("POSTGRES_CERTIFICATE", server.certificate().map(|p| p.display().to_string()).unwrap_or_default()),
    ];
    for (name, value) in places {
        world.places.insert(name.to_owned(), value);
    }
    for (name, dsn) in [("APP_PASSWORD", server.dsn()), ("ADMIN_PASSWORD", server.admin_dsn())] {
        let password = dsn.split([':', '@']).nth(2).unwrap_or_default().to_owned();
        world.places.insert(name.to_owned(), password.clone());
        world.secrets.push(password);
    }
    let sessions: Vec<PgConnection> =
        wanted.sessions.iter().map(|session| open(&server, session)).collect::<Result<_, _>>()?;
    // The sessions end before their server.
    world.keep((sessions, server));
    Ok(())
}

fn server(wanted: &Wanted) -> Result<Option<Arc<Postgres>>, String> {
    let (settings, tls) = (wanted.settings.clone(), wanted.tls);
    let key = format!("{settings:?} {tls} {:?}", wanted.sql);
    let mut servers = SERVERS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(running) = servers.get(&key).and_then(Weak::upgrade) {
        return Ok(Some(running));
    }
    if Postgres::find().is_none() {
        return Ok(None);
    }
    let options = PostgresOptions { settings, tls, ..PostgresOptions::default() };
    let server = Arc::new(Postgres::start(&options).map_err(|error| error.to_string())?);
    for statement in &wanted.sql {
        run(&server.admin_dsn(), "setup", statement)?;
    }
    servers.insert(key, Arc::downgrade(&server));
    Ok(Some(server))
}

fn open(server: &Postgres, session: &Session) -> Result<PgConnection, String> {
    let dsn = if session.admin { server.admin_dsn() } else { server.dsn() };
    run(&dsn, &session.application, if session.in_transaction { "BEGIN" } else { "SELECT 1" })
}

fn run(dsn: &str, application: &str, statement: &str) -> Result<PgConnection, String> {
    let options = PgConnectOptions::from_str(dsn).map_err(|error| error.to_string())?;
    let options = options.application_name(application);
    Handle::current().block_on(async {
        let mut connection = options.connect().await.map_err(|error| error.to_string())?;
        let statement = sqlx::AssertSqlSafe(statement.to_owned());
        raw_sql(statement).execute(&mut connection).await.map_err(|error| error.to_string())?;
        Ok(connection)
    })
}
