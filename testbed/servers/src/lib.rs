//! Private servers for tests and demos: each is started on a free loopback port in a temporary
//! folder, and is gone when its value is dropped. One file per kind of server; this crate knows
//! nothing of what the servers are used for.

mod alertmanager;
mod authority;
mod coturn;
mod error;
mod launch;
mod mariadb;
mod nats;
mod nginx;
mod postgres;
pub mod process;
mod prometheus;
#[cfg(feature = "proxy")]
mod proxy;
mod rabbitmq;
mod redis;
pub mod repository;
#[cfg(feature = "s3")]
mod s3;
mod service;
mod supervised;

pub use alertmanager::Alertmanager;
pub use authority::{Authority, Leaf, Paper};
pub use coturn::Coturn;
pub use error::ServerError;
pub use mariadb::{Mariadb, MariadbOptions};
pub use nats::{Nats, NatsOptions};
pub use nginx::{Nginx, NginxOptions, NginxWorkers};
pub use postgres::{Auth, Postgres, PostgresOptions, PostgresPrograms};
pub use prometheus::{Prometheus, PrometheusOptions};
#[cfg(feature = "proxy")]
pub use proxy::Proxy;
pub use rabbitmq::Rabbitmq;
pub use redis::{Redis, RedisOptions};
#[cfg(feature = "s3")]
pub use s3::{S3, S3Fault, S3Options, S3Public};
pub use service::{Service, ServiceOptions};
pub use supervised::Supervised;
