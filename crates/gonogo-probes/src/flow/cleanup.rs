//! What a flow leaves behind, and how it is removed whatever happened.

use std::sync::{Arc, Mutex};

use gonogo_model::flow::{Step, Text};

use super::ground::Ground;
use super::memory::Memory;
use super::walk::{Stumble, Walk};
use crate::afterwards::Afterwards;

/// What is to be cleaned up. It is done at the end, or, when the look is cut off, afterwards.
pub(super) struct Cleanup {
    ground: Arc<Ground>,
    memory: Arc<Mutex<Memory>>,
    bearer: Option<Text>,
    steps: Vec<Step>,
    afterwards: Arc<Afterwards>,
}

impl Cleanup {
    /// What will be done with what this walk knows.
    pub(super) fn of(
        walk: &Walk,
        bearer: Option<Text>,
        steps: Vec<Step>,
        afterwards: Arc<Afterwards>,
    ) -> Cleanup {
        Cleanup { ground: Arc::clone(&walk.ground), memory: walk.shared_memory(), bearer, steps, afterwards }
    }

    /// Cleans up, and says what could not be removed. What was never made needs no removing.
    pub(super) async fn now(mut self) -> Option<Stumble> {
        let walk = Walk::on(Arc::clone(&self.ground), Arc::clone(&self.memory), self.bearer.clone());
        let left = clean(walk, self.steps.clone()).await;
        // Cut off before this line, all of it is tried again afterwards.
        self.steps.clear();
        left
    }
}

impl Drop for Cleanup {
    fn drop(&mut self) {
        let steps = std::mem::take(&mut self.steps);
        if !steps.is_empty() {
            let walk = Walk::on(Arc::clone(&self.ground), Arc::clone(&self.memory), self.bearer.clone());
            self.afterwards.start(async { drop(clean(walk, steps).await) });
        }
    }
}

async fn clean(mut walk: Walk, steps: Vec<Step>) -> Option<Stumble> {
    let mut first = None;
    for step in steps {
        if let Err(stumble) = walk.steps(std::slice::from_ref(&step)).await
            && !stumble.why.starts_with("nothing was captured")
        {
            first.get_or_insert(stumble);
        }
    }
    first
}
