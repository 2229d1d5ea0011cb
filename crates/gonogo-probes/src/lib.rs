//! The eyes of gonogo: probes look at targets and return facts. A probe never says pass or
//! fail, and nothing here knows the spec, the judge or the report.

mod compose;
mod config;
pub mod context;
mod document;
mod http;
pub mod page;
mod postgres;
pub mod probe;
mod process;
pub mod redact;
mod secret;
mod tools;

use gonogo_model::catalog::Catalog;

pub use context::{Context, Environment, Reach, Target};
pub use probe::{Looked, Probe, RawArtefact, Registered, Unmeasured};
pub use redact::Redactor;

/// Every probe, by family. One line a family.
const FAMILIES: &[&[Registered]] = &[
    compose::PROBES,
    config::PROBES,
    document::PROBES,
    http::PROBES,
    postgres::PROBES,
    process::PROBES,
    secret::PROBES,
];

/// Every probe.
pub fn all() -> impl Iterator<Item = &'static Registered> {
    FAMILIES.iter().flat_map(|family| family.iter())
}

/// The probe with this id.
pub fn find(id: &str) -> Option<&'static Registered> {
    all().find(|probe| probe.info.id == id)
}

/// What a spec may name.
pub fn catalog() -> Catalog {
    Catalog::new(all().map(|probe| probe.info))
}
