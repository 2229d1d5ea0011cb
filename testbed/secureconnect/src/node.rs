//! A running process: what all of its handlers share.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, OnceLock};

use tokio::sync::watch;

use crate::ai::Model;
use crate::auth::mail::Mailer;
use crate::auth::token::Tokens;
use crate::call::Calls;
use crate::chat::hub::Hub;
use crate::config::Config;
use crate::fault::{Behaviour, Faults};
use crate::metrics::Metrics;
use crate::push::Pusher;
use crate::routes::Operation;
use crate::services;
use crate::store::cache::Cache;
use crate::store::database::{Database, DatabaseError};
use crate::store::objects::Objects;

/// What handlers share.
pub(crate) struct Node {
    pub(crate) config: Config,
    pub(crate) faults: Faults,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) database: Database,
    pub(crate) cache: Cache,
    pub(crate) objects: Objects,
    pub(crate) tokens: Tokens,
    pub(crate) mailer: Mailer,
    pub(crate) pusher: Pusher,
    pub(crate) model: Model,
    pub(crate) hub: Hub,
    pub(crate) calls: Calls,
    /// What is served behind the gateway.
    pub(crate) operations: Vec<Operation>,
    /// Where the gateway finds the others, by name.
    pub(crate) upstreams: OnceLock<BTreeMap<&'static str, String>>,
    /// True from the moment a stop was asked for.
    pub(crate) stopping: watch::Sender<bool>,
}

/// The process could not be prepared.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// The database could not be opened.
    #[error("failed to open the database of DATABASE_URL")]
    Database(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The address of Redis is none.
    #[error("REDIS_URL must be an address such as redis://:password@host:6379/0")]
    Redis,
    /// The folder of the objects or the log cannot be used.
    #[error("failed to use the folder of OBJECTS_DIR or LOG_DIR")]
    Folder(#[from] io::Error),
    /// The HTTP client could not be made.
    #[error("failed to make an HTTP client")]
    Client(#[from] reqwest::Error),
}

impl From<DatabaseError> for NodeError {
    fn from(error: DatabaseError) -> NodeError {
        NodeError::Database(Box::new(error))
    }
}

impl Node {
    /// Opens all that the services need.
    pub(crate) async fn open(config: Config, faults: Faults) -> Result<Node, NodeError> {
        // The first one that was installed stays, which is the same.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let metrics = Arc::new(Metrics::new(&faults, &services::run_by(config.role)));
        let database = Database::open(&config, &faults, Arc::clone(&metrics)).await?;
        let cache = Cache::new(config.redis_url.as_deref(), &faults, Arc::clone(&metrics));
        let objects = Objects::open(&config, &faults, Arc::clone(&metrics)).await?;
        Ok(Node {
            tokens: Tokens::new(&config, &faults),
            mailer: Mailer::new(&config, &faults, Arc::clone(&metrics)),
            pusher: Pusher::new(&config, &faults, Arc::clone(&metrics))?,
            model: Model::new(&config, &faults, Arc::clone(&metrics))?,
            hub: Hub::new(&faults, Arc::clone(&metrics)),
            calls: Calls::new(&faults, Arc::clone(&metrics)),
            cache: cache.map_err(|_| NodeError::Redis)?,
            operations: services::served(&faults),
            upstreams: OnceLock::new(),
            stopping: watch::Sender::new(false),
            config,
            faults,
            metrics,
            database,
            objects,
        })
    }

    pub(crate) fn has(&self, fault: Behaviour) -> bool {
        self.faults.on(fault)
    }

    /// A future that ends when a stop is asked for.
    pub(crate) async fn stopped(&self) {
        let mut stopping = self.stopping.subscribe();
        let _ = stopping.wait_for(|stopping| *stopping).await;
    }
}

/// The time, in milliseconds since 1970.
pub(crate) fn now_ms() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

/// The time, in seconds since 1970.
pub(crate) fn now_s() -> i64 {
    jiff::Timestamp::now().as_second()
}
