//! Private servers for tests and demos: each is started on a free loopback port in a temporary
//! folder, and is gone when its value is dropped. One file per kind of server; this crate knows
//! nothing of what the servers are used for.

mod error;
mod postgres;
pub mod process;
mod redis;
pub mod repository;
mod service;

pub use error::ServerError;
pub use postgres::{Auth, Postgres, PostgresOptions, PostgresPrograms};
pub use redis::Redis;
pub use service::{Service, ServiceOptions};
