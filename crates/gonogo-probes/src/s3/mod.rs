//! Whether a bucket keeps what is put into it, for whom it does so, and how it is set up.

mod answer;
mod bucket;
mod object;
mod place;
mod settings;
pub(crate) mod sign;
mod trace;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[register::<bucket::Bucket>()];
