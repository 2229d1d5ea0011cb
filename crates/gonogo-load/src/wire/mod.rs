//! The wire: connections, and HTTP/1.1 over them. Written for one purpose: that an answer costs
//! little more than its two system calls. It knows no plan and no measurement.
//!
//! A client for everything (hyper) was measured first; `benches/rate.rs` has it beside this.

mod answer;
mod chunks;
mod connection;
mod port;
mod target;

pub(crate) use answer::{Answer, Keep};
pub(crate) use connection::{Connection, Duplex, Room, Watch};
pub(crate) use port::count as ports;
pub(crate) use target::Agreement;
pub use target::{Target, Tls, Trust};
