//! The load engine: it plans load, sends it, and measures what comes of it. It knows no probes, no
//! facts and no verdict; whoever calls it says what may be touched, and has found the addresses.
//!
//! - [`plan`] says who starts what and when. It has no clock.
//! - [`engine`] carries a plan out: it has the clock and the sockets.
//! - [`spread`] has several processes carry out one that is too large for one.
//! - [`measure`] counts and merges, exactly. It has no clock.

pub mod engine;
pub mod measure;
pub mod plan;
mod script;
pub mod spread;
mod wire;

pub use script::{Data, Flow};
pub use wire::{Target, Tls, Trust};
