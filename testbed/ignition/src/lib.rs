//! The migration of seed S2: a service that declares 64 routes, and the repository of the people
//! who carry it over, with their documents. Healthy by default; the faults are switches. It knows
//! nothing of gonogo, which judges it from outside.

mod fault;
mod launch;
mod repository;
mod routes;
mod service;

pub use fault::{Change, FAULTS, Fault, named};
pub use launch::{Launch, LaunchError, Running, launch};
pub use routes::{FEATURES, Feature, paths};
pub use service::{Service, serve};
pub use testbed_servers::repository::{Edit, RepositoryError};
