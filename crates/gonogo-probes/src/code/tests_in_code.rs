//! Which code only tests: whole files by the names that languages give them, and modules in Rust
//! that are compiled for tests alone.

use std::ops::Range;

use super::language::Language;
use super::text::Text;
use crate::repository::{folder_of, name_of};

/// Whether the path says that a file is a test. What the folders of every repository say is asked
/// elsewhere.
pub(super) fn is_test_file(path: &str) -> bool {
    let (stem, _) = name_of(path).split_once('.').unwrap_or((name_of(path), ""));
    let lower = name_of(path).to_lowercase();
    let is_camel =
        |end: &str| stem.strip_suffix(end).is_some_and(|rest| rest.ends_with(char::is_alphanumeric));
    lower.contains(".spec.")
        || lower.contains(".stories.")
        || lower == "conftest.py"
        || lower.ends_with("_spec.rb")
        || (is_camel("Test") || is_camel("Tests") || is_camel("IT"))
            && matches!(Language::of(path), Some(Language::Jvm | Language::CSharp | Language::Php))
        || folder_of(path)
            .split('/')
            .any(|folder| matches!(folder, "spec" | "cypress" | "testutil" | "testutils"))
}

/// Whether a file sets up a tool that builds or tests, not what runs.
pub(super) fn is_of_tool(path: &str) -> bool {
    let name = name_of(path);
    name == "build.rs"
        || name == "setup.py"
        || name.contains(".config.")
        || name.to_lowercase().starts_with("gulpfile")
        || folder_of(path)
            .split('/')
            .any(|folder| matches!(folder, "scripts" | "script" | "tools" | ".github"))
}

/// The places of `#[cfg(test)] mod … { … }`.
pub(super) fn modules(text: &Text) -> Vec<Range<usize>> {
    const MARK: &str = "#[cfg(test)]";
    if text.language != Language::Rust {
        return Vec::new();
    }
    let mut found: Vec<Range<usize>> = Vec::new();
    for (start, _) in text.bones.match_indices(MARK) {
        if found.last().is_some_and(|last| last.contains(&start)) {
            continue;
        }
        found.push(start..item_end(&text.bones, start + MARK.len()));
    }
    found
}

/// The end of the item that starts at `start`: its `;`, or the brace that closes it.
fn item_end(bones: &str, start: usize) -> usize {
    let mut open = 0_usize;
    for (at, byte) in bones.bytes().enumerate().skip(start) {
        match byte {
            b'{' => open += 1,
            b'}' if open <= 1 => return at + 1,
            b'}' => open -= 1,
            b';' if open == 0 => return at + 1,
            _ => {}
        }
    }
    bones.len()
}
