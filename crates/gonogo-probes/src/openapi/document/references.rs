//! References of a document and of every file it leads to.

use std::collections::BTreeSet;

use gonogo_model::fact::Value;
use serde_json::json;

use super::super::library::{Library, Lost, Spot};
use super::super::reference;
use super::MOST;

/// What became of them.
#[derive(Debug, Default)]
pub(super) struct References {
    pub(super) unresolved: Vec<Value>,
    pub(super) not_followed: usize,
}

pub(super) fn of(library: &Library, root: Spot<'_>) -> References {
    let mut references = References::default();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut waiting: Vec<Spot<'_>> = vec![root];
    while let Some(file) = waiting.pop() {
        if !seen.insert(file.file) {
            continue;
        }
        reference::each(file.node, &mut |found| match library.resolve(file.file, found.text) {
            _ if found.in_extension => {}
            Ok(target) => {
                waiting.extend(library.root(target.file).ok().filter(|next| !seen.contains(next.file)))
            }
            Err(Lost::Wrong(why)) => references.unresolved.push(
                json!({"file": file.file, "line": found.node.place.line, "ref": found.text, "why": why}),
            ),
            Err(_) => references.not_followed = references.not_followed.saturating_add(1),
        });
    }
    references.unresolved.truncate(MOST);
    references
}
