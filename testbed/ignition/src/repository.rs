//! The repository of the migration, with the day of the launch in it.

use std::path::Path;

use jiff::civil::Date;
use testbed_servers::repository::{self, Edit, RepositoryError};

/// The healthy repository. In it `{today}` becomes the day of the copy and `{cutover}` the day after.
const HEALTHY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/repository");

/// Copies the healthy repository to `folder`, applies the edits and fills in the day.
pub(crate) fn copy<'a>(
    folder: &Path,
    edits: impl Iterator<Item = &'a Edit>,
    today: Date,
) -> Result<(), RepositoryError> {
    repository::copy(Path::new(HEALTHY), folder, edits)?;
    let cutover = today.tomorrow().unwrap_or(today);
    repository::fill_in(folder, &[("{today}", today.to_string()), ("{cutover}", cutover.to_string())])
}
