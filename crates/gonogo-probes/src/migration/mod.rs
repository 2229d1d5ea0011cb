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
use crate::repository::Repository;

/// The probes of this family.
pub(crate) const PROBES: &[Registered] = &[
    register::<folder::Folder>(), //
    register::<edit::Edit>(),
    register::<statement::Statement>(),
    register::<table::Table>(),
];

/// Whether a migration is in SQL, or cannot be read.
pub(crate) fn has_statements(repository: &Repository) -> bool {
    let histories = history::histories(repository);
    let Ok(histories) = &*histories else { return true };
    let mut each = histories.iter();
    each.any(|history| !history.ups.is_empty() || !history.unreadable.is_empty())
}

/// Whether a migration in SQL makes a table, or cannot be read.
pub(crate) fn has_tables(repository: &Repository) -> bool {
    let histories = history::histories(repository);
    let Ok(histories) = &*histories else { return true };
    let is_unreadable = histories.iter().any(|history| !history.unreadable.is_empty());
    is_unreadable || !table::items(histories, &table::tenants()).is_empty()
}
