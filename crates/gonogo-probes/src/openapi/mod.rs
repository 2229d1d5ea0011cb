//! OpenAPI documents: what an interface promises, and what became of the promise since. Nothing
//! is executed, no address is contacted and nothing is read outside the target's folder.

mod document;
mod library;
mod operation;
mod operations;
mod reference;
mod schema;
mod survey;
mod values;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<document::Document>(), //
    register::<operation::Operations>(),
];
