//! What a folder holds, for whoever wants to know before any probe looks: files by kind, and
//! what was not walked. The probes of the run that follows use the same walk.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::held::Place;
use super::{Kind, Repositories};
use crate::probe::Unmeasured;

/// What a folder holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovery {
    /// Files that belong to it.
    pub files: usize,
    /// Paths by kind; a file may be of several.
    pub kinds: BTreeMap<Kind, Vec<String>>,
    /// What was not walked, with the reason as it is said behind the path.
    pub passed: Vec<(String, String)>,
}

impl Repositories {
    /// Walks a folder, or takes one file. Blocks while it does.
    ///
    /// # Errors
    /// [`Unmeasured`] when there is no such folder or file.
    pub fn discover(self: &Arc<Repositories>, path: &Path) -> Result<Discovery, Unmeasured> {
        let repository = Place::at(path.to_owned(), Arc::clone(self)).open()?;
        Ok(Discovery {
            files: if repository.only().is_some() { 1 } else { repository.files().len() },
            kinds: repository.kinds().clone(),
            passed: repository.passed().to_vec(),
        })
    }
}
