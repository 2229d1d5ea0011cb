//! What an HTTP service answers.

mod get;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[register::<get::Get>()];
