//! The database behind its pool: Postgres or SQLite, by the address. All SQL of the backend is here.

use std::io;
use std::time::Duration;

use serde::Serialize;
use sqlx::any::{AnyPoolOptions, AnyRow, install_default_drivers};
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AnyPool, Row, SqlStr, query};
use tokio::net::TcpSocket;
use tokio::time::timeout;

use crate::random;

/// How long a request waits for a connection of the pool.
const ACQUIRE_LIMIT: Duration = Duration::from_secs(2);
/// How long the health check waits for the database.
const PING_LIMIT: Duration = Duration::from_secs(1);
const MIGRATIONS: [(i64, &str, &str); 2] = [
    (1, "users", include_str!("../migrations/1_users.sql")),
    (2, "items", include_str!("../migrations/2_items.sql")),
];

/// The database could not be used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// It refused, failed, or did not answer in time.
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    /// Its tables could not be brought up to date.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// It did not answer in time.
    #[error("the database did not answer within {PING_LIMIT:?}")]
    Silent,
    /// The operating system refused something.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A row of `users`.
#[derive(Debug, Serialize)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) email: String,
    #[serde(skip)]
    pub(crate) password_hash: String,
}

/// A row of `items`.
#[derive(Debug, Serialize)]
pub(crate) struct Item {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) created_at_ms: i64,
}

/// The pool, and for a lost database the port nobody answers on.
pub(crate) struct Database {
    pool: AnyPool,
    _closed_port: Option<TcpSocket>,
}

impl Database {
    /// Connects and brings the tables up to date. Without `pool_size` the library's default holds.
    pub(crate) async fn open(url: &str, pool_size: Option<u32>) -> Result<Database, DatabaseError> {
        let pool = options(pool_size).connect(url).await?;
        let migrations = MIGRATIONS.map(|(version, name, sql)| {
            let sql = SqlStr::from_static(sql);
            Migration::new(version, name.into(), MigrationType::Simple, sql, false)
        });
        Migrator::with_migrations(migrations.into()).run(&pool).await?;
        Ok(Database { pool, _closed_port: None })
    }

    /// A database that is gone: its pool points at a port that is bound, so nobody else can take
    /// it, but on which nobody listens.
    pub(crate) fn lost(pool_size: Option<u32>) -> Result<Database, DatabaseError> {
        let closed = TcpSocket::new_v4()?;
        closed.bind(([127, 0, 0, 1], 0).into())?;
        let url = format!("postgres://lost@{}/lost", closed.local_addr()?);
        let pool = options(pool_size).connect_lazy(&url)?;
        Ok(Database { pool, _closed_port: Some(closed) })
    }

    /// Asks the database for an answer, with a limit.
    pub(crate) async fn ping(&self) -> Result<(), DatabaseError> {
        let answer = timeout(PING_LIMIT, query("SELECT 1").execute(&self.pool)).await;
        answer.map_err(|_| DatabaseError::Silent)??;
        Ok(())
    }

    /// Connections that are open, are in use, and may be open at most.
    pub(crate) fn pool_use(&self) -> (u32, u32, u32) {
        let open = self.pool.size();
        let idle = u32::try_from(self.pool.num_idle()).unwrap_or(open);
        (open, open.saturating_sub(idle), self.pool.options().get_max_connections())
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }

    /// Adds a user, or gives an existing one this password.
    pub(crate) async fn put_user(&self, email: &str, password_hash: &str) -> Result<(), DatabaseError> {
        query(
            "INSERT INTO users (id, email, password_hash) VALUES ($1, $2, $3)
             ON CONFLICT (email) DO UPDATE SET password_hash = excluded.password_hash",
        )
        .bind(random::id()?)
        .bind(email)
        .bind(password_hash)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    pub(crate) async fn user_by_email(&self, email: &str) -> Result<Option<User>, DatabaseError> {
        let found = query("SELECT id, email, password_hash FROM users WHERE email = $1").bind(email);
        Ok(found.fetch_optional(&self.pool).await?.map(|row| user(&row)).transpose()?)
    }

    pub(crate) async fn user_by_id(&self, id: &str) -> Result<Option<User>, DatabaseError> {
        let found = query("SELECT id, email, password_hash FROM users WHERE id = $1").bind(id);
        Ok(found.fetch_optional(&self.pool).await?.map(|row| user(&row)).transpose()?)
    }

    pub(crate) async fn add_item(&self, owner_id: &str, name: String) -> Result<Item, DatabaseError> {
        let created_at_ms = jiff::Timestamp::now().as_millisecond();
        let item = Item { id: random::id()?, name, created_at_ms };
        query("INSERT INTO items (id, owner_id, name, created_at_ms) VALUES ($1, $2, $3, $4)")
            .bind(&item.id)
            .bind(owner_id)
            .bind(&item.name)
            .bind(item.created_at_ms)
            .execute(&self.pool)
            .await?;
        Ok(item)
    }

    /// The newest hundred items.
    pub(crate) async fn items(&self) -> Result<Vec<Item>, DatabaseError> {
        let rows =
            query("SELECT id, name, created_at_ms FROM items ORDER BY created_at_ms DESC, id LIMIT 100")
                .fetch_all(&self.pool)
                .await?;
        Ok(rows.iter().map(item).collect::<Result<_, _>>()?)
    }
}

fn options(pool_size: Option<u32>) -> AnyPoolOptions {
    install_default_drivers();
    let options = AnyPoolOptions::new().acquire_timeout(ACQUIRE_LIMIT);
    match pool_size {
        Some(size) => options.max_connections(size),
        None => options,
    }
}

fn user(row: &AnyRow) -> Result<User, sqlx::Error> {
    Ok(User {
        id: row.try_get("id")?,
        email: row.try_get("email")?,
        password_hash: row.try_get("password_hash")?,
    })
}

fn item(row: &AnyRow) -> Result<Item, sqlx::Error> {
    Ok(Item {
        id: row.try_get("id")?,
        name: row.try_get("name")?,
        created_at_ms: row.try_get("created_at_ms")?,
    })
}
