//! (What this family looks at, one sentence, and what it must not know.)

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[];
