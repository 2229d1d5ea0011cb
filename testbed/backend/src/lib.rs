//! The backend of seed S0: an HTTP API with JWT login and a database pool, healthy by default,
//! whose faults are switches. It knows nothing of gonogo, which judges it from outside.

mod api;
mod config;
mod database;
mod fault;
mod launch;
mod log;
mod metrics;
mod observe;
mod password;
mod random;
mod serve;
mod token;

pub use config::{Config, ConfigError};
pub use database::DatabaseError;
pub use fault::Fault;
pub use launch::{DatabaseKind, Launch, LaunchError, Running, launch};
pub use serve::{ServeError, serve};
