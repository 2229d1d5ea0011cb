//! What an HTTP service answers.

pub(crate) mod address;
mod cookies;
mod cors;
pub(crate) mod get;
mod headers;
mod health;
mod health_truth;
mod rate_limit;
mod timeouts;
mod written;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<cookies::Cookies>(),
    register::<cors::Cors>(),
    register::<get::Get>(),
    register::<headers::Headers>(),
    register::<health::Health>(),
    register::<health_truth::HealthTruth>(),
    register::<rate_limit::RateLimit>(),
    register::<timeouts::Timeouts>(),
];
