//! What a running service answers, beside what its document promises. Nothing is asked but
//! operations of the document and a few paths that it may have forgotten.

mod openapi;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[register::<openapi::Openapi>()];
