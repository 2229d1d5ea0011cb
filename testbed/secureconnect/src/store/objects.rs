//! The bytes of files: in a folder, or in a bucket of an S3 store. Either is behind a breaker, and is
//! tried again. It does not know whose they are.

use std::future::Future;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep;

use self::bucket::Bucket;
use self::folder::Folder;
use crate::breaker::Breaker;
use crate::config::Config;
use crate::fault::{Behaviour, Faults};
use crate::metrics::Metrics;

mod bucket;
mod folder;

const TRIES: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// The store, wherever it is.
pub(crate) struct Objects {
    place: Place,
    tries: u32,
    pub(crate) breaker: Breaker,
    metrics: Arc<Metrics>,
}

/// Where the bytes are.
enum Place {
    Folder(Folder),
    Bucket(Bucket),
}

/// An object could not be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ObjectError {
    /// There is none of this name.
    #[error("there is no such object")]
    None,
    /// The store has failed so often that it is left alone for a while.
    #[error("the object store has failed again and again, and is left alone for a while")]
    LeftAlone,
    /// The store failed.
    #[error("the object store failed")]
    Io(#[from] io::Error),
}

impl Objects {
    pub(crate) async fn open(config: &Config, faults: &Faults, metrics: Arc<Metrics>) -> io::Result<Objects> {
        let place = match &config.bucket {
            Some(bucket) => Place::Bucket(Bucket::open(bucket)?),
            None => Place::Folder(Folder::open(&config.objects).await?),
        };
        let limits = (!faults.on(Behaviour::NoObjectBreaker)).then_some(config.breaker);
        Ok(Objects {
            place,
            tries: if faults.on(Behaviour::NoObjectRetry) { 1 } else { TRIES },
            breaker: Breaker::new("objects", limits),
            metrics,
        })
    }

    /// Whether the store is there.
    pub(crate) async fn ping(&self) -> bool {
        match &self.place {
            Place::Folder(folder) => folder.ping().await,
            Place::Bucket(bucket) => bucket.ping().await,
        }
    }

    /// Writes an object whole, or not at all.
    pub(crate) async fn put(&self, key: &str, bytes: &[u8]) -> Result<(), ObjectError> {
        check(key)?;
        self.guard(|| async {
            match &self.place {
                Place::Folder(folder) => folder.put(key, bytes).await,
                Place::Bucket(bucket) => bucket.put(key, bytes).await,
            }
        })
        .await
    }

    pub(crate) async fn get(&self, key: &str) -> Result<Vec<u8>, ObjectError> {
        check(key)?;
        let found = self.guard(|| async {
            match &self.place {
                Place::Folder(folder) => folder.get(key).await,
                Place::Bucket(bucket) => bucket.get(key).await,
            }
        });
        found.await?.ok_or(ObjectError::None)
    }

    /// The size in bytes.
    pub(crate) async fn size(&self, key: &str) -> Result<u64, ObjectError> {
        check(key)?;
        let found = self.guard(|| async {
            match &self.place {
                Place::Folder(folder) => folder.size(key).await,
                Place::Bucket(bucket) => bucket.size(key).await,
            }
        });
        found.await?.ok_or(ObjectError::None)
    }

    /// Deletes an object; one that is not there is deleted already.
    pub(crate) async fn delete(&self, key: &str) -> Result<(), ObjectError> {
        check(key)?;
        self.guard(|| async {
            match &self.place {
                Place::Folder(folder) => folder.delete(key).await,
                Place::Bucket(bucket) => bucket.delete(key).await,
            }
        })
        .await
    }

    async fn guard<F, T>(&self, mut operation: impl FnMut() -> F) -> Result<T, ObjectError>
    where
        F: Future<Output = io::Result<T>>,
    {
        if !self.breaker.allows() {
            return Err(ObjectError::LeftAlone);
        }
        let mut pause = FIRST_PAUSE;
        let mut answer = operation().await;
        for _ in 1..self.tries {
            if answer.is_ok() {
                break;
            }
            sleep(pause).await;
            pause = pause.saturating_mul(2);
            answer = operation().await;
        }
        self.metrics.object_operations.inc();
        if answer.is_err() {
            self.metrics.object_errors.inc();
        }
        self.breaker.learn(answer.is_ok());
        self.metrics.breaker(self.breaker.name, self.breaker.is_open());
        Ok(answer?)
    }
}

/// Keys are made here, of letters and digits; anything else leads somewhere else.
fn check(key: &str) -> Result<(), ObjectError> {
    let plain = key.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '.');
    match plain && !key.starts_with('.') && !key.is_empty() {
        true => Ok(()),
        false => Err(ObjectError::None),
    }
}
