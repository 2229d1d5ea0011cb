//! The system of seeds S1 and S3: accounts, chat, polls, calls and a drive behind a gateway, with
//! the repository of those who run it. Healthy by default; the faults are switches. It knows nothing
//! of gonogo, which judges it from outside.

mod ai;
mod answer;
mod auth;
mod breaker;
mod call;
mod chat;
mod config;
mod drive;
mod fault;
mod gateway;
mod headers;
mod health;
mod launch;
mod limit;
mod log;
mod metrics;
mod node;
mod observe;
mod poll;
mod push;
mod random;
mod routes;
mod serve;
mod services;
mod socket;
mod store;

pub use config::{Config, ConfigError, Role};
pub use fault::{Behaviour, Change, Fault, Faults, all as all_faults, named};
pub use launch::{Launch, LaunchError, Running, launch};
pub use node::NodeError;
pub use routes::Operation;
pub use serve::{ServeError, serve};
pub use services::operations;
