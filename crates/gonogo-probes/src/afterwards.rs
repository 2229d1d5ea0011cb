//! What must still be done when a look is over or was cut off: what it made is removed, what it
//! changed is put back. The run waits for it, within a limit, before it ends.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::task::JoinSet;

/// The work that is left over from looks.
#[derive(Debug, Default)]
pub struct Afterwards(Mutex<JoinSet<()>>);

impl Afterwards {
    /// Starts work that outlives the look it is for. May be called while a look is dropped.
    pub(crate) fn start(&self, work: impl Future<Output = ()> + Send + 'static) {
        if let Ok(runtime) = Handle::try_current() {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).spawn_on(work, &runtime);
        }
    }

    /// Waits until all of it is done. What is not done within `limit` is left undone: whatever it
    /// talks to hangs.
    pub async fn done(&self, limit: Duration) {
        let mut left = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let all = async { while left.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(limit, all).await;
    }
}
