//! Short-lived values that all services see: in Redis, and while it is away in this process. What
//! was written meanwhile is brought to Redis when it returns.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use redis::aio::MultiplexedConnection;
use redis::{Cmd, FromRedisValue, RedisError, cmd};
use serde_json::json;
use tokio::sync::Mutex as AsyncMutex;
use tokio::time::{sleep, timeout};

use crate::fault::{Behaviour, Faults};
use crate::metrics::Metrics;
use crate::store::memory::Memory;
use crate::{log, random};

/// How long one command may take.
const COMMAND_LIMIT: Duration = Duration::from_secs(1);
/// How often a command is tried; between two tries is a pause of a random length.
const TRIES: u32 = 3;
const PAUSE_MILLIS: u64 = 40;
/// How often Redis is asked whether it is there.
const WATCH: Duration = Duration::from_millis(400);

/// Redis is not there, and this is nothing that may be answered without it.
#[derive(Debug, thiserror::Error)]
#[error("Redis does not answer")]
pub(crate) struct CacheError;

/// Values that end by themselves.
pub(crate) struct Cache {
    redis: Option<Redis>,
    memory: Memory,
    degraded: AtomicBool,
    /// What was written while Redis was away: the value and its end, or that it was deleted.
    pending: Mutex<BTreeMap<String, Option<(String, Instant)>>>,
    falls_back: bool,
    tries: u32,
    metrics: Arc<Metrics>,
}

struct Redis {
    client: redis::Client,
    connection: AsyncMutex<Option<MultiplexedConnection>>,
}

impl Cache {
    pub(crate) fn new(
        url: Option<&str>,
        faults: &Faults,
        metrics: Arc<Metrics>,
    ) -> Result<Cache, RedisError> {
        let redis = url.map(|url| {
            let client = redis::Client::open(url)?;
            Ok::<_, RedisError>(Redis { client, connection: AsyncMutex::new(None) })
        });
        Ok(Cache {
            redis: redis.transpose()?,
            memory: Memory::default(),
            degraded: AtomicBool::new(false),
            pending: Mutex::default(),
            falls_back: !faults.on(Behaviour::NoRedisFallback),
            tries: if faults.on(Behaviour::NoRedisRetry) { 1 } else { TRIES },
            metrics,
        })
    }

    /// Whether Redis is configured, and away.
    pub(crate) fn is_degraded(&self) -> bool {
        self.redis.is_some() && self.degraded.load(Ordering::Relaxed)
    }

    /// `redis` or `memory`.
    pub(crate) fn kind(&self) -> &'static str {
        if self.redis.is_some() { "redis" } else { "memory" }
    }

    /// The value of a key; of this process while Redis is away.
    pub(crate) async fn get(&self, key: &str) -> Result<Option<String>, CacheError> {
        match self.shared_get(key).await {
            Err(CacheError) if self.falls_back => Ok(self.memory.get(key)),
            answer => answer,
        }
    }

    /// As [`Cache::get`], for what would be wrong from one process only.
    pub(crate) async fn shared_get(&self, key: &str) -> Result<Option<String>, CacheError> {
        let Some(redis) = &self.redis else { return Ok(self.memory.get(key)) };
        self.ask(redis, cmd("GET").arg(key)).await
    }

    /// Keeps a value for a time.
    pub(crate) async fn set(&self, key: &str, value: &str, life: Duration) -> Result<(), CacheError> {
        self.memory.set(key, value, life);
        let Some(redis) = &self.redis else { return Ok(()) };
        match self.ask::<()>(redis, &set(key, value, life)).await {
            Err(CacheError) if self.falls_back => {
                let end = Instant::now().checked_add(life);
                self.remember(key, end.map(|end| (value.to_owned(), end)));
                Ok(())
            }
            answer => answer,
        }
    }

    pub(crate) async fn delete(&self, key: &str) -> Result<(), CacheError> {
        self.memory.delete(key);
        let Some(redis) = &self.redis else { return Ok(()) };
        match self.ask::<()>(redis, cmd("DEL").arg(key)).await {
            Err(CacheError) if self.falls_back => {
                self.remember(key, None);
                Ok(())
            }
            answer => answer,
        }
    }

    /// Adds one to a count that ends `life` after it began.
    pub(crate) async fn add(&self, key: &str, life: Duration) -> Result<u32, CacheError> {
        let here = self.memory.add(key, life);
        let Some(redis) = &self.redis else { return Ok(here) };
        match self.ask::<u32>(redis, cmd("INCR").arg(key)).await {
            Ok(1) => {
                let seconds = life.as_secs().max(1);
                self.ask::<()>(redis, cmd("EXPIRE").arg(key).arg(seconds)).await?;
                Ok(1)
            }
            Err(CacheError) if self.falls_back => Ok(here),
            answer => answer,
        }
    }

    fn remember(&self, key: &str, value: Option<(String, Instant)>) {
        if let Ok(mut pending) = self.pending.lock() {
            pending.insert(key.to_owned(), value);
        }
    }

    async fn ask<T: FromRedisValue>(&self, redis: &Redis, command: &Cmd) -> Result<T, CacheError> {
        // While it is away nobody waits for it; `until_return` finds out when it is back.
        if self.degraded.load(Ordering::Relaxed) {
            return Err(CacheError);
        }
        if let Some(answer) = self.again(redis, command).await {
            return Ok(answer);
        }
        self.turn(true);
        Err(CacheError)
    }

    /// Tries a few times, so that one lost connection is not an outage.
    async fn again<T: FromRedisValue>(&self, redis: &Redis, command: &Cmd) -> Option<T> {
        for attempt in 1..=self.tries {
            if let Some(answer) = self.once(redis, command).await {
                return Some(answer);
            }
            if attempt < self.tries {
                sleep(Duration::from_millis(random::below(PAUSE_MILLIS))).await;
            }
        }
        None
    }

    async fn once<T: FromRedisValue>(&self, redis: &Redis, command: &Cmd) -> Option<T> {
        let start = Instant::now();
        let answer = timeout(COMMAND_LIMIT, async {
            let mut connection = redis.connection().await?;
            command.query_async::<T>(&mut connection).await
        })
        .await;
        self.metrics.redis_commands.inc();
        self.metrics.redis_seconds.observe(start.elapsed().as_secs_f64());
        if let Ok(Ok(answer)) = answer {
            return Some(answer);
        }
        self.metrics.redis_errors.inc();
        *redis.connection.lock().await = None;
        None
    }

    fn turn(&self, degraded: bool) {
        if self.degraded.swap(degraded, Ordering::Relaxed) != degraded {
            let level = if degraded { "warn" } else { "info" };
            log::line(level, "redis degraded mode", json!({ "degraded": degraded }));
        }
        self.metrics.redis_degraded.set(i64::from(degraded));
    }

    /// Asks Redis again and again whether it is there, and ends when it has returned with all that it
    /// missed meanwhile. Without Redis it never ends.
    pub(crate) async fn until_return(&self) {
        let Some(redis) = &self.redis else { return std::future::pending().await };
        loop {
            sleep(WATCH).await;
            let there = self.again::<String>(redis, &cmd("PING")).await.is_some();
            match (there, self.is_degraded()) {
                (false, _) => self.turn(true),
                (true, true) if self.catch_up(redis).await => return self.turn(false),
                (true, _) => {}
            }
        }
    }

    async fn catch_up(&self, redis: &Redis) -> bool {
        let missed = self.pending.lock().map(|mut pending| std::mem::take(&mut *pending));
        for (key, value) in missed.unwrap_or_default() {
            let command = match &value {
                Some((text, end)) => {
                    let life = end.saturating_duration_since(Instant::now());
                    if life.is_zero() {
                        continue;
                    }
                    set(&key, text, life)
                }
                None => cmd("DEL").arg(&key).to_owned(),
            };
            if self.once::<()>(redis, &command).await.is_none() {
                self.remember(&key, value);
                return false;
            }
        }
        true
    }
}

impl Redis {
    async fn connection(&self) -> Result<MultiplexedConnection, RedisError> {
        let mut kept = self.connection.lock().await;
        if let Some(connection) = &*kept {
            return Ok(connection.clone());
        }
        let connection = self.client.get_multiplexed_async_connection().await?;
        Ok(kept.insert(connection).clone())
    }
}

fn set(key: &str, value: &str, life: Duration) -> Cmd {
    let millis = u64::try_from(life.as_millis()).unwrap_or(u64::MAX).max(1);
    cmd("SET").arg(key).arg(value).arg("PX").arg(millis).to_owned()
}
