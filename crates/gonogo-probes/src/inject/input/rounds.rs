//! What depends on time, or on a difference between two answers, is asked for again and again: once
//! is chance.

use std::time::Duration;

use super::payload::SLEEP_MS;
use super::tried::Tried;
use super::{Look, oracle};
use crate::api::fill::Filled;
use crate::openapi::served::Operation;

/// How often it must show the same.
const ROUNDS: usize = 3;

impl Look<'_> {
    /// Whether the payload is slow and its twin is not, in every round. An answer that was quick at
    /// first ends it.
    pub(super) async fn is_slow(
        &mut self,
        operation: &Operation,
        twins: (Filled, Filled),
        first: Duration,
        tried: &mut Tried,
    ) -> bool {
        let sleep = Duration::from_millis(SLEEP_MS);
        if first < sleep {
            return false;
        }
        for _ in 0..ROUNDS {
            let Some((_, quick)) = self.ask(operation, &twins.1, tried).await else { return false };
            let Some((_, slow)) = self.ask(operation, &twins.0, tried).await else { return false };
            if slow < sleep || quick > sleep / 2 {
                return false;
            }
        }
        true
    }

    /// Whether the payload fails and its twin does not, in every round.
    pub(super) async fn breaks(
        &mut self,
        operation: &Operation,
        twins: (Filled, Filled),
        tried: &mut Tried,
    ) -> bool {
        for _ in 0..ROUNDS {
            let Some((whole, _)) = self.ask(operation, &twins.1, tried).await else { return false };
            let Some((broken, _)) = self.ask(operation, &twins.0, tried).await else { return false };
            if whole.status.as_u16() >= 500 || broken.status.as_u16() < 500 {
                return false;
            }
        }
        true
    }

    /// Whether a condition that is true is answered as the good value and one that is false is not,
    /// in every round. What answers differently every time never is.
    pub(super) async fn differs(
        &mut self,
        operation: &Operation,
        (good, truth, lie): (&Filled, &Filled, &Filled),
        tried: &mut Tried,
    ) -> bool {
        // Only questions are asked again and again without changing what is answered.
        if operation.method != "GET" {
            return false;
        }
        for _ in 0..ROUNDS {
            let mut shapes = Vec::new();
            for filled in [good, truth, lie] {
                let Some((answer, _)) = self.ask(operation, filled, tried).await else { return false };
                shapes.push(oracle::shape(&answer));
            }
            if shapes.first() != shapes.get(1) || shapes.get(1) == shapes.get(2) {
                return false;
            }
        }
        true
    }
}
