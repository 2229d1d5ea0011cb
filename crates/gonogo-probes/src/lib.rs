//! The eyes of gonogo: probes look at targets and return facts. A probe never says pass or
//! fail, and nothing here knows the spec, the judge or the report.

mod alertmanager;
mod code;
mod compose;
mod config;
pub mod context;
mod credential;
mod discovery;
mod dockerfile;
mod document;
mod grafana;
mod http;
mod kubernetes;
mod leak;
mod migration;
mod openapi;
pub mod page;
mod parity;
mod postgres;
pub mod probe;
mod process;
mod prometheus;
mod promtail;
pub mod redact;
mod repository;
mod secret;
mod supply;
mod tools;
mod unfinished;

use gonogo_model::catalog::Catalog;

pub use context::{Context, Environment, Reach, Target};
pub use discovery::Discovery;
pub use probe::{Looked, Probe, RawArtefact, Registered, Unmeasured};
pub use redact::Redactor;
pub use repository::{Kind, Repositories};
pub use supply::{Bill, Making, bill_of_materials};

/// Every probe, by family. One line a family.
const FAMILIES: &[&[Registered]] = &[
    alertmanager::PROBES,
    compose::PROBES,
    config::PROBES,
    dockerfile::PROBES,
    document::PROBES,
    grafana::PROBES,
    http::PROBES,
    kubernetes::PROBES,
    leak::PROBES,
    migration::PROBES,
    openapi::PROBES,
    parity::PROBES,
    postgres::PROBES,
    process::PROBES,
    prometheus::PROBES,
    promtail::PROBES,
    repository::PROBES,
    secret::PROBES,
    supply::PROBES,
    unfinished::PROBES,
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
