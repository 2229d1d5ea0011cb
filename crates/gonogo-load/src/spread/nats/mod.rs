//! Workers on other machines. They and whoever leads meet at a NATS server with JetStream: who leads
//! calls, those that wait offer themselves, and each that is taken gets a shard. Everything that is
//! said is closed with a key that only they have, so that the server, whoever else may use it and
//! what it keeps hold no secret, and nobody else can order load.
//!
//! - `key` closes and opens. `meeting` is the server, `post` brings messages, whole and in order.
//! - `call` is how workers are found, `fleet` who leads, `join` the worker.

mod call;
mod fleet;
mod join;
mod key;
mod meeting;
mod post;

pub use fleet::{Fleet, Parting, run_over};
pub use join::{Joining, News, join};
pub use key::Key;
pub use meeting::Meeting;
