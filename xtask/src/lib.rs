//! The workspace's own commands except the demo: everything is tested (`test`), generated files
//! are made (`gen`), a new probe gets its files (`new-probe`), the contradiction rules are scored
//! (`contradictions`), leaks are told from warm-ups (`leaks`). No crate of the product knows this one.

pub mod contradictions;
pub mod generate;
pub mod leaks;
pub mod machine;
pub mod new_probe;
pub mod say;
pub mod step;
pub mod test;

use std::path::Path;

/// The root of the workspace.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}
