//! The supply chain: which packages are built in, and what is known about them. Nothing is
//! executed, and nothing is read outside the target's folder but the advisories that are named.

mod advisory;
mod agreement;
mod asked;
mod bill;
mod document;
#[cfg(test)]
mod fuzz;
mod inventory;
mod json;
mod lockfile;
mod manifest;
mod order;
mod package;
mod purl;
mod range;
mod read;
mod survey;

use crate::probe::{Registered, register};

pub use bill::{Bill, Making, bill_of_materials};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<lockfile::Lockfile>(), //
    register::<manifest::Manifest>(),
    register::<package::Package>(),
];
