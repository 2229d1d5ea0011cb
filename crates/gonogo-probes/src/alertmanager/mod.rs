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

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<file::File>(), //
    register::<receiver::Receiver>(),
    register::<route::Route>(),
];
