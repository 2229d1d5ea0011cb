//! Files in a folder, behind a breaker, with a second try. It does not know whose they are.

use std::future::Future;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::fs;
use tokio::time::sleep;

use crate::breaker::Breaker;
use crate::config::Config;
use crate::fault::{Behaviour, Faults};
use crate::metrics::Metrics;

const TRIES: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// The folder of the objects.
pub(crate) struct Objects {
    folder: PathBuf,
    tries: u32,
    pub(crate) breaker: Breaker,
    metrics: Arc<Metrics>,
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
        fs::create_dir_all(&config.objects).await?;
        let limits = (!faults.on(Behaviour::NoObjectBreaker)).then_some(config.breaker);
        Ok(Objects {
            folder: config.objects.clone(),
            tries: if faults.on(Behaviour::NoObjectRetry) { 1 } else { TRIES },
            breaker: Breaker::new("objects", limits),
            metrics,
        })
    }

    /// Whether the folder is there and is one.
    pub(crate) async fn ping(&self) -> bool {
        fs::metadata(&self.folder).await.is_ok_and(|folder| folder.is_dir())
    }

    /// Writes an object whole, or not at all.
    pub(crate) async fn put(&self, key: &str, bytes: &[u8]) -> Result<(), ObjectError> {
        let (path, part) = (self.path(key)?, self.path(&format!("{key}.part"))?);
        self.guard(|| async {
            fs::write(&part, bytes).await?;
            fs::rename(&part, &path).await
        })
        .await
    }

    pub(crate) async fn get(&self, key: &str) -> Result<Vec<u8>, ObjectError> {
        let path = self.path(key)?;
        self.guard(|| async {
            match fs::read(&path).await {
                Err(error) if error.kind() == ErrorKind::NotFound && self.ping().await => Ok(None),
                answer => answer.map(Some),
            }
        })
        .await?
        .ok_or(ObjectError::None)
    }

    /// The size in bytes.
    pub(crate) async fn size(&self, key: &str) -> Result<u64, ObjectError> {
        let path = self.path(key)?;
        self.guard(|| async {
            match fs::metadata(&path).await {
                Err(error) if error.kind() == ErrorKind::NotFound && self.ping().await => Ok(None),
                answer => answer.map(|found| Some(found.len())),
            }
        })
        .await?
        .ok_or(ObjectError::None)
    }

    /// Deletes an object; one that is not there is deleted already.
    pub(crate) async fn delete(&self, key: &str) -> Result<(), ObjectError> {
        let path = self.path(key)?;
        self.guard(|| async {
            match fs::remove_file(&path).await {
                Err(error) if error.kind() == ErrorKind::NotFound && self.ping().await => Ok(()),
                answer => answer,
            }
        })
        .await
    }

    /// Keys are made here, of letters and digits; anything else leads out of the folder.
    fn path(&self, key: &str) -> Result<PathBuf, ObjectError> {
        let plain = key.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '.');
        match plain && !key.starts_with('.') && !key.is_empty() {
            true => Ok(self.folder.join(key)),
            false => Err(ObjectError::None),
        }
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
