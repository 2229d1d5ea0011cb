//! Links of a document that lead nowhere in its tree. Other hosts are not contacted.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::LIMIT;
use super::markdown::{self, Document};
use crate::tools::files::{self, FileError};

/// A link that leads nowhere.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Dead {
    pub(super) to: String,
    pub(super) line: usize,
    pub(super) why: String,
}

/// The dead links of the document at `path` below `root`.
pub(super) fn dead(document: &Document, root: &Path, path: &Path) -> Vec<Dead> {
    let mut others = BTreeMap::new();
    let folder = path.parent().unwrap_or(Path::new(""));
    document
        .links
        .iter()
        .filter_map(|link| {
            let why = problem(document, root, folder, &link.to, &mut others)?;
            Some(Dead { to: link.to.clone(), line: link.line, why })
        })
        .collect()
}

/// Documents that links lead to, read once; `None` for what has no headings.
type Others = BTreeMap<PathBuf, Option<Document>>;

fn problem(document: &Document, root: &Path, folder: &Path, to: &str, others: &mut Others) -> Option<String> {
    if to.is_empty() {
        return Some("the link is empty".to_owned());
    }
    if is_elsewhere(to) {
        return None;
    }
    let (file, anchor) = to.split_once('#').map_or((to, None), |(file, anchor)| (file, Some(anchor)));
    let file = decoded(file.split('?').next().unwrap_or(file));
    let anchor = anchor.filter(|anchor| !anchor.is_empty()).map(decoded);
    if file.is_empty() {
        let found = anchor.is_none_or(|anchor| document.has_anchor(&anchor));
        return (!found).then(|| "there is no such heading in this document".to_owned());
    }
    // A leading slash means the root of the tree, as on the sites that show such documents.
    let place = file.strip_prefix('/').map_or_else(|| folder.join(&file), PathBuf::from);
    match files::below(root, &place) {
        Ok(found) => match anchor {
            Some(anchor) if !anchor_in(found, &anchor, others) => {
                Some("the document has no such heading".to_owned())
            }
            _ => None,
        },
        Err(FileError::Missing) => Some("there is no such file".to_owned()),
        Err(FileError::LeadsOut) => Some("it leads out of the folder".to_owned()),
        Err(error) => Some(format!("it {error}")),
    }
}

/// Has a scheme (`https:`, `mailto:`) or a host (`//host`). One letter is a drive, not a scheme.
fn is_elsewhere(to: &str) -> bool {
    let scheme = to.split_once(':').map(|(scheme, _)| scheme);
    let is_scheme = |scheme: &str| {
        scheme.len() > 1
            && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c))
    };
    to.starts_with("//") || scheme.is_some_and(is_scheme)
}

/// Whether a document has an anchor; of what is no Markdown nobody can say, so it counts as there.
fn anchor_in(path: PathBuf, anchor: &str, others: &mut Others) -> bool {
    let is_markdown = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("md"));
    let other = others.entry(path).or_insert_with_key(|path| {
        let found = is_markdown.then(|| files::read(path, LIMIT).ok()).flatten()?;
        Some(markdown::read(found.text().ok()?))
    });
    other.as_ref().is_none_or(|document| document.has_anchor(anchor))
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}
