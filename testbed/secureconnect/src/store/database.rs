//! The database behind its pool: Postgres or SQLite, by the address. Every query passes through
//! here: a limit, a breaker, a metric. It does not know what the queries are about.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::any::{AnyArguments, AnyPoolOptions, AnyRow, install_default_drivers};
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::query::Query;
use sqlx::{Any, AnyPool, Executor, SqlStr, query};
use tokio::time::timeout;

use crate::breaker::Breaker;
use crate::config::Config;
use crate::fault::{Behaviour, Faults};
use crate::metrics::Metrics;

/// How long the health check waits for the database.
const PING_LIMIT: Duration = Duration::from_secs(1);
/// What stands for no limit.
const FOR_EVER: Duration = Duration::from_secs(86_400);
const MIGRATIONS: [(i64, &str, &str); 5] = [
    (1, "accounts", include_str!("../../repository/migrations/1_accounts.sql")),
    (2, "conversations", include_str!("../../repository/migrations/2_conversations.sql")),
    (3, "files", include_str!("../../repository/migrations/3_files.sql")),
    (4, "push_tokens", include_str!("../../repository/migrations/4_push_tokens.sql")),
    (5, "polls", include_str!("../../repository/migrations/5_polls.sql")),
];

/// A statement with its values.
pub(crate) type Statement = Query<'static, Any, AnyArguments>;

/// The database could not be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DatabaseError {
    /// It failed so often that it is not asked for a while.
    #[error("the database has failed again and again, and is left alone for a while")]
    LeftAlone,
    /// It did not answer in time.
    #[error("the database did not answer in time")]
    Slow,
    /// It refused or failed.
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    /// Its tables could not be brought up to date.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
}

impl DatabaseError {
    /// Whether the row is there already.
    pub(crate) fn is_duplicate(&self) -> bool {
        let DatabaseError::Sql(error) = self else { return false };
        error.as_database_error().is_some_and(|error| error.is_unique_violation())
    }
}

/// The pool, its limit and its breaker.
pub(crate) struct Database {
    pool: AnyPool,
    limit: Duration,
    pub(crate) breaker: Breaker,
    metrics: Arc<Metrics>,
}

impl Database {
    /// Connects and brings the tables up to date.
    pub(crate) async fn open(
        config: &Config,
        faults: &Faults,
        metrics: Arc<Metrics>,
    ) -> Result<Database, DatabaseError> {
        install_default_drivers();
        let limit = if faults.on(Behaviour::NoQueryTimeout) { FOR_EVER } else { config.times.query };
        let options = AnyPoolOptions::new().max_connections(config.pool_size).acquire_timeout(limit);
        let pool = options.connect(&config.database_url).await?;
        if config.database_url.starts_with("sqlite:") {
            // Readers and a writer side by side, also when the services run apart.
            pool.execute("PRAGMA journal_mode = WAL").await?;
        }
        let left_out = faults.on(Behaviour::NoPolls);
        let migrations = MIGRATIONS.into_iter().filter(|(_, name, _)| !(left_out && *name == "polls"));
        let migrations: Vec<Migration> = migrations
            .map(|(version, name, sql)| {
                let sql = SqlStr::from_static(sql);
                Migration::new(version, name.into(), MigrationType::Simple, sql, false)
            })
            .collect();
        Migrator::with_migrations(migrations).run(&pool).await?;
        let limits = (!faults.on(Behaviour::NoDatabaseBreaker)).then_some(config.breaker);
        let breaker = Breaker::new("database", limits);
        Ok(Database { pool, limit, breaker, metrics })
    }

    /// Rows of a statement.
    pub(crate) async fn rows(&self, statement: Statement) -> Result<Vec<AnyRow>, DatabaseError> {
        self.guard(statement.fetch_all(&self.pool)).await
    }

    /// The first row of a statement, if there is one.
    pub(crate) async fn row(&self, statement: Statement) -> Result<Option<AnyRow>, DatabaseError> {
        self.guard(statement.fetch_optional(&self.pool)).await
    }

    /// How many rows a statement changed.
    pub(crate) async fn change(&self, statement: Statement) -> Result<u64, DatabaseError> {
        Ok(self.guard(statement.execute(&self.pool)).await?.rows_affected())
    }

    /// Both or neither; the first must change a row, and its row is the answer.
    pub(crate) async fn both(
        &self,
        first: Statement,
        then: impl FnOnce(&AnyRow) -> Result<Statement, sqlx::Error>,
    ) -> Result<Option<AnyRow>, DatabaseError> {
        self.guard(async {
            let mut transaction = self.pool.begin().await?;
            let Some(row) = first.fetch_optional(&mut *transaction).await? else { return Ok(None) };
            then(&row)?.execute(&mut *transaction).await?;
            transaction.commit().await?;
            Ok(Some(row))
        })
        .await
    }

    async fn guard<T>(
        &self,
        asked: impl Future<Output = Result<T, sqlx::Error>>,
    ) -> Result<T, DatabaseError> {
        if !self.breaker.allows() {
            return Err(DatabaseError::LeftAlone);
        }
        let start = Instant::now();
        let answer = timeout(self.limit, asked).await;
        self.metrics.query_seconds.observe(start.elapsed().as_secs_f64());
        let answer = match answer {
            Ok(answer) => answer.map_err(DatabaseError::Sql),
            Err(_) => Err(DatabaseError::Slow),
        };
        self.learn(answer.as_ref().err());
        answer
    }

    fn learn(&self, error: Option<&DatabaseError>) {
        match error {
            // A refusal by the database is an answer.
            None | Some(DatabaseError::Sql(sqlx::Error::Database(_))) => self.breaker.learn(true),
            Some(error) => {
                self.metrics.query_errors.inc();
                let slow =
                    matches!(error, DatabaseError::Slow | DatabaseError::Sql(sqlx::Error::PoolTimedOut));
                if slow {
                    self.metrics.query_timeouts.inc();
                }
                self.breaker.learn(false);
            }
        }
        self.metrics.breaker(self.breaker.name, self.breaker.is_open());
    }

    /// Asks the database for an answer, with a limit of its own and past the breaker.
    pub(crate) async fn ping(&self) -> Result<(), DatabaseError> {
        let answer = timeout(PING_LIMIT, query("SELECT 1").execute(&self.pool)).await;
        answer.map_err(|_| DatabaseError::Slow)??;
        Ok(())
    }

    /// Takes a connection and never gives it back: the fault `connections-leak`.
    pub(crate) async fn leak(&self) {
        if let Ok(connection) = self.pool.acquire().await {
            std::mem::forget(connection);
        }
    }

    /// Sets the gauges of the pool.
    pub(crate) fn observe(&self) {
        let open = self.pool.size();
        let idle = u32::try_from(self.pool.num_idle()).unwrap_or(open);
        self.metrics.connections.set(open.into());
        self.metrics.connections_in_use.set(open.saturating_sub(idle).into());
        self.metrics.connections_max.set(self.pool.options().get_max_connections().into());
    }

    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}
