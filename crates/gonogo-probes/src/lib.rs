//! The eyes of gonogo: probes look at targets and return facts. A probe never says pass or
//! fail, and nothing here knows the spec, the judge or the report.

mod afterwards;
mod alertmanager;
mod alerts;
mod api;
mod auth;
mod code;
mod compose;
mod config;
pub mod context;
mod contract;
mod credential;
mod discovery;
mod dockerfile;
mod document;
mod flow;
mod grafana;
mod http;
mod inject;
mod kubernetes;
mod leak;
mod live;
mod load;
mod logs;
mod mail;
mod metrics;
mod migration;
mod mysql;
mod net;
mod openapi;
mod outage;
pub mod page;
mod parity;
mod postgres;
pub mod probe;
mod process;
mod prometheus;
mod promtail;
mod push;
pub mod redact;
mod redis;
mod repository;
mod s3;
mod secret;
mod supply;
mod tls;
mod tools;
mod unfinished;

use gonogo_model::catalog::Catalog;

pub use afterwards::Afterwards;
pub use context::{Context, Environment, Reach, Target};
pub use discovery::Discovery;
pub use live::Live;
pub use probe::{Looked, Probe, RawArtefact, Registered, Unmeasured};
pub use redact::Redactor;
pub use repository::{Kind, Repositories};
pub use supply::{Bill, Making, bill_of_materials};
pub use tools::sinks::Sinks;

/// Every probe, by family. One line a family.
const FAMILIES: &[&[Registered]] = &[
    alertmanager::PROBES,
    alerts::PROBES,
    auth::PROBES,
    compose::PROBES,
    config::PROBES,
    contract::PROBES,
    dockerfile::PROBES,
    document::PROBES,
    flow::PROBES,
    grafana::PROBES,
    http::PROBES,
    inject::PROBES,
    kubernetes::PROBES,
    leak::PROBES,
    load::PROBES,
    logs::PROBES,
    mail::PROBES,
    metrics::PROBES,
    migration::PROBES,
    mysql::PROBES,
    net::PROBES,
    openapi::PROBES,
    parity::PROBES,
    postgres::PROBES,
    process::PROBES,
    prometheus::PROBES,
    promtail::PROBES,
    push::PROBES,
    redis::PROBES,
    repository::PROBES,
    s3::PROBES,
    secret::PROBES,
    supply::PROBES,
    tls::PROBES,
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
