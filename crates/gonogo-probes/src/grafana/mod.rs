//! Grafana: panels and the data they rest on. Nothing is executed and nothing is read outside the
//! target's folder.

mod board;
mod dashboard;
mod datasource;
#[cfg(test)]
mod fuzz;
mod provisioned;
mod query;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<dashboard::Dashboard>(), //
    register::<datasource::Datasource>(),
];
