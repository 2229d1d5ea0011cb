//! What a running service does with input that is made to be more than a value. It is sent only to
//! operations of a document, with a small set of payloads that is our own.

mod input;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[register::<input::Input>()];
