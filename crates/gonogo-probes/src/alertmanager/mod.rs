//! Alertmanager: who is told, and whether anybody is. Nothing is executed and nothing is read
//! outside the target's folder.

mod config;
mod deployed;
mod destination;
mod duration;
mod file;
#[cfg(test)]
mod fuzz;
mod integration;
mod lookalike;
mod matcher;
mod receiver;
mod route;
mod tree;

use crate::probe::{Registered, register};
use crate::repository::Repository;

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<file::File>(), //
    register::<receiver::Receiver>(),
    register::<route::Route>(),
];

/// Whether a configuration names a receiver, or cannot be read.
pub(crate) fn has_receivers(repository: &Repository) -> bool {
    config::configs(repository).iter().any(|one| !one.receivers.is_empty() || !one.problems.is_empty())
}

/// Whether a configuration has a route, or cannot be read.
pub(crate) fn has_routes(repository: &Repository) -> bool {
    config::configs(repository).iter().any(|one| !one.routes.is_empty() || !one.problems.is_empty())
}
