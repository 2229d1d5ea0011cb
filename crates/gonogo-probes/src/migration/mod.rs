//! Database migrations: what they lock, lose and leave open. Nothing is executed and nothing is read outside the target's folder.

mod checksum;
mod dialect;
mod edit;
mod effect;
mod elsewhere;
mod folder;
#[cfg(test)]
mod fuzz;
mod history;
mod layout;
mod order;
mod schema;
mod sql;
mod statement;
mod table;
mod tool;

use crate::probe::{Registered, register};

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<folder::Folder>(), //
    register::<edit::Edit>(),
    register::<statement::Statement>(),
    register::<table::Table>(),
];
