//! The wire: connections, and HTTP over them. HTTP/1.1 is written for one purpose: that an answer costs
//! little more than its two system calls. HTTP/2 is a library's. It knows no plan and no measurement.
//!
//! A client for everything (hyper) was measured first; `benches/rate.rs` has it beside this.

mod answer;
mod chunks;
mod connection;
mod http2;
mod port;
mod stream;
mod target;
mod watch;

pub(crate) use answer::{Answer, Keep};
pub(crate) use connection::Connection;
pub(crate) use port::count as ports;
pub(crate) use stream::{Duplex, Room};
pub(crate) use target::Agreement;
pub use target::{Target, Tls, Trust};
pub(crate) use watch::Watch;
